"""Closed days and reminders as pages and over JSON."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from app import clock
from loans.storage.database import Database, new_id
from tests.app.api.programs import Program, program_of, refusal
from tests.app.visiting import errors_of, filled_in, signed_in, text_of
from tests.builders import Fund, disbursed_loan, open_fund

LATE_ON = date(2026, 4, 3)
"""The day after the first instalment of the golden loan was due."""
FORM = "/ledger/days/close"


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def manager(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.manager)


@pytest.fixture
def officer(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.officer)


def close(client: TestClient, day: str) -> tuple[int, str]:
    page = client.get(FORM).text
    answer = client.post(FORM, data=filled_in(page, FORM, {"day": day}))
    return answer.status_code, answer.headers.get("location", answer.text)


def letter_to_send(client: TestClient) -> str:
    found = re.search(r'href="(/reminders/[0-9a-f-]{36})"', client.get("/reminders").text)
    assert found
    return found[1]


def test_a_manager_closes_days_and_reads_what_they_found(fund: Fund, manager: TestClient) -> None:
    assert "No day is closed yet." in text_of(manager.get("/ledger/days").text)
    disbursed_loan(fund)
    status, location = close(manager, LATE_ON.isoformat())
    assert (status, location) == (303, f"/ledger/days/{LATE_ON}?done=days-closed")
    shown = text_of(manager.get(location).text)
    assert "The days are closed." in shown
    assert "1-30 1 4,143.82" in shown
    assert "Reminders 1" in shown
    listed = text_of(manager.get("/ledger/days").text)
    assert "3 April 2026 1 1" in listed
    entry = re.search(r'href="(/ledger/entries/[^"]+)"', manager.get(location).text)
    assert entry
    assert "Close of the day, part 1" in text_of(manager.get(entry[1]).text)


def test_a_day_that_cannot_be_closed_is_said_at_its_field(manager: TestClient) -> None:
    for typed in ("", "31.02.2026", (clock.today() + timedelta(days=1)).isoformat()):
        status, page = close(manager, typed)
        assert status == 422
        assert "day" in errors_of(page)
    for address in ("/ledger/days/2026-04-03", "/ledger/days/none"):
        assert manager.get(address).status_code == 404


def test_only_managers_close_and_only_officers_send(fund: Fund, officer: TestClient) -> None:
    assert officer.get(FORM).status_code == 403
    auditor = signed_in(fund.database, fund.auditor)
    assert auditor.get("/ledger/days").status_code == 200
    assert FORM not in auditor.get("/ledger/days").text
    assert signed_in(fund.database, fund.enterprise).get("/reminders").status_code == 403


def test_an_officer_sends_the_letter_and_its_text_is_kept(
    fund: Fund, manager: TestClient, officer: TestClient
) -> None:
    disbursed_loan(fund)
    close(manager, LATE_ON.isoformat())
    assert "Reminders due: 1" in text_of(officer.get("/loans").text)
    address = letter_to_send(officer)
    page = officer.get(address).text
    assert "We ask you to pay EUR 4,143.82 now." in text_of(page)
    assert f'action="{address}"' not in manager.get(address).text
    empty = officer.post(address, data=filled_in(page, address, {"outcome": "dropped"}))
    assert errors_of(empty.text)["reason"] == "Write why no letter goes out."
    sent = officer.post(address, data=filled_in(empty.text, address, {"outcome": "sent"}))
    assert sent.headers["location"] == "/reminders?done=reminder-kept"
    assert "No reminder is of this kind." in text_of(officer.get("/reminders").text)
    kept = officer.get(address).text
    assert "What became of it Sent" in text_of(kept)
    assert "We ask you to pay EUR 4,143.82 now." in text_of(kept)
    assert address in officer.get("/reminders?status=sent").text


def test_days_and_reminders_over_json(fund: Fund) -> None:
    disbursed_loan(fund)
    manager = program_of(fund.database, fund.manager)
    officer = program_of(fund.database, fund.officer)
    closed = manager.post(f"/ledger/days/{LATE_ON}/close").json()
    assert (closed["was_closed_before"], closed["notice"]) == (False, None)
    again = manager.post(f"/ledger/days/{LATE_ON}/close").json()
    assert again["was_closed_before"] is True
    day = officer.get(f"/ledger/days/{LATE_ON}").json()
    assert (day["running_count"], day["totals"]["late_counts"]) == (1, [1, 0, 0, 0, 0])
    assert officer.get("/ledger/days").json()["days"] == [day]
    found = officer.get("/reminders").json()
    assert (found["count"], found["reminders"][0]["amount"]) == (1, "4143.82")
    reminder_id = found["reminders"][0]["reminder_id"]
    assert officer.post(f"/reminders/{reminder_id}/send").json()["status"] == "sent"
    assert_refused(officer, f"/reminders/{reminder_id}/drop", 409)
    assert manager.post(f"/reminders/{reminder_id}/send").status_code == 403
    assert_refused(officer, f"/reminders/{new_id()}/drop", 404)
    future = manager.post(f"/ledger/days/{clock.today() + timedelta(days=1)}/close")
    assert future.status_code == 422
    assert refusal(future)[1] == ("day",)
    assert officer.get("/ledger/days/2026-04-01").status_code == 404


def assert_refused(program: Program, path: str, status: int) -> None:
    assert program.post(path, {"reason": "Paid"}).status_code == status
