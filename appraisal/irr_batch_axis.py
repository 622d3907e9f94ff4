"""The one time axis that all scenarios of a batch share, and sums of discounted rows on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Number = TypeVar("Number", np.float32, np.float64)

_EVEN = 4 * np.finfo(np.float64).eps
"""Times whose steps differ by less than this share of the span, as 1/12, 2/12, ..., are even."""


@dataclass(frozen=True)
class TimeAxis:
    """Times of the rows from 0: period numbers where they are even, else years."""

    times: Floats
    is_even: bool
    unit: float
    """What one step of ``times`` is in the unit asked for, years or periods."""

    years: Sequence[float]
    """The times as they were given."""

    @property
    def span(self) -> float:
        """From the first row to the last."""
        return float(self.times[-1])

    def sums(self, rows: tuple[Floats, ...], u: Floats) -> tuple[Floats, ...]:
        """sum(row * exp(-u * time)) of each table of rows, one for each column.

        A column is added up in the same order whatever stands beside it.
        """
        with np.errstate(all="ignore"):
            if self.is_even:
                x = np.exp(-u)
                return tuple(_horner(row, x) for row in rows)
            totals = np.zeros((len(rows), len(u)))
            for number, time in enumerate(self.times):
                weight = np.exp(-u * time)
                for place, row in enumerate(rows):
                    totals[place] += row[number] * weight
        return tuple(totals)


def time_axis(periods: int, times: Sequence[float] | None) -> TimeAxis:
    """Rows one period apart, or at ``times`` in years.

    Raises:
        ValueError: another number of times than of rows, times that are not finite, or that do
            not ascend.
    """
    numbers = np.arange(periods, dtype=np.float64)
    if times is None:
        return TimeAxis(numbers, is_even=True, unit=1.0, years=numbers.tolist())
    if len(times) != periods:
        message = "The numbers of rows and of times differ. Enter one time for each row."
        raise ValueError(message)
    years = np.array(times, np.float64)
    if not np.isfinite(years).all() or (np.diff(years) <= 0).any():
        message = "The times do not ascend. Enter each time once, the earliest first, in years."
        raise ValueError(message)
    moved = years - years[0]
    unit = float(moved[-1]) / max(periods - 1, 1)
    if np.abs(moved - unit * numbers).max() <= _EVEN * moved[-1]:
        return TimeAxis(numbers, is_even=True, unit=unit or 1.0, years=years.tolist())
    return TimeAxis(moved, is_even=False, unit=1.0, years=years.tolist())


def column_sums(table: NDArray[Number]) -> NDArray[Number]:
    """Sums down the columns, each in the same order whatever stands beside it."""
    total: NDArray[Number] = table[0].copy()
    for row in table[1:]:
        total += row
    return total


def _horner(row: Floats, x: Floats) -> Floats:
    value: Floats = row[-1].copy()
    for coefficients in row[-2::-1]:
        value *= x
        value += coefficients
    return value
