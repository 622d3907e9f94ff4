"""All real roots of F(u) = sum(c * exp(-u * t)), by a cascade that loses one sign change a step.

Multiply F(u) by exp(a * u), with a between the two times of a sign change, and differentiate: the
coefficients become c * (a - t) and have exactly one sign change fewer (Laguerre's proof of
Descartes' rule). The roots of that simpler row cut the line into pieces on which F(u) * exp(a * u)
is monotone, so that each piece holds at most one root of F. Two rows with a single sign change
bound all roots from both sides, and the whole cascade runs between those bounds.
"""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from appraisal.irr_terms import Term, sign_change_count

_LN2 = math.log(2)
_EPSILON = sys.float_info.epsilon
_LAST_STEP = 3e-8
"""Newton's next error is the square of its step, so a step this small is the last one needed."""


@dataclass(frozen=True)
class Root:
    """A root as u = ln(1 + rate); ``touches`` when F does not change its sign there."""

    log_rate: float
    touches: bool = False


@dataclass(frozen=True)
class _Row:
    """Coefficients mantissa * 2 ** exponent at ``times``, and where to multiply by exp(a * u)."""

    mantissas: NDArray[np.float64]
    exponents: NDArray[np.float64]
    times: NDArray[np.float64]
    centre: float

    def simpler(self) -> "_Row":
        """The row whose roots separate the roots of this one."""
        mantissas, powers = np.frexp(self.mantissas * (self.times - self.centre))
        exponents = self.exponents + powers
        return _row(mantissas, exponents - exponents.max(), self.times)

    def parts(self, u: float) -> NDArray[np.float64]:
        """Terms of F(u), all divided by one power of two; the largest is near one."""
        powers = -u * self.times
        whole = np.rint(powers / _LN2)
        exponents = self.exponents + whole
        exponents -= exponents.max()
        fractions = self.mantissas * np.exp(powers - whole * _LN2)
        parts: NDArray[np.float64] = np.ldexp(fractions, exponents.astype(np.int64))
        return parts

    def sign(self, u: float) -> int:
        """Sign of F(u), or 0 when it is lost in the rounding error."""
        parts = self.parts(u)
        sizes = np.abs(parts)
        value = float(parts.sum())
        bound = _EPSILON * float(sizes @ (np.abs(2 * u * self.times) + 4))
        if abs(value) <= bound + len(parts) * _EPSILON * float(sizes.sum()):
            value = math.fsum(parts.tolist())
        return 0 if abs(value) <= bound else int(math.copysign(1, value))


def all_roots(terms: Sequence[Term]) -> tuple[list[Root], bool]:
    """All distinct real roots, ascending, and whether every decisive sign was certain.

    ``terms`` are in order of time, none zero, each time once, scaled near one.
    """
    changes = sign_change_count([flow for flow, _ in terms])
    if changes == 0:
        return [], True
    if changes == 1:
        return [Root(single_root(terms))], True
    lowest, highest = _bounds(terms)
    rows = _cascade(terms, changes)
    cuts: list[float] = []
    for row in reversed(rows[1:]):
        points = [lowest, *cuts, highest]
        cuts = _cuts(row, points, [row.sign(point) for point in points])
    signs = [rows[0].sign(cut) for cut in cuts]
    first, last = (1 if terms[0][0] > 0 else -1), (1 if terms[-1][0] > 0 else -1)
    roots = _top_roots(rows[0], [lowest, *cuts, highest], [last, *signs, first])
    return roots, 0 not in signs


def single_root(terms: Sequence[Term]) -> float:
    """The root of flows whose sign changes exactly once, from its closed-form bracket.

    Newton's method on g(u) = ln(later flows / earlier flows), which falls strictly. Where a step
    leaves the bracket or does not halve, the bracket is halved instead, so that it always ends.
    """
    change = next(i for i, (flow, _) in enumerate(terms) if (flow > 0) != (terms[0][0] > 0))
    early = [(abs(flow), time) for flow, time in terms[:change]]
    late = [(abs(flow), time) for flow, time in terms[change:]]
    level = math.log(sum(flow for flow, _ in late) / sum(flow for flow, _ in early))
    widest, narrowest = late[-1][1] - early[0][1], late[0][1] - early[-1][1]
    lower, upper = sorted((level / widest, level / narrowest))
    u, last_step = (lower if level > 0 else upper), 2 * (upper - lower)
    while True:
        value, slope = _log_ratio(early, late, u)
        if value > 0:
            lower = max(lower, u)
        else:
            upper = min(upper, u)
        following = u - value / slope
        trusted = lower <= following <= upper and abs(following - u) <= last_step / 2
        if not trusted:
            following = (lower + upper) / 2
        last_step, u = abs(following - u), following
        if (trusted and last_step * widest <= _LAST_STEP) or last_step <= _EPSILON * abs(u):
            return u


