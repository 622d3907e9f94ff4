"""Internal rates of return of many scenarios at once, one column each.

Ordinary investments go through a kernel of their own, other columns through the cascade, and the
few that are doubtful there through the solver for one list, whose answer counts.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appraisal.irr_batch_axis import Floats, column_sums, time_axis
from appraisal.irr_batch_cascade import batch_roots
from appraisal.irr_batch_conventional import ConventionalKernel
from appraisal.irr_exact import certain_roots
from appraisal.irr_result import IrrResult, IrrStatus, irr_result
from appraisal.irr_terms import MOST_FLOWS, net_terms

BLOCK = 16_384
"""Columns worked on at once: enough to hide the cost of a call, few enough for the cache."""

_NEAR_ZERO = 1e-9
"""Of several roots, one as near to zero as this has its sign decided by the solver for one."""

Columns = NDArray[np.intp]


def internal_rates_of_return(
    flows: Floats, times: Sequence[float] | None = None
) -> tuple[Floats, NDArray[np.int8]]:
    """Rates and statuses of ``flows`` (periods, scenarios), by the rule for one list of flows.

    The rate is NaN where no single one is meant; a status is ``IrrStatus.code``. ``times`` are
    years, one for each row, ascending; without them rows are one period apart. A column's answer
    does not depend on the others.

    Raises:
        ValueError: no row, more than 1,200, a flow that is not finite, or times that do not fit.
    """
    search = _search(flows, times)
    rates = np.where(search.counts == 1, _rates(search.log_roots[0]), np.nan)
    statuses = _statuses(search)
    unclear = [search.doubtful]
    for columns in _blocks(np.flatnonzero(search.counts > 1)):
        rates[columns], several_unclear = _one_of_several(search, columns)
        unclear.append(columns[several_unclear])
    for column in np.concatenate(unclear):
        result = search.single(column)
        rates[column] = np.nan if result.rate is None else result.rate
        statuses[column] = result.status.code
    rates[np.isinf(rates)] = np.nan
    return rates, statuses


def all_internal_rates_of_return(
    flows: Floats, times: Sequence[float] | None = None
) -> tuple[Floats, NDArray[np.intp]]:
    """All roots of each column, ascending from the first row and NaN below, and their number.

    Flows, times and refusals as for ``internal_rates_of_return``.
    """
    search = _search(flows, times)
    rates, counts = _rates(search.log_roots), search.counts.copy()
    for column in search.doubtful:
        roots = search.single(column).roots
        if len(roots) > len(rates):
            more = np.full((len(roots) - len(rates), rates.shape[1]), np.nan)
            rates = np.concatenate([rates, more])
        rates[:, column] = np.nan
        rates[: len(roots), column] = roots
        counts[column] = len(roots)
    return rates[: counts.max(initial=0)], counts


@dataclass(frozen=True)
class _Search:
    """The roots found for all columns as ln(1 + rate), NaN below the last, and what is open."""

    flows: Floats
    years: Sequence[float]
    log_roots: Floats
    counts: NDArray[np.intp]
    doubtful: Columns

    def single(self, column: np.intp) -> IrrResult:
        """The answer of the solver for one list."""
        terms = net_terms(self.flows[:, column].tolist(), self.years)
        roots, certified = certain_roots(terms)
        return irr_result(terms, roots, certified=certified)


def _search(flows: Floats, times: Sequence[float] | None) -> _Search:
    axis = time_axis(_checked_periods(flows), times)
    log_roots = np.full((1, flows.shape[1]), np.nan)
    if axis.is_even and len(flows) > 1:
        kernel = ConventionalKernel(min(BLOCK, flows.shape[1]))
        for block in _slices(flows.shape[1]):
            log_roots[0, block] = kernel.log_rates(_time_major(flows[:, block]))
    doubtful = [np.empty(0, np.intp)]
    for columns in _blocks(np.flatnonzero(np.isnan(log_roots[0]))):
        part = flows.take(columns, axis=1)
        _check_finite(part)
        found = batch_roots(part, axis)
        log_roots = _with_rows(log_roots, len(found.log_roots))
        log_roots[: len(found.log_roots), columns] = found.log_roots
        doubtful.append(columns[found.doubtful])
    log_roots /= axis.unit
    counts = np.count_nonzero(~np.isnan(log_roots), axis=0)
    return _Search(flows, axis.years, log_roots, counts, np.concatenate(doubtful))


def _with_rows(table: Floats, count: int) -> Floats:
    """The table with at least so many rows, the new ones NaN."""
    missing = count - len(table)
    if missing <= 0:
        return table
    return np.concatenate([table, np.full((missing, table.shape[1]), np.nan)])


def _checked_periods(flows: Floats) -> int:
    if flows.ndim != 2 or len(flows) == 0:  # noqa: PLR2004  # a table
        message = "There is no row of flows. Enter a table with one row for each period."
        raise ValueError(message)
    if len(flows) > MOST_FLOWS:
        message = f"There are more than {MOST_FLOWS:,} rows. Enter at most {MOST_FLOWS:,}."
        raise ValueError(message)
    return len(flows)


def _check_finite(flows: Floats) -> None:
    if not np.isfinite(flows).all():
        message = "A flow is not a finite number. Enter amounts such as 1234.50."
        raise ValueError(message)


def _slices(count: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, count, BLOCK))


def _blocks(columns: Columns) -> Iterator[Columns]:
    return (columns[part] for part in _slices(len(columns)))


def _time_major(flows: Floats) -> Floats:
    """The block with each row in one piece of memory."""
    return flows if flows.strides[1] == flows.itemsize else np.ascontiguousarray(flows)


def _rates(log_rates: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return np.maximum(np.expm1(log_rates), math.nextafter(-1.0, 0.0))


def _statuses(search: _Search) -> NDArray[np.int8]:
    statuses = np.full(len(search.counts), IrrStatus.UNIQUE.code, np.int8)
    first = search.flows[0].copy()
    for row in search.flows[1:]:
        silent = first == 0
        if not silent.any():
            break
        np.copyto(first, row, where=silent)
    statuses[first > 0] = IrrStatus.COST_OF_FINANCE.code
    statuses[search.counts == 0] = IrrStatus.NONE.code
    statuses[search.counts > 1] = IrrStatus.MULTIPLE.code
    return statuses


def _one_of_several(search: _Search, columns: Columns) -> tuple[Floats, NDArray[np.bool_]]:
    """The only root that is not negative, if the flows gain; and where that is too close to say."""
    flows, log_roots = search.flows.take(columns, axis=1), search.log_roots.take(columns, axis=1)
    total, size = column_sums(flows), column_sums(np.abs(flows))
    unclear = np.abs(total) <= len(flows) * np.finfo(np.float64).eps * size
    unclear |= (np.abs(log_roots) < _NEAR_ZERO).any(axis=0)
    not_negative = log_roots >= 0
    meant = (total > 0) & (np.count_nonzero(not_negative, axis=0) == 1)
    the_one = np.where(not_negative, log_roots, 0).max(axis=0)
    return np.where(meant, _rates(the_one), np.nan), unclear
