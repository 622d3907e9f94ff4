"""Monte Carlo: a project under thousands or billions of draws of its uncertain inputs.

    result = simulate(proposal, draws=10_000, seed=1)

A run is cut into chunks. ``chunk(run, number)`` is a pure function of its arguments: any process
on any machine gives the same answer for the same number, and answers are merged in any order.
Memory is that of one chunk and of the counts, whatever the number of draws.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Self

import numpy as np

from appraisal.histogram import Bins, FloatArray
from appraisal.proposal import Proposal
from appraisal.sampling import sample
from appraisal.scenario_changes import Changes
from appraisal.scenario_model import Figure, LevelLoan, ScenarioModel
from appraisal.simulation_assumptions import SimulationAssumptions
from appraisal.simulation_result import SimulationResult, summary
from appraisal.tally import FigurePlan, Tally

CHUNK_DRAWS = 65_536
EXACT_DRAWS = 100_000
"""Up to so many draws every value is kept and percentiles are exact."""

MOST_DRAWS = 100_000_000_000
LARGEST_SEED = 2**63 - 1
DEFAULT_DRAWS = 10_000
DEFAULT_SEED = 1

_PILOT = 2**32 - 1
"""Number of the chunk whose draws place the bins; no run is long enough to have it."""


@dataclass(frozen=True)
class SimulationRun:
    """Everything that a chunk needs; small, and the same in every process."""

    model: ScenarioModel
    assumptions: SimulationAssumptions
    draws: int
    seed: int
    plans: tuple[FigurePlan, ...]

    @classmethod
    def of(
        cls,
        proposal: Proposal,
        assumptions: SimulationAssumptions | None = None,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        loan: LevelLoan | None = None,
    ) -> Self:
        """Prepare a run of the financed measures; the cover is counted when there is a loan.

        Raises:
            ValueError: draws or seed outside their limits, a price of a line that is not there
                or not counted, or figures beyond floating point.
        """
        _check(draws, seed)
        given = SimulationAssumptions() if assumptions is None else assumptions
        model = ScenarioModel.of(proposal.financed_measures, proposal.assumptions, loan)
        _check_prices(given, model)
        base = _figures(model, Changes(), 1)
        plans = tuple(
            FigurePlan(figure, float(values[0]), _mark(figure, model))
            for figure, values in base.items()
        )
        run = cls(model, given, draws, seed, plans)
        return run if draws <= EXACT_DRAWS else run._with_bins()

    @property
    def chunk_count(self) -> int:
        """How many chunks the run has."""
        return -(-self.draws // CHUNK_DRAWS)

    def chunk_draws(self, number: int) -> int:
        """How many draws a chunk has; only the last one may have fewer than the others."""
        return min(CHUNK_DRAWS, self.draws - number * CHUNK_DRAWS)

    def values(self, number: int, draws: int) -> dict[Figure, FloatArray]:
        """Every figure of the first draws of a chunk."""
        changes = sample(self.assumptions, self.seed, number, draws)
        return _figures(self.model, changes, draws)

    def _with_bins(self) -> Self:
        pilot = self.values(_PILOT, CHUNK_DRAWS)
        plans = tuple(
            replace(plan, bins=Bins.around(np.sort(values[np.isfinite(values)])))
            for plan in self.plans
            for values in (pilot[plan.figure],)
        )
        return replace(self, plans=plans)


@dataclass(frozen=True, eq=False)
class ChunkResult:
    """What is known after some chunks: one tally for each figure, in the order of the plans."""

    draws: int
    tallies: tuple[Tally, ...]

    def merged(self, other: Self) -> Self:
        """Both together; the order does not matter, to the last bit."""
        pairs = zip(self.tallies, other.tallies, strict=True)
        return type(self)(
            self.draws + other.draws, tuple(first.merged(second) for first, second in pairs)
        )


def chunk(run: SimulationRun, number: int) -> ChunkResult:
    """Draw one chunk of a run, appraise every draw and count."""
    draws = run.chunk_draws(number)
    values = run.values(number, draws)
    return ChunkResult(draws, tuple(Tally.of(plan, values[plan.figure]) for plan in run.plans))


def merged(results: Iterable[ChunkResult]) -> ChunkResult:
    """All results together."""
    return reduce(ChunkResult.merged, results)


def result_of(run: SimulationRun, together: ChunkResult) -> SimulationResult:
    """What a run whose chunks are all done has shown."""
    return summary(run.plans, together.tallies, run.assumptions, run.draws, run.seed)


def simulate(
    proposal: Proposal,
    assumptions: SimulationAssumptions | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    loan: LevelLoan | None = None,
) -> SimulationResult:
    """Simulate the financed measures of a proposal in this process.

    The same proposal, assumptions, draws, seed and loan give the same result, bit for bit.

    Raises:
        ValueError: as ``SimulationRun.of``.
    """
    run = SimulationRun.of(proposal, assumptions, draws, seed, loan)
    return result_of(run, merged(chunk(run, number) for number in range(run.chunk_count)))


def _figures(model: ScenarioModel, changes: Changes, draws: int) -> dict[Figure, FloatArray]:
    results = model.results(changes, draws)
    found = {figure: getattr(results, figure) for figure in Figure}
    return {figure: values for figure, values in found.items() if values is not None}


def _mark(figure: Figure, model: ScenarioModel) -> float | None:
    marks = {
        Figure.NET_PRESENT_VALUE: 0.0,
        Figure.INTERNAL_RATE_OF_RETURN: model.discount_rate,
        Figure.MINIMUM_COVER: 1.0,
        Figure.AVERAGE_COVER: 1.0,
    }
    return marks.get(figure)


def _check(draws: int, seed: int) -> None:
    if not 1 <= draws <= MOST_DRAWS:
        message = f"The number of draws is not within 1 to {MOST_DRAWS:,}. Enter one that is."
        raise ValueError(message)
    if not 0 <= seed <= LARGEST_SEED:
        message = "The seed is negative or too large. Enter a whole number from 0 up."
        raise ValueError(message)


def _check_prices(assumptions: SimulationAssumptions, model: ScenarioModel) -> None:
    counted = {
        key
        for measure in model.measures
        for stream in measure.streams
        for key, _ in (*stream.savings, *stream.costs)
    }
    if any((price.measure, price.line) not in counted for price in assumptions.prices):
        message = (
            "A price to vary is of a line that is not among the counted lines of the financed "
            "measures. Enter the code of the measure and of its line."
        )
        raise ValueError(message)
