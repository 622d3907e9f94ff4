"""The pre-check: the offer for five answers, refusals as a page, and nothing stored."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.routes.precheck import Change
from loans.storage.database import Database
from tests.app.visiting import errors_of, text_of, visitor
from tests.funds import open_fund

GOLDEN = {
    "country": "LT",
    "ownership": "local_private",
    "change": "process",
    "cost": "120 000",
    "yearly_saving": "60,000.00",
}


@pytest.fixture
def client(sqlite_database: Database) -> TestClient:
    open_fund(sqlite_database)
    return visitor(sqlite_database)


def answer(client: TestClient, **changes: str) -> str:
    page = client.post("/pre-check", data=GOLDEN | changes)
    assert page.status_code == 200, errors_of(page.text)
    return text_of(page.text)


def test_asks_five_questions_of_a_visitor(client: TestClient) -> None:
    page = text_of(client.get("/pre-check").text)
    assert [number for number in range(1, 7) if f" {number}. " in page] == [1, 2, 3, 4, 5]


def test_works_before_a_facility_is_opened(sqlite_database: Database) -> None:
    assert visitor(sqlite_database).get("/pre-check").status_code == 200


def test_the_golden_case_gives_type_payback_term_and_loan_each_with_its_rule(
    client: TestClient,
) -> None:
    page = answer(client)
    assert "Type of measure C " in page
    assert "Payback (ROI period) 2.00 years" in page
    assert "Longest term 28 months The payback (ROI period) and 20 % more" in page
    assert "Largest loan EUR 108,000.00 The fund pays at most 90 % of the investment" in page
    assert "EUR 4,143.06 a month" in page
    assert "A quotation for the investment" in page


def test_a_large_project_is_held_by_the_largest_loan_and_three_years(client: TestClient) -> None:
    page = answer(client, cost="300000", yearly_saving="75000")
    assert "Longest term 36 months No loan of the fund runs longer than 36 months" in page
    assert "Largest loan EUR 200,000.00 The fund lends no more than this" in page


def test_the_amounts_are_repeated_as_they_were_read(client: TestClient) -> None:
    page = answer(client, cost="€120000,5", yearly_saving="60'000")
    assert "Cost EUR 120,000.50" in page
    assert "Saving in a year EUR 60,000.00" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"change": "expansion"}, "the capacity grows"),
        ({"cost": "55555", "yearly_saving": "27000"}, "EUR 55,555.56"),
        ({"cost": "300000", "yearly_saving": "1000"}, "the weakest month of savings"),
        ({"yearly_saving": "0"}, "not recovered"),
        ({"cost": "15000", "yearly_saving": "18000"}, "pay it from the operating budget"),
    ],
)
def test_what_is_not_eligible_is_a_page_with_rule_figures_and_what_would_change_it(
    client: TestClient, changes: dict[str, str], words: str
) -> None:
    page = answer(client, **changes)
    assert "As it stands, the fund cannot lend for this project" in page
    assert words in page
    assert "What would change it" in page
    assert "Largest loan" not in page


def test_housekeeping_is_told_that_it_needs_no_loan(client: TestClient) -> None:
    page = answer(client, change="housekeeping", cost="3000", yearly_saving="6000")
    assert "This measure needs no loan" in page
    assert "6.0 months" in page


def test_treatment_at_the_end_is_something_for_an_officer_to_look_at(client: TestClient) -> None:
    assert "What an officer will look at" in answer(client, change="treatment")


def test_each_kind_of_change_is_answered(client: TestClient) -> None:
    assert all("Payback" in answer(client, change=change) for change in Change)


def test_blank_answers_are_all_named_at_once(client: TestClient) -> None:
    page = client.post("/pre-check", data={})
    assert page.status_code == 422
    assert list(errors_of(page.text)) == list(GOLDEN)
    assert "<title>Error: " in page.text


@pytest.mark.parametrize(
    "hostile",
    [
        "NaN",
        "Infinity",
        "1e400",
        str(2**63) * 3,
        "9" * 5000,
        "12\x00",
        "-5",
        "1,000",
        "<b>",
        "\ud800",
    ],
)
def test_an_amount_that_cannot_be_read_is_a_sentence_at_its_field(
    client: TestClient, hostile: str
) -> None:
    body = hostile.encode("utf-8", "surrogatepass")
    page = client.post("/pre-check", data={**GOLDEN, "cost": body})
    assert page.status_code == 422
    assert list(errors_of(page.text)) == ["cost"]
    assert "<b>" not in page.text


def test_a_cost_of_nothing_is_refused_in_words(client: TestClient) -> None:
    page = client.post("/pre-check", data=GOLDEN | {"cost": "0"})
    assert errors_of(page.text) == {
        "cost": "What the project costs is too small. Enter more than EUR 0.00."
    }


def test_nothing_is_stored(client: TestClient, sqlite_database: Database) -> None:
    def rows() -> list[int]:
        with sqlite_database.reading() as session:
            tables = session.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            ).all()
            return [session.scalar(text(f'SELECT count(*) FROM "{t}"')) or 0 for t in tables]  # noqa: S608  # names of our own tables

    before = rows()
    answer(client)
    assert rows() == before
