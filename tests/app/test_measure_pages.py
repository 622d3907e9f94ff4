"""The form of one measure: lines, preview, saving without losing what the form does not ask."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from appraisal.proposal import Evidence
from loans.database import Database
from loans.draft import Draft
from loans.proposals import proposal_view
from tests.app.visiting import boxes, errors_of, filled_in, signed_in, text_of
from tests.builders import draft_proposal
from tests.drafts import golden_draft, golden_measure
from tests.funds import Fund, open_fund

LINES = {
    "title": "Heat exchanger",
    "investment-0-label": "Exchanger",
    "investment-0-amount": "90 000",
    "savings-0-label": "Heat",
    "savings-0-annual_amount": "40,000.00",
}


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def client(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.enterprise)


@pytest.fixture
def proposal(fund: Fund) -> str:
    return f"/proposals/{draft_proposal(fund)}"


def draft_of(fund: Fund, proposal: str) -> Draft:
    with fund.database.reading() as session:
        return proposal_view(session, fund.enterprise, proposal.rpartition("/")[2]).draft


def post(client: TestClient, address: str, **answers: Any) -> Any:
    page = client.get(address)
    return client.post(address, data=filled_in(page.text, address, answers))


def test_the_preview_gives_what_the_list_gives_after_saving(
    client: TestClient, proposal: str
) -> None:
    live = text_of(client.post(f"{proposal}/measures/preview", data=LINES).text)
    assert "Payback (ROI period) 2.25 years Type C" in live
    post(client, f"{proposal}/measures/new", **LINES)
    listed = text_of(client.get(f"{proposal}/measures").text)
    assert "M2 Heat exchanger C 90,000.00 40,000.00 2.25 years" in listed


def test_the_preview_stores_nothing_and_leaves_out_what_it_cannot_read(
    fund: Fund, client: TestClient, proposal: str
) -> None:
    before = draft_of(fund, proposal)
    typed = {**LINES, "savings-1-label": "Steam", "savings-1-annual_amount": "many"}
    live = text_of(client.post(f"{proposal}/measures/preview", data=typed).text)
    assert "2.25 years" in live
    assert "1 line is not complete yet and left out." in live
    assert draft_of(fund, proposal) == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "stand here as soon as"),
        ({**LINES, "savings-0-annual_amount": "0"}, "Not recovered"),
        ({**LINES, "investment-0-amount": "3000"}, "Type A. Housekeeping"),
        ({**LINES, "investment-0-amount": "30000"}, "Type B. Short-term"),
        ({**LINES, "investment-0-amount": "40000"}, "1.00 years Type C"),
        ({**LINES, "savings-0-counts_as_output": "yes"}, "Not recovered"),
    ],
)
def test_the_preview_names_the_type(
    client: TestClient, proposal: str, typed: dict[str, str], words: str
) -> None:
    shown = text_of(client.post(f"{proposal}/measures/preview", data=typed).text)
    assert words.replace("1.00 years", "12.0 months") in shown or words in shown


def test_another_line_is_shown_and_nothing_is_saved(
    fund: Fund, client: TestClient, proposal: str
) -> None:
    address = f"{proposal}/measures/new"
    more = post(client, address, **LINES, do="add savings")
    assert more.status_code == 200
    assert errors_of(more.text) == {}
    form = boxes(more.text, address)
    assert form["savings-1-label"] == ""
    assert form["investment-0-amount"] == "90 000"
    assert len(draft_of(fund, proposal).measures) == 1


def test_a_line_is_taken_out_and_the_others_move_up(client: TestClient, proposal: str) -> None:
    address = f"{proposal}/measures/new"
    typed = {**LINES, "savings-1-label": "Water", "savings-1-annual_amount": "5 000"}
    fewer = post(client, address, **typed, do="remove savings 0")
    form = boxes(fewer.text, address)
    assert form["savings-0-label"] == "Water"
    assert "savings-1-label" not in form


@pytest.mark.parametrize(
    "act", ["add other", "remove savings x", "remove savings 77", "remove savings ²"]
)
def test_a_button_that_does_not_exist_changes_no_line(
    client: TestClient, proposal: str, act: str
) -> None:
    answer = post(client, f"{proposal}/measures/new", **{**LINES, "title": "", "do": act})
    assert boxes(answer.text, f"{proposal}/measures/new")["savings-0-label"] == "Heat"


def test_a_saved_measure_comes_back_as_it_was_typed(
    fund: Fund, client: TestClient, proposal: str
) -> None:
    typed = {
        "title": "Drive",
        "technique": "better_control",
        "implementation_months": "4",
        "life_years": "8",
        "savings-0-label": "Electricity",
        "savings-0-unit": "MWh",
        "savings-0-quantity_before": "1 200.5",
        "savings-0-quantity_after": "0",
        "savings-0-unit_price": "0.085",
        "savings-0-evidence": "meter",
        "costs-0-label": "Maintenance",
        "costs-0-unit": "hours",
        "costs-0-quantity": "20",
        "costs-0-unit_price": "12",
    }
    post(client, f"{proposal}/measures/new", **typed)
    measure = draft_of(fund, proposal).measures[1]
    assert (measure.code, measure.life_years, measure.implementation_months) == ("M2", 8, 4)
    assert measure.investment == ()
    assert [line.code for line in measure.savings] == ["R05"]
    assert measure.savings[0].evidence is Evidence.METER
    assert [line.code for line in measure.added_costs] == ["C01"]
    form = boxes(client.get(f"{proposal}/measures/M2").text, f"{proposal}/measures/M2")
    assert form["savings-0-quantity_before"] == "1200.5"
    assert form["savings-0-unit_price"] == "0.085"
    assert post(client, f"{proposal}/measures/M2").status_code == 303
    assert draft_of(fund, proposal).measures[1] == measure


def test_what_the_form_does_not_ask_is_kept(fund: Fund, client: TestClient) -> None:
    measure = golden_measure(
        residual_value="1000",
        investment=[{"code": "I07", "label": "Tank", "amount": "120000", "month": 3}],
        savings=[
            {
                "code": "R04",
                "label": "Water",
                "unit": "tank lorries",
                "quantity_before": "9",
                "quantity_after": "1",
                "unit_price": "500",
                "tier": 2,
                "growth": 0.02,
                "active_months": [5, 6],
                "indicator": "water",
            }
        ],
    )
    proposal = f"/proposals/{draft_proposal(fund, golden_draft(measure))}"
    before = draft_of(fund, proposal).measures
    assert post(client, f"{proposal}/measures/M1", title="Reuse").status_code == 303
    (after,) = draft_of(fund, proposal).measures
    assert after == before[0].model_copy(update={"title": "Reuse"})


def test_a_line_that_is_cleared_is_gone(fund: Fund, client: TestClient, proposal: str) -> None:
    address = f"{proposal}/measures/M1"
    form = boxes(client.get(address).text, address)
    cleared = {
        name: "" for name in form if name.startswith("savings-0-") and not name.endswith("code")
    }
    post(client, address, **cleared, **{"investment-0-label": "Tank"})
    assert draft_of(fund, proposal).measures[0].savings == ()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"investment-0-amount": ""}, ["investment-0-amount"]),
        ({"savings-0-annual_amount": ""}, ["savings-0-annual_amount"]),
        ({"savings-0-unit_price": "2"}, ["savings-0-annual_amount"]),
        (
            {"savings-0-annual_amount": "", "savings-0-unit_price": "2", "savings-0-label": ""},
            [
                "savings-0-label",
                "savings-0-unit",
                "savings-0-quantity_before",
                "savings-0-quantity_after",
            ],
        ),
        (
            {
                "savings-0-annual_amount": "",
                "savings-0-unit": "t",
                "savings-0-unit_price": "2",
                "savings-0-quantity_before": "5",
                "savings-0-quantity_after": "6",
            },
            ["savings-0-quantity_after"],
        ),
        ({"costs-0-quantity": "3"}, ["costs-0-label", "costs-0-unit", "costs-0-unit_price"]),
        ({"life_years": "41"}, ["life_years"]),
        ({"implementation_months": "1.5"}, ["implementation_months"]),
        ({"technique": "magic"}, ["technique"]),
        ({"savings-0-code": "x" * 41}, ["savings-0-code"]),
    ],
)
def test_every_problem_is_named_at_its_field_and_nothing_typed_is_lost(
    fund: Fund, client: TestClient, proposal: str, changes: dict[str, str], fields: list[str]
) -> None:
    address = f"{proposal}/measures/new"
    refused = post(client, address, **{**LINES, **changes})
    assert refused.status_code == 422
    assert sorted(errors_of(refused.text)) == sorted(fields)
    again = boxes(refused.text, address)
    assert {name: again[name] for name in changes if name != "technique"} == {
        name: text for name, text in changes.items() if name != "technique"
    }
    assert len(draft_of(fund, proposal).measures) == 1


@pytest.mark.parametrize("hostile", ["NaN", "1e400", "9" * 5000, "7\x00", "\ud800", "-1", "1,234"])
@pytest.mark.parametrize(
    "field", ["investment-0-amount", "savings-0-unit_price", "savings-0-quantity_before"]
)
def test_numbers_that_cannot_be_read_are_refused_in_words(
    client: TestClient, proposal: str, field: str, hostile: str
) -> None:
    body = hostile.encode("utf-8", "surrogatepass")
    refused = post(client, f"{proposal}/measures/new", **{**LINES, field: body})
    assert refused.status_code == 422
    assert field in errors_of(refused.text)
    preview = client.post(f"{proposal}/measures/preview", data={**LINES, field: body})
    assert preview.status_code == 200


def test_the_largest_figures_that_can_be_typed_break_no_page(
    client: TestClient, proposal: str
) -> None:
    most = {
        "savings-0-annual_amount": "",
        "savings-0-unit": "t",
        "savings-0-quantity_before": "999999999999",
        "savings-0-quantity_after": "0",
        "savings-0-unit_price": "9999999999",
        "investment-0-amount": "0.01",
    }
    assert post(client, f"{proposal}/measures/new", **LINES | most).status_code == 303
    for page in ("", "/measures", "/measures/M2", "/check", "/sections/finance"):
        assert client.get(f"{proposal}{page}").status_code == 200


def test_a_measure_is_removed(fund: Fund, client: TestClient, proposal: str) -> None:
    page = client.get(f"{proposal}/measures/M1").text
    gone = client.post(
        f"{proposal}/measures/M1/remove", data=boxes(page, f"{proposal}/measures/M1/remove")
    )
    assert gone.headers["location"] == f"{proposal}/measures?done=removed"
    assert draft_of(fund, proposal).measures == ()


def test_removing_what_somebody_else_changed_is_refused(
    fund: Fund, client: TestClient, proposal: str
) -> None:
    address = f"{proposal}/measures/M1"
    page = client.get(address).text
    post(
        signed_in(fund.database, fund.adviser),
        address,
        **{"investment-0-label": "Tank", "savings-0-label": "Water"},
    )
    refused = client.post(f"{address}/remove", data=boxes(page, f"{address}/remove"))
    assert refused.status_code == 422
    assert "Somebody else saved" in errors_of(refused.text)[""]
    assert len(draft_of(fund, proposal).measures) == 1


def test_a_measure_saved_from_the_check_page_leads_back_to_it(
    client: TestClient, proposal: str
) -> None:
    address = f"{proposal}/measures/M1"
    page = client.get(f"{address}?to=check").text
    typed = filled_in(page, address, {"investment-0-label": "Tank", "savings-0-label": "Water"})
    back = client.post(address, data=typed)
    assert back.headers["location"] == f"{proposal}/check?done=saved"


def test_a_proposal_holds_fifty_measures_and_says_so(fund: Fund, client: TestClient) -> None:
    many = [golden_measure(code=f"M{number}") for number in range(1, 51)]
    proposal = f"/proposals/{draft_proposal(fund, golden_draft(*many))}"
    refused = post(client, f"{proposal}/measures/new", **LINES)
    assert refused.status_code == 422
    assert "at most 50 measures" in errors_of(refused.text)[""]
