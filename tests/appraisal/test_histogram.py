import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from appraisal.histogram import BIN_COUNT, Binned, Bins, Kept

VALUES = stn.arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e9, 1e9))


@given(VALUES)
def test_every_value_is_counted_once(values: np.ndarray) -> None:
    bins = Bins.around(np.sort(values))
    shown = Kept(values).histogram()
    assert bins.counts(values).sum() == len(values)
    assert sum(shown.counts) + shown.below + shown.above == len(values)
    assert list(shown.edges) == sorted(shown.edges)


@given(VALUES, st.integers(0, 300))
def test_parts_together_are_the_whole(values: np.ndarray, cut: int) -> None:
    bins = Bins(-1e8, 1e8)
    first, second = Binned.of(bins, values[:cut]), Binned.of(bins, values[cut:])
    for both in (first.merged(second), second.merged(first)):
        assert np.array_equal(both.counts, Binned.of(bins, values).counts)


@given(VALUES, st.integers(0, 300))
def test_kept_values_merge_in_any_order(values: np.ndarray, cut: int) -> None:
    first, second = Kept(values[:cut]), Kept(values[cut:])
    assert np.array_equal(second.merged(first).ordered, np.sort(values))


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9_973), min_size=1, max_size=9))
def test_a_counted_value_is_right_to_the_width_of_a_bin(seed: int, ranks: list[int]) -> None:
    values = np.random.default_rng(seed).normal(1e5, 2e4, 9_973)
    ends = float(values.min()), float(values.max())
    bins = Bins.around(np.sort(values))
    counted, kept = Binned.of(bins, values), Kept(values)
    found, exact = counted.at_ranks(ranks, ends), kept.at_ranks(ranks, ends)
    assert found == pytest.approx(exact, abs=counted.error * (1 + 1e-9))
    assert (counted.error, kept.error) == (bins.width, 0.0)


def test_a_value_in_an_open_bin_lies_between_the_end_and_the_last_edge() -> None:
    counted = Binned.of(Bins(0.0, 1.0), np.array([-7.0, 0.5, 9.0]))
    low, _, high = counted.at_ranks([1, 2, 3], (-7.0, 9.0))
    assert -7 <= low <= 0
    assert high == 9
    assert counted.histogram().below == counted.histogram().above == 1


@pytest.mark.parametrize("side", [-1, 1])
def test_a_long_tail_is_left_open_so_that_the_bulk_keeps_fine_bins(side: int) -> None:
    values = np.sort(np.append(np.linspace(0, 1, 10_000), side * 1e12))
    bins = Bins.around(values)
    assert -10 < bins.low < bins.high < 10
    assert bins.counts(values)[-1 if side > 0 else 0] == 1


def test_values_without_spread_and_no_values_have_bins_too() -> None:
    same = np.full(5, 42.0)
    assert Bins.around(same).low < 42 < Bins.around(same).high
    assert Binned.of(Bins.around(same), same).at_ranks([1, 5], (42.0, 42.0)) == [42.0, 42.0]
    assert Bins.around(np.array([])).counts(np.array([])).sum() == 0
    assert len(Bins(0, 1).counts(same)) == BIN_COUNT + 2
