"""Internal rates of return against the loops that people write with other libraries."""

from collections.abc import Callable

import numpy as np
import numpy_financial
import pytest
import pyxirr
from numpy.typing import NDArray

from appraisal.irr import internal_rates_of_return
from tests.performance.ratios import Contender, hold_ratio

Floats = NDArray[np.float64]
BATCH = 100_000


def _investments(periods: int, scenarios: int) -> Floats:
    """One outlay, then income of some 1.5 to 6 times as much, flows in rows of time."""
    random = np.random.default_rng(1998)
    flows = random.uniform(0.5, 1.5, (periods + 1, scenarios))
    flows[0] = -periods / random.uniform(1.5, 6, scenarios)
    return np.round(flows * 1e4, 2)


def _rows(flows: Floats, count: int) -> list[list[float]]:
    rows: list[list[float]] = flows[:, :count].T.tolist()
    return rows


def _loop(
    name: str, solve: Callable[[list[float]], float | None], rows: list[list[float]]
) -> Contender[list[float | None]]:
    return Contender(name, len(rows), lambda: [solve(row) for row in rows])


def _agree(ours: tuple[Floats, NDArray[np.int8]], theirs: list[float | None]) -> None:
    np.testing.assert_allclose(ours[0][: len(theirs)], np.array(theirs, float), atol=1e-8)


@pytest.mark.parametrize(("periods", "at_least"), [(10, 18), (40, 10), (120, 30)])
def test_batch_against_a_loop_of_pyxirr(periods: int, at_least: float) -> None:
    flows = _investments(periods, BATCH)
    hold_ratio(
        f"{BATCH:,} x {periods}",
        Contender("ours", BATCH, lambda: internal_rates_of_return(flows)),
        _loop("pyxirr", pyxirr.irr, _rows(flows, 5_000)),
        at_least=at_least,
        agree=_agree,
    )


def test_batch_against_a_loop_of_numpy_financial() -> None:
    flows = _investments(10, BATCH)
    hold_ratio(
        f"{BATCH:,} x 10",
        Contender("ours", BATCH, lambda: internal_rates_of_return(flows)),
        _loop("numpy-financial", numpy_financial.irr, _rows(flows, 200)),  # noqa: TID251  # a rival
        at_least=400,
        agree=_agree,
    )
