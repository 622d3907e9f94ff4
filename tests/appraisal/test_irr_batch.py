import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from appraisal import irr_batch, irr_batch_cascade
from appraisal.irr import (
    IrrStatus,
    all_internal_rates_of_return,
    internal_rate_of_return,
    internal_rates_of_return,
)

Floats = NDArray[np.float64]

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9)
WHOLE = st.integers(-4, 4).map(float)
CENTS = st.integers(-(10**7), 10**7).map(lambda cents: cents / 100)
TABLES = st.one_of(
    arrays(np.float64, SHAPES, elements=WHOLE), arrays(np.float64, SHAPES, elements=CENTS)
)

SPECIAL = {
    "all zero": [0, 0, 0, 0],
    "no outlay": [5, 0, 3, 1],
    "nothing comes back": [-5, -3, 0, 0],
    "no root": [100, -200, 150, 0],
    "ordinary": [-100, 0, 70, 60],
    "starts later": [0, -100, 60, 70],
    "outlays first": [-50, -50, 70, 60],
    "cost of finance": [100, -40, -40, -40],
    "double root": [-100, 220, -121, 0],
    "triple root": [-1000, 3300, -3630, 1331],
    "two roots, none meant": [-100, 230, -132, 0],
    "two roots, one meant": [-100, 90, 60, -20],
    "sums to zero": [-100, 230, -130, 0],
    "a root at zero of three": [-1, 3, -2.75, 0.75],
    "amounts far apart": [-1, 1e-200, 3, -1],
    "smallest numbers": [-3e-320, 5e-320, 0, 0],
    "a flow beyond floating point": [-1e300, 1e-300, 2e300, 0],
    "huge": [-1e300, 5e299, 5e299, 5e299],
    "tiny": [-1e-300, 5e-301, 5e-301, 5e-301],
    "next to -100 %": [-1e200, 1e-90, 0, 0],
    "total loss over many orders": [-1e30, 0, 0, 1e-9],
    "several, far out": [-1e-90, 1e200, -1e100, 1],
}


def _assert_same(flows: Floats, times: list[float] | None = None) -> None:
    """Status, number of roots, whether a rate is meant, and every figure: as for one list."""
    rates, statuses = internal_rates_of_return(flows, times)
    roots, counts = all_internal_rates_of_return(flows, times)
    for column in range(flows.shape[1]):
        alone = internal_rate_of_return(flows[:, column].tolist(), times)
        assert IrrStatus.of_code(int(statuses[column])) is alone.status
        assert math.isnan(rates[column]) == (alone.rate is None)
        assert counts[column] == len(alone.roots)
        found = roots[: counts[column], column]
        assert found == pytest.approx(np.array(alone.roots), rel=1e-9, abs=1e-9)
        assert np.isnan(roots[counts[column] :, column]).all()
        if alone.rate is not None:
            assert rates[column] == pytest.approx(alone.rate, rel=1e-11, abs=1e-12)


@given(TABLES)
def test_every_column_is_answered_as_alone(flows: Floats) -> None:
    _assert_same(flows)


@given(arrays(np.float64, (5, 6), elements=CENTS))
@settings(max_examples=40)
def test_every_column_at_uneven_times_is_answered_as_alone(flows: Floats) -> None:
    _assert_same(flows, [0.0, 0.4, 1.5, 1.75, 4.0])


@pytest.mark.parametrize("column", SPECIAL.values(), ids=SPECIAL)
def test_special_columns(column: list[float]) -> None:
    _assert_same(np.array([column], np.float64).T)


def test_special_columns_together() -> None:
    _assert_same(np.array(list(SPECIAL.values()), np.float64).T)


