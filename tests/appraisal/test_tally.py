import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.histogram import Bins
from appraisal.scenario_model import Figure
from appraisal.simulation_result import PERCENTS
from appraisal.tally import FigurePlan, Tally

KEPT = FigurePlan(Figure.DISCOUNTED_PAYBACK, base=2.0, mark=3.0)
COUNTED = FigurePlan(Figure.DISCOUNTED_PAYBACK, base=2.0, mark=3.0, bins=Bins(0.0, 10.0))
SPECIAL = st.sampled_from([math.inf, math.nan])
VALUES = st.lists(st.floats(-1e6, 1e6) | SPECIAL, min_size=1, max_size=60).map(np.array)


def state(tally: Tally) -> tuple[object, ...]:
    places = tally.places.counts if hasattr(tally.places, "counts") else tally.places.ordered
    counts = (tally.finite, tally.never, tally.undefined, tally.under_mark, tally.over_mark)
    return (*counts, tally.smallest, tally.largest, tally.total, tally.squares, *places.tolist())


@pytest.mark.parametrize("plan", [KEPT, COUNTED])
@given(first=VALUES, second=VALUES, third=VALUES)
def test_merging_is_associative_and_knows_no_order(
    plan: FigurePlan, first: np.ndarray, second: np.ndarray, third: np.ndarray
) -> None:
    a, b, c = (Tally.of(plan, values) for values in (first, second, third))
    expected = state(a.merged(b).merged(c))
    assert state(a.merged(b.merged(c))) == expected
    assert state(c.merged(a).merged(b)) == expected


@given(VALUES)
def test_every_draw_is_counted_once(values: np.ndarray) -> None:
    tally = Tally.of(KEPT, values)
    assert tally.finite + tally.never + tally.undefined == len(values)
    assert tally.under_mark == np.sum(values < 3)
    assert tally.over_mark == np.sum(np.isfinite(values) & (values > 3))


def test_a_value_at_the_mark_is_neither_under_nor_over_it() -> None:
    tally = Tally.of(KEPT, np.array([2.0, 3.0, 3.0, 4.0, 5.0]))
    assert (tally.under_mark, tally.over_mark) == (1, 2)


@pytest.mark.parametrize("draws", [1, 7, 997, 9_973])
def test_percentiles_are_those_of_the_inverted_cumulative_function(draws: int) -> None:
    values = np.random.default_rng(draws).lognormal(0, 1, draws)
    values[::13] = np.inf
    found = Tally.of(KEPT, values).percentiles(PERCENTS)
    expected = np.percentile(values, PERCENTS, method="inverted_cdf")
    assert [math.inf if value is None else value for value in found.values()] == list(expected)


def test_a_percentile_among_those_that_never_recover_is_none() -> None:
    tally = Tally.of(KEPT, np.array([1.0, 2.0, math.inf, math.inf]))
    assert tally.percentiles((25, 50, 51, 99)) == {25: 1.0, 50: 2.0, 51: None, 99: None}


def test_draws_without_a_value_are_in_no_percentile() -> None:
    tally = Tally.of(KEPT, np.array([1.0, math.nan, math.nan, 2.0]))
    assert tally.percentiles((50, 99)) == {50: 1.0, 99: 2.0}
    assert (tally.never, tally.undefined) == (0, 2)


def test_a_rate_beyond_floating_point_is_without_a_value() -> None:
    plan = FigurePlan(Figure.INTERNAL_RATE_OF_RETURN, base=0.1)
    tally = Tally.of(plan, np.array([0.2, math.inf]))
    assert (tally.never, tally.undefined) == (0, 1)


def test_mean_and_spread_are_those_of_the_finite_values() -> None:
    values = np.random.default_rng(1).normal(5, 2, 5_000)
    tally = Tally.of(KEPT, np.append(values, math.inf))
    assert tally.mean(KEPT) == pytest.approx(values.mean(), rel=1e-13)
    assert tally.standard_deviation() == pytest.approx(values.std(ddof=1), rel=1e-12)


def test_equal_values_have_no_spread_at_all() -> None:
    tally = Tally.of(KEPT, np.full(1_000, 2.0))
    assert (tally.mean(KEPT), tally.standard_deviation()) == (2.0, 0.0)


def test_without_values_there_is_no_mean() -> None:
    tally = Tally.of(FigurePlan(Figure.SIMPLE_PAYBACK, base=math.inf), np.array([math.inf]))
    assert (tally.mean(KEPT), tally.standard_deviation()) == (None, None)
    assert tally.percentiles((50,)) == {50: None}
    assert Tally.of(KEPT, np.array([1.0])).standard_deviation() is None


def test_kept_and_counted_values_cannot_be_merged() -> None:
    values = np.array([1.0])
    with pytest.raises(TypeError, match="cannot be merged"):
        Tally.of(KEPT, values).merged(Tally.of(COUNTED, values))
