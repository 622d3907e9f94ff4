"""The pages of accounts at banks: opened, money between them, released, and named by a receipt."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from loans.chart import CASH
from loans.storage.database import Database, new_id
from tests.app.api.programs import program_of, refusal
from tests.app.visiting import errors_of, filled_in, signed_in, text_of
from tests.builders import FIRST_DUE_ON, OPENED_ON, Fund, disbursed_loan, open_fund

SECOND = "1011"


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def manager(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.manager)


def sent(client: TestClient, act: str, answers: dict[str, Any], *, about: str = "") -> Any:
    """Fill in the form and, where it is shown with its effect, confirm it."""
    address = f"/fund/acts/{act}"
    page = client.get(f"{address}?account={about}" if about else address).text
    asked = client.post(address, data=filled_in(page, address, answers))
    if asked.status_code != 200:
        return asked
    return client.post(address, data=filled_in(asked.text, address, {"checked": "yes"}))


def day(name: str) -> dict[str, str]:
    on = OPENED_ON
    return {
        f"{name}-day": str(on.day),
        f"{name}-month": str(on.month),
        f"{name}-year": str(on.year),
    }


def opened(manager: TestClient) -> None:
    answers = {"name": "Reserve", "bank": "Bank Two", "account_number": "LT121000011101001000"}
    assert sent(manager, "bank-account", answers).status_code == 303


def test_an_account_is_opened_and_money_moves_to_it(fund: Fund, manager: TestClient) -> None:
    opened(manager)
    read = text_of(manager.get("/fund/accounts").text)
    assert "1011 Reserve Bank Two" in read
    assert "No contribution is restricted." in read
    answers = {"from_account": CASH, "to_account": SECOND, "amount": "5 000", "purpose": "Reserve"}
    assert sent(manager, "transfer", answers | day("moved_on")).status_code == 303
    assert fund.trial_balance()[SECOND] == 500_000
    same = sent(manager, "transfer", answers | day("moved_on") | {"to_account": CASH})
    assert same.status_code == 422
    assert "to_account" in errors_of(same.text)


def test_everything_wrong_is_said_at_once(manager: TestClient) -> None:
    opened(manager)
    late = {"moved_on-day": "1", "moved_on-month": "1", "moved_on-year": "2099"}
    moved = {"from_account": CASH, "to_account": SECOND, "amount": "-5"}
    page = sent(manager, "transfer", {**moved, **late, "purpose": ""})
    assert list(errors_of(page.text)) == ["amount", "moved_on", "purpose"]
    assert "Enter more than EUR 0.00." in errors_of(page.text)["amount"]
    far = {**moved, **late, "amount": "99 000 000", "purpose": "Reserve"}
    page = sent(manager, "transfer", far)
    assert list(errors_of(page.text)) == ["amount", "moved_on"]
    unnamed = {"bank": "Bank Two", "account_number": "LT121000011101001000", "name": " "}
    address = "/fund/acts/bank-account"
    before_its_check = filled_in(manager.get(address).text, address, unnamed)
    assert list(errors_of(manager.post(address, data=before_its_check).text)) == ["name"]


def test_money_is_asked_for_in_the_currency_of_its_account(fund: Fund, manager: TestClient) -> None:
    acts = ("contribution", "administration", "transfer")

    def asked_in(words: str) -> list[bool]:
        return [words in text_of(manager.get(f"/fund/acts/{act}").text) for act in acts]

    assert asked_in(", in EUR") == [True, True, True]
    assert "counts in none of them" not in text_of(manager.get("/fund").text)
    yen = {"name": "Yen", "bank": "Bank Two", "account_number": "JP-1", "currency": "JPY"}
    assert sent(manager, "bank-account", yen).status_code == 303
    assert "Money in JPY counts in none of them" in text_of(manager.get("/fund").text)
    assert asked_in(", in the currency of the account") == [True, True, True]
    assert asked_in(", in EUR") == [False, False, False]
    given = {"source": "Donor Two", "amount": "90000", "bank_account": SECOND}
    assert sent(manager, "contribution", given | day("paid_on")).status_code == 303
    cost = {"purpose": "Audit", "amount": "250", "bank_account": SECOND}
    assert sent(manager, "administration", cost | day("paid_on")).status_code == 303
    balances = fund.trial_balance()
    assert (balances[SECOND], balances["5010-JPY"]) == (89_750, 250)
    more = sent(manager, "administration", cost | day("paid_on") | {"amount": "89751"})
    assert "JPY 89,750" in errors_of(more.text)["amount"]


def test_where_an_account_is_kept_is_corrected_with_a_reason(
    fund: Fund, manager: TestClient
) -> None:
    first = {"account": "1010", "bank": "Bank One", "account_number": "ONE-1"}
    assert sent(manager, "bank-account", first).status_code == 303
    page = manager.get("/fund/acts/bank-account?account=1010").text
    assert "Bank One, ONE-1 was entered and stays on record" in text_of(page)
    wrong = sent(manager, "bank-account", {**first, "account_number": "ONE-2"})
    assert errors_of(wrong.text) == {"reason": "Write why where the account is kept is corrected."}
    right = {**first, "account_number": "ONE-2", "reason": "Read from another contract"}
    assert sent(manager, "bank-account", right).status_code == 303
    assert "Bank One, ONE-2 Correct it" in text_of(manager.get("/fund/accounts").text)
    program = program_of(fund.database, fund.manager)
    again = program.post("/fund/accounts", {**first, "account_number": "ONE-3"})
    assert (again.status_code, refusal(again)[1]) == (422, ("reason",))
    done = program.post(
        "/fund/accounts", {**first, "account_number": "ONE-3", "reason": "By the bank's letter"}
    )
    assert done.json() == {"account": "1010"}


def test_a_last_day_needs_a_restriction(fund: Fund, manager: TestClient) -> None:
    answers = {"source": "Donor Two", "amount": "5.00", "paid_on": str(OPENED_ON)}
    page = sent(manager, "contribution", {**answers, "restricted_until": "2027-01-31"})
    said = "Enter what the donor gave the money for, or leave its last day blank."
    assert errors_of(page.text)["restriction"] == said
    body = {**answers, "restricted_until": "2027-01-31"}
    refused = program_of(fund.database, fund.manager).post("/fund/contributions", body)
    assert (refused.status_code, refusal(refused)) == (422, (said, ("restriction",)))


def test_what_cannot_have_been_on_its_day_is_said_before_anything_is_shown(
    manager: TestClient,
) -> None:
    answers = {"source": "Donor Two", "amount": "5.00", "restriction": "Lithuania"}
    address = "/fund/acts/contribution"
    ended = {**answers, **day("paid_on"), "restricted_until": "2026-01-04", "request_key": new_id()}
    assert (
        "from the day of the money"
        in errors_of(manager.post(address, data=ended).text)["restricted_until"]
    )
    opened(manager)
    cost = {"purpose": "Audit", "amount": "5.00", "paid_on": "2026-01-04"}
    moved = {"from_account": CASH, "to_account": SECOND, "purpose": "Reserve", "amount": "5.00"}
    for act, field, values in (
        ("administration", "paid_on", cost),
        ("transfer", "moved_on", {**moved, "moved_on": "2026-01-04"}),
    ):
        page = manager.post(f"/fund/acts/{act}", data={**values, "request_key": new_id()})
        assert page.status_code == 422
        assert "overdrawn on 4 January 2026 by EUR 5.00" in errors_of(page.text)[field]


def test_yen_are_written_without_cents_wherever_the_books_show_them(
    fund: Fund, manager: TestClient
) -> None:
    program = program_of(fund.database, fund.manager)
    account = {"name": "Yen", "bank": "Bank", "account_number": "JP-1", "currency": "JPY"}
    code = program.post("/fund/accounts", account).json()["account"]
    given = {"source": "Donor Two", "amount": "7000", "paid_on": str(OPENED_ON)}
    booked = program.post("/fund/contributions", {**given, "bank_account": code}).json()
    (entry,) = program.get("/ledger/entries", account=code).json()["entries"]
    assert [one["amount"] for one in entry["postings"]] == ["7000", "-7000"]
    pages = (
        "/ledger/entries",
        f"/ledger/entries/{booked['entry_id']}",
        f"/ledger/accounts/{code}",
        f"/ledger/general?account={code}&from_on={OPENED_ON}&to_on={OPENED_ON}",
    )
    for address in pages:
        shown = text_of(manager.get(address).text)
        assert "7,000" in shown
        assert "70.00" not in shown
    rows = manager.get(f"/ledger/general.csv?account={code}&from_on={OPENED_ON}&to_on={OPENED_ON}")
    assert "JPY,line" in rows.text


def test_restricted_money_is_released_in_part(fund: Fund, manager: TestClient) -> None:
    answers = {"source": "Donor Two", "amount": "900", "restriction": "Lithuania"}
    assert sent(manager, "contribution", answers | day("paid_on")).status_code == 303
    assert "Donor Two: Lithuania" in text_of(manager.get("/fund/accounts").text)
    before = fund.available()
    freed = {"amount": "400", "reason": "A loan in Lithuania"}
    assert sent(manager, "release", freed, about="3002-1").status_code == 303
    assert fund.available() == before + 40_000
    above = sent(manager, "release", freed | {"amount": "500.01"}, about="3002-1")
    assert "amount" in errors_of(above.text)


def test_a_receipt_names_the_account_that_it_came_to(fund: Fund, manager: TestClient) -> None:
    loan_id = disbursed_loan(fund)
    officer = signed_in(fund.database, fund.officer)
    address = f"/loans/{loan_id}/acts/receipt"
    assert "Account that it came to" not in officer.get(address).text
    opened(manager)
    asked = officer.get(address).text
    assert "Account that it came to" in asked
    answers = {
        "amount": "10",
        "received_on": str(FIRST_DUE_ON),
        "bank_reference": "L 1",
        "bank_account": SECOND,
    }
    checked = officer.post(address, data=filled_in(asked, address, answers)).text
    assert "1011 Reserve" in text_of(checked)
    done = officer.post(address, data=filled_in(checked, address, {"confirmed": "yes"}))
    assert done.status_code == 303
    assert fund.trial_balance()[SECOND] == 1_000
    wrong = officer.post(address, data=filled_in(asked, address, answers | {"bank_account": "9"}))
    assert "bank_account" in errors_of(wrong.text)
