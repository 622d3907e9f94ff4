"""A wrong entry about the fund's own money is undone on its page, and stays in the journal."""

import pytest
from starlette.testclient import TestClient

from loans.chart import CASH
from loans.storage.database import Database
from tests.app.visiting import errors_of, filled_in, signed_in, text_of
from tests.builders import Fund, disbursed_loan, open_fund


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def manager(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.manager)


def _book(manager: TestClient) -> str:
    """The address of a contribution of 5.00 that was booked on the pages."""
    address = "/fund/acts/contribution"
    typed = {"source": "Donor Two", "amount": "5", "checked": "yes"}
    booked = manager.post(address, data=filled_in(manager.get(address).text, address, typed))
    return str(booked.headers["location"]).partition("?")[0]


def test_a_manager_reverses_a_contribution_with_a_reason(fund: Fund, manager: TestClient) -> None:
    before = fund.balance(CASH)
    entry = _book(manager)
    assert fund.balance(CASH) == before + 500
    address = f"{entry}/reverse"
    assert f'href="{address}"' in manager.get(entry).text
    asked = manager.get(address).text
    empty = manager.post(address, data=filled_in(asked, address, {}))
    assert "why the entry is reversed" in errors_of(empty.text)["reason"]
    assert fund.balance(CASH) == before + 500
    sent = filled_in(asked, address, {"reason": "Wrong donor"})
    done = manager.post(address, data=sent)
    assert done.headers["location"].endswith("?done=reversed")
    again = manager.post(address, data=sent)
    assert again.headers["location"].endswith("?done=already-done")
    assert fund.balance(CASH) == before
    assert address not in manager.get(entry).text
    assert "This entry was reversed before." in text_of(manager.get(address).text)


def test_only_the_manager_is_offered_it_and_not_for_what_belongs_to_a_loan(
    fund: Fund, manager: TestClient
) -> None:
    entry = _book(manager)
    auditor = signed_in(fund.database, fund.auditor)
    assert "/reverse" not in auditor.get(entry).text
    assert auditor.get(f"{entry}/reverse").status_code == 403
    disbursed_loan(fund)
    journal = manager.get("/ledger/entries?event=disbursement").text
    paid = journal.partition('<a href="/ledger/entries/')[2].partition('"')[0]
    assert f"/ledger/entries/{paid}/reverse" not in manager.get(f"/ledger/entries/{paid}").text
    refused = text_of(manager.get(f"/ledger/entries/{paid}/reverse").text)
    assert "What belongs to a loan is reversed on the page of the loan" in refused


def test_the_way_back_from_a_release_leads_to_the_accounts(manager: TestClient) -> None:
    assert manager.get("/fund/acts/release").headers["location"] == "/fund/accounts"
