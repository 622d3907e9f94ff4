from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scenario_model import Figure, LevelLoan
from appraisal.simulation import simulate
from appraisal.simulation_assumptions import SimulationAssumptions
from appraisal.simulation_result import Probability
from tests.appraisal.proposals import measure_document, proposal, simple_measure


@given(st.integers(1, 10**12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(drawn: tuple[int, int]) -> None:
    share = Probability(*drawn)
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-12
    assert share.value - 1e-12 <= high <= 1 + 1e-12


def test_standard_error_and_wilsons_interval() -> None:
    share = Probability(50, 100)
    assert share.standard_error == pytest.approx(0.05)
    assert share.interval == pytest.approx((0.4038315, 0.5961685), abs=1e-6)


def test_what_never_happened_is_not_impossible() -> None:
    assert Probability(0, 100).interval == pytest.approx((0, 0.0369935), abs=1e-6)
    assert Probability(100, 100).interval == pytest.approx((0.9630065, 1), abs=1e-6)


def test_notes_say_how_far_to_trust_and_what_more_draws_would_give() -> None:
    doubtful = proposal(simple_measure("100000", "29000"))
    notes = simulate(doubtful, None, 500, 1).notes
    assert notes[0].endswith("95 times of 100, as far as the number of draws goes.")
    assert notes[1] == "With 10,000 draws it would be known to one point either way."
    assert len(simulate(doubtful, None, 20_000, 1).notes) == 1


def test_notes_say_that_no_draw_fell_on_the_other_side() -> None:
    sure = proposal(simple_measure("100000", "90000"))
    assert any("No draw fell on the other side" in note for note in simulate(sure, None, 500).notes)


def test_notes_say_why_a_delay_leaves_no_cover() -> None:
    loan = LevelLoan(payment=Decimal(2_000), grace_months=0, instalments=12)
    project = proposal(simple_measure("100000", "90000"))
    on_time = SimulationAssumptions.model_validate({"delay_months": {"kind": "constant"}})
    delayed, punctual = (simulate(project, a, 500, 1, loan) for a in (None, on_time))
    assert "has no saving and a cover of 0." in delayed.notes[-1]
    assert delayed.figures[Figure.MINIMUM_COVER].smallest == 0
    assert not any("cover of 0" in note for note in punctual.notes)


def test_notes_say_how_many_draws_have_no_single_rate() -> None:
    """Restoring the site at the end: two rates, of which one is not always meant."""
    restored = measure_document(
        investment=[
            {"code": "I01", "amount": "100000.00"},
            {"code": "I02", "amount": "140000.00", "month": 60, "kind": "replacement"},
        ],
        savings=[{"code": "R01", "annual_amount": "56000"}],
    )
    found = simulate(proposal(restored), None, 500, 1)
    share = found.has_no_single_rate
    assert 0 < share.count < share.draws
    assert found.notes[-1].startswith(f"In {share.value:.2%} of the draws no single rate of return")
    ordinary = simulate(proposal(simple_measure("100000", "90000")), None, 500, 1)
    assert not any("no single rate" in note for note in ordinary.notes)
