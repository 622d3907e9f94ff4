"""Monte Carlo end to end against loops that use other libraries, and two processes against one."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy_financial
import pytest
import pyxirr

from app.simulation_runs import Way, in_processes
from appraisal.sampling import sample
from appraisal.scenario_model import Figure, LevelLoan
from appraisal.simulation import SimulationRun, merged, result_of, simulate
from appraisal.simulation_result import PERCENTS, SimulationResult
from tests.appraisal.proposals import measure_document, proposal
from tests.performance import ratios
from tests.performance.ratios import Contender, hold_ratio

DRAWS, SEED = 100_000, 1
MANY_DRAWS = 8_000_000
RATE, YEARS, LIFE_YEARS = 0.10, 10, 8
OUTLAY, MONTHLY_SAVING, PAYMENT, INSTALMENTS = 120_000.0, 5_000.0, 4_143.06, 28

PROJECT = proposal(measure_document(life_years=LIFE_YEARS), horizon_years=YEARS)
LOAN = LevelLoan(payment=Decimal("4143.06"), grace_months=0, instalments=INSTALMENTS)
RUN = SimulationRun.of(PROJECT, None, DRAWS, SEED, LOAN)


class Draw(NamedTuple):
    """One scenario as a loop has it."""

    investment: float
    savings: float
    price_growth: float
    delay_months: int
    life_change_years: int


def first_draws(count: int) -> list[Draw]:
    """The same draws that the simulation begins with."""
    changes = sample(RUN.assumptions, SEED, 0, count)
    columns = [np.asarray(getattr(changes, name)).tolist() for name in Draw._fields]
    return [Draw(*row) for row in zip(*columns, strict=True)]


Rate = Callable[[list[float]], float | None]
Worth = Callable[..., float | None]
"""Net present value at a rate, of flows."""


def figures_of(draw: Draw, worth: Worth, rate: Rate) -> list[float | None]:
    """All figures of one draw, in the order of ``Figure``, as a short program computes them."""
    outlay = OUTLAY * draw.investment
    months = [0.0] * (12 * YEARS)
    ends = min(draw.delay_months + 12 * (LIFE_YEARS + draw.life_change_years), 12 * YEARS)
    for year in range(YEARS):
        saving = MONTHLY_SAVING * draw.savings * (1 + draw.price_growth) ** year
        for month in range(max(12 * year, draw.delay_months), min(12 * year + 12, ends)):
            months[month] = saving
    flows = [-outlay, *(sum(months[first : first + 12]) for first in range(0, 12 * YEARS, 12))]
    return [
        worth(RATE, flows),
        rate(flows),
        outlay / (12 * MONTHLY_SAVING * draw.savings),
        years_until_recovered(outlay, months, 12),
        years_until_recovered(outlay, [f / (1 + RATE) ** y for y, f in enumerate(flows, 0) if y]),
        min(months[:INSTALMENTS]) / PAYMENT,
        sum(months[:INSTALMENTS]) / PAYMENT / INSTALMENTS,
    ]


def years_until_recovered(outlay: float, income: list[float], a_year: int = 1) -> float | None:
    """When the sum of the income reaches the outlay; straight between two periods."""
    left = outlay
    for number, amount in enumerate(income):
        if amount >= left:
            return (number + left / amount) / a_year
        left -= amount
    return None


def loop(name: str, worth: Worth, rate: Rate, count: int) -> Contender[list[list[float]]]:
    draws = first_draws(count)

    def run() -> list[list[float]]:
        rows = [figures_of(draw, worth, rate) for draw in draws]
        columns = np.array(rows, dtype=float).T
        np.nanpercentile(columns, PERCENTS, axis=1, method="inverted_cdf")
        return [[float(value) for value in column] for column in columns]

    return Contender(name, count, run)


def agree(ours: SimulationResult, theirs: list[list[float]]) -> None:
    """The very draws that the loop went through have the same figures."""
    assert ours.draws == DRAWS
    mine = RUN.values(0, len(theirs[0]))
    for figure, column in zip(Figure, theirs, strict=True):
        values = np.where(np.isinf(mine[figure]), np.nan, mine[figure])
        np.testing.assert_allclose(values, column, rtol=1e-9, atol=1e-9)


OURS = Contender("ours", DRAWS, lambda: simulate(PROJECT, None, DRAWS, SEED, LOAN))


def test_monte_carlo_against_a_loop_of_numpy_financial() -> None:
    rival = loop("numpy-financial", numpy_financial.npv, numpy_financial.irr, 400)  # noqa: TID251  # a rival
    hold_ratio(f"simulation, {DRAWS:,} draws", OURS, rival, at_least=100, agree=agree)


def test_monte_carlo_against_a_loop_of_pyxirr() -> None:
    rival = loop("pyxirr", pyxirr.npv, pyxirr.irr, 4_000)
    hold_ratio(f"simulation, {DRAWS:,} draws", OURS, rival, at_least=15, agree=agree)


def test_two_processes_against_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start of the processes counts; three rounds, since each takes seconds."""
    monkeypatch.setattr(ratios, "ROUNDS", 3)
    run = SimulationRun.of(PROJECT, None, MANY_DRAWS, SEED, LOAN)

    def contender(name: str, way: Way) -> Contender[SimulationResult]:
        def compute() -> SimulationResult:
            return result_of(run, merged(one for _, one in way(run, range(run.chunk_count))))

        return Contender(name, MANY_DRAWS, compute)

    def same(two: SimulationResult, one: SimulationResult) -> None:
        assert two == one

    ours = contender("2 processes", in_processes(2))
    rival = contender("1 process", in_processes(1))
    hold_ratio(f"simulation, {MANY_DRAWS:,} draws", ours, rival, at_least=1.6, agree=same)
