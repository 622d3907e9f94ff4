"""The rows of old loans, pay-outs and receipts, and what each must say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.forms import Ask, FormModel, Reads
from appraisal.proposal import Ownership
from loans.schedules.day_count import DayCount
from loans.schedules.schedule import Method
from loans.schedules.schedule_limits import MOST_INSTALMENTS

_REFERENCE = Ask("the reference of the loan, as the pay-outs and receipts name it")
_Text = Field(max_length=200)
_Short = Field(max_length=40)


class OldLoanRow(FormModel):
    """One loan as it was signed; a column that the file lacks counts as blank.

    The principal outstanding holds the loan against what others counted.
    """

    reference: Annotated[str, _REFERENCE, _Short]
    borrower: Annotated[str, Ask("the full name of the borrower"), _Text]
    registration_number: Annotated[str, Ask("the registration number of the borrower"), _Short]
    country: Annotated[
        str,
        Ask("the country of the borrower", shape="two capital letters, such as LT"),
        Field(pattern=r"^[A-Z]{2}$"),
    ]
    ownership: Annotated[
        Ownership, Ask("who owns it: state, local_private, foreign_private or joint_venture")
    ]
    sector: Annotated[str, Ask("the sector of the borrower"), Field(max_length=120)]
    project: Annotated[str, Ask("what the loan paid for"), _Text]
    principal: Annotated[Decimal, Ask("the amount of the loan", Reads.AMOUNT), Field(gt=0)]
    annual_rate: Annotated[Decimal, Ask("the rate per year", Reads.PERCENT), Field(ge=0, le=1)]
    method: Annotated[Method, Ask("how principal is repaid: level, equal-principal or bullet")]
    day_count: Annotated[DayCount, Ask("the day count, such as ACT/365F")]
    signed_on: Annotated[date, Ask("the day of the signature")]
    first_due_on: Annotated[date, Ask("the first due day")]
    instalments: Annotated[
        int, Ask("the number of instalments", Reads.WHOLE), Field(ge=1, le=MOST_INSTALMENTS)
    ]
    months_between: Annotated[
        int, Ask("the number of months between instalments", Reads.WHOLE), Field(ge=1, le=12)
    ] = 1
    grace_instalments: Annotated[
        int,
        Ask("the number of instalments without principal", Reads.WHOLE),
        Field(ge=0, le=MOST_INSTALMENTS),
    ] = 0
    outstanding: Annotated[
        Decimal | None, Ask("the principal outstanding", Reads.AMOUNT), Field(ge=0)
    ] = None
    outstanding_on: Annotated[date | None, Ask("the day of the principal outstanding")] = None
    late_interest_margin: Annotated[
        Decimal | None,
        Ask("the late interest margin per year", Reads.PERCENT),
        Field(ge=0, le=1),
    ] = None


class OldPayOutRow(FormModel):
    """Money that went to the borrower."""

    loan: Annotated[str, _REFERENCE, _Short]
    paid_on: Annotated[date, Ask("the day of the pay-out")]
    amount: Annotated[Decimal, Ask("the amount paid out", Reads.AMOUNT), Field(gt=0)]
    purpose: Annotated[str, Ask("what the money paid"), Field(max_length=300)] = "Imported"


class OldReceiptRow(FormModel):
    """Money that came from the borrower."""

    loan: Annotated[str, _REFERENCE, _Short]
    received_on: Annotated[date, Ask("the day on which the money came")]
    amount: Annotated[Decimal, Ask("the amount received", Reads.AMOUNT), Field(gt=0)]
    bank_reference: Annotated[
        str, Ask("the reference of the payment on the bank statement"), Field(max_length=120)
    ]
