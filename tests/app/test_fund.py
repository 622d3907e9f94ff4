"""The fund's page: key figures that open their rows, any day, and booking the fund's own money."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock
from app.fund_charts import MOST_SOURCES, OTHERS, fund_charts
from appraisal.money import from_minor
from loans import fund as capital
from loans import own_money
from loans.chart import ADMINISTRATION
from loans.figures.fund_definitions import DEFINITIONS
from loans.figures.fund_figures import Unit, fund_figures
from loans.figures.fund_series import fund_series
from loans.storage.database import Database, new_id
from tests.app.visiting import boxes, errors_of, filled_in, signed_in, text_of
from tests.builders import (
    FIRST_DUE_ON,
    OPENED_ON,
    Fund,
    approved_application,
    disbursed_loan,
    open_fund,
    repay_instalments,
    submitted_application,
    written_off_loan,
)

MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def manager(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.manager)


def live(fund: Fund) -> None:
    """Cases in every stage."""
    written_off_loan(fund)
    repay_instalments(fund, disbursed_loan(fund), 2)
    approved_application(fund)
    submitted_application(fund)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace(MINUS, "-"))


def sums(page: str) -> tuple[list[Decimal], list[Decimal]]:
    """The amounts of the rows behind a figure, and the sum below them."""
    table = page.partition("<tbody>")[2]
    amounts, _, rest = table.partition('scope="row">Sum<')
    shown = r'<td class="num">([^<%]*)</td>'
    if "There are no rows" in table or not rest:
        return [], []
    return (
        [number(text) for text in re.findall(shown, amounts)],
        [number(text) for text in re.findall(shown, rest)[:1]],
    )


def test_the_key_figures_stand_first_and_open_their_rows(fund: Fund, manager: TestClient) -> None:
    live(fund)
    page = manager.get("/fund").text
    read = text_of(page)
    for label in ("Money available", "Committed", "Lent out", "Portfolio at risk over 30 days"):
        assert label in read
    assert f"EUR {fund.balance() / 100:,.2f}" in read
    links = set(re.findall(r'href="(/fund/figures/[^"]+)"', page))
    assert {link.partition("?")[0].rpartition("/")[2] for link in links} == set(DEFINITIONS)
    assert not re.search(r"\b(nan|None|inf|undefined)\b", read)


@pytest.mark.parametrize("days", [0, 40, 210])
def test_the_rows_behind_each_figure_sum_to_it(fund: Fund, manager: TestClient, days: int) -> None:
    live(fund)
    as_of = FIRST_DUE_ON + timedelta(days=days)
    with fund.database.reading() as session:
        found = fund_figures(session, capital.the_facility(session), as_of).figures
    for code, figure in found.items():
        page = manager.get(f"/fund/figures/{code}?as_of={as_of}")
        assert page.status_code == 200
        rows, total = sums(page.text)
        if figure.unit is Unit.DAYS or not figure.row_count:
            assert (rows, total) == ([], [])
        else:
            shown = figure.total if figure.unit is Unit.CASES else from_minor(figure.total, "EUR")
            assert sum(rows) == total[0] == shown
            assert len(rows) == figure.row_count
        assert figure.formula in text_of(page.text)


def test_rows_lead_to_loans_cases_and_postings(fund: Fund, manager: TestClient) -> None:
    live(fund)
    as_of = FIRST_DUE_ON + timedelta(days=100)
    for code in ("c1", "c2", "c3", "c4", "c5", "par-30", "applied"):
        page = manager.get(f"/fund/figures/{code}?as_of={as_of}").text
        table = page.partition("The rows behind it")[2]
        links = {html.unescape(link) for link in re.findall(r'<a href="(/[^"]+)"', table)}
        assert links
        for link in links:
            assert manager.get(link).status_code == 200, link
    table = manager.get(f"/fund/figures/c2?as_of={as_of}").text.partition("The rows behind it")[2]
    postings = re.search(r'href="(/ledger/accounts/1210[^"]+)"', table)
    assert postings
    assert "/ledger/entries/" in manager.get(html.unescape(postings[1])).text


def test_a_fund_without_money_says_so(sqlite_database: Database) -> None:
    fund = open_fund(sqlite_database, capital_minor=0)
    manager = signed_in(sqlite_database, fund.manager)
    read = text_of(manager.get("/fund").text)
    assert "No money has come into the fund by this day." in read
    assert "No application was sent by this day." in read
    assert "none yet" in read
    assert not re.search(r"\b(nan|None|inf|undefined)\b", read)
    assert "There are no rows" in text_of(manager.get("/fund/figures/c2").text)


def test_a_past_day_shows_the_fund_of_that_day(fund: Fund, manager: TestClient) -> None:
    live(fund)
    read = text_of(manager.get(f"/fund?as_of={OPENED_ON}").text)
    assert "The fund on 5 January 2026" in read
    assert "Lent out 0.00" in read


def test_only_the_manager_is_offered_to_book(fund: Fund, manager: TestClient) -> None:
    assert "/fund/acts/contribution" in manager.get("/fund").text
    auditor = signed_in(fund.database, fund.auditor)
    assert "/fund/acts/" not in auditor.get("/fund").text
    assert auditor.get("/fund/acts/contribution").status_code == 403


def book(client: TestClient, act: str, answers: dict[str, Any]) -> Any:
    """Fill in the form, then confirm what it will do."""
    address = f"/fund/acts/{act}"
    asked = client.post(address, data=filled_in(client.get(address).text, address, answers))
    if asked.status_code != 200:
        return asked
    sent = filled_in(asked.text, address, {"checked": "yes"})
    done = client.post(address, data=sent)
    again = client.post(address, data=sent)
    assert again.headers["location"].endswith("?done=already-done")
    return done


def paid_on(on: date) -> dict[str, str]:
    return {
        "paid_on-day": str(on.day),
        "paid_on-month": str(on.month),
        "paid_on-year": str(on.year),
    }


def test_a_contribution_is_shown_with_its_effect_and_booked_once(
    fund: Fund, manager: TestClient
) -> None:
    answers = {"source": "Donor Two", "amount": "1 234,50", **paid_on(OPENED_ON)}
    address = "/fund/acts/contribution"
    asked = manager.post(address, data=filled_in(manager.get(address).text, address, answers))
    read = text_of(asked.text)
    assert "EUR 1,234.50" in read
    assert "Capital base 1,000,000.00 1,001,234.50" in read
    assert fund.balance() == 100_000_000
    done = book(manager, "contribution", answers)
    assert done.status_code == 303
    assert fund.balance() == 100_123_450
    assert fund.trial_balance()["3002"] == -123_450
    entry = text_of(manager.get(done.headers["location"]).text)
    assert "The contribution is booked." in entry
    assert "Contribution of Donor Two" in entry


def test_administration_is_booked_and_lowers_the_capital(fund: Fund, manager: TestClient) -> None:
    done = book(
        manager,
        "administration",
        {"purpose": "Audit of 2025", "amount": "250", **paid_on(OPENED_ON)},
    )
    assert done.status_code == 303
    assert fund.trial_balance()[ADMINISTRATION] == 25_000


def test_what_was_shown_can_be_changed(manager: TestClient) -> None:
    address = "/fund/acts/administration"
    answers = {"purpose": "Audit", "amount": "250", **paid_on(OPENED_ON)}
    asked = manager.post(address, data=filled_in(manager.get(address).text, address, answers))
    again = manager.post(address, data=filled_in(asked.text, address, {"checked": "change"}))
    kept = boxes(again.text, address)
    assert (kept["purpose"], kept["amount"], kept["paid_on-year"]) == ("Audit", "250", "2026")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1e400"}, "amount"),
        ({"amount": "9" * 5000}, "amount"),
        ({"amount": "1000000.01"}, "amount"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "Audit\x00"}, "purpose"),
        ({"paid_on-year": "2999"}, "paid_on"),
        ({"paid_on-day": "31", "paid_on-month": "2"}, "paid_on"),
        ({"checked": "perhaps"}, "checked"),
    ],
)
def test_what_cannot_be_booked_is_named_at_its_field_and_nothing_typed_is_lost(
    fund: Fund, manager: TestClient, answers: dict[str, str], field: str
) -> None:
    whole = {"purpose": "Audit", "amount": "250", **paid_on(OPENED_ON), **answers}
    address = "/fund/acts/administration"
    page = manager.post(address, data=filled_in(manager.get(address).text, address, whole))
    assert page.status_code == 422
    assert field in errors_of(page.text)
    if field != "purpose":
        assert boxes(page.text, address)["purpose"] == "Audit"
    assert fund.balance() == 100_000_000


@pytest.mark.parametrize("checked", [{}, {"checked": "yes"}])
def test_a_day_to_come_is_refused_before_and_at_booking(
    manager: TestClient, checked: dict[str, str]
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    sent = {
        "request_key": new_id(),
        "source": "Donor",
        "amount": "5",
        **paid_on(tomorrow),
        **checked,
    }
    page = manager.post("/fund/acts/contribution", data=sent)
    assert page.status_code == 422
    assert "paid_on" in errors_of(page.text)


def test_an_act_that_does_not_exist_is_not_found(manager: TestClient) -> None:
    assert manager.get("/fund/acts/lottery").status_code == 404
    assert manager.post("/fund/acts/lottery", data={}).status_code == 404


def test_many_sources_are_drawn_as_five_with_the_smallest_together(fund: Fund) -> None:
    for amount in range(1, MOST_SOURCES + 1):
        with fund.act(OPENED_ON) as (session, moment):
            own_money.record_contribution(
                session,
                fund.manager,
                moment,
                source=f"Source {amount}",
                amount_minor=amount * 100,
                paid_on=OPENED_ON,
                key=new_id(),
            )
    with fund.database.reading() as session:
        facility = capital.the_facility(session)
        found = fund_figures(session, facility, OPENED_ON)
        charts = fund_charts(found, fund_series(session, facility, OPENED_ON))
    head = charts["contributions"].table.headers
    assert len(head) == MOST_SOURCES + 1
    assert head[-1] == f"{OTHERS}, EUR"
    assert charts["contributions"].table.rows[0][-1] == "3.00"
    assert charts["overdue"].sentence == "Nothing is overdue."
    assert not charts["overdue"].svg
