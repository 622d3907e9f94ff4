"""Many scenarios of one project at once: the same figures as ``appraise``, in floating point.

    model = ScenarioModel.of(proposal.financed_measures, proposal.assumptions, loan)
    results = model.results(Changes(investment=factors, delay_months=delays), n)

Compiled once; every change is an array over the scenarios. Lines of tier 1, constant prices, real
discount rate; cover in money of the day. Scenarios are computed in blocks of bounded memory.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from appraisal.batch_payback import payback_of_columns, payback_within_year
from appraisal.cash_flow import investment_of
from appraisal.irr_batch import internal_rates_of_return
from appraisal.line_shares import MONTHS_PER_YEAR, FloatArray, IntArray
from appraisal.proposal import Assumptions, Measure, Timing
from appraisal.scenario_changes import Changes, Factor
from appraisal.scenario_flows import CompiledMeasure, FlowTables, compiled

BLOCK = 8_192
"""Scenarios that are computed together: large enough for NumPy, small enough for the cache."""

_BLOCK_OF_MONTHS = 1_024


class Figure(StrEnum):
    """What can be computed for each scenario."""

    NET_PRESENT_VALUE = "net_present_value"
    INTERNAL_RATE_OF_RETURN = "internal_rate_of_return"
    SIMPLE_PAYBACK = "simple_payback"
    CUMULATIVE_PAYBACK = "cumulative_payback"
    DISCOUNTED_PAYBACK = "discounted_payback"
    MINIMUM_COVER = "minimum_cover"
    AVERAGE_COVER = "average_cover"


@dataclass(frozen=True)
class LevelLoan:
    """The instalment that the savings must cover: it stays as agreed in every scenario."""

    payment: Decimal
    """Level monthly instalment in major units, as it is rounded and paid."""

    grace_months: int
    """Months without principal; the instalments fall in the months after them."""

    instalments: int


@dataclass(frozen=True)
class ScenarioResults:
    """Figures of each scenario, as arrays; None where a figure was not asked for.

    Paybacks in years, infinite where the outlay is not recovered; rates as fractions a year, NaN
    where no single rate is meant.
    """

    net_present_value: FloatArray | None = None
    internal_rate_of_return: FloatArray | None = None
    rate_status: NDArray[np.int8] | None = None
    """``IrrStatus.code`` of each internal rate of return."""

    simple_payback: FloatArray | None = None
    cumulative_payback: FloatArray | None = None
    discounted_payback: FloatArray | None = None
    minimum_cover: FloatArray | None = None
    average_cover: FloatArray | None = None
    """Savings of all instalments' months over all instalments."""

    def __getitem__(self, figure: Figure) -> FloatArray:
        """The array of a figure that was asked for.

        Raises:
            KeyError: it was not asked for, or is a cover without a loan.
        """
        array: FloatArray | None = getattr(self, figure)
        if array is None:
            raise KeyError(figure)
        return array


