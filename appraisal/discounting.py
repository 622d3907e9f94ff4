"""When each flow counts, and what a cash flow is worth at the discount rate of the appraisal.

Two timings, one per appraisal: ``annual``, month 0 by itself and every other flow at the end of
the year in which it falls; ``monthly``, each flow in its month.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from appraisal.cash_flow import MONTHS_PER_YEAR, CashFlow, end_of_life_month, yearly
from appraisal.indicators import net_present_value
from appraisal.proposal import Assumptions, Measure, Timing


class TimedFlows(NamedTuple):
    """Net flows, and the time of each in years from month 0."""

    flows: tuple[Fraction, ...]
    years: list[float]


def timed(monthly: tuple[Fraction, ...], timing: Timing) -> TimedFlows:
    """Flows and their times as the timing has them, up to the last one with money."""
    if timing is Timing.MONTHLY:
        return by_month(without_empty_end(monthly))
    flows = without_empty_end(yearly(monthly))
    return TimedFlows(flows, [float(year) for year in range(len(flows))])


def by_month(monthly: tuple[Fraction, ...]) -> TimedFlows:
    """Each flow in its month, whatever the timing: for paybacks and covers."""
    return TimedFlows(monthly, [month / MONTHS_PER_YEAR for month in range(len(monthly))])


def without_empty_end(flows: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """The flows up to the last one that is not zero; the first one always stays."""
    last = max((number for number, flow in enumerate(flows) if flow), default=0)
    return flows[: last + 1]


def profitability_index_of(flow: CashFlow, assumptions: Assumptions) -> float | None:
    """Present value of net savings and residual value / present value of the investment.

    None without an investment.

    Raises:
        ValueError: as ``net_present_value``.
    """
    rate, timing = assumptions.discount_rate, assumptions.timing
    invested = net_present_value(rate, *timed(flow.investment, timing))
    if invested == 0:
        return None
    return net_present_value(rate, *timed(flow.returns, timing)) / invested


def service_years(measures: Sequence[Measure], assumptions: Assumptions) -> float:
    """Years from month 0 to the end of the longest life, at most the horizon.

    With the timing ``annual`` whole years, a begun one included.
    """
    longest = max(map(end_of_life_month, measures))
    months = min(longest, MONTHS_PER_YEAR * assumptions.horizon_years)
    years = months / MONTHS_PER_YEAR
    return years if assumptions.timing is Timing.MONTHLY else math.ceil(years)


def equivalent_annual_value(present_value: float, rate: float, years: float) -> float:
    """The level amount at the end of each year that has this present value.

    Present value x rate / (1 - (1 + rate) ** -years); present value / years at a rate of zero.

    Raises:
        ValueError: a rate of -100 % or less, or no years.
    """
    if rate <= -1 or years <= 0:
        message = "Enter a rate above -100 % and a life above zero."
        raise ValueError(message)
    if rate == 0:
        return present_value / years
    growth = years * math.log1p(rate)
    if rate > 0:
        return present_value * rate / -math.expm1(-growth)
    return present_value * rate * math.exp(growth) / math.expm1(growth)
