"""What a list of flows is worth: net present value, modified rate, index and paybacks.

The first flow is at time 0, unlike a spreadsheet's NPV. Money arrives as any exact or binary
number; results are floats, since they are analysis and not money to be paid.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from appraisal.irr import Flow, IrrResult, checked_flows, internal_rate_of_return, years_since_first

_BEYOND = "The result is too large to state. Enter smaller amounts or a higher rate."

_YEARLY = (
    "Flows are one year apart and the first is at time 0, not discounted. Payback runs from the "
    "first outlay until the sum of the flows becomes and stays zero or more, in a straight line "
    "within the year. Profitability index = present value of inflows / present value of outflows. "
    "The modified rate borrows outlays at the finance rate and reinvests inflows at the "
    "reinvestment rate, up to the last flow."
)
_DATED = _YEARLY.replace(
    "Flows are one year apart and the first is at time 0, not discounted.",
    "Flows are discounted by actual days / 365 from the earliest date; "
    "flows of one day are netted.",
).replace("within the year", "between two dates")


@dataclass(frozen=True)
class Indicators:
    """All indicators of one list of flows; None where a figure does not exist."""

    net_present_value: float
    profitability_index: float | None
    internal_rate_of_return: IrrResult
    modified_internal_rate_of_return: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    convention: str


def indicators(
    flows: Sequence[Flow],
    rate: float,
    dates: Sequence[date] | None = None,
    finance_rate: float | None = None,
    reinvestment_rate: float | None = None,
) -> Indicators:
    """All indicators at ``rate`` a year: of yearly flows, or of dated ones when dates are given.

    Raises:
        ValueError: a rate of -100 % or less, no flow, more than 1,200, a value that is not
            finite, another number of dates than of flows, or a result beyond floating point.
    """
    times = None if dates is None else years_since_first(dates)
    ordered_flows, ordered_times = in_order(flows, times)
    modified = None
    if finance_rate is not None and reinvestment_rate is not None:
        modified = modified_internal_rate_of_return(
            ordered_flows, finance_rate, reinvestment_rate, ordered_times
        )
    return Indicators(
        net_present_value=net_present_value(rate, ordered_flows, ordered_times),
        profitability_index=profitability_index(rate, ordered_flows, ordered_times),
        internal_rate_of_return=internal_rate_of_return(ordered_flows, ordered_times),
        modified_internal_rate_of_return=modified,
        payback_years=payback_years(ordered_flows, ordered_times),
        discounted_payback_years=discounted_payback_years(rate, ordered_flows, ordered_times),
        convention=_YEARLY if dates is None else _DATED,
    )


def in_order(
    flows: Sequence[Flow], times: Sequence[float] | None = None
) -> tuple[list[Flow], list[float]]:
    """The flows, netted per time, and their times in years; 0, 1, 2, ... unless given.

    Raises:
        ValueError: as ``internal_rate_of_return``.
    """
    checked_flows(flows)
    if times is None:
        return list(flows), [float(number) for number in range(len(flows))]
    if len(times) != len(flows):
        message = "The numbers of flows and of dates differ. Enter one date for each flow."
        raise ValueError(message)
    by_time: dict[float, Fraction] = {}
    for flow, time in zip(flows, times, strict=True):
        by_time[time] = by_time.get(time, Fraction(0)) + _exact(flow)
    years = sorted(by_time)
    return [by_time[time] for time in years], years


def net_present_value(
    rate: float, flows: Sequence[Flow], times: Sequence[float] | None = None
) -> float:
    """sum(flow / (1 + rate) ** time), time in years; 0, 1, 2, ... unless given.

    Raises:
        ValueError: a rate of -100 % or less, flows as in ``internal_rate_of_return``, or a
            result beyond floating point.
    """
    return math.fsum(_discounted(rate, *in_order(flows, times)))


def extended_net_present_value(rate: float, dates: Sequence[date], flows: Sequence[Flow]) -> float:
    """Net present value of dated flows, actual/365 fixed from the earliest date.

    Raises:
        ValueError: as ``net_present_value``.
    """
    return net_present_value(rate, flows, years_since_first(dates))


def net_present_values(rates: ArrayLike, flows: ArrayLike) -> NDArray[np.float64]:
    """Net present values at many rates, and of many scenarios at once.

    ``flows`` has shape (periods,) or (periods, scenarios), the first period at time 0; the answer
    has shape (rates,) or (rates, scenarios).

    Raises:
        ValueError: a value that is not finite, or a rate of -100 % or less.
    """
    rate_array = np.atleast_1d(np.asarray(rates, dtype=np.float64))
    flow_array = np.asarray(flows, dtype=np.float64)
    if not np.isfinite(flow_array).all():
        message = "A flow is not a finite number. Enter amounts such as 1234.50."
        raise ValueError(message)
    for rate in rate_array:
        check_rate(float(rate))
    periods = np.arange(len(flow_array), dtype=np.float64)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        factors: NDArray[np.float64] = np.power.outer(1 + rate_array, -periods)
        values: NDArray[np.float64] = factors @ flow_array
    if not np.isfinite(values).all():
        raise ValueError(_BEYOND)
    return values


def modified_internal_rate_of_return(
    flows: Sequence[Flow],
    finance_rate: float,
    reinvestment_rate: float,
    times: Sequence[float] | None = None,
) -> float | None:
    """(future value of inflows / present value of outflows) ** (1 / years) - 1.

    Inflows are reinvested up to the last flow, outflows financed from the first; None when either
    side is empty.

    Raises:
        ValueError: as ``net_present_value``.
    """
    ordered, years = in_order(flows, times)
    outlay = -math.fsum(_discounted(finance_rate, [min(flow, 0) for flow in ordered], years))
    income = math.fsum(_discounted(reinvestment_rate, [max(flow, 0) for flow in ordered], years))
    span = years[-1] - years[0]
    if outlay <= 0 or income <= 0 or span <= 0:
        return None
    growth = (math.log(income) - math.log(outlay)) / span + math.log1p(reinvestment_rate)
    try:
        return math.expm1(growth)
    except OverflowError:
        raise ValueError(_BEYOND) from None


def profitability_index(
    rate: float, flows: Sequence[Flow], times: Sequence[float] | None = None
) -> float | None:
    """Present value of inflows / present value of outflows; None without outflows.

    Raises:
        ValueError: as ``net_present_value``.
    """
    present = _discounted(rate, *in_order(flows, times))
    outlay = -math.fsum(value for value in present if value < 0)
    if outlay == 0:
        return None
    index = math.fsum(value for value in present if value > 0) / outlay
    if not math.isfinite(index):
        raise ValueError(_BEYOND)
    return index


def payback_years(flows: Sequence[Flow], times: Sequence[float] | None = None) -> float | None:
    """Years from the first outlay until the cumulative flow becomes and stays zero or more.

    In a straight line between two flows. None when that never happens; 0 without an outlay.
    Decimal amounts are added exactly, so that 0.1 paid back ten times recovers 1.0.

    Raises:
        ValueError: flows as in ``internal_rate_of_return``.
    """
    ordered, years = in_order(flows, times)
    return _crossing_years([_exact(flow) for flow in ordered], years)


def discounted_payback_years(
    rate: float, flows: Sequence[Flow], times: Sequence[float] | None = None
) -> float | None:
    """As ``payback_years`` with discounted flows; with several crossings the last one.

    Raises:
        ValueError: as ``net_present_value``.
    """
    ordered, years = in_order(flows, times)
    check_rate(rate)
    if rate == 0:
        return _crossing_years([_exact(flow) for flow in ordered], years)
    return _crossing_years(_discounted(rate, ordered, years), years)


def recovery_count(flows: Sequence[Flow]) -> int:
    """How often the cumulative flow rises from below zero to zero or more."""
    totals = list(accumulate(flows))
    return sum(before < 0 <= after for before, after in pairwise(totals))


def check_rate(rate: float) -> None:
    """Refuse a rate with which nothing can be discounted.

    Raises:
        ValueError: not finite, or -100 % or less.
    """
    if not math.isfinite(rate) or rate <= -1:
        message = "The rate is not above -100 %. Enter a fraction a year, such as 0.10."
        raise ValueError(message)


def _exact(flow: Flow) -> Fraction:
    """The number as it was written: the float 0.1 is one tenth."""
    return Fraction(Decimal(repr(float(flow)))) if isinstance(flow, float) else Fraction(flow)


def _discounted(rate: float, flows: Sequence[Flow], years: Sequence[float]) -> list[float]:
    check_rate(rate)
    try:
        values = [
            float(flow) * (1 + rate) ** -time if flow else 0.0
            for flow, time in zip(flows, years, strict=True)
        ]
        total = math.fsum(map(abs, values))
    except OverflowError:
        raise ValueError(_BEYOND) from None
    if not math.isfinite(total):
        raise ValueError(_BEYOND)
    return values


def _crossing_years(flows: Sequence[Flow], years: Sequence[float]) -> float | None:
    """Time from the first outlay to where the cumulative flow leaves the negative for good."""
    outlays = [year for flow, year in zip(flows, years, strict=True) if flow < 0]
    totals = list(accumulate(flows))
    below = [number for number, total in enumerate(totals) if total < 0]
    if not below:
        return 0.0 if totals[-1] > 0 or outlays else None
    last = below[-1]
    if last + 1 == len(totals):
        return None
    share = -float(totals[last]) / float(flows[last + 1])
    return years[last] + share * (years[last + 1] - years[last]) - outlays[0]
