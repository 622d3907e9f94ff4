"""Incremental cash flow of measures: with the measure less the baseline, month by month, exact.

Month 0 is the first disbursement. A saving earned during a month is received at its end, so that
a measure that runs at once has its first saving at month 1 and one full year's saving by month 12.
"""

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from appraisal.cost_inventory import Level, expected_amount, is_in
from appraisal.cost_lines import CostLine, InvestmentKind, RunningLine, SavingLine
from appraisal.proposal import Measure

MONTHS_PER_YEAR = 12

_ENOUGH_DIGITS = Context(prec=400)
"""Sums and products of at most 40-digit numbers stay exact."""


class _Parts(NamedTuple):
    """Exact amounts by month: whole numbers over one denominator."""

    by_month: Mapping[int, int]
    denominator: int


@dataclass(frozen=True)
class CashFlow:
    """Monthly money of the measures, each series from month 0 to the same last month."""

    investment: tuple[Fraction, ...]
    """Outlay, as positive amounts."""

    net_savings: tuple[Fraction, ...]
    """Counted savings less added operating costs."""

    residual_value: tuple[Fraction, ...]
    """Residual value of equipment and released working capital.

    Received at the end of life or at the horizon; counts in NPV and IRR, never in payback.
    """

    @cached_property
    def returns(self) -> tuple[Fraction, ...]:
        """Net savings and residual value of each month."""
        series = zip(self.net_savings, self.residual_value, strict=True)
        return tuple(saving + residual if residual else saving for saving, residual in series)

    @cached_property
    def monthly(self) -> tuple[Fraction, ...]:
        """Net flow of each month, residual value included."""
        series = zip(self.returns, self.investment, strict=True)
        return tuple(income - outlay if outlay else income for income, outlay in series)

    @cached_property
    def monthly_without_residual(self) -> tuple[Fraction, ...]:
        """Net flow of each month as payback counts it."""
        series = zip(self.investment, self.net_savings, strict=True)
        return tuple(saving - outlay if outlay else saving for outlay, saving in series)


def investment_of(measures: Iterable[Measure]) -> Decimal:
    """Initial investment in major units: equipment and working capital, without replacements."""
    return _outlays(measures, (InvestmentKind.EQUIPMENT, InvestmentKind.WORKING_CAPITAL))


def eligible_investment_of(measures: Iterable[Measure]) -> Decimal:
    """Investment that a loan can finance, in major units: equipment only."""
    return _outlays(measures, (InvestmentKind.EQUIPMENT,))


def net_annual_saving_of(measures: Iterable[Measure], *, level: Level = Level.TIER_1) -> Decimal:
    """Savings less added operating costs of ``level`` in the first full year of normal operation.

    After ramp-up, at today's prices, before tax and loan cost. A contingent item counts with
    probability x amount, unless it is expected in one year only.
    """
    return _exact_sum(
        amount
        for measure in measures
        for line, amount in _signed_lines(measure)
        if is_in(line, level) and line.year is None
    )


def cash_flow(
    measures: Sequence[Measure], last_month: int, *, level: Level = Level.TIER_1
) -> CashFlow:
    """Monthly cash flow of ``measures`` from month 0 to ``last_month``, counted as ``level`` says.

    Savings and added costs run from commissioning (implementation months) plus the line's start
    month, for ``life_years`` from commissioning, and are cut at the last month. A contingent item
    of one year falls at the end of that project year. Working capital comes back where the
    residual value does: at the end of the life, at the latest in the last month.
    """
    investment = [Fraction(0)] * (last_month + 1)
    residual = [Fraction(0)] * (last_month + 1)
    for measure in measures:
        end = min(end_of_life_month(measure), last_month)
        residual[end] += Fraction(measure.residual_value)
        for outlay in measure.investment:
            investment[outlay.month] += Fraction(outlay.amount)
            if outlay.kind is InvestmentKind.WORKING_CAPITAL:
                residual[max(end, outlay.month)] += Fraction(outlay.amount)
    savings = monthly_net_savings(measures, last_month, level=level)
    return CashFlow(tuple(investment), savings, tuple(residual))


