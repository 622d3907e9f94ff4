"""The fund's accounts at banks over JSON: opened, filled, paid from, and released for lending."""

from __future__ import annotations

from typing import Any

import pytest

from loans.chart import CASH
from loans.storage.database import Database
from tests.app.api.programs import Program, program_of, refusal
from tests.builders import FIRST_DUE_ON, OPENED_ON, PAY_OUT_ON, Fund, disbursed_loan, open_fund

SECOND = "1011"
OPENED = {"name": "Reserve", "bank": "Bank Two", "account_number": "LT121000011101001000"}
MOVED = {"from_account": CASH, "to_account": SECOND, "amount": "5000.00", "purpose": "Reserve"}


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


@pytest.fixture
def manager(fund: Fund) -> Program:
    program = program_of(fund.database, fund.manager)
    answered = program.post("/fund/accounts", OPENED)
    assert (answered.status_code, answered.json()) == (201, {"account": SECOND})
    return program


def booked(program: Program, path: str, body: dict[str, Any]) -> None:
    answered = program.post(path, body)
    assert answered.status_code == 201, answered.text


def account(program: Program, code: str) -> dict[str, Any]:
    listed = program.get("/fund/accounts").json()["accounts"]
    found: dict[str, Any] = next(one for one in listed if one["code"] == code)
    return found


def test_money_moves_to_an_account_and_is_paid_from_it(fund: Fund, manager: Program) -> None:
    booked(manager, "/fund/transfers", MOVED | {"moved_on": str(OPENED_ON)})
    cost = {"purpose": "Audit", "amount": "250", "paid_on": str(OPENED_ON)}
    booked(manager, "/fund/administration", cost | {"bank_account": SECOND})
    found = account(manager, SECOND)
    assert (found["balance"], found["available"], found["bank"]) == (
        "4750.00",
        "4750.00",
        "Bank Two",
    )
    assert fund.trial_balance()[SECOND] == 475_000


def test_costs_are_paid_in_the_currency_of_the_account(fund: Fund, manager: Program) -> None:
    yen = {"name": "Yen", "bank": "Bank Two", "account_number": "JP-1", "currency": "JPY"}
    assert manager.post("/fund/accounts", yen).json() == {"account": "1012"}
    given = {"source": "Donor Two", "amount": "90000", "paid_on": str(OPENED_ON)}
    booked(manager, "/fund/contributions", given | {"bank_account": "1012"})
    cost = {"purpose": "Audit", "amount": "250", "paid_on": str(OPENED_ON), "bank_account": "1012"}
    booked(manager, "/fund/administration", cost)
    assert fund.trial_balance()["5010-JPY"] == 250
    refused = manager.post("/fund/administration", cost | {"amount": "0.50"})
    assert refused.status_code == 422


def test_restricted_money_is_reserved_until_it_is_released(manager: Program) -> None:
    given = {"source": "Donor Two", "amount": "900", "paid_on": str(OPENED_ON)}
    wanted = {"restriction": "Lithuania", "restricted_until": "2027-12-31"}
    booked(manager, "/fund/contributions", given | wanted | {"bank_account": SECOND})
    assert account(manager, SECOND)["available"] == "0.00"
    (restricted,) = manager.get("/fund/accounts").json()["restricted"]
    assert (restricted["given"], restricted["left"]) == ("900.00", "900.00")
    released = {"account": restricted["account_code"], "reason": "A loan in Lithuania"}
    above = manager.post("/fund/releases", released | {"amount": "900.01"})
    assert (above.status_code, refusal(above)[1]) == (422, ("amount",))
    booked(manager, "/fund/releases", released | {"amount": "400"})
    assert account(manager, SECOND)["available"] == "400.00"


def test_a_contribution_is_in_the_currency_of_its_account(fund: Fund, manager: Program) -> None:
    opened = OPENED | {"account_number": "US-778899", "currency": "USD"}
    third = manager.post("/fund/accounts", opened).json()["account"]
    given = {"source": "Donor Three", "amount": "70", "paid_on": str(OPENED_ON)}
    booked(manager, "/fund/contributions", given | {"bank_account": third})
    assert account(manager, third)["balance"] == "70.00"
    assert account(manager, third)["currency"] == "USD"
    loan = disbursed_loan(fund)
    paid = {"amount": "10", "received_on": str(FIRST_DUE_ON), "bank_reference": "L 1"}
    officer = program_of(fund.database, fund.officer)
    refused = officer.post(f"/loans/{loan}/receipts", paid | {"bank_account": third})
    assert (refused.status_code, refusal(refused)[1]) == (422, ("bank_account",))
    booked(officer, f"/loans/{loan}/receipts", paid | {"bank_account": SECOND})
    assert fund.trial_balance()[SECOND] == 1_000


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/fund/transfers", MOVED | {"from_account": "1099"}, "from_account"),
        ("/fund/transfers", MOVED | {"to_account": "1099"}, "to_account"),
        ("/fund/transfers", MOVED | {"to_account": CASH}, "to_account"),
        ("/fund/accounts", OPENED, "account_number"),
        ("/fund/accounts", OPENED | {"name": ""}, "name"),
        ("/fund/accounts", OPENED | {"currency": "XXZ", "account_number": "A 1"}, "currency"),
        ("/fund/accounts", OPENED | {"account": "1099"}, "account"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    manager: Program, path: str, body: dict[str, Any], field: str
) -> None:
    day = {"moved_on": str(PAY_OUT_ON)} if path.endswith("transfers") else {}
    answered = manager.post(path, body | day)
    assert (answered.status_code, refusal(answered)[1]) == (422, (field,))
