"""The form of one measure: rows, preview, every field kept, every contradiction named."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from appraisal.proposal import Evidence, InvestmentKind
from loans.cases.proposals import proposal_view
from loans.draft import Draft
from loans.storage.database import Database
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
        ({**LINES, "investment-0-amount": "9,000"}, "stand here as soon as"),
        ({**LINES, "savings-0-annual_amount": "9,000"}, "stand here as soon as"),
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


def test_everything_that_a_measure_holds_comes_back_as_it_was(
    fund: Fund, client: TestClient
) -> None:
    measure = golden_measure(
        residual_value="1000",
        expands_capacity=False,
        investment=[
            {"code": "I07", "label": "Tank", "amount": "120000", "month": 3},
            {"code": "I08", "label": "Stock", "amount": "900", "kind": "working_capital"},
            {"code": "I09", "label": "Pump", "amount": "7000", "kind": "replacement", "month": 36},
        ],
        added_costs=[
            {
                "code": "C02",
                "label": "Power of the pump",
                "indicator": "electricity",
                "unit": "MWh",
                "quantity": "12.5",
                "unit_price": "88.123456",
                "emission_factor_kg": "0.16",
                "emission_factor_source": "Supplier",
                "ramp_months": 6,
            },
            {"code": "C03", "label": "Noise", "tier": 4, "score": -1},
        ],
        results=[
            {"indicator": "dust", "unit": "t", "reduction": "-0.4", "label": "Dust of the mill"},
            {"indicator": "co2e", "unit": "t", "reduction": "240", "evidence": "calculation"},
        ],
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
                "start_month": 2,
                "active_months": [5, 6],
                "indicator": "water",
            },
            {
                "code": "R05",
                "label": "Spill",
                "annual_amount": "40000",
                "tier": 3,
                "probability": "0.025",
                "year": 4,
                "growth": -0.0123456789,
            },
        ],
    )
    proposal = f"/proposals/{draft_proposal(fund, golden_draft(measure))}"
    before = draft_of(fund, proposal).measures
    assert post(client, f"{proposal}/measures/M1", title="Reuse").status_code == 303
    (after,) = draft_of(fund, proposal).measures
    assert after == before[0].model_copy(update={"title": "Reuse"})


MORE = {
    "investment-0-kind": "replacement",
    "investment-0-month": "24",
    "savings-0-item": "3",
    "savings-0-probability": "5",
    "savings-0-year": "2",
    "savings-0-growth": "-1,5 %",
    "savings-0-start_month": "3",
    "savings-0-ramp_months": "6",
    "savings-0-active_months": ["4", "5", "6"],
    "costs-0-label": "Noise",
    "costs-0-item": "4",
    "costs-0-score": "-2",
    "results-0-indicator": "dust",
    "results-0-reduction": "-0.5",
    "results-0-unit": "t",
    "residual_value": "5 000",
}


def test_what_stands_behind_more_is_saved(fund: Fund, client: TestClient, proposal: str) -> None:
    assert post(client, f"{proposal}/measures/new", **LINES, **MORE).status_code == 303
    measure = draft_of(fund, proposal).measures[1]
    (outlay,), (saving,), (cost,), (result,) = (
        measure.investment,
        measure.savings,
        measure.added_costs,
        measure.results,
    )
    assert (outlay.kind, outlay.month) == (InvestmentKind.REPLACEMENT, 24)
    assert (saving.tier, saving.probability, saving.year) == (3, Decimal("0.05"), 2)
    assert (saving.growth, saving.start_month, saving.ramp_months) == (-0.015, 3, 6)
    assert saving.active_months == (4, 5, 6)
    assert (cost.tier, cost.score, cost.annual_amount) == (4, -2, None)
    assert (result.indicator, result.reduction, result.unit) == ("dust", Decimal("-0.5"), "t")
    assert measure.residual_value == 5000


QUANTITIES = {
    "savings-0-annual_amount": "",
    "savings-0-unit": "MWh",
    "savings-0-quantity_before": "900",
    "savings-0-quantity_after": "500",
    "savings-0-unit_price": "100",
}


def test_money_alone_is_no_quantity_of_a_resource(
    fund: Fund, client: TestClient, proposal: str
) -> None:
    post(client, f"{proposal}/measures/new", **LINES, **{"savings-0-item": "R06"})
    (line,) = draft_of(fund, proposal).measures[1].savings
    assert (line.item, line.indicator) == ("R06", None)


@pytest.mark.parametrize(
    ("item", "tier", "indicator"),
    [("R06", 1, "electricity"), ("H06", 2, None), ("L03", 4, None), ("2", 2, None), ("", 1, None)],
)
def test_the_item_brings_tier_and_resource(
    fund: Fund, client: TestClient, item: str, tier: int, indicator: str | None
) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    typed = {**LINES, **QUANTITIES, "savings-0-item": item}
    post(client, f"{proposal}/measures/new", **typed)
    before = draft_of(fund, proposal)
    (line,) = before.measures[1].savings
    assert (line.tier, line.indicator) == (tier, indicator)
    assert line.item == (item if len(item) > 1 else None)
    again = client.get(f"{proposal}/measures/M2").text
    assert boxes(again, f"{proposal}/measures/M2")["savings-0-item"] == item
    assert '<details class="more" open>' not in again
    assert post(client, f"{proposal}/measures/M2").status_code == 303
    assert draft_of(fund, proposal) == before


def test_a_resource_of_its_own_wins_over_that_of_the_item(
    fund: Fund, client: TestClient, proposal: str
) -> None:
    typed = {"savings-0-item": "R12", "savings-0-indicator": "lignite"}
    post(client, f"{proposal}/measures/new", **LINES, **typed)
    assert draft_of(fund, proposal).measures[1].savings[0].indicator == "lignite"
    form = boxes(client.get(f"{proposal}/measures/M2").text, f"{proposal}/measures/M2")
    assert form["savings-0-indicator"] == "lignite"


def test_more_stays_shut_until_it_holds_something(client: TestClient, proposal: str) -> None:
    shut = client.get(f"{proposal}/measures/new").text
    assert "More about saving 1" in text_of(shut)
    assert '<details class="more" open>' not in shut
    post(client, f"{proposal}/measures/new", **LINES, **MORE)
    opened = client.get(f"{proposal}/measures/M2").text
    assert opened.count('<details class="more" open>') == 4
    refused = post(client, f"{proposal}/measures/new", **LINES, **{"savings-0-growth": "much"})
    assert refused.text.count('<details class="more" open>') == 1


OFFERED_BY_NO_BOX = ("X9", "13")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"savings-0-growth": "-100"}, "savings-0-growth", "Enter more than"),
        ({"savings-0-growth": "2.5.1"}, "savings-0-growth", "Saving 1: "),
        ({"savings-0-item": "3"}, "savings-0-probability", "such as 5"),
        ({"savings-0-probability": "5"}, "savings-0-probability", "could happen"),
        ({"savings-0-year": "2"}, "savings-0-year", "could happen"),
        (
            {"savings-0-item": "3", "savings-0-probability": "101"},
            "savings-0-probability",
            "100 % or less",
        ),
        (
            {"savings-0-item": "3", "savings-0-probability": "5", "savings-0-year": "11"},
            "savings-0-year",
            "Enter 10 or less",
        ),
        ({"savings-0-score": "1"}, "savings-0-score", "cannot be put in money"),
        ({"savings-0-item": "X9"}, "savings-0-item", "from the list"),
        ({"savings-0-start_month": "120"}, "savings-0-start_month", "Enter less than 120"),
        (
            {"savings-0-start_month": "90", "implementation_months": "30"},
            "savings-0-start_month",
            "Enter less than 90",
        ),
        ({"investment-0-month": "121"}, "investment-0-month", "Enter 120 or less"),
        (
            {"investment-0-month": "130", "investment-0-kind": "replacement"},
            "investment-0-month",
            "after the 10 years",
        ),
        (
            {"savings-0-start_month": "24", "life_years": "2"},
            "savings-0-start_month",
            "after the measure has stopped working",
        ),
        (
            {"investment-0-month": "31", "life_years": "2", "implementation_months": "6"},
            "investment-0-month",
            "after the measure has stopped working. Enter 30 or less.",
        ),
        (
            {
                "savings-0-item": "3",
                "savings-0-probability": "5",
                "savings-0-year": "4",
                "life_years": "2",
                "implementation_months": "6",
            },
            "savings-0-year",
            "Enter 3 or less.",
        ),
        ({"investment-0-kind": "replacement"}, "investment-0-month", "Enter more than 0."),
        (
            {
                "investment-0-kind": "replacement",
                "investment-0-month": "6",
                "implementation_months": "6",
            },
            "investment-0-month",
            "Enter more than 6.",
        ),
        ({"savings-0-active_months": "13"}, "savings-0-active_months", "12 or less"),
        ({"savings-0-emission_factor_kg": "0.2"}, "savings-0-emission_factor_source", "from"),
        (
            {"savings-0-emission_factor_kg": "0.2", "savings-0-emission_factor_source": "Bill"},
            "savings-0-emission_factor_kg",
            "counts with quantities",
        ),
        ({"savings-0-emission_factor_source": "Bill"}, "savings-0-emission_factor_kg", "clear"),
        ({"life_years": "0"}, "life_years", "Enter 1 year or more."),
        ({"results-0-indicator": "dust"}, "results-0-reduction", "Result 1: enter how much"),
        ({"residual_value": "-1"}, "residual_value", "cannot be negative"),
    ],
)
def test_what_contradicts_is_named_with_its_row(
    client: TestClient, proposal: str, changes: dict[str, str], field: str, words: str
) -> None:
    refused = post(client, f"{proposal}/measures/new", **LINES, **changes)
    assert refused.status_code == 422
    message = errors_of(refused.text)[field]
    assert words in message
    assert field.count("-") < 2 or re.match(r"(Investment|Saving|Added cost|Result) 1: ", message)
    again = boxes(refused.text, f"{proposal}/measures/new")
    typed = {name: text for name, text in changes.items() if text not in OFFERED_BY_NO_BOX}
    assert {name: again[name] for name in typed} == typed


def test_a_problem_names_the_row_as_the_page_counts_it(client: TestClient, proposal: str) -> None:
    typed = {**LINES, "savings-3-label": "Steam", "savings-3-annual_amount": "much"}
    refused = post(client, f"{proposal}/measures/new", **typed)
    (message,) = errors_of(refused.text).values()
    assert message.startswith("Saving 2: enter the amount a year")
    assert "Saving 2" in text_of(refused.text.partition("<form")[2])


def test_problems_are_listed_in_the_order_of_the_page(client: TestClient, proposal: str) -> None:
    typed = {
        **LINES,
        "title": "",
        "savings-0-label": "",
        "savings-0-annual_amount": "much",
        "savings-0-evidence": "hearsay",
        "savings-0-start_month": "x",
        "savings-0-probability": "5",
        "investment-0-amount": "x",
    }
    refused = post(client, f"{proposal}/measures/new", **typed).text
    found = errors_of(refused)
    assert len(found) == 7
    places = [refused.index(f'name="{name}"') for name in found]
    assert places == sorted(places)


def test_a_measure_becomes_the_alternative_of_another_and_leaves_it_again(
    fund: Fund, client: TestClient, proposal: str
) -> None:
    post(client, f"{proposal}/measures/new", **LINES, alternative_to="M1")
    first, second = draft_of(fund, proposal).measures
    assert first.alternative_group == second.alternative_group is not None
    form = boxes(client.get(f"{proposal}/measures/M1").text, f"{proposal}/measures/M1")
    assert form["alternative_to"] == "M2"
    assert "Heat exchanger instead of M1" in text_of(client.get(f"{proposal}/measures").text)
    post(client, f"{proposal}/measures/M2", alternative_to="")
    assert {m.alternative_group for m in draft_of(fund, proposal).measures} == {None}


def test_a_measure_whose_alternative_is_removed_stands_alone(
    fund: Fund, client: TestClient, proposal: str
) -> None:
    post(client, f"{proposal}/measures/new", **LINES, alternative_to="M1")
    address = f"{proposal}/measures/M2"
    page = client.get(address).text
    client.post(f"{address}/remove", data=boxes(page, f"{address}/remove"))
    (left,) = draft_of(fund, proposal).measures
    assert left.alternative_group is None


def test_the_preview_says_what_it_is_worth_and_which_lines_count(
    client: TestClient, proposal: str
) -> None:
    typed = {
        **LINES,
        "savings-0-evidence": "invoice",
        "savings-1-label": "Permits",
        "savings-1-annual_amount": "2 000",
        "savings-1-item": "2",
        "savings-1-evidence": "invoice",
        "savings-2-label": "Spill",
        "savings-2-annual_amount": "10 000",
        "savings-2-item": "3",
        "savings-2-probability": "5",
        "costs-0-label": "Guess",
        "costs-0-annual_amount": "0",
    }
    live = text_of(client.post(f"{proposal}/measures/preview", data=typed).text)
    for words in (
        "Net saving in a year EUR 40,000.00",
        "With documented indirect money EUR 42,000.00",
        "Net present value, 10 years at 10.0 % EUR 155,782.68",
        "1 line counts for now",
        "1 line of indirect money counts in the second line",
        "1 line counts in the scenario",
    ):
        assert words in live


def test_a_worth_that_cannot_be_stated_is_left_out(
    client: TestClient, proposal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        message = "The result is too large."
        raise ValueError(message)

    monkeypatch.setattr("app.measure_preview.appraise", refused)
    live = text_of(client.post(f"{proposal}/measures/preview", data=LINES).text)
    assert "2.25 years" in live
    assert "Net present value" not in live


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
