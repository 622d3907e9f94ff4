"""The cover of each instalment of the largest loan, period by period."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from loans.assessing.offer import Offer
from loans.cases.assessment import Assessment


@dataclass(frozen=True)
class CoverRow:
    """The cover of one instalment that repays principal: saving of its period / payment.

    ``month`` is the last of the period.

    ``verdict`` is the words and tone of a badge, or None where the cover is as wanted.
    """

    month: int
    saving: Fraction
    payment: Decimal
    cover: Fraction
    verdict: tuple[str, str] | None


def cover_rows(assessment: Assessment) -> tuple[CoverRow, ...]:
    """The cover of each instalment of the largest loan as a level loan."""
    offer = assessment.offer
    payment = offer.indicative_level_payment
    if payment is None:
        return ()
    return tuple(
        CoverRow(
            month, cover * Fraction(payment), payment, cover, _cover_verdict(cover, assessment)
        )
        for month, cover in zip(_ends(offer), offer.covers, strict=True)
    )


def _ends(offer: Offer) -> tuple[int, ...]:
    """The last month of each period whose instalment repays principal."""
    return tuple(accumulate(offer.period_lengths, initial=offer.months_before_repayment))[1:]


def _cover_verdict(cover: Fraction, assessment: Assessment) -> tuple[str, str] | None:
    # The offer never goes below the smallest cover, so the target is what is left to miss.
    return ("Under the target", "warn") if cover < assessment.profile.target_cover else None
