"""The cover of each instalment of the largest loan, month by month."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from loans.assessment import Assessment


@dataclass(frozen=True)
class CoverRow:
    """The cover of one instalment that repays principal: saving of its month / payment.

    ``verdict`` is the words and tone of a badge, or None where the cover is as wanted.
    """

    month: int
    saving: Fraction
    payment: Decimal
    cover: Fraction
    verdict: tuple[str, str] | None


def cover_rows(assessment: Assessment) -> tuple[CoverRow, ...]:
    """The cover of each instalment of the largest loan as a level loan."""
    offer, savings = assessment.offer, assessment.appraisal.nominal_monthly_net_savings
    payment = offer.indicative_level_payment
    if payment is None:
        return ()
    return tuple(
        CoverRow(
            month,
            savings[month - 1] if month <= len(savings) else Fraction(0),
            payment,
            cover,
            _cover_verdict(cover, assessment),
        )
        for month, cover in enumerate(offer.covers, start=offer.grace_months + 1)
    )


def _cover_verdict(cover: Fraction, assessment: Assessment) -> tuple[str, str] | None:
    # The offer never goes below the smallest cover, so the target is what is left to miss.
    return ("Under the target", "warn") if cover < assessment.profile.target_cover else None
