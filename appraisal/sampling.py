"""Draws of the uncertain inputs: chunk by chunk, the same whoever draws a chunk and when.

Every input of every chunk has a stream of random numbers of its own, named by the seed, the
chunk and the input, so that a change of one input's range leaves the draws of the others alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraisal import normal_distribution
from appraisal.distributions import AnyDistribution, Constant, FloatArray, WholeConstant
from appraisal.scenario_changes import Changes
from appraisal.simulation_assumptions import SimulationAssumptions, semidefinite_factor

_SMALLEST = 2.0**-54
"""Stands for a random number of exactly 0, which has no quantile."""


def sample(assumptions: SimulationAssumptions, seed: int, chunk: int, draws: int) -> Changes:
    """The changes of ``draws`` scenarios: the first ones of the chunk's streams.

    An input that is constant stays one number, and costs nothing.
    """
    inputs = dict(assumptions.inputs())
    chance = _Chance(seed, chunk, draws, {name: place for place, name in enumerate(inputs)})
    coupled = _coupled(assumptions, chance)
    drawn = {
        name: _value(distribution, coupled.get(name), chance, name)
        for name, distribution in inputs.items()
    }
    return Changes(
        investment=1 + drawn["investment"],
        savings=1 + drawn["savings"],
        prices={(price.measure, price.line): 1 + drawn[price.name] for price in assumptions.prices},
        added_costs=1 + drawn["added_costs"],
        price_growth=drawn["price_growth"],
        delay_months=drawn["delay_months"],
        life_change_years=drawn["life_change_years"],
    )


@dataclass(frozen=True)
class _Chance:
    """Random numbers of one chunk, evenly spread over 0 to 1, for each input by name."""

    seed: int
    chunk: int
    draws: int
    places: Mapping[str, int]

    def of(self, name: str) -> FloatArray:
        sequence = np.random.SeedSequence(self.seed, spawn_key=(self.chunk, self.places[name]))
        numbers = np.random.Generator(np.random.PCG64(sequence)).random(self.draws)
        return np.maximum(numbers, _SMALLEST, out=numbers)


def _value(
    distribution: AnyDistribution, coupled: FloatArray | None, chance: _Chance, name: str
) -> Any:  # noqa: ANN401  # a number or an array, as each change takes either
    if isinstance(distribution, Constant | WholeConstant):
        return distribution.value
    return distribution.quantile(chance.of(name) if coupled is None else coupled)


def _coupled(assumptions: SimulationAssumptions, chance: _Chance) -> dict[str, FloatArray]:
    """Numbers over 0 to 1 of the inputs that move together (Gaussian copula)."""
    if assumptions.correlation is None:
        return {}
    names = assumptions.correlation.inputs
    factor: NDArray[np.float64] = np.array(semidefinite_factor(assumptions.correlation.matrix))
    scores = np.stack([normal_distribution.quantile(chance.of(name)) for name in names])
    return dict(zip(names, normal_distribution.cumulative(factor @ scores), strict=True))
