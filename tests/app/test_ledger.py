"""The books as pages: trial balance, accounts, journal, entries, the check and closing a month."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app import clock
from loans.books import ledger
from loans.chart import CASH
from loans.own_money import record_administration
from loans.servicing.receipts import reverse_receipt
from loans.storage.database import Database, new_id
from tests.app.visiting import boxes, errors_of, filled_in, signed_in, text_of
from tests.builders import (
    FIRST_DUE_ON,
    OPENED_ON,
    PAY_OUT_ON,
    Fund,
    disbursed_loan,
    open_fund,
    receive,
)

HOSTILE = ["NaN", "9" * 5000, "12\x00", "<i>7</i>", "2026-02-31", "\u0663"]


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def auditor(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.auditor)


@pytest.fixture
def manager(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.manager)


def test_the_trial_balance_balances_and_leads_to_each_account(
    fund: Fund, auditor: TestClient
) -> None:
    disbursed_loan(fund)
    page = auditor.get("/ledger").text
    assert text_of(page).count("1,000,000.00") == 3
    assert "Debits equal credits." in text_of(page)
    for code in re.findall(r'href="(/ledger/accounts/\d+\?[^"]*)"', page):
        assert auditor.get(code.replace("&amp;", "&")).status_code == 200


def test_the_trial_balance_of_a_past_day_and_as_known_then(fund: Fund, auditor: TestClient) -> None:
    loan_id = disbursed_loan(fund)
    receive(
        fund,
        loan_id,
        100_000,
        on=FIRST_DUE_ON,
        entered_on=FIRST_DUE_ON + timedelta(days=9),
    )
    before = text_of(auditor.get(f"/ledger?as_of={PAY_OUT_ON - timedelta(days=1)}").text)
    assert "Loans to borrowers Asset 108,000.00" not in before
    paid_out = text_of(auditor.get(f"/ledger?as_of={PAY_OUT_ON}").text)
    assert "Loans to borrowers Asset 108,000.00" in paid_out
    as_of = f"/ledger?as_of={FIRST_DUE_ON}"
    assert "893,000.00" in text_of(auditor.get(as_of).text)
    known = text_of(auditor.get(f"{as_of}&known_on={FIRST_DUE_ON}").text)
    assert "892,000.00" in known
    assert f"as known on {FIRST_DUE_ON.day} April 2026" in known


@pytest.mark.parametrize("typed", [*HOSTILE, "2999-01-01"])
def test_a_day_that_cannot_be_read_or_has_not_come_is_said_at_its_field(
    auditor: TestClient, typed: str
) -> None:
    for address in ("/ledger", "/ledger/accounts/1010", "/fund", "/fund/figures/c2"):
        page = auditor.get(address, params={"as_of": typed})
        assert page.status_code == 422
        assert errors_of(page.text)["as_of"].startswith(("Enter", "The", "February", "Day"))


def test_tomorrow_has_no_figures_yet(auditor: TestClient) -> None:
    tomorrow = str(clock.today() + timedelta(days=1))
    for address, field in (("/ledger", "as_of"), ("/ledger", "known_on"), ("/fund", "as_of")):
        page = auditor.get(address, params={field: tomorrow})
        assert page.status_code == 422
        assert errors_of(page.text)[field].startswith("Enter a day up to today")


def test_an_account_runs_to_its_balance_and_leads_to_entries_and_loans(
    fund: Fund, auditor: TestClient
) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, 100_000, on=FIRST_DUE_ON)
    page = auditor.get("/ledger/accounts/1010").text
    read = text_of(page)
    assert fund.balance(CASH) == 89_300_000
    assert "Balance EUR 893,000.00" in read
    assert "893,000.00" in read.rpartition("108,000.00")[2]
    assert len(re.findall(r'href="/ledger/entries/[0-9a-f-]{36}"', page)) == 3
    one_loan = auditor.get("/ledger/accounts/1210", params={"loan": loan_id}).text
    assert f'href="/loans/{loan_id}"' in one_loan
    assert "Only postings of loan" in text_of(one_loan)


def test_an_account_can_be_read_for_one_kind_of_entry(fund: Fund, auditor: TestClient) -> None:
    disbursed_loan(fund)
    read = text_of(auditor.get("/ledger/accounts/1010", params={"event": "disbursement"}).text)
    assert "Sum of these postings EUR \N{MINUS SIGN}108,000.00" in read
    assert "Only entries of the kind “Pay-out”." in read


def test_a_long_account_is_read_page_by_page_without_losing_a_line(
    fund: Fund, auditor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loans.books.ledger_views.LINES_A_PAGE", 2)
    loan_id = disbursed_loan(fund)
    for cents in (100, 200, 300):
        receive(fund, loan_id, cents, on=FIRST_DUE_ON)
    pages = [
        auditor.get("/ledger/accounts/1010", params={"number": number}).text for number in "123"
    ]
    assert len({link for page in pages for link in entry_links(page)}) == 5
    assert "Brought forward" in text_of(pages[-1])
    assert "Page 3 of 3" in text_of(pages[-1])
    far = auditor.get("/ledger/accounts/1010", params={"number": "9" * 40})
    assert "Page 1 of 3" in text_of(far.text)


def test_the_journal_filters_by_kind_and_day_and_goes_on_to_earlier_entries(
    fund: Fund, auditor: TestClient
) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, 100, on=FIRST_DUE_ON)
    every = auditor.get("/ledger/entries").text
    assert len(entry_links(every)) == 5  # with the commitment, and interest until the receipt
    assert "Officer Person" in text_of(every)
    only = auditor.get("/ledger/entries", params={"event": "receipt"}).text
    assert len(entry_links(only)) == 1
    days = {"from_on": str(PAY_OUT_ON), "to_on": str(PAY_OUT_ON)}
    assert len(entry_links(auditor.get("/ledger/entries", params=days).text)) == 1
    first = entry_links(every)[0].rpartition("/")[2]
    rest = auditor.get("/ledger/entries", params={"before": first}).text
    assert entry_links(rest) == entry_links(every)[1:]
    assert "Newest entries" in text_of(rest)


def test_an_entry_too_long_for_the_journal_keeps_its_number(
    fund: Fund, auditor: TestClient
) -> None:
    with fund.act(PAY_OUT_ON) as (session, moment):
        ledger.post(
            session,
            facility_id=fund.facility_id,
            event="administration",
            effective_on=moment.on,
            booked_at=moment.at,
            actor_id=fund.manager.user_id,
            key="long",
            legs=(*(ledger.debit("5010", 1) for _ in range(41)), ledger.credit("1010", 41)),
        )
    page = auditor.get("/ledger/entries").text
    assert page.count('<td colspan="3">42 postings') == 1
    row = page.partition('<td colspan="3">42 postings')[0].rpartition("<tr>")[2]
    assert re.search(r'<th scope="row" class="num">\d+</th>', row)
    assert row.count("<td") == 2


def entry_links(page: str) -> list[str]:
    return re.findall(r'href="(/ledger/entries/[0-9a-f-]{36})"', page)


def test_days_of_the_journal_in_the_wrong_order_are_named(auditor: TestClient) -> None:
    page = auditor.get("/ledger/entries", params={"from_on": "2026-02-01", "to_on": "2026-01-01"})
    assert page.status_code == 422
    assert "lies before the first" in errors_of(page.text)["to_on"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_addresses_find_nothing_and_break_nothing(auditor: TestClient, typed: str) -> None:
    assert auditor.get("/ledger/entries", params={"before": typed}).status_code == 200
    assert auditor.get("/ledger/entries", params={"event": typed}).status_code in (200, 422)
    assert auditor.get("/ledger/accounts/1010", params={"loan": typed}).status_code == 200
    for address in ("/ledger/accounts/{}", "/ledger/entries/{}", "/fund/figures/{}"):
        page = auditor.get(address.format(typed.replace("<", "%3C").replace("\x00", "%00")))
        assert page.status_code == 404


def test_an_entry_shows_who_booked_it_and_what_reversed_it(fund: Fund, auditor: TestClient) -> None:
    loan_id = disbursed_loan(fund)
    receipt = receive(fund, loan_id, 100_000, on=FIRST_DUE_ON)
    with fund.act(FIRST_DUE_ON) as (session, moment):
        reversal = reverse_receipt(
            session, fund.officer, moment, receipt.receipt_id, reason="Wrong", key=new_id()
        )
    page = auditor.get(f"/ledger/entries/{receipt.entry_id}").text
    assert f'href="/ledger/entries/{reversal}"' in page
    assert f'href="/loans/{loan_id}"' in page
    assert "Booked by Officer Person" in text_of(page)
    assert "reverses an earlier one" in text_of(auditor.get(f"/ledger/entries/{reversal}").text)


def test_the_check_names_every_rule(fund: Fund, auditor: TestClient) -> None:
    disbursed_loan(fund)
    read = text_of(auditor.get("/ledger/check").text)
    assert "The books are sound" in read
    assert "The account of loans equals the sum over the loans" in read
    assert "Broken" not in read


def test_entries_of_a_month_that_were_booked_later_are_counted_beside(
    fund: Fund, manager: TestClient
) -> None:
    with fund.act(OPENED_ON.replace(month=2)) as (session, moment):
        record_administration(
            session,
            fund.manager,
            moment,
            purpose="Audit",
            amount_minor=100,
            paid_on=OPENED_ON,
            key=new_id(),
        )
    read = text_of(manager.get("/ledger/periods/2026-01/close").text)
    assert "Entries booked in it 1" in read
    assert "value date in it, whenever they were booked 2" in read


def test_a_manager_closes_a_month_once(manager: TestClient) -> None:
    address = "/ledger/periods/2026-01/close"
    asked = manager.get(address)
    assert "Entries booked in it 1" in text_of(asked.text)
    assert "value date in it, whenever they were booked 1" in text_of(asked.text)
    without_tick = manager.post(address, data=boxes(asked.text, address))
    assert without_tick.status_code == 422
    assert list(errors_of(without_tick.text)) == ["warnings_seen", "confirmed"]
    unseen = manager.post(address, data=filled_in(asked.text, address, {"confirmed": "yes"}))
    assert "seen what is still open" in errors_of(unseen.text)["warnings_seen"]
    assert text_of(unseen.text).count("Close the days first.") == 1
    ticks = {"confirmed": "yes", "warnings_seen": "yes"}
    sent = filled_in(unseen.text, address, ticks)
    done = manager.post(address, data=sent)
    assert done.headers["location"] == "/ledger?done=period-closed"
    assert manager.post(address, data=sent).headers["location"] == "/ledger?done=already-done"
    page = text_of(manager.get("/ledger").text)
    assert "January 2026 1 1,000,000.00 Manager Person" in page
    assert "closed already" in text_of(manager.get(address).text)
    again = manager.post(address, data={"request_key": "another", "confirmed": "yes"})
    assert again.status_code == 422


def test_a_month_that_is_not_over_or_is_no_month_cannot_be_closed(manager: TestClient) -> None:
    assert "not over" in text_of(manager.get("/ledger/periods/2099-01/close").text)
    for month in ("2026-13", "0000-01", "9999-12"):
        assert manager.get(f"/ledger/periods/{month}/close").status_code == 404
    sent = {"request_key": "k", "confirmed": "yes"}
    assert manager.post("/ledger/periods/2099-01/close", data=sent).status_code == 422


def test_only_the_manager_is_offered_to_close(fund: Fund, auditor: TestClient) -> None:
    assert "/close" not in auditor.get("/ledger").text
    assert "/close" in signed_in(fund.database, fund.manager).get("/ledger").text
    assert auditor.get("/ledger/periods/2026-01/close").status_code == 403


def test_the_check_says_what_is_broken_and_where(fund: Fund, auditor: TestClient) -> None:
    disbursed_loan(fund)
    with fund.act(PAY_OUT_ON) as (session, _moment):
        session.execute(text("UPDATE loan SET status = 'repaid'"))
    read = text_of(auditor.get("/ledger/check").text)
    assert "owe nothing Broken by 1 record, first L-2026-001" in read
