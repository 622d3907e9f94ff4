"""What a loan can be that is repaid in step with the savings, which a level loan is not.

A level loan is limited by its weakest month; one that follows the savings by their sum, however
the seasons spread them. Periods count a twelfth of the yearly rate a month, as in the offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import floor, lcm, prod

from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.money import from_minor, minor_digits
from loans.assessing.finding import Finding, Outcome
from loans.assessing.offer_result import AmountRule, Offer, OfferFigures
from loans.profile import Profile
from loans.schedules.instalment_periods import grace_instalments, period_lengths, savings_of_periods
from loans.schedules.repayment_shape import RepaymentPeriods
from loans.schedules.schedule import GraceInterest, Method

_OF_LEVEL_LOANS = frozenset({"minimum_amount", "savings_cover"})
"""Findings that a level loan fails when a season brings little."""


def matched_capacity(
    figures: OfferFigures, profile: Profile, lengths: Sequence[int], cover: Fraction
) -> Decimal:
    """The largest loan that the savings repay ``cover`` times, rounded down to the minor unit.

    Present value of the savings of the repaying periods, at the loan's rate, / cover; interest
    that the profile adds to the loan in the grace lowers it. Zero without savings.

    Raises:
        TermMissing: a term that it needs is open in the profile.
    """
    ends = tuple(accumulate(lengths))
    grace = grace_instalments(ends, figures.implementation_months)
    savings = savings_of_periods(figures.monthly_net_savings, ends)[grace:]
    rate = Fraction(profile.terms.annual_rate.required) / MONTHS_PER_YEAR
    rates = tuple(rate * months for months in lengths)
    # A principal of one over a common denominator, so that covers are present values.
    unit = lcm(*(saving.denominator for saving in savings))
    periods = RepaymentPeriods(unit, rates[grace] * unit, rates[grace + 1 :])
    worth = periods.present_cover([int(saving * unit) for saving in savings])
    if profile.terms.grace_interest.required is GraceInterest.CAPITALISED:
        worth /= prod((1 + rate for rate in rates[:grace]), start=Fraction(1))
    capacity = floor(worth / cover * 10 ** minor_digits(figures.currency))
    return from_minor(capacity, figures.currency)


def largest_matched(
    figures: OfferFigures, offer: Offer, profile: Profile, lengths: Sequence[int]
) -> Decimal | None:
    """The largest savings-matched loan that the profile allows at the cover it wants.

    None where the profile offers no such schedule, or nothing can be lent at all.
    """
    if Method.SAVINGS_MATCHED not in (profile.terms.schedule_methods.value or ()):
        return None
    if offer.maximum_maturity_months is None or not offer.limits:
        return None
    others = [limit.amount for limit in offer.limits if limit.rule is not AmountRule.COVER]
    return min(matched_capacity(figures, profile, lengths, profile.target_cover), *others)


def is_cured(finding: Finding, figures: OfferFigures, offer: Offer, profile: Profile) -> bool:
    """Whether a rule that fails for a level loan passes for one that follows the savings."""
    if finding.outcome is not Outcome.FAIL or finding.code not in _OF_LEVEL_LOANS:
        return False
    months = offer.maximum_maturity_months
    if months is None:
        return False
    largest = largest_matched(figures, offer, profile, period_lengths(months, 1))
    return largest is not None and 0 < largest >= profile.terms.minimum_amount.required
