"""The measures of a proposal compiled for many scenarios: tables of shares, and what scales them.

Every matrix is time-major: one row for each period, one column for each scenario.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from appraisal.cost_inventory import Level, is_in
from appraisal.cost_lines import InvestmentKind, RunningLine
from appraisal.line_shares import (
    MONTHS_PER_YEAR,
    FloatArray,
    IntArray,
    LineShape,
    Runs,
    by_year,
    month_of_end,
    month_shares,
)
from appraisal.proposal import Measure
from appraisal.scenario_changes import (
    LONGEST_LIFE_YEARS,
    Changes,
    Count,
    Factor,
    LineKey,
    line_keys,
)


@dataclass(frozen=True)
class Stream:
    """Lines of one measure that earn alike: same shape, same growth of the price."""

    shape: LineShape
    growth: float
    savings: tuple[tuple[LineKey, float], ...]
    costs: tuple[tuple[LineKey, float], ...]
    """Each line with its money of a full year at today's prices."""

    def annual_amount(self, changes: Changes) -> Factor:
        """Savings less added costs of a full year at today's prices."""
        saved = changes.savings * _priced(self.savings, changes.prices)
        return saved - changes.added_costs * _priced(self.costs, changes.prices)


@dataclass(frozen=True)
class CompiledMeasure:
    """One measure as numbers."""

    implementation_months: int
    life_years: int
    streams: tuple[Stream, ...]
    residual_value: float
    working_capital: tuple[tuple[int, float], ...]
    """Month in which each amount is paid, and the amount."""

    def commissioned(self, changes: Changes) -> Count:
        """Month in which the measure begins to run."""
        return self.implementation_months + changes.delay_months

    def life(self, changes: Changes) -> Count:
        """Life in years from commissioning."""
        years = self.life_years if changes.life_years is None else changes.life_years
        changed = years + changes.life_change_years
        if isinstance(changed, int):
            return min(max(changed, 1), LONGEST_LIFE_YEARS)
        return np.clip(changed, 1, LONGEST_LIFE_YEARS)

    def runs(self, changes: Changes) -> Runs:
        """Every run that one of the scenarios may have."""
        return Runs(_range(self.commissioned(changes)), _range(self.life(changes)))


@dataclass(frozen=True)
class _StreamTable:
    stream: Stream
    shares: FloatArray
    """Of a full year's money: a row for each period, a column for each run."""


@dataclass(frozen=True)
class _MeasureTables:
    measure: CompiledMeasure
    runs: Runs
    streams: tuple[_StreamTable, ...]
    residual: FloatArray
    released: FloatArray
    """Money that comes back, a row for each period from 0, a column for each run."""

    def column(self, changes: Changes) -> Count:
        """Column of each scenario."""
        return self.runs.column(self.measure.commissioned(changes), self.measure.life(changes))


@dataclass(frozen=True)
class FlowTables:
    """What every run of the measures earns in each period, before it is scaled."""

    measures: tuple[_MeasureTables, ...]
    years: IntArray
    """Full years from month 0 that have passed before each period after month 0."""

    @classmethod
    def of(
        cls,
        measures: Sequence[CompiledMeasure],
        changes: Changes,
        last_month: int,
        *,
        annual: bool = False,
    ) -> Self:
        """Tables for all scenarios of ``changes``, by months 1 to ``last_month`` or by years."""
        months = np.arange(last_month)
        return cls(
            tuple(_tables(measure, changes, last_month, annual=annual) for measure in measures),
            months[::MONTHS_PER_YEAR] // MONTHS_PER_YEAR if annual else months // MONTHS_PER_YEAR,
        )

    def weakest_months(self, changes: Changes) -> Self:
        """The tables with one row a year: the month in which least is saved.

        Only where that is the same month for every line: one shape, and no stream that costs
        more than it saves; otherwise the tables as they are.
        """
        shapes = {(n, t.stream.shape) for n, m in enumerate(self.measures) for t in m.streams}
        if len(shapes) != 1 or not self.never_costs(changes):
            return self
        years, begins = np.unique(self.years, return_index=True)
        return self._with_shares(years, lambda shares: np.minimum.reduceat(shares, begins))

    def by_year(self) -> Self:
        """The tables with one row a year, in which its months are added up."""
        years, begins = np.unique(self.years, return_index=True)
        return self._with_shares(years, lambda shares: np.add.reduceat(shares, begins))

    def after(self, periods: int) -> Self:
        """The tables without their first ``periods``, to add savings by."""
        return self._with_shares(self.years[periods:], lambda shares: shares[periods:])

    def _with_shares(self, years: IntArray, change: Callable[[FloatArray], FloatArray]) -> Self:
        measures = tuple(
            replace(m, streams=tuple(replace(s, shares=change(s.shares)) for s in m.streams))
            for m in self.measures
        )
        return replace(self, measures=measures, years=years)

    def add_savings(self, money: FloatArray, changes: Changes, yearly_rise: float = 1.0) -> None:
        """Add the net savings of each period after month 0 and of each scenario to ``money``.

        ``yearly_rise`` multiplies all prices once a year: 1 + inflation for money of the day.
        """
        for tables in self.measures:
            column = tables.column(changes)
            for table in tables.streams:
                amount = table.stream.annual_amount(changes)
                rise = (1 + table.stream.growth + changes.price_growth) * yearly_rise
                if isinstance(rise, float):
                    grown = table.shares * (rise**self.years)[:, None]
                    money += _columns(grown, column) * amount
                else:
                    self._add_growing(money, _columns(table.shares, column), amount, rise)

    def _add_growing(
        self, money: FloatArray, shares: FloatArray, amount: Factor, rise: FloatArray
    ) -> None:
        grown: FloatArray = amount * rise ** int(self.years[0])
        for number, row in enumerate(money):
            if number and self.years[number] > self.years[number - 1]:
                grown = grown * rise
            np.add(row, shares[number] * grown, out=row)

    def never_costs(self, changes: Changes) -> bool:
        """Whether no stream of any scenario costs more than it saves."""
        streams = (table.stream for tables in self.measures for table in tables.streams)
        return all(np.min(stream.annual_amount(changes)) >= 0 for stream in streams)

    def months_of_year(self, changes: Changes, year: IntArray) -> FloatArray:
        """Net savings in the twelve months of one year of each scenario; of tables by months."""
        money = np.zeros((MONTHS_PER_YEAR, len(year)))
        for tables in self.measures:
            runs = tables.runs.count
            january = year * MONTHS_PER_YEAR * runs + tables.column(changes)
            for table in tables.streams:
                rise = 1 + table.stream.growth + changes.price_growth
                grown = table.stream.annual_amount(changes) * rise**year
                for month, row in enumerate(money):
                    np.add(row, table.shares.take(january + month * runs) * grown, out=row)
        return money

    def add_released(self, money: FloatArray, changes: Changes) -> None:
        """Add residual value and released working capital of each period from month 0."""
        for tables in self.measures:
            column = tables.column(changes)
            if tables.residual.any():
                money += _columns(tables.residual, column)
            if tables.released.any():
                money += _columns(tables.released, column) * changes.investment


