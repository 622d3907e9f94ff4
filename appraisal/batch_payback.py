"""Payback of many scenarios at once: each column of a time-major matrix is one scenario."""

import numpy as np

from appraisal.line_shares import FloatArray

_ROUNDING = 1e-13
"""A sum within this part of the money that moved counts as zero: what is left of rounding."""


def payback_of_columns(flows: FloatArray, times: FloatArray) -> FloatArray:
    """Years from the first outlay until the sum of a column becomes and stays zero or more.

    In a straight line between two rows, as ``appraisal.indicators.payback_years`` has it for one
    list. Infinite where that never happens; 0 without an outlay that is not made good at once.
    """
    columns = flows.shape[1]
    allowance = -_ROUNDING * np.abs(flows).sum(axis=0)
    total = np.zeros(columns)
    total_below = np.zeros(columns)
    last = np.full(columns, -1)
    for number, row in enumerate(flows):
        total += row
        below = total < allowance
        np.copyto(total_below, total, where=below)
        np.copyto(last, number, where=below)
    following = np.minimum(last + 1, len(flows) - 1)
    recovered = (last >= 0) & (last + 1 < len(flows))
    income = np.where(recovered, flows[following, np.arange(columns)], 1.0)
    share = -total_below / income
    crossing = times[last] + share * (times[following] - times[last])
    is_outlay = flows < allowance
    years = np.where(recovered, crossing - times[is_outlay.argmax(axis=0)], np.inf)
    at_once = (last < 0) & ((total > 0) | is_outlay.any(axis=0))
    years[at_once] = 0.0
    return years
