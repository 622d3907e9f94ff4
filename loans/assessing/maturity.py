"""How long a loan may run: the ROI period, its extension and the facility's longest maturity."""

from dataclasses import replace
from fractions import Fraction
from math import floor

from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.period_loan import repaying_periods
from loans.assessing.offer_result import MaturityLimit, MaturityRule, OfferFigures
from loans.profile import Profile, RoiPeriodFrom


def roi_period(figures: OfferFigures, profile: Profile) -> Fraction | None:
    """Months until the returns materialise: 12 x payback, after installation where so agreed."""
    if figures.payback_ratio is None:
        return None
    earning_months = MONTHS_PER_YEAR * figures.payback_ratio
    if profile.terms.roi_period_from.required is RoiPeriodFrom.COMMISSIONING:
        return earning_months
    return figures.implementation_months + earning_months


def maturity_limits(
    roi_period_months: Fraction, figures: OfferFigures, profile: Profile
) -> tuple[MaturityLimit, ...]:
    """What each rule allows, rounded down to whole months: extension and cap are ceilings.

    A profile without an extension has no limit by the ROI period.
    """
    extension = profile.maturity_extension
    cap = profile.terms.longest_maturity_months.required
    asked = figures.requested_maturity_months
    by_returns = MaturityRule.PAYBACK_PLUS_20_PERCENT
    return (
        *(
            [MaturityLimit(by_returns, max(1, floor((1 + extension) * roi_period_months)))]
            if extension is not None
            else []
        ),
        MaturityLimit(MaturityRule.THREE_YEAR_CAP, cap),
        *([MaturityLimit(MaturityRule.REQUESTED, asked)] if asked is not None else []),
    )


def longest_maturity(figures: OfferFigures, profile: Profile) -> int:
    """The smallest of the limits; one month where the investment is not recovered."""
    roi_period_months = roi_period(figures, profile) or Fraction(0)
    return min(limit.months for limit in maturity_limits(roi_period_months, figures, profile))


def longest_installation(figures: OfferFigures, profile: Profile) -> int:
    """The most months of installation, under those planned, that leave a period to repay."""
    every = profile.frequency_months
    for months in range(figures.implementation_months - 1, 0, -1):
        longest = longest_maturity(replace(figures, implementation_months=months), profile)
        if repaying_periods(longest, every, months):
            return months
    return 0
