"""Incremental cash flow of measures: with the measure less the baseline, month by month, exact.

Month 0 is the first disbursement. A saving earned during a month is received at its end, so that
a measure that runs at once has its first saving at month 1 and one full year's saving by month 12.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from appraisal.proposal import CostLine, Evidence, Measure, RunningLine, SavingLine

MONTHS_PER_YEAR = 12

_ENOUGH_DIGITS = Context(prec=400)
"""Sums and products of at most 40-digit numbers stay exact."""

_DIRECT_TIER = 1
_INDIRECT_TIER = 2
_WITHOUT_DOCUMENT = (Evidence.ESTIMATE, Evidence.NONE)


@dataclass(frozen=True)
class CashFlow:
    """Monthly money of the measures, each series from month 0 to the same last month."""

    investment: tuple[Fraction, ...]
    """Outlay, as positive amounts."""

    net_savings: tuple[Fraction, ...]
    """Counted savings less added operating costs."""

    residual_value: tuple[Fraction, ...]
    """Received at the end of life or at the horizon; counts in NPV and IRR, never in payback."""

    @property
    def returns(self) -> tuple[Fraction, ...]:
        """Net savings and residual value of each month."""
        series = zip(self.net_savings, self.residual_value, strict=True)
        return tuple(saving + residual for saving, residual in series)

    @property
    def monthly(self) -> tuple[Fraction, ...]:
        """Net flow of each month, residual value included."""
        series = zip(self.returns, self.investment, strict=True)
        return tuple(income - outlay for income, outlay in series)

    @property
    def monthly_without_residual(self) -> tuple[Fraction, ...]:
        """Net flow of each month as payback counts it."""
        series = zip(self.investment, self.net_savings, strict=True)
        return tuple(saving - outlay for outlay, saving in series)


def counts(line: RunningLine) -> bool:
    """Whether a line is in the headline figures: tier 1 and not extra output."""
    return line.tier == _DIRECT_TIER and not _is_output(line)


def counts_with_indirect(line: RunningLine) -> bool:
    """Whether a line is in the second line of results: also tier 2 that a document supports."""
    documented = line.tier == _INDIRECT_TIER and line.evidence not in _WITHOUT_DOCUMENT
    return counts(line) or (documented and not _is_output(line))


def investment_of(measures: Iterable[Measure]) -> Decimal:
    """Total investment: the sum of all investment lines, in major units."""
    return _exact_sum(line.amount for measure in measures for line in measure.investment)


def net_annual_saving_of(measures: Iterable[Measure], *, indirect: bool = False) -> Decimal:
    """Counted savings less added operating costs in the first full year of normal operation.

    After ramp-up, at today's prices, before tax and loan cost. ``indirect`` adds the documented
    lines of tier 2.
    """
    chosen = counts_with_indirect if indirect else counts
    signed = (
        amount for measure in measures for line, amount in _signed_lines(measure) if chosen(line)
    )
    return _exact_sum(signed)


def cash_flow(measures: Sequence[Measure], last_month: int) -> CashFlow:
    """Monthly cash flow of ``measures`` from month 0 to ``last_month``.

    Savings and added costs run from commissioning (implementation months) plus the line's start
    month, for ``life_years`` from commissioning, and are cut at the last month.
    """
    investment = [Fraction(0)] * (last_month + 1)
    savings = [Fraction(0)] * (last_month + 1)
    residual = [Fraction(0)] * (last_month + 1)
    for measure in measures:
        for outlay in measure.investment:
            investment[outlay.month] += Fraction(outlay.amount)
        end = min(end_of_life_month(measure), last_month)
        residual[end] += Fraction(measure.residual_value)
        for line, amount in _signed_lines(measure):
            if counts(line):
                _add_line(savings, line, amount, (measure.implementation_months, end))
    return CashFlow(tuple(investment), tuple(savings), tuple(residual))


def end_of_life_month(measure: Measure) -> int:
    """The month in which the last saving of a measure is received."""
    return measure.implementation_months + MONTHS_PER_YEAR * measure.life_years


def yearly(monthly_flows: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Month 0 by itself, then the sum of each year: months 1 to 12, 13 to 24, and so on."""
    years = -(-(len(monthly_flows) - 1) // MONTHS_PER_YEAR)
    later = (
        sum(monthly_flows[1 + MONTHS_PER_YEAR * year : 13 + MONTHS_PER_YEAR * year], Fraction(0))
        for year in range(years)
    )
    return (monthly_flows[0], *later)


def _is_output(line: RunningLine) -> bool:
    return isinstance(line, SavingLine) and line.counts_as_output


def _signed_lines(measure: Measure) -> Iterator[tuple[SavingLine | CostLine, Decimal]]:
    for saving in measure.savings:
        yield saving, saving.annual_saving
    for cost in measure.added_costs:
        yield cost, -cost.annual_cost


def _add_line(
    series: list[Fraction], line: RunningLine, annual_amount: Decimal, run: tuple[int, int]
) -> None:
    """Add one line; ``run`` is the month of commissioning and the last month with savings.

    Growth: prices rise by ``growth`` once a full project year has passed, counted from month 0.
    Ramp: the line's share rises evenly from nothing to all over the ramp months. Active months:
    the year's money is earned in these positions (1 to 12) of the project year only.
    """
    commissioned, last_month = run
    begins = commissioned + line.start_month
    active = line.active_months or range(1, MONTHS_PER_YEAR + 1)
    share = Fraction(annual_amount) / len(active)
    growth = 1 + Fraction(Decimal(repr(line.growth)))
    for month in range(begins + 1, last_month + 1):
        full_years, position = divmod(month - 1, MONTHS_PER_YEAR)
        if position + 1 in active:
            ramp = _ramp_share(month - begins, line.ramp_months)
            series[month] += share * ramp * growth**full_years


def _ramp_share(month: int, ramp_months: int) -> Fraction:
    """Average over the ``month``-th month of a straight rise from 0 to 1 in ``ramp_months``."""
    return Fraction(1) if month > ramp_months else Fraction(2 * month - 1, 2 * ramp_months)


def _exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = _ENOUGH_DIGITS.add(total, amount)
    return total
