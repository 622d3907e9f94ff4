"""Payback of many scenarios at once: each column of a time-major matrix is one scenario."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from appraisal.line_shares import MONTHS_PER_YEAR, FloatArray, IntArray

_ROUNDING = 1e-12
"""A sum within this part of the deepest one counts as zero: what is left of rounding."""


def payback_of_columns(flows: FloatArray, times: FloatArray) -> FloatArray:
    """Years from the first outlay until the sum of a column becomes and stays zero or more.

    In a straight line between two rows, as ``appraisal.indicators.payback_years`` has it for one
    list. Infinite where that never happens; 0 without an outlay that is not made good at once.
    """
    totals = running_totals(flows)
    allowance = _ROUNDING * np.minimum(totals.min(axis=0), 0.0)
    last = _last_row(totals < allowance)
    is_outlay = flows < allowance
    first_outlay = len(flows) - 1 - _last_row(is_outlay[::-1])
    columns = np.arange(flows.shape[1])
    following = np.minimum(last + 1, len(flows) - 1)
    recovered = (last >= 0) & (last + 1 < len(flows))
    income = np.where(recovered, _entries(flows, following, columns), 1.0)
    share = -_entries(totals, last, columns) / income
    begins = times.take(last)
    crossing = begins + share * (times.take(following) - begins)
    years = np.where(recovered, crossing - times.take(first_outlay, mode="clip"), np.inf)
    at_once = (last < 0) & ((totals[-1] > 0) | (first_outlay < len(flows)))
    years[at_once] = 0.0
    return years


def payback_within_year(
    yearly: FloatArray, months_of: Callable[[IntArray], FloatArray]
) -> FloatArray:
    """Payback by months of columns that only rise after their first year, from yearly flows.

    The first row is month 0, with an outlay; then a row a year. ``months_of`` gives the twelve
    monthly flows of one year of each column, counted from 0: only the year in which the outlay
    is recovered is looked at by months. Infinite where it is not recovered.
    """
    totals = running_totals(yearly)
    allowance = _ROUNDING * totals.min(axis=0)
    last = _last_row(totals < allowance)
    recovered = last + 1 < len(yearly)
    year = np.where(recovered, last, 0)
    columns = np.arange(yearly.shape[1])
    months = months_of(year)
    start = _entries(totals, year, columns)
    sums = running_totals(months) + start
    last_month = _last_row(sums < allowance)
    following = np.minimum(last_month + 1, MONTHS_PER_YEAR - 1)
    before = np.where(last_month < 0, start, _entries(sums, last_month, columns))
    income = np.where(recovered, _entries(months, following, columns), 1.0)
    years = year + (following - before / income) / MONTHS_PER_YEAR
    return np.where(recovered, years, np.inf)


def running_totals(flows: FloatArray) -> FloatArray:
    """Sums of each column up to each row; row by row, which is many times faster than cumsum."""
    totals = flows.copy()
    for before, row in pairwise(totals):
        np.add(before, row, out=row)
    return totals


def _last_row(marked: NDArray[np.bool_]) -> IntArray:
    """The last marked row of each column, -1 without one."""
    numbers = np.arange(1, len(marked) + 1, dtype=np.uint16)[:, None]
    last: IntArray = (marked * numbers).max(axis=0).astype(np.int64) - 1
    return last


def _entries(matrix: FloatArray, rows: IntArray, columns: IntArray) -> FloatArray:
    """One entry of each column; row -1 gives any."""
    found: FloatArray = matrix.ravel().take(rows * matrix.shape[1] + columns, mode="wrap")
    return found
