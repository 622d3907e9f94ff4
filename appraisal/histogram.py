"""Where the values of a figure lie: kept one by one, or counted in fine bins.

Both are merged in any order and any grouping to exactly the same state, so that it does not
matter which process computed which part, or when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
CountArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

BIN_COUNT = 4_096
"""Fine bins of a figure; with one open bin at each end."""

BAR_COUNT = 32
"""Bars of the histogram that people see; each is the sum of fine bins."""

_TAIL_PER_MILLE = 1
_LONGEST_TAIL = 4
"""Ends farther out than this many spans between the tails are left to the open bins."""

_MARGIN = 0.01
_SMALLEST_SPAN = 1e-9


@dataclass(frozen=True)
class Bins:
    """Equal bins from ``low`` to ``high``."""

    low: float
    high: float

    @classmethod
    def around(cls, ordered: FloatArray) -> Self:
        """Bins for values like these (finite, ascending); a far end is left open.

        They reach from the lowest to the highest value, and a little further; where a tail is
        much longer than the bulk, only from the lowest to the highest thousandth.
        """
        if len(ordered) == 0:
            return cls(0.0, 1.0)
        cut = len(ordered) * _TAIL_PER_MILLE // 1_000
        bulk_low, bulk_high = float(ordered[cut]), float(ordered[-1 - cut])
        reach = _LONGEST_TAIL * (bulk_high - bulk_low)
        low = max(float(ordered[0]), bulk_low - reach)
        high = min(float(ordered[-1]), bulk_high + reach)
        least = _SMALLEST_SPAN * max(1.0, abs(low), abs(high))
        margin = max(_MARGIN * (high - low), least)
        return cls(low - margin, high + margin)

    @property
    def width(self) -> float:
        """Width of one bin."""
        return (self.high - self.low) / BIN_COUNT

    def counts(self, values: FloatArray) -> CountArray:
        """How many finite values fall below, into each bin, and above."""
        places = (values - self.low) * (1 / self.width)
        np.floor(places, out=places)
        np.clip(places, -1, BIN_COUNT, out=places)
        return np.bincount(places.astype(np.int64) + 1, minlength=BIN_COUNT + 2)


@dataclass(frozen=True)
class Histogram:
    """Bars from ``edges[0]`` to ``edges[-1]``, and how many values lie outside them."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int
    above: int


def histogram_of(bins: Bins, counts: CountArray) -> Histogram:
    """Fine counts gathered into bars."""
    edges = np.linspace(bins.low, bins.high, BAR_COUNT + 1)
    bars = counts[1:-1].reshape(BAR_COUNT, -1).sum(axis=1)
    return Histogram(
        tuple(edges.tolist()), tuple(bars.tolist()), below=int(counts[0]), above=int(counts[-1])
    )


@dataclass(frozen=True, eq=False)
class Kept:
    """Every finite value, exact; for runs that are small enough."""

    values: FloatArray

    def merged(self, other: Self) -> Self:
        """Both together; the order of values means nothing."""
        return type(self)(np.concatenate([self.values, other.values]))

    def at_ranks(self, ranks: Sequence[int], ends: tuple[float, float]) -> list[float]:
        """The values of these ranks, 1 for the smallest; ``ends`` are not needed."""
        del ends
        return [float(self.ordered[rank - 1]) for rank in ranks]

    @cached_property
    def ordered(self) -> FloatArray:
        """The values, ascending."""
        return np.sort(self.values)

    def histogram(self) -> Histogram:
        """The bars that people see."""
        bins = Bins.around(self.ordered)
        return histogram_of(bins, bins.counts(self.values))

    @property
    def error(self) -> float:
        """How far a value of ``at_ranks`` may be off: not at all."""
        return 0.0


@dataclass(frozen=True, eq=False)
class Binned:
    """Counts of finite values in fine bins: memory that does not grow with the run."""

    bins: Bins
    counts: CountArray

    @classmethod
    def of(cls, bins: Bins, values: FloatArray) -> Self:
        """Count finite values."""
        return cls(bins, bins.counts(values))

    def merged(self, other: Self) -> Self:
        """Both together; they have the same bins."""
        return type(self)(self.bins, self.counts + other.counts)

    def at_ranks(self, ranks: Sequence[int], ends: tuple[float, float]) -> list[float]:
        """The values of these ranks, in a straight line inside a bin.

        ``ends`` are the smallest and the largest value, which close the open bins.
        """
        smallest, largest = ends
        edges = np.linspace(self.bins.low, self.bins.high, BIN_COUNT + 1)
        edges = np.clip(np.concatenate([[smallest], edges, [largest]]), smallest, largest)
        upto = np.cumsum(self.counts)
        places = np.searchsorted(upto, ranks, side="left")
        within = (np.asarray(ranks) - (upto - self.counts)[places]) / self.counts[places]
        found = edges[places] + within * (edges[places + 1] - edges[places])
        return [float(value) for value in found]

    def histogram(self) -> Histogram:
        """The bars that people see."""
        return histogram_of(self.bins, self.counts)

    @property
    def error(self) -> float:
        """How far a value of ``at_ranks`` may be off, outside the open bins: one bin's width."""
        return self.bins.width
