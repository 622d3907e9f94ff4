"""Which part of a year's money falls in each month, for many delays and lives of a measure at once.

The same rules as ``appraisal.cash_flow`` keeps for one measure exactly: months count from month 0,
a saving earned during a month is received at its end, the ramp is a straight line, and the life
counts from commissioning.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MONTHS_PER_YEAR = 12

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class LineShape:
    """When a line earns after its measure is commissioned; lines of one shape share a table."""

    start_month: int
    ramp_months: int
    active_months: tuple[int, ...]
    """Positions in the project year, 1 to 12."""


@dataclass(frozen=True)
class Runs:
    """Every run of one measure that some scenario has: each month of commissioning, each life.

    One column of a table belongs to one run; the life changes fastest.
    """

    commissioned: range
    lives: range

    @property
    def count(self) -> int:
        """How many columns a table has."""
        return len(self.commissioned) * len(self.lives)

    def column(self, commissioned: int | IntArray, life_years: int | IntArray) -> int | IntArray:
        """Number of the column of each run."""
        row = commissioned - self.commissioned.start
        return row * len(self.lives) + (life_years - self.lives.start)

    def end_months(self) -> IntArray:
        """The month in which the last saving of each run is received."""
        commissioned = np.arange(self.commissioned.start, self.commissioned.stop)
        lives = np.arange(self.lives.start, self.lives.stop)
        return (commissioned[:, None] + MONTHS_PER_YEAR * lives).ravel()


def month_shares(shape: LineShape, runs: Runs, last_month: int) -> FloatArray:
    """Share of a full year's money in months 1 to ``last_month`` (rows) of each run (columns)."""
    months = np.arange(1, last_month + 1)
    commissioned = np.arange(runs.commissioned.start, runs.commissioned.stop)
    number = months[:, None] - (commissioned + shape.start_month)
    rising = (2 * number - 1) / (2 * max(shape.ramp_months, 1))
    ramp = np.where(number > shape.ramp_months, 1.0, rising) * (number > 0)
    active = np.isin((months - 1) % MONTHS_PER_YEAR + 1, shape.active_months)
    shares = ramp * (active / len(shape.active_months))[:, None]
    in_life = months[:, None] <= runs.end_months()
    return np.repeat(shares, len(runs.lives), axis=1) * in_life


def month_of_end(runs: Runs, last_month: int, earliest: int = 0) -> FloatArray:
    """One in the month in which each run ends, from month 0 to ``last_month``, else zero.

    Never before the month ``earliest``; a run that outlasts the last month ends in it.
    """
    months = np.arange(last_month + 1)
    ends = np.maximum(np.minimum(runs.end_months(), last_month), earliest)
    is_end: FloatArray = (months[:, None] == ends).astype(np.float64)
    return is_end


def by_year(monthly: FloatArray) -> FloatArray:
    """Sums of months 1 to 12, 13 to 24 and so on; the rows are whole years from month 1."""
    sums: FloatArray = monthly.reshape(-1, MONTHS_PER_YEAR, monthly.shape[1]).sum(axis=1)
    return sums