def _log_ratio(early: list[Term], late: list[Term], u: float) -> tuple[float, float]:
    late_log, late_mean = _log_sum(late, u)
    early_log, early_mean = _log_sum(early, u)
    return late_log - early_log, early_mean - late_mean


def _log_sum(block: list[Term], u: float) -> tuple[float, float]:
    """ln(sum(c * exp(-u * t))) and the mean time, weighted by the terms."""
    reference = block[0][1] if u >= 0 else block[-1][1]
    total = moment = 0.0
    for flow, time in block:
        part = flow * math.exp(-u * (time - reference))
        total += part
        moment += part * time
    return math.log(total) - u * reference, moment / total


def _bounds(terms: Sequence[Term]) -> tuple[float, float]:
    """Below the first and above the second, F keeps the sign of its last and its first flow.

    Leaving out later flows of the first flow's sign can only bring the last root nearer, and
    what is left has one sign change; likewise from the other end.
    """
    return -_highest_root([(flow, -time) for flow, time in reversed(terms)]), _highest_root(terms)


def _highest_root(terms: Sequence[Term]) -> float:
    first_positive = terms[0][0] > 0
    change = next(i for i, (flow, _) in enumerate(terms) if (flow > 0) != first_positive)
    against = [term for term in terms[change:] if (term[0] > 0) != first_positive]
    bound = single_root([*terms[:change], *against])
    return bound + 1e-9 * (1 + abs(bound))


def _cascade(terms: Sequence[Term], changes: int) -> list[_Row]:
    """The row itself, then each simpler one, down to a single sign change."""
    mantissas, powers = np.frexp(np.array([flow for flow, _ in terms]))
    exponents = powers.astype(np.float64)
    times = np.array([time for _, time in terms])
    rows = [_row(mantissas, exponents - exponents.max(), times)]
    while len(rows) < changes:
        rows.append(rows[-1].simpler())
    return rows


def _row(
    mantissas: NDArray[np.float64], exponents: NDArray[np.float64], times: NDArray[np.float64]
) -> _Row:
    changes = np.flatnonzero((mantissas[1:] > 0) != (mantissas[:-1] > 0))
    middle = changes[len(changes) // 2]
    return _Row(mantissas, exponents, times, float(times[middle] + times[middle + 1]) / 2)


def _cuts(row: _Row, points: list[float], signs: list[int]) -> list[float]:
    """Roots of a row between the points, and every point whose sign is not certain."""
    found = [point for point, sign in zip(points, signs, strict=True) if sign == 0]
    for (left, left_sign), (right, right_sign) in pairwise(zip(points, signs, strict=True)):
        if left_sign * right_sign < 0:
            found.append(_crossing(row, left, right, left_sign))
    return sorted(found)


def _top_roots(row: _Row, points: list[float], signs: list[int]) -> list[Root]:
    """One root between neighbours of certain, different sign; doubtful points form one root."""
    roots: list[Root] = []
    doubtful: list[float] = []
    left, left_sign = points[0], signs[0]
    for point, sign in zip(points[1:], signs[1:], strict=True):
        if sign == 0:
            doubtful.append(point)
            continue
        if sign != left_sign:
            roots.append(Root(_crossing(row, left, point, left_sign)))
        elif doubtful:
            roots.append(Root(doubtful[len(doubtful) // 2], touches=True))
        left, left_sign, doubtful = point, sign, []
    return roots


def _crossing(row: _Row, left: float, right: float, left_sign: int) -> float:
    """The root between two points of different sign: Newton's method, halving where it leaves."""
    u = (left + right) / 2
    last_step = right - left
    while last_step > 2 * _EPSILON * max(abs(u), 0.05):
        parts = row.parts(u)
        value = float(parts.sum())
        slope = float(parts @ (row.times - row.centre))
        if value * left_sign > 0:
            left = u
        else:
            right = u
        following = u + value / slope if slope else math.inf
        if not left < following < right or abs(following - u) > last_step / 2:
            following = (left + right) / 2
        last_step, u = abs(following - u), following
    return u
