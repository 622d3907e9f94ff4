"""What a simulation assumes of each uncertain input, and how inputs move together."""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from appraisal.cost_lines import FrozenValue
from appraisal.distributions import (
    AnyDistribution,
    ChangeDistribution,
    Constant,
    Normal,
    Triangular,
    WholeDiscrete,
    WholeDistribution,
)
from appraisal.number_fields import Code, Coefficient
from appraisal.scenario_changes import LONGEST_DELAY_MONTHS, LONGEST_LIFE_YEARS

_ROUNDING = 1e-10

DEFAULT_REASONS: Mapping[str, str] = {
    "investment": (
        "A quote is exceeded more often, and by more, than it is undercut: from 10 % less to "
        "25 % more, most likely as quoted."
    ),
    "savings": (
        "Savings are promised at full load and with care; plants run at less: from 25 % less to "
        "10 % more, most likely as calculated."
    ),
    "added_costs": "Kept as entered: they are small beside the savings.",
    "price_growth": (
        "Prices of water, energy and material drift apart from general inflation by about one "
        "percent a year, up or down."
    ),
    "delay_months": (
        "Two in five installations are ready on the day; the others are late by up to six months."
    ),
    "life_change_years": (
        "Three in five live as long as expected; wear takes up to two years, care adds one."
    ),
}
"""Why the range of each input is what it is unless it is entered."""

_DELAY = WholeDiscrete(
    values=(0, 1, 2, 3, 4, 5, 6), probabilities=(0.40, 0.15, 0.12, 0.12, 0.09, 0.07, 0.05)
)
_LIFE = WholeDiscrete(values=(-2, -1, 0, 1), probabilities=(0.1, 0.2, 0.6, 0.1))


class PriceInput(FrozenValue):
    """How the price of one line is spread, as a change from the one entered."""

    measure: Code
    line: Code
    change: ChangeDistribution

    @property
    def name(self) -> str:
        """The name by which correlations speak of it: code of the measure / code of the line."""
        return f"{self.measure}/{self.line}"


class Correlation(FrozenValue):
    """How inputs move together: a symmetric matrix with ones on the diagonal.

    The coefficients are those of the normal scores (Gaussian copula); the rank correlation that
    results is (6 / pi) x arcsin(coefficient / 2).
    """

    inputs: Annotated[tuple[Code, ...], Field(min_length=2, max_length=20)]
    matrix: tuple[tuple[Coefficient, ...], ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        size = len(self.inputs)
        if len(set(self.inputs)) < size:
            message = "An input is named twice. Name each input once."
            raise ValueError(message)
        if [len(row) for row in self.matrix] != [size] * size:
            message = f"The matrix is not square. Enter {size} rows of {size} numbers each."
            raise ValueError(message)
        for row in range(size):
            for column in range(row + 1):
                self._check_cell(row, column)
        if semidefinite_factor(self.matrix) is None:
            message = (
                "The coefficients contradict one another: no inputs can move together like this. "
                "Enter smaller ones, nearer to zero."
            )
            raise ValueError(message)
        return self

    def _check_cell(self, row: int, column: int) -> None:
        value = self.matrix[row][column]
        if row == column and value != 1:
            message = "An input moves with itself fully. Enter 1 on the diagonal of the matrix."
            raise ValueError(message)
        if value != self.matrix[column][row]:
            message = (
                "The matrix is not symmetric. Enter the same number for both orders of a pair."
            )
            raise ValueError(message)


class SimulationAssumptions(FrozenValue):
    """The spread of each input, in the input's own terms.

    ``investment``, ``savings`` (the volume of all savings), ``added_costs`` and each price are
    changes as fractions: -0.10 is ten percent less than entered. ``price_growth`` is added to the
    growth of every line, a fraction a year. ``delay_months`` is added to the installation,
    ``life_change_years`` to the life of every measure.
    """

    investment: ChangeDistribution = Triangular(low=-0.10, mode=0.0, high=0.25)
    savings: ChangeDistribution = Triangular(low=-0.25, mode=0.0, high=0.10)
    added_costs: ChangeDistribution = Constant()
    price_growth: ChangeDistribution = Normal(standard_deviation=0.01, low=-0.03, high=0.03)
    delay_months: WholeDistribution = _DELAY
    life_change_years: WholeDistribution = _LIFE
    prices: Annotated[tuple[PriceInput, ...], Field(max_length=50)] = ()
    correlation: Correlation | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [name for name, _ in self.inputs()]
        if len(set(names)) < len(names):
            message = "A price is named twice. Name each line once."
            raise ValueError(message)
        lowest, highest = self.delay_months.bounds()
        if lowest < 0 or highest > LONGEST_DELAY_MONTHS:
            message = (
                f"A delay is not within 0 to {LONGEST_DELAY_MONTHS} months. Enter whole months."
            )
            raise ValueError(message)
        if max(map(abs, self.life_change_years.bounds())) > LONGEST_LIFE_YEARS:
            message = f"A life changes by more than {LONGEST_LIFE_YEARS} years. Enter fewer."
            raise ValueError(message)
        if self.correlation and set(self.correlation.inputs) - set(names):
            message = (
                "The correlation names an input that is not known. Enter these: "
                f"{', '.join(names)}; a price is named among the prices first."
            )
            raise ValueError(message)
        return self

    def inputs(self) -> Iterator[tuple[str, AnyDistribution]]:
        """Each input by name, always in the same order."""
        for name in DEFAULT_REASONS:
            yield name, getattr(self, name)
        for price in self.prices:
            yield price.name, price.change


def semidefinite_factor(matrix: tuple[tuple[float, ...], ...]) -> list[list[float]] | None:
    """The lower triangle L with L x L' = matrix; None where there is none.

    Inputs that move together fully leave a zero on the diagonal, which is allowed.
    """
    factor = [[0.0] * len(matrix) for _ in matrix]
    for column in range(len(matrix)):
        done = factor[column][:column]
        rest = matrix[column][column] - math.fsum(value * value for value in done)
        if rest < -_ROUNDING:
            return None
        pivot = math.sqrt(rest) if rest > _ROUNDING else 0.0
        factor[column][column] = pivot
        for row in range(column + 1, len(matrix)):
            known = math.fsum(a * b for a, b in zip(factor[row], done, strict=False))
            missing = matrix[row][column] - known
            if pivot == 0 and abs(missing) > math.sqrt(_ROUNDING):
                return None
            factor[row][column] = missing / pivot if pivot else 0.0
    return factor
