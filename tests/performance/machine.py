"""What this machine can do at most, so that ratios measured on it can be read later."""

from time import perf_counter

import numpy as np

_ROUNDS = 7
_TRIAD = 4_000_000
_SIDE = 512


def machine_limits() -> str:
    """Memory bandwidth of a sum of two arrays, and floating point speed of a matrix product."""
    return f"memory {_bandwidth():.0f} GB/s, multiply and add {_flops():.0f} GFLOP/s, one thread"


def _bandwidth() -> float:
    left, right, out = np.ones(_TRIAD), np.ones(_TRIAD), np.empty(_TRIAD)
    best = np.inf
    for _ in range(_ROUNDS):
        start = perf_counter()
        np.add(left, right, out=out)
        best = min(best, perf_counter() - start)
    return float(3 * out.nbytes / best / 1e9)


def _flops() -> float:
    square = np.ones((_SIDE, _SIDE))
    best = np.inf
    for _ in range(_ROUNDS):
        start = perf_counter()
        square @ square
        best = min(best, perf_counter() - start)
    return float(2 * _SIDE**3 / best / 1e9)
