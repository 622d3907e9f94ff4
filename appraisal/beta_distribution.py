"""The beta distribution of PERT between 0 and 1, for whole arrays: its quantile from a table."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_CELLS = 4_096
_GAUSS_NODES, _GAUSS_WEIGHTS = np.polynomial.legendre.leggauss(8)


def beta_quantile(mode: float, at: FloatArray) -> FloatArray:
    """The value under which the share ``at`` of all draws lies, right to 1/4,096.

    The density is proportional to x ** (4 * mode) * (1 - x) ** (4 * (1 - mode)), whose mean is
    (1 + 4 * mode) / 6; ``mode`` is between 0 and 1.
    """
    found: FloatArray = np.interp(at, _cumulative(mode), np.linspace(0, 1, _CELLS + 1))
    return found


@lru_cache(maxsize=64)
def _cumulative(mode: float) -> FloatArray:
    """Cumulative beta distribution over 0 to 1 at the ends of equal cells."""
    rising, falling = 4 * mode, 4 * (1 - mode)
    starts = np.arange(_CELLS)[:, None]
    places = (starts + (_GAUSS_NODES + 1) / 2) / _CELLS
    masses = (places**rising * (1 - places) ** falling) @ _GAUSS_WEIGHTS
    cumulative: FloatArray = np.concatenate([[0.0], np.cumsum(masses)])
    cumulative /= cumulative[-1]
    return cumulative
