"""Rates of many investments at once: one outlay first, then only income, evenly spaced.

g(u) = ln(income / outlay), as present values at u = ln(1 + r), falls and is convex. Its slope is
the mean time of income (weighted by present value) with its sign turned, its curvature their
variance. Halley's step from these three leaves a third-order error. The first step is the one for
even income; two more are made in single precision, at half the cost.
"""

from typing import Generic

import numpy as np
from numpy.typing import NDArray

from appraisal.irr_batch_axis import Floats, Number, column_sums

_LAST_STEP = 3e-5
"""The error after a step this small, as a share of the whole span, is its third power."""

_SINGLE_STEPS = 2
_MORE_STEPS = 12
"""For the few columns that one step in double precision does not finish."""

_MOST_CURVED = 0.25
"""The curvature shortens or lengthens a step; it counts up to this share of it."""

_SINGLE_RANGE = (2.0**-30, 2.0**30)
"""Outlays outside are scaled first, since single precision ends at 2 ** 127; columns with such a
share of income to outlay are left open."""


class ConventionalKernel:
    """Solves blocks of up to ``width`` columns, one row a period, in work arrays made once.

    A column's answer depends on no other column.
    """

    def __init__(self, width: int) -> None:
        self._singles: _Steps[np.float32] = _Steps(np.empty((5, width), np.float32))
        self._doubles: _Steps[np.float64] = _Steps(np.empty((5, width), np.float64))

    def log_rates(self, flows: Floats) -> Floats:
        """ln(1 + rate) per period of the columns that are solved for certain, NaN for others.

        Those are columns of which only the first flow is an outlay, or, for the cost of finance,
        only the first is money received.
        """
        lent = (flows[0] < 0) & (flows[1:].min(axis=0) >= 0)
        if lent.all():
            return self._solved(flows)
        found = np.full(flows.shape[1], np.nan)
        borrowed = (flows[0] > 0) & (flows[1:].max(axis=0) <= 0)
        for columns, sign in ((np.flatnonzero(lent), 1), (np.flatnonzero(borrowed), -1)):
            if len(columns):
                found[columns] = self._solved(sign * flows.take(columns, axis=1))
        return found

    def _solved(self, flows: Floats) -> Floats:
        smallest, largest = _SINGLE_RANGE
        if flows[0].min() < -largest or flows[0].max() > -smallest:
            flows = np.ldexp(flows, -np.frexp(flows[0])[1])
        with np.errstate(all="ignore"):
            u = self._start(flows)
            open_columns = np.flatnonzero(~self._improve(flows, u))
            for _ in range(_MORE_STEPS):
                if not len(open_columns):
                    break
                part = u[open_columns]
                done = self._improve(flows.take(open_columns, axis=1), part)
                u[open_columns] = part
                open_columns = open_columns[~done]
        u[open_columns] = np.nan
        return u

    def _start(self, flows: Floats) -> Floats:
        """Single precision at best; not finite where the amounts are out of its range."""
        singles = flows.astype(np.float32)
        ratio = column_sums(singles[1:]) / -singles[0]
        periods = len(flows) - 1
        linear = np.log(ratio)
        curved = np.minimum(linear * ((periods - 1) / (periods + 1) / 6), _MOST_CURVED)
        u = linear * (2 / (periods + 1)) / (1 - curved)
        smallest, largest = _SINGLE_RANGE
        u[(ratio < smallest) | (ratio > largest)] = np.nan
        steps = self._singles.of(singles)
        for _ in range(_SINGLE_STEPS):
            u += steps.at(u)
        doubles: Floats = u.astype(np.float64)
        return doubles

    def _improve(self, flows: Floats, u: Floats) -> NDArray[np.bool_]:
        """Move each of ``u`` one step on; true where it is then exact to rounding."""
        step = self._doubles.of(flows).at(u)
        u += step
        np.abs(step, out=step)
        step *= len(flows) - 1
        done: NDArray[np.bool_] = step <= _LAST_STEP
        return done


class _Steps(Generic[Number]):
    """Third-order steps towards the roots of a block of columns, in one precision."""

    def __init__(self, work: NDArray[Number]) -> None:
        self._work: NDArray[Number] = work
        self._flows: NDArray[Number] = work[:0]

    def of(self, flows: NDArray[Number]) -> "_Steps[Number]":
        """These columns from now on."""
        self._flows = flows
        self._outlay = -flows[0]
        self._x, self._value, self._first, self._second, self._gap = self._work[:, : flows.shape[1]]
        return self

    def at(self, u: NDArray[Number]) -> NDArray[Number]:
        """The step from u, by Horner's rule for the value and two derivatives."""
        x, value, first, second = self._x, self._value, self._first, self._second
        np.negative(u, out=x)
        np.exp(x, out=x)
        np.copyto(value, self._flows[-1])
        first.fill(0)
        second.fill(0)
        for flow in self._flows[-2:0:-1]:
            second *= x
            second += first
            first *= x
            first += value
            value *= x
            value += flow
        return self._step(u)

    def _step(self, u: NDArray[Number]) -> NDArray[Number]:
        """From value q(x), q'(x) and q''(x) / 2, where the income is worth x * q(x)."""
        x, value, mean, variance, gap = self._x, self._value, self._first, self._second, self._gap
        np.divide(value, self._outlay, out=gap)
        np.log(gap, out=gap)
        gap -= u
        np.divide(x, value, out=value)
        mean *= value
        variance *= value
        variance *= x
        variance += variance
        variance += mean
        np.multiply(mean, mean, out=value)
        variance -= value
        mean += 1
        gap /= mean
        return _halley_step(gap, variance, mean)


def _halley_step(
    linear: NDArray[Number], variance: NDArray[Number], mean: NDArray[Number]
) -> NDArray[Number]:
    """The linear step, lengthened or shortened by the curvature; in the place of the first."""
    curved = variance
    curved *= linear
    curved /= mean
    curved *= 0.5
    np.minimum(curved, _MOST_CURVED, out=curved)
    np.subtract(1, curved, out=curved)
    linear /= curved
    return linear
