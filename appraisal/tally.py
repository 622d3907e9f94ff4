"""What a simulation remembers of one figure: counts, ends, exact sums, and where values lie.

Merging is associative and does not depend on the order: sums are exact fractions, counts are
integers.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

import numpy as np

from appraisal.histogram import Binned, Bins, FloatArray, Kept
from appraisal.scenario_model import Figure


@dataclass(frozen=True)
class FigurePlan:
    """How one figure is counted."""

    figure: Figure
    base: float
    """Its value in the proposal as entered; sums are of distances from it."""

    mark: float | None = None
    """The value that matters: zero for the net present value, one for the cover."""

    bins: Bins | None = None
    """Where the values of a large run are counted; None keeps every value."""


@dataclass(frozen=True, eq=False)
class Tally:
    """One figure over many draws."""

    finite: int
    never: int
    """Draws in which the value is infinite: a payback that never comes."""

    undefined: int
    """Draws without a value: no single rate of return is meant."""

    under_mark: int
    over_mark: int
    smallest: float
    largest: float
    total: Fraction
    """Sum of the distances from the base."""

    squares: Fraction
    """Sum of their squares."""

    places: Kept | Binned

    @classmethod
    def of(cls, plan: FigurePlan, values: FloatArray) -> Self:
        """Count the values of one chunk."""
        finite = values[np.isfinite(values)]
        undefined = len(values) - len(finite)
        never = int(np.count_nonzero(np.isposinf(values))) if undefined else 0
        if plan.figure is Figure.INTERNAL_RATE_OF_RETURN:
            never = 0
        distances = finite - _anchor(plan)
        mark = math.nan if plan.mark is None else plan.mark
        return cls(
            finite=len(finite),
            never=never,
            undefined=undefined - never,
            under_mark=int(np.count_nonzero(finite < mark)),
            over_mark=int(np.count_nonzero(finite > mark)),
            smallest=float(finite.min(initial=math.inf)),
            largest=float(finite.max(initial=-math.inf)),
            total=Fraction(float(distances.sum())),
            squares=Fraction(float(np.square(distances, out=distances).sum())),
            places=Kept(finite) if plan.bins is None else Binned.of(plan.bins, finite),
        )

    def merged(self, other: Self) -> Self:
        """Both together."""
        return type(self)(
            finite=self.finite + other.finite,
            never=self.never + other.never,
            undefined=self.undefined + other.undefined,
            under_mark=self.under_mark + other.under_mark,
            over_mark=self.over_mark + other.over_mark,
            smallest=min(self.smallest, other.smallest),
            largest=max(self.largest, other.largest),
            total=self.total + other.total,
            squares=self.squares + other.squares,
            places=_merged_places(self.places, other.places),
        )

    def mean(self, plan: FigurePlan) -> float | None:
        """Mean of the finite values."""
        if self.finite == 0:
            return None
        return float(Fraction(_anchor(plan)) + self.total / self.finite)

    def standard_deviation(self) -> float | None:
        """Spread of the finite values around their mean; None for fewer than two."""
        if self.finite < 2:  # noqa: PLR2004  # a spread needs two values
            return None
        around_mean = self.squares - self.total**2 / self.finite
        return math.sqrt(max(around_mean, Fraction(0)) / (self.finite - 1))

    def percentiles(self, percents: tuple[int, ...]) -> dict[int, float | None]:
        """The smallest value at or under which so many percent of the draws lie.

        Draws in which the value is infinite count, at the top: None where the percentile is one
        of them. Draws without a value do not count.
        """
        count = self.finite + self.never
        ranks = {percent: max(1, -(-percent * count // 100)) for percent in percents}
        within = [percent for percent in percents if ranks[percent] <= self.finite]
        found: dict[int, float | None] = dict.fromkeys(percents)
        values = self.places.at_ranks([ranks[p] for p in within], (self.smallest, self.largest))
        return found | dict(zip(within, values, strict=True))


def _anchor(plan: FigurePlan) -> float:
    return plan.base if math.isfinite(plan.base) else 0.0


def _merged_places(first: Kept | Binned, second: Kept | Binned) -> Kept | Binned:
    match first, second:
        case Kept(), Kept():
            return first.merged(second)
        case Binned(), Binned():
            return first.merged(second)
        case _:
            message = "values that are kept and values that are counted cannot be merged"
            raise TypeError(message)
