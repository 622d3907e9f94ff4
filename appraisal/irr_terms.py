"""Flows as the solvers want them: in order of time, netted, scaled near one, without zeros."""

import math
import sys
from collections.abc import Sequence
from itertools import pairwise

Term = tuple[float, float]
"""A flow that is not zero, and its time."""

MOST_FLOWS = 1_200
"""Longest list of flows that is taken: one hundred years of months."""

SMALLEST_SHARE = 2.0**-1000
"""A flow below this share of the largest is beyond floating point and counts as none."""


def net_terms(flows: Sequence[float], times: Sequence[float]) -> list[Term]:
    """Net flows in order of time, scaled by a power of two, without zeros; time 0 first."""
    exponent = math.frexp(max(map(abs, flows)))[1]
    by_time: dict[float, list[float]] = {}
    for flow, time in zip(flows, times, strict=True):
        by_time.setdefault(time, []).append(math.ldexp(flow, -exponent))
    netted = [(_net(amounts), time) for time, amounts in sorted(by_time.items())]
    kept = [(amount, time) for amount, time in netted if abs(amount) > SMALLEST_SHARE]
    return [(amount, time - kept[0][1]) for amount, time in kept]


def sign_change_count(flows: Sequence[float]) -> int:
    """Changes of sign from one flow to the next; the flows are in order and none is zero."""
    return sum((first > 0) != (second > 0) for first, second in pairwise(flows))


def _net(amounts: list[float]) -> float:
    """Sum of the amounts; what is left of decimals that cancel (0.1 + 0.2 - 0.3) counts as zero."""
    total = math.fsum(amounts)
    residue = sys.float_info.epsilon * math.fsum(map(abs, amounts))
    return 0.0 if len(amounts) > 1 and abs(total) <= residue else total
