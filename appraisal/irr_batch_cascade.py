"""All roots of many scenarios at once, by the cascade of ``appraisal.irr_roots``.

Only clear cases are decided here. A column whose amounts lie far apart, whose roots lie far out,
or whose sign at a turning point is within its rounding error is left to the solver for one list.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from appraisal.irr_batch_axis import Floats, TimeAxis, column_sums
from appraisal.irr_batch_conventional import ConventionalKernel
from appraisal.irr_terms import SMALLEST_SHARE

Flags = NDArray[np.bool_]
Rows = tuple[Floats, ...]
Evaluate = Callable[[Rows, Floats], tuple[Floats, Floats]]

MOST_CHANGES = 12
"""Columns with more sign changes are left to the solver for one list."""

_EPSILON = float(np.finfo(np.float64).eps)
_FARTHEST = 600.0
"""Largest |u| * span, so that no power leaves floating point."""

_SMALLEST = 2.0**-300
"""Smallest flow as a share of the largest."""

_MARGIN = 1e-9
"""What is added to a bound for its own rounding error."""

_CROWDED = 0.75
"""Columns that are found are taken out of the tables when fewer than this share is left."""

_MOST_ROUNDS = 60
_SMOOTH_STEP = 3e-8
_CROSSING_STEP = 1e-11
"""Steps, as a share of the span, after which Newton's next error is below rounding."""


@dataclass(frozen=True)
class BatchRoots:
    """Roots of each column, ascending, NaN below; those of doubtful columns mean nothing."""

    log_roots: Floats
    doubtful: Flags


def batch_roots(flows: Floats, axis: TimeAxis) -> BatchRoots:
    """All real roots u = ln(1 + rate) per step of the axis, for any flows."""
    scaled, doubtful = _scaled(flows)
    signs = _running_signs(scaled)
    changed = signs[1:] * signs[:-1] < 0
    changes = np.count_nonzero(changed, axis=0)
    doubtful |= changes > MOST_CHANGES
    most = int(changes[~doubtful].max(initial=1))
    roots = np.full((most, flows.shape[1]), np.nan)
    for count in range(1, most + 1):
        columns = np.flatnonzero((changes == count) & ~doubtful)
        if len(columns):
            part = _Part(scaled[:, columns], changed[:, columns], axis)
            found, unclear = part.single_roots() if count == 1 else part.cascade(count)
            roots[:count, columns], doubtful[columns] = found, unclear
    return BatchRoots(roots, doubtful)


def _scaled(flows: Floats) -> tuple[Floats, Flags]:
    """Each column scaled near one by a power of two, and whether its amounts lie too far apart."""
    exponents = np.frexp(np.abs(flows).max(axis=0))[1]
    scaled = np.ldexp(flows, -exponents)
    sizes = np.abs(scaled)
    scaled[sizes <= SMALLEST_SHARE] = 0
    apart: Flags = ((sizes > SMALLEST_SHARE) & (sizes < _SMALLEST)).any(axis=0)
    return scaled, apart


def _running_signs(flows: Floats) -> Floats:
    """The sign of each flow, or of the last one before it that is not zero."""
    signs = np.sign(flows)
    for before, sign in pairwise(signs):
        np.copyto(sign, before, where=sign == 0)
    return signs


