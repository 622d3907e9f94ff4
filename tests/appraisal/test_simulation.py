import dataclasses
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal import simulation
from appraisal.appraise import appraise
from appraisal.scenario_model import Figure, LevelLoan
from appraisal.simulation import SimulationRun, chunk, merged, result_of, simulate
from appraisal.simulation_assumptions import SimulationAssumptions
from appraisal.simulation_result import FigureSummary, SimulationResult
from tests.appraisal.proposals import measure_document, proposal, simple_measure

GOLDEN = proposal(measure_document(life_years=8), horizon_years=10)
LOAN = LevelLoan(payment=Decimal("4143.06"), grace_months=0, instalments=28)
FIXED: dict[str, Any] = {
    "investment": {"kind": "constant"},
    "savings": {"kind": "triangular", "low": 0, "mode": 0, "high": 0},
    "price_growth": {"kind": "normal", "standard_deviation": 0},
    "delay_months": {"kind": "constant"},
    "life_change_years": {"kind": "discrete", "values": [0], "probabilities": [1]},
}


def assumptions(**changes: Any) -> SimulationAssumptions:
    return SimulationAssumptions.model_validate(changes)


def at(summary: FigureSummary, percent: int) -> float:
    """A percentile that there is."""
    value = summary.percentiles[percent]
    assert value is not None
    return value


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of a few hundred draws have several chunks and count in bins."""
    monkeypatch.setattr(simulation, "CHUNK_DRAWS", 64)
    monkeypatch.setattr(simulation, "EXACT_DRAWS", 200)


def test_without_spread_every_draw_is_the_appraisal_itself() -> None:
    result = simulate(GOLDEN, assumptions(**FIXED), 100, 1, LOAN)
    exact = appraise(GOLDEN, minor_investment=Decimal(50_000), finance_rate=None).project
    expected = {
        Figure.NET_PRESENT_VALUE: exact.net_present_value,
        Figure.INTERNAL_RATE_OF_RETURN: exact.internal_rate_of_return.rate,
        Figure.SIMPLE_PAYBACK: 2.0,
        Figure.CUMULATIVE_PAYBACK: exact.cumulative_payback_years,
        Figure.DISCOUNTED_PAYBACK: exact.discounted_payback_years,
        Figure.MINIMUM_COVER: 5_000 / 4_143.06,
        Figure.AVERAGE_COVER: 5_000 / 4_143.06,
    }
    assert set(result.figures) == set(expected)
    for figure, value in expected.items():
        summary = result.figures[figure]
        assert summary.base == pytest.approx(value, rel=1e-12)
        assert set(summary.percentiles.values()) == {summary.base}
        assert (summary.mean, summary.standard_deviation) == (summary.base, 0)
        assert summary.smallest == summary.largest == summary.base


def test_the_same_seed_gives_the_same_result_and_another_another() -> None:
    first, again, other = (simulate(GOLDEN, None, 500, seed, LOAN) for seed in (1, 1, 2))
    assert first == again
    assert first.figures != other.figures


def test_the_median_moves_as_the_inputs_lean() -> None:
    """The default ranges are cautious: dearer, saving less, later and shorter-lived."""
    figures = simulate(GOLDEN, None, 2_000, 1, LOAN).figures
    npv = figures[Figure.NET_PRESENT_VALUE]
    assert npv.base is not None
    assert at(npv, 50) < npv.base < at(npv, 99)
    assert at(figures[Figure.CUMULATIVE_PAYBACK], 50) > 2


def test_a_linear_figure_has_the_mean_that_its_inputs_give() -> None:
    """With only the savings spread, mean NPV = -120,000 + mean factor x 320,095.57."""
    only_savings = FIXED | {"savings": {"kind": "uniform", "low": -0.4, "high": 0.0}}
    npv = simulate(GOLDEN, assumptions(**only_savings), 20_000, 3).figures[Figure.NET_PRESENT_VALUE]
    assert npv.mean is not None
    assert npv.standard_error is not None
    expected = -120_000 + 0.8 * 320_095.5718741599
    assert abs(npv.mean - expected) < 4 * npv.standard_error
    assert npv.standard_deviation == pytest.approx(0.4 / 12**0.5 * 320_095.57, rel=0.02)


def test_shares_are_counted_exactly() -> None:
    """Two of five savings recover nothing, one of five recovers late."""
    spread = {
        "kind": "discrete",
        "values": [-0.9, -0.6, -0.2],
        "probabilities": [0.4, 0.2, 0.4],
    }
    project = proposal(simple_measure("100000", "50000", life_years=5), horizon_years=5)
    result = simulate(project, assumptions(**FIXED | {"savings": spread}), 5_000, 1, LOAN)
    dead = result.never_pays_back
    assert dead.value == pytest.approx(0.4, abs=4 * dead.standard_error)
    # 20,000 a year for five years is recovered at the end, without interest.
    assert result.npv_is_positive.value == pytest.approx(0.4, abs=0.03)
    assert result.cover_is_below_one is not None
    assert result.cover_is_below_one.value == 1
    payback = result.figures[Figure.CUMULATIVE_PAYBACK]
    assert payback.never.count == dead.count
    assert payback.percentiles[25] == pytest.approx(2.5)
    assert payback.percentiles[50] == pytest.approx(5)
    assert payback.percentiles[75] is None


def test_without_a_loan_there_is_no_cover() -> None:
    result = simulate(GOLDEN, None, 50)
    assert result.cover_is_below_one is None
    assert Figure.MINIMUM_COVER not in result.figures


def test_draws_without_a_single_rate_are_counted() -> None:
    """A renewal in the last year makes two rates for some draws, none for others."""
    investment = [
        {"code": "I01", "amount": "100000"},
        {"code": "I02", "amount": "150000", "month": 60, "kind": "replacement"},
    ]
    project = proposal(measure_document(investment=investment))
    result = simulate(project, None, 400, 1)
    rate = result.figures[Figure.INTERNAL_RATE_OF_RETURN]
    assert 0 < result.has_no_single_rate.count == rate.undefined.count < 400
    assert rate.never.count == 0


@given(order=st.permutations(range(5)), cut=st.integers(1, 4), draws=st.sampled_from([150, 300]))
@settings(max_examples=15)
def test_any_order_and_grouping_of_chunks_gives_the_same_result(
    order: list[int], cut: int, draws: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulation, "CHUNK_DRAWS", 64)
        patch.setattr(simulation, "EXACT_DRAWS", 200)
        run = SimulationRun.of(GOLDEN, None, draws, 1, LOAN)
        numbers = [number for number in order if number < run.chunk_count]
        parts = [numbers[:cut], numbers[cut:]]
        groups = [merged(chunk(run, number) for number in part) for part in parts if part]
        assert result_of(run, merged(groups)) == simulate(GOLDEN, None, draws, 1, LOAN)


@pytest.mark.usefixtures("small_chunks")
def test_a_large_run_counts_in_bins_and_says_how_exact_it_is() -> None:
    large = simulate(GOLDEN, None, 4_000, 1, LOAN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulation, "EXACT_DRAWS", 4_000)
        exact = simulate(GOLDEN, None, 4_000, 1, LOAN)
    for figure, counted in large.figures.items():
        kept = exact.figures[figure]
        assert (counted.mean, counted.smallest) == (kept.mean, kept.smallest)
        assert kept.percentile_error == 0 < counted.percentile_error
        for percent in (5, 50, 95):
            difference = at(counted, percent) - at(kept, percent)
            assert abs(difference) <= counted.percentile_error * 1.001
    assert large.npv_is_positive == exact.npv_is_positive
    assert any("fine classes" in note for note in large.notes)


@pytest.mark.usefixtures("small_chunks")
def test_only_the_last_chunk_is_shorter() -> None:
    run = SimulationRun.of(GOLDEN, None, 150, 1)
    assert [run.chunk_draws(number) for number in range(run.chunk_count)] == [64, 64, 22]
    assert chunk(run, 2).draws == 22


@pytest.mark.parametrize(
    ("draws", "seed", "said"),
    [
        (0, 1, "The number of draws is not within 1 to 100,000,000,000"),
        (100_000_000_001, 1, "The number of draws is not within"),
        (10, -1, "The seed is negative or too large"),
        (10, 2**63, "The seed is negative or too large"),
    ],
)
def test_draws_and_seed_have_limits(draws: int, seed: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        simulate(GOLDEN, None, draws, seed)


def test_a_price_of_a_line_that_is_not_counted_is_refused() -> None:
    price = {"measure": "M1", "line": "R99", "change": {"kind": "constant"}}
    with pytest.raises(ValueError, match="not among the counted lines"):
        simulate(GOLDEN, assumptions(prices=[price]), 10)


def test_a_price_is_spread_like_any_input() -> None:
    spread = {"kind": "uniform", "low": -0.2, "high": 0.2}
    price = {"measure": "M1", "line": "R04", "change": spread}
    result = simulate(GOLDEN, assumptions(**FIXED, prices=[price]), 2_000, 1)
    payback = result.figures[Figure.SIMPLE_PAYBACK]
    assert payback.smallest == pytest.approx(2 / 1.2, rel=1e-3)
    assert payback.largest == pytest.approx(2 / 0.8, rel=1e-3)


def test_growth_that_makes_a_price_vanish_is_refused_in_words() -> None:
    savings = measure_document()["savings"][0] | {"growth": -0.99}
    falling = proposal(measure_document(savings=[savings]))
    with pytest.raises(ValueError, match="not above -100 %"):
        simulate(falling, None, 100)


def test_everything_about_a_result_is_frozen() -> None:
    result = simulate(GOLDEN, None, 10)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.draws = 11  # type: ignore[misc]  # that is the point
    assert isinstance(result, SimulationResult)
    assert np.isfinite(result.figures[Figure.NET_PRESENT_VALUE].mean or np.nan)
