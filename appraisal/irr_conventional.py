"""The rate of an ordinary investment: one outlay first, then only income, one flow a period.

g(u) = ln(income / outlay), as present values at u = ln(1 + r), falls and is convex. Its slope is
the mean time of income (weighted by present value) with its sign turned, its curvature their
variance. Halley's step from these three leaves a third-order error.
"""

import math
from collections.abc import Sequence

_LAST_STEP = 3e-5
"""The error after a step this small, as a share of the whole span, is its third power."""

_MOST_CURVED = 0.25
"""The curvature shortens or lengthens a step; it counts up to this share of it."""

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
    u, last_step = _start(math.log(sum(later) / outlay), len(later)), _LAST_STEP / len(later)
    for _ in range(_MOST_STEPS):
        x = math.exp(-u)
        value = first = second = 0.0
        for flow in later:
            second = second * x + first
            first = first * x + value
            value = value * x + flow
        x /= value
        before = first * x
        mean = 1 + before
        variance = 2 * second * x * x * value + before - before * before
        linear = (math.log(value / outlay) - u) / mean
        step = linear / (1 - min(variance * linear / mean / 2, _MOST_CURVED))
        u += step
        if -last_step <= step <= last_step:
            farthest = min(_FARTHEST, _LONGEST / len(later))
            return u if -farthest < u < farthest else None
    return None


def _start(level: float, periods: int) -> float:
    """Halley's step from u = 0 as if all income were even: mean time and variance are known."""
    curved = level * (periods - 1) / (periods + 1) / 6
    return 2 * level / (periods + 1) / (1 - min(curved, _MOST_CURVED))
