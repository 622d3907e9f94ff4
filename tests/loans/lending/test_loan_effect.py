"""What an act on a loan promises to do to the fund is what is booked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loans.books import ledger
from loans.books.bank_accounts import open_bank_account
from loans.books.cash_accounts import cash_accounts, lendable_minor
from loans.chart import (
    BORROWERS_CREDIT,
    CASH,
    FEES,
    FEES_RECEIVABLE,
    INTEREST_INCOME,
    INTEREST_RECEIVABLE,
    LATE_INTEREST_INCOME,
    LATE_INTEREST_RECEIVABLE,
    LOANS,
)
from loans.lending.loan_effect import EffectLine, money_in_effect, taken_back_effect
from loans.servicing import receipts, recoveries
from loans.storage.database import Database, new_id
from loans.subledger.events import PrepaymentChoice, Received, Recovered
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    Fund,
    disbursed_loan,
    open_fund,
    receive,
    written_off_loan,
)

TODAY = date(2026, 9, 1)
SHORTER = PrepaymentChoice.SHORTER_TERM
RECEIPTS = st.tuples(
    st.integers(1, 6_000_000),
    st.integers(0, (TODAY - PAY_OUT_ON).days),
    st.sampled_from((None, None, *PrepaymentChoice)),
)


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def promised(lines: tuple[EffectLine, ...]) -> dict[str, int]:
    return {line.account_code or line.name: line.after_minor for line in lines}


def in_books(fund: Fund) -> dict[str, int]:
    """The balances as the pages show them, under the names of the lines."""
    with fund.database.reading() as session:
        rows = ledger.trial_balance(session, facility_id=fund.facility_id)
        shown = {row.code: row.shown_minor for row in rows}
        lendable = lendable_minor(session, fund.facility_id, "EUR")
        assert len(cash_accounts(session, fund.facility_id)) == 1
    receivable = (INTEREST_RECEIVABLE, LATE_INTEREST_RECEIVABLE, FEES_RECEIVABLE)
    owed = sum(shown[code] for code in receivable)
    return {
        **shown,
        "Interest, late interest, fees and costs owed by borrowers": owed,
        "Income from interest, late interest and fees": sum(
            shown[code] for code in (INTEREST_INCOME, LATE_INTEREST_INCOME, FEES)
        ),
        "Can still be promised to others": lendable,
    }


def keeps_its_word(fund: Fund, lines: tuple[EffectLine, ...]) -> None:
    found = in_books(fund)
    said = promised(lines)
    assert said == {name: found[name] for name in said}
    assert CASH in said
    # Debits equal credits: nothing that the act books is left out of the table.
    change = {line.name: line.after_minor - line.before_minor for line in lines}
    debited = (name for name in change if name.startswith(_DEBITS))
    credited = (name for name in change if name.startswith(_CREDITS))
    assert sum(change[name] for name in debited) == sum(change[name] for name in credited)


_DEBITS = ("Cash", "Loans to borrowers", "Interest, late", "Losses")
_CREDITS = ("Credit balances", "Interest in suspense", "Income", "Recoveries")


def money_in(fund: Fund, loan_id: str, money: Received, *, entered_on: date = TODAY) -> str:
    """Record money that the page showed first, and hold the books against what it said."""
    with fund.act(entered_on) as (session, moment):
        lines = money_in_effect(session, moment, loan_id, money)
        done = receipts.record_receipt(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=money.amount_minor,
            received_on=money.on,
            bank_reference=new_id(),
            prepays=money.prepays,
            key=new_id(),
        )
    keeps_its_word(fund, lines)
    return done.receipt_id


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(RECEIPTS, st.booleans()), min_size=1, max_size=4))
def test_what_a_receipt_or_its_reversal_promises_is_booked(
    borrowed: tuple[Fund, str], steps: list[tuple[tuple[int, int, PrepaymentChoice | None], bool]]
) -> None:
    fund, loan_id = borrowed
    standing = []
    for (amount, days, prepays), is_reversed in steps:
        on = PAY_OUT_ON + timedelta(days=days)
        standing.append((money_in(fund, loan_id, Received(on, "", amount, prepays)), amount))
        if is_reversed:
            take_back(fund, loan_id, *standing.pop(0))
    while standing:
        take_back(fund, loan_id, *standing.pop())


def take_back(fund: Fund, loan_id: str, receipt_id: str, amount_minor: int) -> None:
    with fund.act(TODAY) as (session, moment):
        lines = taken_back_effect(session, moment, loan_id, receipt_id, amount_minor)
        receipts.reverse_receipt(
            session, fund.officer, moment, receipt_id, reason="Twice", key=new_id()
        )
    keeps_its_word(fund, lines)


@pytest.fixture
def borrowed(fund: Fund) -> tuple[Fund, str]:
    return fund, disbursed_loan(fund)


def test_a_receipt_that_takes_the_use_of_another_says_so(borrowed: tuple[Fund, str]) -> None:
    """The larger one of the day closes the loan, so the one that lowered it waits."""
    fund, loan_id = borrowed
    on = PAY_OUT_ON + timedelta(days=5)
    money_in(fund, loan_id, Received(on, "", 2_000_000, SHORTER), entered_on=on)
    larger = Received(on, "", 11_000_000)
    with fund.act(on) as (session, moment):
        plan = receipts.plan_receipt(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=11_000_000,
            received_on=on,
            bank_reference="Line 8",
        )
        lines = promised(money_in_effect(session, moment, loan_id, larger))
    assert [one.amount_minor for one in plan.reworked] == [2_000_000]
    assert [part.target for part in plan.reworked[0].now] == ["prepaid"]
    assert [part.target for part in plan.reworked[0].then] == ["credit"]
    assert lines[LOANS] == 0
    assert lines[BORROWERS_CREDIT] > 2_000_000
    money_in(fund, loan_id, larger, entered_on=on)


def test_cash_of_several_accounts_is_not_named_after_one(borrowed: tuple[Fund, str]) -> None:
    fund, loan_id = borrowed
    on = PAY_OUT_ON + timedelta(days=5)
    received = Received(on, "", 2_000_000)
    names = []
    for number in (1, 2):
        with fund.act(on) as (session, moment):
            line = money_in_effect(session, moment, loan_id, received)[0]
            names.append((line.name, line.account_code))
            open_bank_account(
                session,
                fund.manager,
                moment,
                name="Reserve",
                bank="Bank",
                number=f"LT-{number}",
                currency="EUR",
            )
    assert names == [("Cash at bank", CASH), ("Cash at all banks", None)]


def test_a_backdated_receipt_counts_what_later_ones_leave_waiting(
    borrowed: tuple[Fund, str],
) -> None:
    fund, loan_id = borrowed
    receive(fund, loan_id, 414_382, on=FIRST_DUE_ON)
    money_in(
        fund,
        loan_id,
        Received(FIRST_DUE_ON - timedelta(days=2), "", 10_000),
        entered_on=FIRST_DUE_ON + timedelta(days=3),
    )
    assert in_books(fund)[BORROWERS_CREDIT] == 10_000


def test_a_recovery_and_its_reversal_are_booked_as_promised(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    on = date(2027, 1, 10)
    with fund.act(on) as (session, moment):
        lines = money_in_effect(session, moment, loan_id, Recovered(on, "", 50_000))
        recoveries.record_recovery(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=50_000,
            received_on=on,
            bank_reference="Line 9",
            key=new_id(),
        )
    keeps_its_word(fund, lines)