def compiled(measures: Sequence[Measure]) -> tuple[CompiledMeasure, ...]:
    """The measures as numbers, with the lines of tier 1 that count."""
    return tuple(_compiled(measure) for measure in measures)


def _compiled(measure: Measure) -> CompiledMeasure:
    keys = iter(line_keys(measure))
    saved = _by_shape(
        (line, key, float(line.annual_saving))
        for line, key in zip(measure.savings, keys, strict=False)
    )
    spent = _by_shape(
        (line, key, float(line.annual_cost))
        for line, key in zip(measure.added_costs, keys, strict=False)
    )
    return CompiledMeasure(
        implementation_months=measure.implementation_months,
        life_years=measure.life_years,
        streams=tuple(
            Stream(shape, growth, saved.get((shape, growth), ()), spent.get((shape, growth), ()))
            for shape, growth in {**saved, **spent}
        ),
        residual_value=float(measure.residual_value),
        working_capital=tuple(
            (line.month, float(line.amount))
            for line in measure.investment
            if line.kind is InvestmentKind.WORKING_CAPITAL
        ),
    )


def _by_shape(
    lines: Iterable[tuple[RunningLine, LineKey, float]],
) -> dict[tuple[LineShape, float], tuple[tuple[LineKey, float], ...]]:
    groups: dict[tuple[LineShape, float], tuple[tuple[LineKey, float], ...]] = {}
    for line, key, amount in lines:
        if is_in(line, Level.TIER_1):
            active = tuple(sorted(line.active_months or range(1, MONTHS_PER_YEAR + 1)))
            group = LineShape(line.start_month, line.ramp_months, active), line.growth
            groups[group] = (*groups.get(group, ()), (key, amount))
    return groups


def _tables(
    measure: CompiledMeasure, changes: Changes, last_month: int, *, annual: bool
) -> _MeasureTables:
    runs = measure.runs(changes)
    released = np.zeros((last_month + 1, runs.count))
    for month, amount in measure.working_capital:
        released += amount * month_of_end(runs, last_month, earliest=month)
    residual = measure.residual_value * month_of_end(runs, last_month)
    shares = {
        shape: _periods(month_shares(shape, runs, last_month), annual=annual)
        for shape in {stream.shape for stream in measure.streams}
    }
    streams = tuple(_StreamTable(stream, shares[stream.shape]) for stream in measure.streams)
    return _MeasureTables(
        measure,
        runs,
        streams,
        np.concatenate((residual[:1], _periods(residual[1:], annual=annual))),
        np.concatenate((released[:1], _periods(released[1:], annual=annual))),
    )


def _periods(monthly: FloatArray, *, annual: bool) -> FloatArray:
    return by_year(monthly) if annual else monthly


def _columns(table: FloatArray, column: Count) -> FloatArray:
    """The named columns; a single number gives one column, which fits every scenario."""
    if isinstance(column, int):
        return table[:, column : column + 1]
    return table.take(column, axis=1)


def _priced(amounts: Sequence[tuple[LineKey, float]], prices: Mapping[LineKey, Factor]) -> Factor:
    total: Factor = sum(amount for key, amount in amounts if key not in prices)
    for key, amount in amounts:
        if key in prices:
            total = total + amount * prices[key]
    return total


def _range(value: Count) -> range:
    if isinstance(value, int):
        return range(value, value + 1)
    return range(int(value.min()), int(value.max()) + 1)
