"""Internal rate of return: every real root above -100 %, and whether one of them is meant.

With u = ln(1 + r), the present value of flows c at times t is F(u) = sum(c * exp(-u * t)). Flows
whose sign changes once have one root, found by Newton's method on ln(inflows / outflows) inside
a closed-form bracket. All other flows go to ``appraisal.irr_roots``.
"""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from appraisal.irr_roots import Root, all_roots, sign_change_count

Flow = float | Decimal | Fraction
"""An amount of money at one time; an integer is a float here."""

MOST_FLOWS = 1_200
"""Longest list of flows that is taken: one hundred years of months."""

DAYS_PER_YEAR = 365
"""Dated flows count actual days over a fixed year of 365 days."""

_SMALLEST_SHARE = 2.0**-1000
"""A flow below this share of the largest is beyond floating point and counts as none."""


class IrrStatus(StrEnum):
    """What the roots amount to."""

    UNIQUE = "unique"
    MULTIPLE = "multiple"
    NONE = "none"
    COST_OF_FINANCE = "cost_of_finance"


@dataclass(frozen=True)
class IrrResult:
    """All internal rates of return of one list of flows, as fractions per period or per year."""

    status: IrrStatus
    rate: float | None
    """The rate that is meant; None unless one is."""

    roots: tuple[float, ...]
    """All real roots above -1, ascending; infinite where a root is beyond floating point."""

    reason: str | None
    """Why there is no single rate, or what to bear in mind with it."""

    log_roots: tuple[float, ...]
    """The roots as ln(1 + rate), which keeps digits near -100 % and beyond 1e308."""

    npv_positive: tuple[tuple[float, float], ...]
    """Intervals of the rate in which the net present value is positive."""

    sign_changes: int
    certified: bool
    """False if the present value at a turning point was within its rounding error."""


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
    terms = _net_by_time(checked_flows(flows), _checked_times(flows, times))
    signs = sign_change_count([flow for flow, _ in terms])
    roots, certified = all_roots(terms)
    rates = tuple(_rate(root.log_rate) for root in roots)
    status, rate, reason = _judge(terms, roots, rates)
    return IrrResult(
        status=status,
        rate=rate,
        roots=rates,
        reason=reason,
        log_roots=tuple(root.log_rate for root in roots),
        npv_positive=_positive_intervals(terms, roots, rates),
        sign_changes=signs,
        certified=certified,
    )


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
        numbers = [float(value) for value in values]
    except OverflowError:
        raise ValueError(message) from None
    if not all(map(math.isfinite, numbers)):
        raise ValueError(message)
    return numbers


def _net_by_time(flows: list[float], times: list[float]) -> list[tuple[float, float]]:
    """Net flows in order of time, scaled by a power of two, without zeros; time 0 first."""
    exponent = math.frexp(max(map(abs, flows)))[1]
    by_time: dict[float, list[float]] = {}
    for flow, time in zip(flows, times, strict=True):
        by_time.setdefault(time, []).append(math.ldexp(flow, -exponent))
    netted = [(_net(amounts), time) for time, amounts in sorted(by_time.items())]
    kept = [(amount, time) for amount, time in netted if abs(amount) > _SMALLEST_SHARE]
    return [(amount, time - kept[0][1]) for amount, time in kept]


def _net(amounts: list[float]) -> float:
    """Sum of the amounts; what is left of decimals that cancel (0.1 + 0.2 - 0.3) counts as zero."""
    total = math.fsum(amounts)
    residue = sys.float_info.epsilon * math.fsum(map(abs, amounts))
    return 0.0 if len(amounts) > 1 and abs(total) <= residue else total


def _rate(log_rate: float) -> float:
    """exp(log_rate) - 1, infinite beyond floating point and always above -1."""
    try:
        return max(math.expm1(log_rate), math.nextafter(-1.0, 0.0))
    except OverflowError:
        return math.inf


def _judge(
    terms: list[tuple[float, float]], roots: list[Root], rates: tuple[float, ...]
) -> tuple[IrrStatus, float | None, str | None]:
    if not terms:
        return IrrStatus.NONE, None, "All flows are zero."
    if not roots:
        return IrrStatus.NONE, None, _why_none(terms)
    if len(roots) > 1:
        return IrrStatus.MULTIPLE, *_one_of_several(terms, rates)
    if math.isinf(rates[0]):
        status = IrrStatus.COST_OF_FINANCE if terms[0][0] > 0 else IrrStatus.UNIQUE
        return status, None, "The rate is too large to state as a number."
    if terms[0][0] > 0:
        note = "Money comes in first, so the rate is a cost of finance: lower is better."
        return IrrStatus.COST_OF_FINANCE, rates[0], note
    touching = "The net present value reaches zero at this rate only, and is never positive."
    return IrrStatus.UNIQUE, rates[0], touching if roots[0].touches else None


def _why_none(terms: list[tuple[float, float]]) -> str:
    if sign_change_count([flow for flow, _ in terms]):
        return "The net present value is zero at no rate."
    if terms[0][0] > 0:
        return "There is no outlay, so no rate can be stated."
    return "Nothing comes back, so no rate can be stated."


def _one_of_several(
    terms: list[tuple[float, float]], rates: tuple[float, ...]
) -> tuple[float | None, str]:
    """The only root that is not negative, if the flows sum to more than zero; else none."""
    not_negative = [rate for rate in rates if rate >= 0]
    total = math.fsum(flow for flow, _ in terms)
    if total > 0 and len(not_negative) == 1 and math.isfinite(not_negative[0]):
        below = len(rates) - 1
        note = f"The only rate that is not negative; {below} more below zero."
        return not_negative[0], note
    reason = (
        f"There are {len(rates)} rates, so no single one is meant. "
        "Decide by the net present value and the modified rate."
    )
    return None, reason


def _positive_intervals(
    terms: list[tuple[float, float]], roots: list[Root], rates: tuple[float, ...]
) -> tuple[tuple[float, float], ...]:
    """Rate intervals with positive present value, from the last flow's sign and the roots."""
    if not terms:
        return ()
    positive = terms[-1][0] > 0
    intervals, start = [], -1.0
    for root, rate in zip(roots, rates, strict=True):
        if root.touches and positive:
            intervals.append((start, rate))
        if not root.touches:
            if positive:
                intervals.append((start, rate))
            positive = not positive
        start = rate
    if positive:
        intervals.append((start, math.inf))
    return tuple(intervals)