@dataclass(frozen=True)
class ScenarioModel:
    """A project as arrays, ready for any number of scenarios."""

    measures: tuple[CompiledMeasure, ...]
    outlays: FloatArray
    """Investment by month from 0 to the horizon, replacements included."""

    initial_investment: float
    """Equipment and working capital: what the simple payback counts."""

    timing: Timing
    discount_rate: float
    inflation: float
    loan: LevelLoan | None

    @classmethod
    def of(
        cls, measures: Sequence[Measure], assumptions: Assumptions, loan: LevelLoan | None = None
    ) -> Self:
        """Compile the financed measures of a proposal under its assumptions."""
        outlays = np.zeros(MONTHS_PER_YEAR * assumptions.horizon_years + 1)
        for measure in measures:
            for line in measure.investment:
                outlays[line.month] += float(line.amount)
        return cls(
            measures=compiled(measures),
            outlays=outlays,
            initial_investment=float(investment_of(measures)),
            timing=assumptions.timing,
            discount_rate=assumptions.discount_rate,
            inflation=assumptions.inflation,
            loan=loan,
        )

    def results(
        self, changes: Changes, n: int, wanted: Collection[Figure] = frozenset(Figure)
    ) -> ScenarioResults:
        """The ``wanted`` figures of ``n`` scenarios; covers are None without a loan.

        Raises:
            ValueError: an array that is not of length ``n``, a factor that is negative or not
                finite, a delay outside 0 to 120 months, growth or a rate of -100 % or less.
        """
        changes.check(n, min((s.growth for m in self.measures for s in m.streams), default=0.0))
        tables = _Tables(self, changes, set(wanted))
        block = BLOCK if self.timing is Timing.ANNUAL else _BLOCK_OF_MONTHS
        parts = [
            tables.figures(changes.part(slice(first, first + block)), min(block, n - first))
            for first in range(0, n, block)
        ]
        return ScenarioResults(
            **{name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        )


class _Tables:
    """What one call looks up for each block: one set of tables for each grid that it needs."""

    def __init__(self, model: ScenarioModel, changes: Changes, wanted: set[Figure]) -> None:
        last_month, loan = len(model.outlays) - 1, model.loan
        annual = model.timing is Timing.ANNUAL
        self._model = model
        self._wanted = wanted
        self._periods = FlowTables.of(model.measures, changes, last_month, annual=annual)
        self._outlays = _yearly(model.outlays) if annual else model.outlays
        periods = np.arange(len(self._outlays), dtype=np.float64)
        self._times = periods if annual else periods / MONTHS_PER_YEAR
        self._months = (
            FlowTables.of(model.measures, changes, last_month)
            if annual and Figure.CUMULATIVE_PAYBACK in wanted
            else self._periods
        )
        self._loan = loan if wanted & {Figure.MINIMUM_COVER, Figure.AVERAGE_COVER} else None
        if self._loan:
            matures = self._loan.grace_months + self._loan.instalments
            repaying = FlowTables.of(model.measures, changes, matures).after(
                self._loan.grace_months
            )
            self._weakest = repaying.weakest_months(changes)
            self._by_year = repaying.by_year()

    def figures(self, changes: Changes, n: int) -> dict[str, NDArray[Any]]:
        """The wanted figures of one block of scenarios, by the name of their field."""
        return dict(self._each(changes, n))

    def _each(self, changes: Changes, n: int) -> Iterator[tuple[str, NDArray[Any]]]:
        wanted = self._wanted
        own_rate: Factor = self._model.discount_rate
        rate = own_rate if changes.discount_rate is None else changes.discount_rate
        flows = self._flows(changes, n, self._periods, self._outlays)
        if Figure.DISCOUNTED_PAYBACK in wanted:
            discounted = flows * _discount_factors(rate, self._times)
            yield Figure.DISCOUNTED_PAYBACK, payback_of_columns(discounted, self._times)
        if Figure.CUMULATIVE_PAYBACK in wanted:
            yield Figure.CUMULATIVE_PAYBACK, self._cumulative_payback(changes, n, flows)
        self._periods.add_released(flows, changes)
        if Figure.NET_PRESENT_VALUE in wanted:
            yield Figure.NET_PRESENT_VALUE, _present_values(rate, flows, self._times)
        if Figure.INTERNAL_RATE_OF_RETURN in wanted:
            annual = self._model.timing is Timing.ANNUAL
            times = None if annual else self._times.tolist()
            rates, statuses = internal_rates_of_return(flows, times)
            yield Figure.INTERNAL_RATE_OF_RETURN, rates
            yield "rate_status", statuses
        if Figure.SIMPLE_PAYBACK in wanted:
            yield Figure.SIMPLE_PAYBACK, self._simple_payback(changes, n)
        if self._loan and Figure.MINIMUM_COVER in wanted:
            smallest = self._savings(self._weakest, changes, n).min(axis=0)
            yield Figure.MINIMUM_COVER, smallest / float(self._loan.payment)
        if self._loan and Figure.AVERAGE_COVER in wanted:
            total = self._savings(self._by_year, changes, n).sum(axis=0)
            instalments = float(self._loan.payment) * self._loan.instalments
            yield Figure.AVERAGE_COVER, total / instalments

    def _flows(
        self, changes: Changes, n: int, tables: FlowTables, outlays: FloatArray
    ) -> FloatArray:
        """Net flows of each period without residual value."""
        flows = np.empty((len(outlays), n))
        np.multiply(-outlays[:, None], changes.investment, out=flows)
        tables.add_savings(flows[1:], changes)
        return flows

    def _cumulative_payback(self, changes: Changes, n: int, flows: FloatArray) -> FloatArray:
        """Always by months, whatever the timing."""
        outlays = self._model.outlays
        if self._months is not self._periods:
            if self._only_rises(changes):
                return payback_within_year(flows, partial(self._months_of_year, changes))
            flows = self._flows(changes, n, self._months, outlays)
        return payback_of_columns(flows, np.arange(len(outlays)) / MONTHS_PER_YEAR)

    def _only_rises(self, changes: Changes) -> bool:
        """Whether money goes out from month 0, and after the first year comes in only."""
        outlays = self._model.outlays
        begins = outlays[0] * np.min(changes.investment) > 0
        ends = not outlays[MONTHS_PER_YEAR + 1 :].any()
        return bool(begins and ends and self._months.never_costs(changes))

    def _months_of_year(self, changes: Changes, year: IntArray) -> FloatArray:
        """Net flows in the months of one year of each scenario; the first may have outlays."""
        months = self._months.months_of_year(changes, year)
        later = self._model.outlays[1 : MONTHS_PER_YEAR + 1]
        if later.any():
            months -= later[:, None] * np.where(year == 0, changes.investment, 0.0)
        return months

    def _simple_payback(self, changes: Changes, n: int) -> FloatArray:
        investment = self._model.initial_investment * changes.investment
        streams = (stream for measure in self._model.measures for stream in measure.streams)
        saving = sum((s.annual_amount(changes) for s in streams), np.zeros(n))
        payback = np.full(n, np.inf)
        np.divide(investment, saving, out=payback, where=saving > 0)
        return payback

    def _savings(self, tables: FlowTables, changes: Changes, n: int) -> FloatArray:
        """What is saved while the loan is repaid, in money of the day: a row for each period."""
        savings = np.zeros((len(tables.years), n))
        tables.add_savings(savings, changes, 1 + self._model.inflation)
        return savings


def _yearly(monthly: FloatArray) -> FloatArray:
    """Month 0 by itself, then the sum of each year."""
    return np.append(monthly[:1], monthly[1:].reshape(-1, MONTHS_PER_YEAR).sum(axis=1))


def _discount_factors(rate: Factor, times: FloatArray) -> FloatArray:
    """Present value of one, for each period; one column, or one for each scenario."""
    return np.exp(-times[:, None] * np.log1p(rate))


def _present_values(rate: Factor, flows: FloatArray, times: FloatArray) -> FloatArray:
    """Row by row: a matrix product would round a scenario by its neighbours and the threads."""
    present = np.zeros(flows.shape[1])
    for factor, row in zip(_discount_factors(rate, times), flows, strict=True):
        present += factor * row
    return present