def monthly_net_savings(
    measures: Sequence[Measure], last_month: int, *, level: Level = Level.TIER_1
) -> tuple[Fraction, ...]:
    """Counted savings less added operating costs of each month from 0 to ``last_month``."""
    lines = [
        _in_months(line, amount, measure.implementation_months, end)
        for measure in measures
        for end in (min(end_of_life_month(measure), last_month),)
        for line, amount in _signed_lines(measure)
        if is_in(line, level)
    ]
    return _exact_total(lines, last_month)


def end_of_life_month(measure: Measure) -> int:
    """The month in which the last saving of a measure is received."""
    return measure.implementation_months + MONTHS_PER_YEAR * measure.life_years


def yearly(monthly_flows: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Month 0 by itself, then the sum of each year: months 1 to 12, 13 to 24, and so on."""
    later = (
        _sum_of(monthly_flows[first : first + MONTHS_PER_YEAR])
        for first in range(1, len(monthly_flows), MONTHS_PER_YEAR)
    )
    return (monthly_flows[0], *later)


def _sum_of(amounts: Sequence[Fraction]) -> Fraction:
    """Exact sum over one denominator, several times faster than adding one by one."""
    unit = math.lcm(*{amount.denominator for amount in amounts})
    return Fraction(sum(each.numerator * (unit // each.denominator) for each in amounts), unit)


def _outlays(measures: Iterable[Measure], kinds: Container[InvestmentKind]) -> Decimal:
    return _exact_sum(
        line.amount for measure in measures for line in measure.investment if line.kind in kinds
    )


def _signed_lines(measure: Measure) -> Iterator[tuple[SavingLine | CostLine, Decimal]]:
    for saving in measure.savings:
        yield saving, expected_amount(saving, saving.annual_saving)
    for cost in measure.added_costs:
        yield cost, -expected_amount(cost, cost.annual_cost)


def _in_months(
    line: RunningLine, annual_amount: Decimal, commissioned: int, last_month: int
) -> _Parts:
    """The money of one line in each month of its run.

    Growth: prices rise by ``growth`` once a full project year has passed, counted from month 0.
    Ramp: the line's share rises evenly from nothing to all over the ramp months. Active months:
    the year's money is earned in these positions (1 to 12) of the project year only.
    """
    begins = commissioned + line.start_month
    prices, price_unit = _price_levels(line, last_month)
    amount = Fraction(annual_amount)
    if line.year is not None:
        month = MONTHS_PER_YEAR * line.year
        money = {month: amount.numerator * prices[line.year - 1]} if month <= last_month else {}
        return _Parts(money if month > begins else {}, amount.denominator * price_unit)
    active = line.active_months or range(1, MONTHS_PER_YEAR + 1)
    full = 2 * line.ramp_months or 1
    money = {
        month: amount.numerator * min(full, 2 * (month - begins) - 1) * prices[year]
        for month in range(begins + 1, last_month + 1)
        for year, position in (divmod(month - 1, MONTHS_PER_YEAR),)
        if position + 1 in active
    }
    return _Parts(money, amount.denominator * len(active) * full * price_unit)


def _price_levels(line: RunningLine, last_month: int) -> tuple[list[int], int]:
    """Price level of each project year: whole numbers, and the denominator they have in common."""
    growth = 1 + Fraction(Decimal(repr(line.growth)))
    last = last_month // MONTHS_PER_YEAR
    up, down = growth.numerator, growth.denominator
    return [up**year * down ** (last - year) for year in range(last + 1)], down**last


def _exact_total(lines: Sequence[_Parts], last_month: int) -> tuple[Fraction, ...]:
    """Sum of the lines by month; whole numbers over one denominator, since fractions are slow."""
    unit = math.lcm(*(line.denominator for line in lines))
    totals = [0] * (last_month + 1)
    for line in lines:
        scale = unit // line.denominator
        for month, numerator in line.by_month.items():
            totals[month] += numerator * scale
    as_fraction = {total: Fraction(total, unit) for total in set(totals)}
    return tuple(as_fraction[total] for total in totals)


def _exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = _ENOUGH_DIGITS.add(total, amount)
    return total
