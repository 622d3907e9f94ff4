"""The forms of what secures the loans."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.forms import Ask, FormModel, Reads
from loans.collateral.assets import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_NUMBER
from loans.collateral.charges import LAST_RANK
from loans.coverage import AssetKind, GuarantorKind, ValuationBasis

_Name = Field(max_length=LONGEST_NAME)
_Document = Annotated[str, Ask("the document that shows it"), _Name]
_Rank = Annotated[
    int, Ask("the rank of the claim on the asset", Reads.WHOLE), Field(ge=1, le=LAST_RANK)
]
_Limit = Annotated[
    Decimal | None, Ask("the largest amount that it secures", Reads.AMOUNT), Field(gt=0)
]


class AssetForm(FormModel):
    """An asset of the borrower."""

    kind: Annotated[AssetKind, Ask("what kind of asset it is")]
    description: Annotated[
        str, Ask("what the asset is", Reads.LINES), Field(max_length=LONGEST_DESCRIPTION)
    ]
    register_number: Annotated[
        str, Ask("its number in a register or list"), Field(max_length=LONGEST_NUMBER)
    ]
    owner: Annotated[str, Ask("the owner as registered"), _Name] = ""


class ValuationForm(FormModel):
    """What an asset was worth on a day."""

    value: Annotated[Decimal, Ask("the value", Reads.AMOUNT), Field(ge=0)]
    valued_on: Annotated[date, Ask("the day of the valuation")]
    valued_by: Annotated[str, Ask("who valued the asset"), _Name]
    basis: Annotated[ValuationBasis, Ask("for which sale it was valued")]
    document: _Document


class OtherChargeForm(FormModel):
    """The claim of another creditor."""

    creditor: Annotated[str, Ask("who holds the claim"), _Name]
    rank: _Rank
    limit: _Limit = None
    charged_on: Annotated[date, Ask("the day from which the claim stands")]
    document: _Document


class LiftForm(FormModel):
    """Which claim of another creditor has ended, and what shows it."""

    target: Annotated[str, Ask("the claim that the page is about")]
    reason: Annotated[
        str,
        Ask("which document shows that the claim has ended", Reads.LINES),
        Field(max_length=LONGEST_DESCRIPTION),
    ]


class PledgeForm(FormModel):
    """An asset that is pledged to the loan."""

    asset: Annotated[str, Ask("the asset that is pledged", missing="Choose the asset.")]
    rank: _Rank
    limit: _Limit = None
    charged_on: Annotated[date, Ask("the day from which the pledge stands")]
    document: _Document


class GuaranteeForm(FormModel):
    """A guarantee: of an amount, or of a share of what is at stake."""

    guarantor: Annotated[str, Ask("who guarantees"), _Name]
    kind: Annotated[GuarantorKind, Ask("what the guarantor is")]
    amount: Annotated[Decimal | None, Ask("the amount guaranteed", Reads.AMOUNT), Field(gt=0)] = (
        None
    )
    share: Annotated[
        Decimal | None, Ask("the share guaranteed", Reads.PERCENT), Field(gt=0, le=1)
    ] = None
    given_on: Annotated[date, Ask("the day on which it was given")]
    valid_until: Annotated[date, Ask("the last day on which it holds")]
    document: _Document


class ReleaseSecurityForm(FormModel):
    """Which pledge or guarantee is given back, and why."""

    target: Annotated[str, Ask("the security that the page is about")]
    reason: Annotated[
        str, Ask("why it is given back, and who asked for it", Reads.LINES), Field(max_length=500)
    ]