@dataclass(frozen=True)
class _Part:
    """Columns with the same number of sign changes."""

    flows: Floats
    changed: Flags
    axis: TimeAxis

    def single_roots(self) -> tuple[Floats, Flags]:
        """The root of each column whose sign changes once, and whether it lies too far out."""
        late = np.zeros_like(self.flows, dtype=np.bool_)
        np.logical_or.accumulate(self.changed, axis=0, out=late[1:])
        sizes = np.abs(self.flows)
        incoming, outgoing = np.where(late, sizes, 0), np.where(late, 0, sizes)
        times = self.axis.times[:, np.newaxis]
        rows = (incoming, incoming * times, outgoing, outgoing * times)
        lower, upper = self._bracket(incoming, outgoing)
        start = np.where(lower > 0, lower, upper)
        u = _bracketed(self._log_ratio, rows, (lower, upper, start), _SMOOTH_STEP / self.axis.span)
        return u[np.newaxis], self._too_far(u)

    def _bracket(self, incoming: Floats, outgoing: Floats) -> tuple[Floats, Floats]:
        """Closed form: ln(later / earlier) over the longest and the shortest time between them."""
        level = np.log(column_sums(incoming) / column_sums(outgoing))
        change = self.changed.argmax(axis=0)
        narrowest = self.axis.times[change + 1] - self.axis.times[change]
        ends = (level / self.axis.span, level / narrowest)
        farthest = _FARTHEST / self.axis.span
        return (
            np.maximum(np.minimum(*ends), -farthest),
            np.minimum(np.maximum(*ends), farthest),
        )

    def _log_ratio(self, rows: Rows, u: Floats) -> tuple[Floats, Floats]:
        incoming, incoming_moment, outgoing, outgoing_moment = self.axis.sums(rows, u)
        slope = outgoing_moment / outgoing - incoming_moment / incoming
        return np.log(incoming / outgoing), slope

    def _too_far(self, u: Floats) -> Flags:
        far: Flags = ~(np.abs(u) * self.axis.span < 0.99 * _FARTHEST)
        return far

    def cascade(self, count: int) -> tuple[Floats, Flags]:
        """All roots of columns with ``count`` sign changes, and which of them are not sure."""
        lowest, highest = self._bounds()
        doubtful = self._too_far(lowest) | self._too_far(highest)
        rows = self._simpler_rows(count)
        points = [lowest, highest]
        for level in range(count - 1, 0, -1):
            signs = [self._sign(rows[level], point) for point in points]
            cuts = self._crossings(rows[level : level + 2], points, signs)
            doubtful |= _any(sign == 0 for sign in signs) | _any(map(np.isnan, cuts))
            points = [lowest, *cuts, highest]
        signs = [self._sign(self.flows, cut) for cut in points[1:-1]]
        doubtful |= _any(sign == 0 for sign in signs)
        signs = [self._last_sign(), *signs, self._first_sign()]
        ends = self._crossings(rows[:2], points, signs)
        doubtful |= _any(map(np.isnan, ends))
        roots = [
            np.where(left != right, end, np.nan)
            for end, (left, right) in zip(ends, pairwise(signs), strict=True)
        ]
        return np.sort(roots, axis=0), doubtful

    def _bounds(self) -> tuple[Floats, Floats]:
        """Below the first and above the second, F keeps the sign of its last and its first flow.

        Leaving out later flows of the first flow's sign can only bring the last root nearer, and
        what is left has one sign change; likewise from the other end.
        """
        after = np.logical_or.accumulate(self.changed, axis=0)
        before = np.logical_or.accumulate(self.changed[::-1], axis=0)[::-1]
        highest, lowest = self.flows.copy(), self.flows.copy()
        highest[1:][after & (highest[1:] * self._first_sign() > 0)] = 0
        lowest[:-1][before & (lowest[:-1] * self._last_sign() > 0)] = 0
        low, high = -self._single(lowest, turned=True), self._single(highest)
        return low - _MARGIN * (1 + np.abs(low)), high + _MARGIN * (1 + np.abs(high))

    def _single(self, flows: Floats, *, turned: bool = False) -> Floats:
        """The root of columns with one sign change; ``turned`` in time, and so in sign."""
        if not self.axis.is_even:
            return -self._by_bracket(flows) if turned else self._by_bracket(flows)
        if turned:
            flows = flows[::-1]
        root = ConventionalKernel(flows.shape[1]).log_rates(flows)
        left = np.flatnonzero(np.isnan(root))
        if len(left):
            root[left] = self._by_bracket(flows.take(left, axis=1))
        return root

    def _by_bracket(self, flows: Floats) -> Floats:
        signs = _running_signs(flows)
        root: Floats = _Part(flows, signs[1:] * signs[:-1] < 0, self.axis).single_roots()[0][0]
        return root

    def _first_sign(self) -> Floats:
        first = (self.flows != 0).argmax(axis=0)
        signs: Floats = np.sign(np.take_along_axis(self.flows, first[np.newaxis], axis=0)[0])
        return signs

    def _last_sign(self) -> Floats:
        last: Floats = _running_signs(self.flows)[-1]
        return last

    def _simpler_rows(self, count: int) -> list[Floats]:
        """The flows, then each row with one sign change fewer, down to none.

        The changes stay where they are, so all centres are known at once: the middle one goes
        first.
        """
        places = np.nonzero(self.changed.T)[1].reshape(-1, count)
        centres = list((self.axis.times[places.T] + self.axis.times[places.T + 1]) / 2)
        rows = [self.flows]
        while centres:
            centre = centres.pop(len(centres) // 2)
            rows.append(rows[-1] * (self.axis.times[:, np.newaxis] - centre))
        return rows

    def _sign(self, row: Floats, u: Floats) -> Floats:
        """Sign of the row's sum at u, or 0 when it may be lost in the rounding error."""
        value, size = self.axis.sums((row, np.abs(row)), u)
        error = _EPSILON * (4 * len(row) + 2 * _FARTHEST) * size
        sign = np.sign(value)
        sign[~(np.abs(value) > error)] = 0
        return sign

    def _crossings(
        self, rows: list[Floats], points: list[Floats], signs: list[Floats]
    ) -> list[Floats]:
        """The root of the first row between each two points of different sign, else the left one.

        NaN where it was not found to the last digit.
        """
        found = []
        last = len(points) - 2
        for number in range(last + 1):
            left, right, sign = points[number], points[number + 1], signs[number]
            root = left.copy()
            columns = np.flatnonzero(sign * signs[number + 1] < 0)
            if len(columns):
                lower, upper = left[columns], right[columns]
                middle = (lower + upper) / 2
                start = lower if number == 0 < last else upper if number == last > 0 else middle
                turned = tuple(row.take(columns, axis=1) * sign[columns] for row in rows)
                root[columns] = _bracketed(
                    self._value, turned, (lower, upper, start), _CROSSING_STEP / self.axis.span
                )
            found.append(root)
        return found

    def _value(self, rows: Rows, u: Floats) -> tuple[Floats, Floats]:
        """A row times exp(centre * u), and the slope of that."""
        value, falling = self.axis.sums(rows, u)
        return value, -falling


def _bracketed(
    evaluate: Evaluate, rows: Rows, bracket: tuple[Floats, Floats, Floats], last_step: float
) -> Floats:
    """The root between lower and upper, from start, of a function that is positive before it.

    Newton's method; where a step leaves the bracket or does not halve, the bracket is halved. A
    column that is found leaves the iteration as it is; NaN for those that never are.
    """
    lower, upper, u = (values.copy() for values in bracket)
    found = np.full(len(u), np.nan)
    columns = np.arange(len(u))
    step = 2 * (upper - lower)
    for _ in range(_MOST_ROUNDS):
        with np.errstate(all="ignore"):
            value, slope = evaluate(rows, u)
            following = u - value / slope
        np.copyto(lower, u, where=value > 0)
        np.copyto(upper, u, where=~(value > 0))
        trusted = (lower <= following) & (following <= upper)
        trusted &= np.abs(following - u) <= step / 2
        following = np.where(trusted, following, (lower + upper) / 2)
        step = np.abs(following - u)
        u = following
        done = (trusted & (step <= last_step)) | (step <= _EPSILON * np.abs(u))
        done &= np.isnan(found[columns])
        found[columns[done]] = u[done]
        open_ = np.isnan(found[columns])
        if not open_.any():
            break
        left = np.flatnonzero(open_)
        if len(left) < _CROWDED * len(open_):
            columns = columns[left]
            lower, upper, u, step = (values[left] for values in (lower, upper, u, step))
            rows = tuple(row.take(left, axis=1) for row in rows)
    return found


def _any(flags: Iterable[Flags]) -> Flags:
    found: Flags = np.logical_or.reduce(list(flags))
    return found
