"""Internal rate of return: every real root above -100 %, and whether one of them is meant.

With u = ln(1 + r), the present value of flows c at times t is F(u) = sum(c * exp(-u * t)). Flows
whose sign changes once have one root: ``irr_conventional`` finds it for one outlay followed by
income, ``irr_roots`` for all others, with all roots where there are several. What is within
rounding there is decided in whole numbers by ``irr_exact``. ``irr_batch`` does all this for many
scenarios at once.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from appraisal.irr_batch import all_internal_rates_of_return, internal_rates_of_return
from appraisal.irr_conventional import conventional_log_rate
from appraisal.irr_exact import certain_roots
from appraisal.irr_result import IrrResult, IrrStatus, investment_result, irr_result
from appraisal.irr_roots import Root
from appraisal.irr_terms import MOST_FLOWS, net_terms

__all__ = [
    "DAYS_PER_YEAR",
    "MOST_FLOWS",
    "Flow",
    "IrrResult",
    "IrrStatus",
    "all_internal_rates_of_return",
    "checked_flows",
    "extended_internal_rate_of_return",
    "internal_rate_of_return",
    "internal_rates_of_return",
    "years_since_first",
]

Flow = float | Decimal | Fraction
"""An amount of money at one time; an integer is a float here."""

DAYS_PER_YEAR = 365
"""Dated flows count actual days over a fixed year of 365 days."""


def internal_rate_of_return(
    flows: Sequence[Flow], times: Sequence[float] | None = None
) -> IrrResult:
    """Roots of sum(flow / (1 + rate) ** time); times count 0, 1, 2, ... unless given.

    Flows of the same time are netted first. One root: that is the rate (a cost of finance when
    the first flow is money received). Several roots: the rate is filled only when the flows sum
    to more than zero and exactly one root is not negative.

    Raises:
        ValueError: no flow, more than 1,200, a value that is not finite, or lengths that differ.
    """
    amounts = checked_flows(flows)
    if times is None and amounts[0] < 0:
        log_rate = conventional_log_rate(amounts)
        if log_rate is not None:
            return investment_result(log_rate)
    terms = net_terms(amounts, _checked_times(flows, times))
    if times is None and amounts[0] > 0:
        log_rate = conventional_log_rate([-amount for amount in amounts])
        if log_rate is not None:
            return irr_result(terms, [Root(log_rate)], certified=True)
    roots, certified = certain_roots(terms)
    return irr_result(terms, roots, certified=certified)


def extended_internal_rate_of_return(dates: Sequence[date], flows: Sequence[Flow]) -> IrrResult:
    """Yearly rates of dated flows, actual/365 fixed from the earliest date.

    Raises:
        ValueError: as ``internal_rate_of_return``.
    """
    return internal_rate_of_return(flows, years_since_first(dates))


def years_since_first(dates: Sequence[date]) -> list[float]:
    """Each date as years of 365 days since the earliest date.

    Raises:
        ValueError: no dates.
    """
    if not dates:
        message = "There is no date. Enter one date for each flow."
        raise ValueError(message)
    first = min(dates)
    return [(day - first).days / DAYS_PER_YEAR for day in dates]


def checked_flows(flows: Sequence[Flow]) -> list[float]:
    """The flows as floats.

    Raises:
        ValueError: no flow, more than 1,200, or a value that is not finite.
    """
    if len(flows) == 0:
        message = "There is no flow. Enter at least one amount."
        raise ValueError(message)
    if len(flows) > MOST_FLOWS:
        message = f"There are more than {MOST_FLOWS:,} flows. Enter at most {MOST_FLOWS:,}."
        raise ValueError(message)
    return _finite_floats(flows, "A flow is not a finite number. Enter amounts such as 1234.50.")


def _checked_times(flows: Sequence[Flow], times: Sequence[float] | None) -> list[float]:
    if times is None:
        return [float(number) for number in range(len(flows))]
    if len(times) != len(flows):
        message = "The numbers of flows and of dates differ. Enter one date for each flow."
        raise ValueError(message)
    return _finite_floats(times, "A time is not a finite number. Enter years such as 0.5.")


def _finite_floats(values: Iterable[Flow], message: str) -> list[float]:
    try:
        numbers = list(map(float, values))
    except OverflowError:
        raise ValueError(message) from None
    if not math.isfinite(sum(numbers)) and not all(map(math.isfinite, numbers)):
        raise ValueError(message)
    return numbers
