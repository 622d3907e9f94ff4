"""Internal rates of return against the loops that people write with other libraries."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy_financial
import pytest
import pyxirr
from numpy.typing import NDArray

from appraisal.irr import (
    IrrResult,
    all_internal_rates_of_return,
    internal_rate_of_return,
    internal_rates_of_return,
)
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


def _with_closing_cost(periods: int, scenarios: int) -> Floats:
    """The same investments with a cost at the end that turns the last flow round."""
    flows = _investments(periods, scenarios)
    random = np.random.default_rng(1848)
    flows[-1] = np.round(flows[0] * random.uniform(0.1, 0.9, scenarios), 2)
    return flows


@pytest.mark.parametrize("periods", [5, 10, 15])
def test_all_roots_of_two_sign_changes_against_one_root_of_pyxirr(periods: int) -> None:
    flows = _with_closing_cost(periods, BATCH)
    hold_ratio(
        f"{BATCH:,} x {periods}, two sign changes, all roots",
        Contender("ours", BATCH, lambda: all_internal_rates_of_return(flows)),
        _loop("pyxirr, one root", pyxirr.irr, _rows(flows, 5_000)),
        at_least=1 / 1.3,
        agree=_one_of_ours,
    )


def _one_of_ours(ours: tuple[Floats, NDArray[np.intp]], theirs: list[float | None]) -> None:
    rates, counts = ours
    assert set(np.unique(counts)) <= {0, 1, 2}
    found = [(row, rate) for row, rate in enumerate(theirs) if rate is not None]
    assert len(found) > len(theirs) / 2
    for row, rate in found:
        assert np.nanmin(np.abs(rates[:, row] - rate)) < 1e-6


def test_one_row_in_ten_with_two_sign_changes() -> None:
    flows = _investments(10, BATCH)
    flows[:, ::10] = _with_closing_cost(10, BATCH // 10)
    hold_ratio(
        f"{BATCH:,} x 10, one in ten with two sign changes",
        Contender("ours", BATCH, lambda: internal_rates_of_return(flows)),
        _loop("pyxirr", pyxirr.irr, _rows(flows, 5_000)),
        at_least=4,
        agree=_agree_on_investments,
    )


def _agree_on_investments(
    ours: tuple[Floats, NDArray[np.int8]], theirs: list[float | None]
) -> None:
    plain = np.arange(len(theirs)) % 10 != 0
    expected = np.array(theirs, float)[plain]
    np.testing.assert_allclose(ours[0][: len(theirs)][plain], expected, atol=1e-8)


@pytest.mark.parametrize("periods", [5, 10, 15])
def test_one_list_against_numpy_financial(periods: int) -> None:
    rows = _rows(_investments(periods - 1, 100), 100)
    hold_ratio(
        f"one list of {periods} flows, with its result object",
        _one_by_one(rows, repeat=20),
        _loop("numpy-financial", numpy_financial.irr, rows),  # noqa: TID251  # a rival
        at_least=6,
        agree=_same_rates,
    )


@pytest.mark.parametrize(
    ("periods", "at_least"), [(5, 1 / 5), (10, 1 / 5), (15, 1 / 5), (120, 1.2)]
)
def test_one_list_against_pyxirr(periods: int, at_least: float) -> None:
    rows = _rows(_investments(periods - 1, 100), 100)
    hold_ratio(
        f"one list of {periods} flows, with its result object",
        _one_by_one(rows, repeat=20),
        replace(_loop("pyxirr", pyxirr.irr, rows), repeat=20),
        at_least=at_least,
        agree=_same_rates,
    )


def _one_by_one(rows: list[list[float]], repeat: int) -> Contender[list[IrrResult]]:
    return Contender(
        "ours", len(rows), lambda: [internal_rate_of_return(row) for row in rows], repeat
    )


def _same_rates(ours: list[IrrResult], theirs: list[float | None]) -> None:
    assert [result.rate for result in ours] == pytest.approx(theirs, abs=1e-8)
