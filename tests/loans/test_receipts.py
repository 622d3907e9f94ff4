"""Receipts: what they pay, what is refused, and a reversal that leaves everything as it was."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loans import receipts
from loans.chart import CASH, INTEREST_INCOME, LOANS, RECOVERIES
from loans.component import Component
from loans.database import Database, new_id
from loans.entered_text import TextMissing
from loans.fund import FutureDay
from loans.ledger_balances import loan_balances
from loans.loan_case import WrongAmount, WrongDay, WrongLoanStatus, WrongPerson
from loans.people import Actor
from loans.receipts import NotTheLatest, SameAgain
from loans.refusal import Missing, Refusal
from loans.tables import Loan
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    Fund,
    disbursed_loan,
    open_fund,
    receive,
    repaid_loan,
    signed_loan,
    written_off_loan,
)

LEVEL = 414_382
FIRST_INTEREST = 55_036


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def record(
    fund: Fund, loan_id: str, actor: Actor | None = None, *, today: date, **changes: Any
) -> receipts.Allocated:
    values: dict[str, Any] = {
        "amount_minor": LEVEL,
        "received_on": today,
        "bank_reference": "Line 1",
    }
    with fund.act(today) as (session, moment):
        return receipts.record_receipt(
            session, actor or fund.officer, moment, loan_id, key=new_id(), **(values | changes)
        )


def reverse(fund: Fund, receipt_id: str, actor: Actor | None = None, reason: str = "Twice") -> str:
    with fund.act(date(2027, 12, 1)) as (session, moment):
        return receipts.reverse_receipt(
            session, actor or fund.officer, moment, receipt_id, reason=reason, key=new_id()
        )


def parts(found: receipts.Allocated) -> list[tuple[int, str, int]]:
    return [(p.instalment_number, p.component.value, p.amount_minor) for p in found.parts]


def status(fund: Fund, loan_id: str) -> str:
    with fund.database.reading() as session:
        return session.get_one(Loan, loan_id).status


def test_a_receipt_pays_interest_then_principal_of_the_oldest_instalment(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    first = receive(fund, loan_id, 60_000, on=FIRST_DUE_ON)
    assert parts(first) == [
        (1, "interest", FIRST_INTEREST),
        (1, "principal", 60_000 - FIRST_INTEREST),
    ]
    rest = receive(fund, loan_id, LEVEL - 60_000 + 100, on=FIRST_DUE_ON)
    assert parts(rest) == [(1, "principal", LEVEL - 60_000), (2, "interest", 100)]
    books = fund.trial_balance()
    assert books[INTEREST_INCOME] == -(FIRST_INTEREST + 100)
    assert books[LOANS] == fund.outstanding(loan_id) == 10_800_000 - (LEVEL - FIRST_INTEREST)
    assert sum(books.values()) == 0


def test_the_last_receipt_closes_the_loan(fund: Fund) -> None:
    loan_id = repaid_loan(fund)
    assert status(fund, loan_id) == "repaid"
    assert fund.outstanding(loan_id) == 0
    with pytest.raises(WrongLoanStatus):
        record(fund, loan_id, today=date(2028, 8, 1))


def test_receipts_are_refused_in_words(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    record(fund, loan_id, today=FIRST_DUE_ON)
    today = date(2026, 5, 2)
    cases: list[tuple[type[Refusal], Actor, dict[str, Any], str]] = [
        (WrongPerson, fund.manager, {}, ""),
        (Missing, fund.other_enterprise, {}, ""),
        (WrongPerson, fund.enterprise, {}, ""),
        (WrongAmount, fund.officer, {"amount_minor": 0}, "amount"),
        (WrongAmount, fund.officer, {"amount_minor": -5}, "amount"),
        (WrongAmount, fund.officer, {"amount_minor": 10**12}, "amount"),
        (FutureDay, fund.officer, {"received_on": today + timedelta(days=1)}, "received_on"),
        (WrongDay, fund.officer, {"received_on": PAY_OUT_ON - timedelta(days=1)}, "received_on"),
        (WrongDay, fund.officer, {"received_on": FIRST_DUE_ON - timedelta(days=1)}, "received_on"),
        (TextMissing, fund.officer, {"bank_reference": ""}, "bank_reference"),
    ]
    before = fund.trial_balance()
    for kind, actor, changes, field in cases:
        with pytest.raises(kind) as refusal:
            record(fund, loan_id, actor, today=today, **changes)
        assert (refusal.value.field or "") == field
    with pytest.raises(Missing):
        record(fund, "no-such-loan", today=today)
    assert fund.trial_balance() == before


def test_nothing_is_received_on_a_loan_not_paid_out(fund: Fund) -> None:
    with pytest.raises(WrongLoanStatus):
        record(fund, signed_loan(fund), today=PAY_OUT_ON)


def test_a_plan_says_what_the_receipt_will_pay_and_records_nothing(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    before = fund.trial_balance()
    asked: dict[str, Any] = {"amount_minor": 700_000, "received_on": FIRST_DUE_ON}
    with fund.act(FIRST_DUE_ON) as (session, moment):
        plan = receipts.plan_receipt(session, fund.officer, moment, loan_id, **asked)
    assert fund.trial_balance() == before
    assert record(fund, loan_id, today=FIRST_DUE_ON, **asked).parts == plan


def test_a_reversal_leaves_the_books_and_the_loan_as_they_were(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    before = fund.trial_balance(), fund.balance(as_of=FIRST_DUE_ON)
    found = receive(fund, loan_id, 3 * LEVEL, on=FIRST_DUE_ON)
    assert fund.trial_balance() != before[0]
    reverse(fund, found.receipt_id)
    assert (fund.trial_balance(), fund.balance(as_of=FIRST_DUE_ON)) == before
    again = receive(fund, loan_id, 3 * LEVEL, on=FIRST_DUE_ON, entered_on=date(2027, 12, 2))
    assert again.parts == found.parts


def test_reversing_the_last_receipt_opens_a_repaid_loan_again(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    with fund.database.reading() as session:
        owed = sum(one.total_minor for one in receipts.instalment_states(session, loan_id))
    found = receive(fund, loan_id, owed, on=FIRST_DUE_ON)
    assert found.is_repaid
    reverse(fund, found.receipt_id)
    assert status(fund, loan_id) == "repaying"
    assert fund.outstanding(loan_id) == 10_800_000


def test_one_line_of_the_bank_statement_is_one_receipt(fund: Fund) -> None:
    """Another key does not make another payment; after the reversal it may be entered again."""
    loan_id = disbursed_loan(fund)
    first = receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON, bank_reference="Line 7")
    with pytest.raises(SameAgain, match="recorded already") as refusal:
        receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON, bank_reference="Line 7")
    assert refusal.value.field == "bank_reference"
    reverse(fund, first.receipt_id)
    receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON, bank_reference="Line 7")


def test_reversals_go_from_the_newest_back(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    first = receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON)
    second = receive(fund, loan_id, LEVEL + 1, on=FIRST_DUE_ON)
    with pytest.raises(NotTheLatest):
        reverse(fund, first.receipt_id)
    with pytest.raises(WrongPerson):
        reverse(fund, second.receipt_id, fund.manager)
    with pytest.raises(TextMissing):
        reverse(fund, second.receipt_id, reason=" ")
    with pytest.raises(Missing):
        reverse(fund, second.receipt_id, fund.other_enterprise)
    with pytest.raises(Missing):
        reverse(fund, "no-such-receipt")
    reverse(fund, second.receipt_id)
    with pytest.raises(NotTheLatest):
        reverse(fund, second.receipt_id)
    reverse(fund, first.receipt_id)
    assert fund.outstanding(loan_id) == 10_800_000


def recover(
    fund: Fund, loan_id: str, actor: Actor | None = None, *, today: date, **changes: Any
) -> str:
    values: dict[str, Any] = {
        "amount_minor": 50_000,
        "received_on": today,
        "bank_reference": "Line 9",
    }
    with fund.act(today) as (session, moment):
        return receipts.record_recovery(
            session, actor or fund.officer, moment, loan_id, key=new_id(), **(values | changes)
        )


def test_a_recovery_is_income_of_its_own(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    cash = fund.balance(CASH)
    today = date(2027, 1, 10)
    recover(fund, loan_id, today=today)
    assert fund.trial_balance()[RECOVERIES] == -50_000
    assert fund.balance(CASH) == cash + 50_000
    assert fund.outstanding(loan_id) == 0


def test_recoveries_are_refused_in_words(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    today = date(2027, 1, 10)
    cases: list[tuple[type[Refusal], Actor, dict[str, Any]]] = [
        (WrongPerson, fund.manager, {}),
        (Missing, fund.other_enterprise, {}),
        (WrongAmount, fund.officer, {"amount_minor": 0}),
        (WrongAmount, fund.officer, {"amount_minor": 10**12 + 1}),
        (FutureDay, fund.officer, {"received_on": today + timedelta(days=1)}),
        (WrongDay, fund.officer, {"received_on": date(2026, 10, 18)}),
        (TextMissing, fund.officer, {"bank_reference": " "}),
    ]
    for kind, actor, changes in cases:
        with pytest.raises(kind):
            recover(fund, loan_id, actor, today=today, **changes)
    assert recover(fund, loan_id, today=today, received_on=date(2026, 10, 19))


def test_a_loan_in_repayment_has_no_recovery_and_a_written_off_one_no_receipt(fund: Fund) -> None:
    with pytest.raises(WrongLoanStatus):
        recover(fund, disbursed_loan(fund), today=FIRST_DUE_ON)
    with pytest.raises(WrongLoanStatus):
        record(fund, written_off_loan(fund), today=date(2027, 1, 10))


def test_a_repayment_stays_once_the_loan_is_written_off(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    found = receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON)
    with fund.act(FIRST_DUE_ON) as (session, _):
        session.get_one(Loan, loan_id).status = "written_off"
    with pytest.raises(WrongLoanStatus):
        reverse(fund, found.receipt_id)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.integers(1, 900_000), st.booleans()), max_size=8))
def test_receipts_and_reversals_in_any_order_keep_books_and_schedule_together(
    sqlite_fund: tuple[Fund, str], steps: list[tuple[int, bool]]
) -> None:
    fund, loan_id = sqlite_fund
    open_receipts: list[receipts.Allocated] = []
    for amount, is_reversed in steps:
        found = receive(fund, loan_id, amount, on=FIRST_DUE_ON, entered_on=date(2027, 12, 1))
        assert sum(part.amount_minor for part in found.parts) == amount
        open_receipts.append(found)
        if is_reversed:
            reverse(fund, open_receipts.pop().receipt_id)
    with fund.database.reading() as session:
        states = receipts.instalment_states(session, loan_id)
        by_loan = loan_balances(session, facility_id=fund.facility_id, account=LOANS)
    principal_open = sum(state.open_minor[Component.PRINCIPAL] for state in states)
    assert fund.outstanding(loan_id) == principal_open >= 0
    assert all(open_minor >= 0 for state in states for open_minor in state.open_minor.values())
    touched = [state for state in states if state.total_minor > 0]
    assert all(state.total_minor for state in states[len(states) - len(touched) :])
    assert fund.balance(LOANS) == sum(by_loan.values())
    assert sum(fund.trial_balance().values()) == 0
    while open_receipts:
        reverse(fund, open_receipts.pop().receipt_id)
    assert fund.outstanding(loan_id) == 10_800_000


@pytest.fixture
def sqlite_fund(sqlite_database: Database) -> tuple[Fund, str]:
    fund = open_fund(sqlite_database)
    return fund, disbursed_loan(fund)
