"""The rate of an ordinary investment: one outlay first, then only income, one flow a period.

g(u) = ln(income / outlay), as present values at u = ln(1 + r), falls and is convex. Its slope is
the mean time of income (weighted by present value) with its sign turned, its curvature their
variance. Halley's step from these three leaves a third-order error.
"""

from collections.abc import Sequence
from math import exp, log

_LAST_STEP = 3e-5
"""The error after a step this small, as a share of the whole span, is its third power."""

_MOST_CURVED = 0.25
"""The curvature shortens or lengthens a step; it counts up to this share of it."""

_NEAR = 1e-2
"""After a step this small what is left is below 1e-7, and Newton's step squares that."""

_MOST_STEPS = 40
_SMALLEST, _LARGEST = 2.0**-500, 2.0**500
_FARTHEST = 30.0
"""Nearer to -100 % than exp(-30), or beyond exp(30), the solver for all flows takes over."""

_LONGEST = 300.0
"""Largest |u| * span: no flow that matters is then below the range of floating point."""


def conventional_log_rate(flows: Sequence[float]) -> float | None:
    """The root as ln(1 + rate) per period; None for any other flows, or where it is extreme."""
    outlay, later = -flows[0], flows[:0:-1]
    if not (_SMALLEST < outlay < _LARGEST and later and min(later) >= 0):
        return None
    try:
        return _solved(outlay, later)
    except (OverflowError, ValueError, ZeroDivisionError):
        return None


def _solved(outlay: float, later: Sequence[float]) -> float | None:
    """``later`` from the last flow back: Horner's rule for the income and two derivatives."""
    span = len(later)
    level = log(sum(later) / outlay)
    curved = min(level * (span - 1) / (span + 1) / 6, _MOST_CURVED)
    # The first step is Halley's from u = 0, as if all income were even.
    u = 2 * level / (span + 1) / (1 - curved)
    for _ in range(_MOST_STEPS):
        x = exp(-u)
        value = first = second = 0.0
        for flow in later:
            second = second * x + first
            first = first * x + value
            value = value * x + flow
        x /= value
        before = first * x
        mean = 1 + before
        variance = 2 * second * x * x * value + before - before * before
        linear = (log(value / outlay) - u) / mean
        curved = variance * linear / mean / 2
        if curved > _MOST_CURVED:  # noqa: PLR1730  # half the time of min()
            curved = _MOST_CURVED
        step = linear / (1 - curved)
        u += step
        if abs(step) * span <= _NEAR:
            if abs(step) * span > _LAST_STEP:
                u += _newton_step(outlay, later, u)
            return u if abs(u) < _FARTHEST and abs(u) * span < _LONGEST else None
    return None


def _newton_step(outlay: float, later: Sequence[float], u: float) -> float:
    """The step that needs no curvature."""
    x = exp(-u)
    value = first = 0.0
    for flow in later:
        first = first * x + value
        value = value * x + flow
    return (log(value / outlay) - u) / (1 + first * x / value)
