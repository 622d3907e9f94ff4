"""How an uncertain input is spread: each distribution as its quantile function.

A draw is the quantile at a number between 0 and 1. One mechanism serves all kinds: numbers that
are drawn evenly give independent inputs, numbers that are coupled give correlated ones.
Parameters are in the input's own terms; a fraction such as -0.10 is a change of ten percent down.
"""

import math
from itertools import pairwise
from typing import Annotated, Literal, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from appraisal import normal_distribution
from appraisal.beta_distribution import beta_quantile
from appraisal.cost_lines import FrozenValue
from appraisal.number_fields import Rate

FloatArray = NDArray[np.float64]

_TRUNCATED_AT = 4.0
"""Standard deviations at which a normal distribution without bounds is cut."""

_FARTHEST = 10.0
"""Standard deviations beyond which nothing is drawn, so that a tiny one divides nothing away."""

_PROBABILITY_ROUNDING = 1e-9

_Number = TypeVar("_Number", np.float64, np.int64)

Probability = Annotated[Rate, Field(ge=0, le=1)]
Deviation = Annotated[Rate, Field(ge=0, le=1)]


class Constant(FrozenValue):
    """Always the same value."""

    kind: Literal["constant"] = "constant"
    value: Rate = 0.0

    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return self.value, self.value

    def quantile(self, at: FloatArray) -> FloatArray:
        """The value, whatever the probability."""
        return np.full_like(at, self.value)


class Uniform(FrozenValue):
    """Every value from ``low`` to ``high`` is as likely as any other."""

    kind: Literal["uniform"] = "uniform"
    low: Rate
    high: Rate

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_order(self.low, self.high)
        return self

    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return self.low, self.high

    def quantile(self, at: FloatArray) -> FloatArray:
        """The value under which the share ``at`` of all draws lies."""
        return self.low + at * (self.high - self.low)


class Triangular(FrozenValue):
    """From ``low`` to ``high``, most likely at ``mode``, the density straight on both sides."""

    kind: Literal["triangular"] = "triangular"
    low: Rate
    mode: Rate
    high: Rate

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_order(self.low, self.mode, self.high)
        return self

    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return self.low, self.high

    def quantile(self, at: FloatArray) -> FloatArray:
        """The value under which the share ``at`` of all draws lies."""
        span = self.high - self.low
        rising = np.sqrt(at * (span * (self.mode - self.low)))
        falling = np.sqrt((1 - at) * (span * (self.high - self.mode)))
        is_rising = at * span < self.mode - self.low
        return np.where(is_rising, self.low + rising, self.high - falling)


class Pert(FrozenValue):
    """From ``low`` to ``high`` as a beta distribution: mean = (low + 4 x mode + high) / 6.

    The quantile is read from a table, right to 1/4,096 of the range.
    """

    kind: Literal["pert"] = "pert"
    low: Rate
    mode: Rate
    high: Rate

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_order(self.low, self.mode, self.high)
        return self

    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return self.low, self.high

    def quantile(self, at: FloatArray) -> FloatArray:
        """The value under which the share ``at`` of all draws lies."""
        span = self.high - self.low
        if span == 0:
            return np.full_like(at, self.low)
        return self.low + span * beta_quantile((self.mode - self.low) / span, at)


class Normal(FrozenValue):
    """The bell curve, cut at ``low`` and ``high``, or at four standard deviations without them."""

    kind: Literal["normal"] = "normal"
    mean: Rate = 0.0
    standard_deviation: Deviation
    low: Rate | None = None
    high: Rate | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        low, high = self.bounds()
        _check_order(low, self.mean, high)
        if low <= -1:
            message = "The values reach -100 % or less. Enter a lowest value above -1."
            raise ValueError(message)
        return self

    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value."""
        reach = _TRUNCATED_AT * self.standard_deviation
        low = self.mean - reach if self.low is None else self.low
        return low, self.mean + reach if self.high is None else self.high

    def quantile(self, at: FloatArray) -> FloatArray:
        """The value under which the share ``at`` of all draws lies."""
        low, high = self.bounds()
        if self.standard_deviation == 0:
            return np.full_like(at, self.mean)
        reach = _FARTHEST * self.standard_deviation
        distances = np.clip([low - self.mean, high - self.mean], -reach, reach)
        ends = distances / self.standard_deviation
        below, within = normal_distribution.cumulative(ends)
        inside = normal_distribution.quantile(below + at * (within - below))
        return np.clip(self.mean + self.standard_deviation * inside, low, high)


class Lognormal(FrozenValue):
    """1 + value is lognormal: half of the draws lie under ``median``, large ones reach far.

    ``log_deviation`` is the standard deviation of ln(1 + value), about the relative spread.
    """

    kind: Literal["lognormal"] = "lognormal"
    median: Rate = 0.0
    log_deviation: Deviation

    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value that can be drawn."""
        ends = self.quantile(np.array([0.0, 1.0]))
        return float(ends[0]), float(ends[1])

    def quantile(self, at: FloatArray) -> FloatArray:
        """The value under which the share ``at`` of all draws lies."""
        spread = np.exp(self.log_deviation * normal_distribution.quantile(at))
        return (1 + self.median) * spread - 1


