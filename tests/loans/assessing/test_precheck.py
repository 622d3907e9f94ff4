from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from appraisal.measure_type import MeasureType
from appraisal.proposal import Ownership, Technique
from loans.assessing.precheck import PrecheckAnswer, precheck
from tests.loans.proposals import NEFCO


def answer(cost: str, saving: str, **more: Any) -> PrecheckAnswer:
    questions: dict[str, Any] = {
        "country": "LT",
        "ownership": Ownership.LOCAL_PRIVATE,
        "change": Technique.ON_SITE_RECOVERY,
        "profile": NEFCO,
    }
    return precheck(cost=Decimal(cost), yearly_saving=Decimal(saving), **questions | more)


def test_a_sound_project_learns_what_it_could_borrow_and_what_comes_next() -> None:
    sound = answer("120000", "60000")
    assert sound.measure_type is MeasureType.C
    assert sound.payback_ratio == 2
    assert str(sound.offer.maximum_amount) == "108000.00"
    assert sound.offer.maximum_maturity_months == 28
    assert sound.refusals == ()
    assert len(sound.next_steps) == 5


def test_what_comes_next_is_what_the_terms_ask() -> None:
    terms = NEFCO.terms
    changed = {
        "own_contribution_minimum": terms.own_contribution_minimum.model_copy(
            update={"value": Decimal("0.1234")}
        ),
        "measures_may_expand_capacity": terms.measures_may_expand_capacity.model_copy(
            update={"value": True}
        ),
        "supplier_tiers": terms.supplier_tiers.model_copy(update={"value": ()}),
        "responsibilities": terms.responsibilities.model_copy(update={"value": ("monitoring",)}),
    }
    other = NEFCO.model_copy(update={"terms": terms.model_copy(update=changed)})
    assert answer("120000", "60000", profile=other).next_steps[1:] == (
        "A quotation for the investment.",
        "Who answers for monitoring, each with a plan and a date.",
        "Proof of the enterprise's own contribution, at least 12.34 %.",
    )


def test_housekeeping_is_told_to_start() -> None:
    cheap = answer("3000", "6000")
    assert cheap.measure_type is MeasureType.A
    assert [found.code for found in cheap.refusals] == ["borrowing_types", "minimum_amount"]
    assert "Carry the measure out now" in cheap.next_steps[0]


def test_a_refusal_names_the_rule_and_what_would_change_it() -> None:
    small = answer("55555", "27777")
    assert [found.code for found in small.refusals] == ["minimum_amount"]
    assert "EUR 55,555.56" in (small.refusals[0].what_would_pass or "")
    assert small.next_steps == ("Change what the rules name, and ask again.",)


def test_nothing_saved_is_not_recovered() -> None:
    lost = answer("1000", "0")
    assert (lost.measure_type, lost.payback_ratio) == (None, None)
    assert [found.code for found in lost.refusals] == ["payback_positive"]


def test_end_of_pipe_and_other_countries_are_warnings() -> None:
    warned = answer("120000", "60000", change=Technique.END_OF_PIPE, country="FI")
    assert {found.code for found in warned.warnings} == {"country", "other_techniques"}
    assert warned.offer.eligible


def test_an_amount_with_part_of_a_cent_is_refused() -> None:
    with pytest.raises(ValidationError):
        answer("120000.001", "60000")