def _every_kind(scenarios: int) -> Floats:
    random = np.random.default_rng(7)
    flows = np.round(random.uniform(10, 100, (9, scenarios)), 2)
    flows[0] *= -random.uniform(2, 5, scenarios)
    flows[-1, 1::5] *= -3
    flows[4, 2::5] *= -4
    flows[:3, 3::5] = -np.abs(flows[:3, 3::5])
    flows[:, 4::10] *= -1
    flows[:, 9::20] = random.normal(size=flows[:, 9::20].shape)
    flows[1:, 5::10] = random.lognormal(4, 3, flows[1:, 5::10].shape)  # take more steps
    flows[:, :: scenarios // 7] = 0
    return flows


def test_a_column_does_not_depend_on_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    flows = _every_kind(700)
    rates, statuses = internal_rates_of_return(flows)
    roots, counts = all_internal_rates_of_return(flows)
    order = np.random.default_rng(3).permutation(700)
    for block in (16_384, 64, 7):
        monkeypatch.setattr(irr_batch, "BLOCK", block)
        moved_rates, moved_statuses = internal_rates_of_return(flows[:, order])
        moved_roots, moved_counts = all_internal_rates_of_return(flows[:, order])
        np.testing.assert_array_equal(moved_rates, rates[order], strict=True)
        np.testing.assert_array_equal(moved_statuses, statuses[order], strict=True)
        np.testing.assert_array_equal(moved_roots, roots[:, order], strict=True)
        np.testing.assert_array_equal(moved_counts, counts[order], strict=True)
    for column in range(0, 700, 90):
        alone, _ = internal_rates_of_return(flows[:, column : column + 1])
        np.testing.assert_array_equal(alone, rates[column : column + 1])


@pytest.mark.parametrize("power", [-500, -80, -1, 3, 80, 500])
def test_a_power_of_two_changes_no_bit(power: int) -> None:
    flows = _every_kind(200)
    for answer, scaled in zip(
        internal_rates_of_return(flows),
        internal_rates_of_return(np.ldexp(flows, power)),
        strict=True,
    ):
        np.testing.assert_array_equal(answer, scaled)


def test_turning_all_signs_keeps_the_rate_and_calls_it_a_cost_of_finance() -> None:
    lent = np.abs(_every_kind(50)) + 1
    lent[0] *= -1
    rates, statuses = internal_rates_of_return(lent)
    borrowed, borrowed_statuses = internal_rates_of_return(-lent)
    np.testing.assert_array_equal(rates, borrowed)
    assert set(statuses) == {IrrStatus.UNIQUE.code}
    assert set(borrowed_statuses) == {IrrStatus.COST_OF_FINANCE.code}


def test_rows_in_the_other_order_of_memory() -> None:
    flows = _every_kind(60)
    for answer, other in zip(
        internal_rates_of_return(flows),
        internal_rates_of_return(np.asfortranarray(flows)),
        strict=True,
    ):
        np.testing.assert_array_equal(answer, other)


def test_months_give_the_rate_of_a_year() -> None:
    flows = _every_kind(100)
    months = [number / 12 for number in range(9)]
    _assert_same(flows, months)
    monthly, _ = internal_rates_of_return(flows)
    yearly, _ = internal_rates_of_return(flows, months)
    np.testing.assert_allclose(np.log1p(yearly), 12 * np.log1p(monthly), atol=1e-11)


def test_a_rate_beyond_floating_point_is_not_stated() -> None:
    days = [0.0, 1 / 365]
    flows = np.array([[-1.0, 1.0], [100.0, -100.0]])
    rates, statuses = internal_rates_of_return(flows, days)
    assert np.isnan(rates).all()
    assert statuses.tolist() == [IrrStatus.UNIQUE.code, IrrStatus.COST_OF_FINANCE.code]
    roots, counts = all_internal_rates_of_return(flows, days)
    assert roots.tolist() == [[math.inf, math.inf]]
    assert counts.tolist() == [1, 1]


def test_more_sign_changes_than_the_cascade_of_many_takes() -> None:
    planted = np.array([-0.8, -0.6, -0.4, -0.2, 0.1, 0.4, 0.8, 1.3, 2, 3, 5, 9, 20])
    many = -np.poly(1 + planted)
    plain = np.zeros_like(many)
    plain[:2] = -100, 120
    flows = np.column_stack([plain, many])
    roots, counts = all_internal_rates_of_return(flows)
    assert counts.tolist() == [1, 13]
    assert roots[:, 1] == pytest.approx(planted, rel=1e-4)
    assert np.isnan(roots[1:, 0]).all()
    assert internal_rates_of_return(flows)[1].tolist() == [
        IrrStatus.UNIQUE.code,
        IrrStatus.MULTIPLE.code,
    ]


def test_columns_that_take_too_long_are_left_to_the_solver_for_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(irr_batch_cascade, "_MOST_ROUNDS", 2)
    _assert_same(_every_kind(40))


def test_no_scenario_and_no_second_period() -> None:
    rates, statuses = internal_rates_of_return(np.empty((4, 0)))
    assert (rates.shape, statuses.shape) == ((0,), (0,))
    assert all_internal_rates_of_return(np.empty((4, 0)))[0].shape == (0, 0)
    rates, statuses = internal_rates_of_return(np.array([[-1.0, 2.0, 0.0]]), [3.0])
    assert np.isnan(rates).all()
    assert set(statuses) == {IrrStatus.NONE.code}


@pytest.mark.parametrize(
    ("flows", "times", "words"),
    [
        (np.empty((0, 3)), None, "one row for each period"),
        (np.empty(3), None, "one row for each period"),
        (np.ones((1201, 1)), None, "at most 1,200"),
        (np.array([[-1.0], [math.nan]]), None, "not a finite number"),
        (np.array([[-1.0], [math.inf]]), None, "not a finite number"),
        (np.array([[-math.inf], [1.0]]), None, "not a finite number"),
        (np.array([[-1.0], [2.0]]), [0.0], "one time for each row"),
        (np.array([[-1.0], [2.0]]), [0.0, math.nan], "do not ascend"),
        (np.array([[-1.0], [2.0]]), [1.0, 1.0], "do not ascend"),
    ],
)
def test_refusals(flows: Floats, times: list[float] | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        internal_rates_of_return(flows, times)
    with pytest.raises(ValueError, match=words):
        all_internal_rates_of_return(flows, times)


def test_each_status_has_its_own_code() -> None:
    assert [IrrStatus.of_code(status.code) for status in IrrStatus] == list(IrrStatus)