class Discrete(FrozenValue):
    """A few values, ascending, each with its probability; together they are 1."""

    kind: Literal["discrete"] = "discrete"
    values: Annotated[tuple[Rate, ...], Field(min_length=1, max_length=100)]
    probabilities: Annotated[tuple[Probability, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_discrete(self.values, self.probabilities)
        return self

    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return self.values[0], self.values[-1]

    def quantile(self, at: FloatArray) -> FloatArray:
        """The value under which, or at which, the share ``at`` of all draws lies."""
        return _choose(np.array(self.values, dtype=np.float64), self.probabilities, at)


class WholeConstant(FrozenValue):
    """Always the same whole number."""

    kind: Literal["constant"] = "constant"
    value: Annotated[int, Field(ge=-40, le=120, strict=True)] = 0

    def bounds(self) -> tuple[int, int]:
        """Lowest and highest value."""
        return self.value, self.value

    def quantile(self, at: FloatArray) -> NDArray[np.int64]:
        """The value, whatever the probability."""
        return np.full(len(at), self.value, dtype=np.int64)


class WholeDiscrete(FrozenValue):
    """A few whole numbers, ascending, each with its probability; together they are 1."""

    kind: Literal["discrete"] = "discrete"
    values: Annotated[
        tuple[Annotated[int, Field(ge=-40, le=120, strict=True)], ...],
        Field(min_length=1, max_length=100),
    ]
    probabilities: Annotated[tuple[Probability, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_discrete(self.values, self.probabilities)
        return self

    def bounds(self) -> tuple[int, int]:
        """Lowest and highest value."""
        return self.values[0], self.values[-1]

    def quantile(self, at: FloatArray) -> NDArray[np.int64]:
        """The number under which, or at which, the share ``at`` of all draws lies."""
        return _choose(np.array(self.values, dtype=np.int64), self.probabilities, at)


ChangeDistribution = Annotated[
    Constant | Uniform | Triangular | Pert | Normal | Lognormal | Discrete,
    Field(discriminator="kind"),
]
"""How a change, a fraction above -1, is spread."""

WholeDistribution = Annotated[WholeConstant | WholeDiscrete, Field(discriminator="kind")]
"""How a count of months or years is spread."""

AnyDistribution = (
    Constant
    | Uniform
    | Triangular
    | Pert
    | Normal
    | Lognormal
    | Discrete
    | WholeConstant
    | WholeDiscrete
)


def _check_order(*ascending: float) -> None:
    if any(first > second for first, second in pairwise(ascending)):
        message = (
            "The values are not in ascending order. Enter the lowest first, then the most likely "
            "one where there is one, then the highest."
        )
        raise ValueError(message)


def _check_discrete(values: tuple[float, ...], probabilities: tuple[float, ...]) -> None:
    if len(values) != len(probabilities):
        message = "Values and probabilities differ in number. Enter one probability for each value."
        raise ValueError(message)
    if any(first >= second for first, second in pairwise(values)):
        message = "The values are not ascending. Enter each value once, the lowest first."
        raise ValueError(message)
    if abs(math.fsum(probabilities) - 1) > _PROBABILITY_ROUNDING:
        message = "The probabilities do not add up to 1. Enter ones that do."
        raise ValueError(message)


def _choose(
    values: NDArray[_Number], probabilities: tuple[float, ...], at: FloatArray
) -> NDArray[_Number]:
    limits = np.cumsum(probabilities)[:-1]
    return values[np.searchsorted(limits, at, side="left")]
