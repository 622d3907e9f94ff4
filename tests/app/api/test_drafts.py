"""A program writes the same draft as the form: nothing that the appraisal knows is missing."""

from __future__ import annotations

import pytest

from loans.storage.database import Database
from tests.app.api.programs import Program, program_of, refusal
from tests.builders import draft_proposal
from tests.drafts import golden_draft, golden_measure
from tests.funds import open_fund

RICH = golden_measure(
    residual_value="1000",
    alternative_group="white-water",
    investment=[
        {"code": "I01", "label": "Tank", "amount": "120000.00", "evidence": "quote"},
        {"code": "I02", "label": "Stock", "amount": "900.00", "kind": "working_capital"},
        {"code": "I03", "label": "Pump", "amount": "7000.00", "kind": "replacement", "month": 36},
    ],
    savings=[
        {
            "code": "R04",
            "label": "Water",
            "item": "R04",
            "indicator": "water",
            "unit": "m3",
            "quantity_before": "400000",
            "quantity_after": "100000",
            "unit_price": "0.20",
            "growth": -0.01,
            "start_month": 2,
            "ramp_months": 3,
            "active_months": [5, 6, 7],
            "emission_factor_kg": "0.3",
            "emission_factor_source": "Water works",
            "evidence": "invoice",
        },
        {
            "code": "R05",
            "label": "Spill",
            "item": "C01",
            "tier": 3,
            "annual_amount": "40000",
            "probability": "0.025",
            "year": 4,
        },
        {"code": "R06", "label": "Smell", "item": "L05", "tier": 4, "score": -2},
    ],
    results=[{"indicator": "dust", "unit": "t", "reduction": "-0.5", "label": "Dust"}],
)
RIVAL = golden_measure(code="M2", alternative_group="white-water")


@pytest.fixture
def program(sqlite_database: Database) -> tuple[Program, str]:
    fund = open_fund(sqlite_database)
    return program_of(fund.database, fund.enterprise), draft_proposal(fund)


def test_every_field_of_the_draft_is_stored_as_it_was_sent(program: tuple[Program, str]) -> None:
    writer, proposal_id = program
    draft = golden_draft(
        RICH,
        RIVAL,
        project={"title": "Reuse", "baseline_year": 2025},
        finance={"measures": ["M1"], "own_contribution": "12000.00"},
    )
    body = draft.model_dump(mode="json")
    saved = writer.act("PUT", f"/proposals/{proposal_id}", body)
    assert saved.status_code == 200, saved.text
    stored = writer.get(f"/proposals/{proposal_id}").json()["draft"]
    assert stored == body
    assert stored["measures"][0]["savings"][1]["probability"] == "0.025"
    assert stored["finance"]["measures"] == ["M1"]


def test_alternatives_without_a_choice_are_named_as_a_gap(program: tuple[Program, str]) -> None:
    writer, proposal_id = program
    writer.act(
        "PUT", f"/proposals/{proposal_id}", golden_draft(RICH, RIVAL).model_dump(mode="json")
    )
    (gap,) = writer.get(f"/proposals/{proposal_id}").json()["gaps"]
    assert (gap["section"], gap["field"]) == ("finance", "measures")
    assert "M1 and M2 are alternatives" in gap["message"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"growth": -1}, "above -1"),
        ({"probability": "1.2", "tier": 3}, "1 or less"),
        ({"quantity_after": "500000"}, "larger than the quantity before"),
        ({"unit_price": None}, "unit price"),
        ({"score": 3, "tier": 4}, "2 or less"),
        ({"score": 1}, "less tangible"),
        ({"year": 2}, "contingent"),
    ],
)
def test_a_line_that_contradicts_itself_is_refused_in_words(
    program: tuple[Program, str], changes: dict[str, object], words: str
) -> None:
    writer, proposal_id = program
    body = golden_draft().model_dump(mode="json")
    body["measures"][0]["savings"][0] |= changes
    refused = writer.act("PUT", f"/proposals/{proposal_id}", body)
    assert refused.status_code == 422
    sentence, fields = refusal(refused)
    assert words in sentence
    assert all(field.startswith("measures.0.savings.0") for field in fields)
