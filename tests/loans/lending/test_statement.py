"""The statement: every movement, running balances, and the books' own closing balance."""

from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loans.books import ledger
from loans.chart import LOANS
from loans.component import Component
from loans.lending.loan_book import accrue
from loans.lending.loan_case import WrongDay
from loans.lending.loan_record import NotKnownYet
from loans.lending.loan_views import Movement, Statement, statement
from loans.lending.schedule_views import schedule_view
from loans.people import Actor
from loans.refusal import Missing
from loans.schedules.schedule import Method
from loans.servicing import new_terms, receipts, recoveries
from loans.storage.database import Database, new_id
from loans.tables import Loan
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    Fund,
    charge,
    disbursed_loan,
    open_fund,
    receive,
    signed_loan,
    write_off,
    written_off_loan,
)

LEVEL = 414_382


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def shown(
    fund: Fund, loan_id: str, actor: Actor | None = None, *, as_of: date, known: date | None = None
) -> Statement:
    with fund.database.reading() as session:
        return statement(session, actor or fund.officer, loan_id, as_of=as_of, known_on=known)


def told(found: Statement) -> list[tuple[Movement, int, int, int]]:
    return [
        (line.movement, line.amount_minor, line.balance_minor, line.due_minor)
        for line in found.lines
    ]


def test_balances_run_with_the_movements(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON)
    receive(fund, loan_id, LEVEL + 51_355, on=date(2026, 5, 1))
    assert told(shown(fund, loan_id, as_of=date(2026, 5, 2))) == [
        (Movement.PAY_OUT, 10_800_000, 10_800_000, 0),
        (Movement.DUE, LEVEL, 10_800_000, LEVEL),
        (Movement.RECEIPT, LEVEL, 10_440_654, 0),
        (Movement.RECEIPT, LEVEL + 51_355, 10_440_654, 0),
        (Movement.DUE, LEVEL, 10_440_654, LEVEL),
        (Movement.CREDIT_APPLIED, LEVEL, 10_077_760, 0),
    ]
    waits = [line.credit_minor for line in shown(fund, loan_id, as_of=date(2026, 5, 2)).lines]
    assert waits == [0, 0, 0, LEVEL + 51_355, LEVEL + 51_355, 51_355]


def test_a_reversal_stands_beside_what_it_undoes(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    found = receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON)
    entered_on = date(2026, 6, 3)
    with fund.act(entered_on) as (session, moment):
        receipts.reverse_receipt(
            session, fund.officer, moment, found.receipt_id, reason="Not ours", key=new_id()
        )
    later = shown(fund, loan_id, as_of=FIRST_DUE_ON)
    assert [line.movement for line in later.lines][-2:] == [Movement.RECEIPT, Movement.REVERSAL]
    assert later.lines[-1].entered_on == entered_on
    assert (later.balance_minor, later.due_minor) == (10_800_000, LEVEL)
    assert later.principal_paid_minor == later.interest_paid_minor == 0
    earlier = shown(fund, loan_id, as_of=FIRST_DUE_ON, known=FIRST_DUE_ON)
    assert [line.movement for line in earlier.lines][-1] is Movement.RECEIPT
    assert earlier.due_minor == 0


def test_a_write_off_ends_what_is_due_and_a_recovery_changes_no_balance(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    on = date(2026, 12, 1)
    with fund.act(on) as (session, moment):
        recoveries.record_recovery(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=70_000,
            received_on=on,
            bank_reference="Line 9",
            key=new_id(),
        )
    found = shown(fund, loan_id, as_of=on)
    interest = 343_253  # 10,440,654 x 6 % x 200 days / 365, a part of it due already
    assert told(found)[-2:] == [
        (Movement.WRITE_OFF, 10_440_654 + interest, 0, 0),
        (Movement.RECOVERY, 70_000, 0, 0),
    ]
    assert found.lines[-2].principal_minor == 10_440_654
    assert (found.written_off_minor, found.recovered_minor) == (10_440_654 + interest, 70_000)


def test_costs_from_the_write_off_on_are_claimed_and_change_no_loss(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    lost_on, later = date(2026, 10, 19), date(2026, 12, 1)
    before = shown(fund, loan_id, as_of=later).written_off_minor
    for day in (lost_on - timedelta(days=1), lost_on):
        with pytest.raises(WrongDay, match="written off on 19 October 2026"):
            charge(fund, loan_id, 700, on=day, entered_on=later)
    assert charge(fund, loan_id, 700, on=lost_on + timedelta(days=1), entered_on=later)
    assert shown(fund, loan_id, as_of=later).written_off_minor == before


def test_charges_paid_are_no_interest_and_stand_before_the_money_that_paid_them(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, 1_000, on=PAY_OUT_ON + timedelta(days=1))
    day = PAY_OUT_ON + timedelta(days=2)
    charge(fund, loan_id, 700, on=day, component=Component.FEES)
    found = shown(fund, loan_id, as_of=day)
    assert [(line.movement, line.credit_minor) for line in found.lines[-2:]] == [
        (Movement.CHARGE, 1_000),
        (Movement.CREDIT_PAID, 300),
    ]
    assert (found.interest_paid_minor, found.charges_paid_minor) == (0, 700)


def test_money_that_waits_at_a_write_off_stands_between_receipt_and_loss(fund: Fund) -> None:
    loan_id, day = disbursed_loan(fund), PAY_OUT_ON + timedelta(days=5)
    receive(fund, loan_id, 3_000_000, on=day)
    write_off(fund, loan_id, on=day)
    lines = shown(fund, loan_id, as_of=day).lines
    assert [line.movement for line in lines] == [
        *(Movement.PAY_OUT, Movement.DUE, Movement.RECEIPT, Movement.CREDIT_PAID),
        Movement.WRITE_OFF,
    ]
    assert all(line.credit_minor >= 0 for line in lines)
    assert (lines[1].principal_minor + lines[1].interest_minor) == 3_000_000
    assert (lines[-1].balance_minor, lines[-1].due_minor, lines[-1].credit_minor) == (0, 0, 0)


def test_the_schedule_counts_overdue_principal_once_after_new_terms(fund: Fund) -> None:
    loan_id, day = disbursed_loan(fund), FIRST_DUE_ON + timedelta(days=10)
    asked = new_terms.NewTerms(date(2026, 6, 15), 24, 1, Method.EQUAL_PRINCIPAL)
    with fund.act(day) as (session, moment):
        act_id = new_terms.request_new_terms(
            session, fund.officer, moment, loan_id, asked, reason="Poor harvest"
        )
    with fund.act(day) as (session, moment):
        new_terms.agree_new_terms(session, fund.manager, moment, act_id, key=new_id())
    with fund.database.reading() as session:
        view = schedule_view(session, fund.officer, loan_id, as_of=day)
    assert view.current.principal_minor == view.plans[-1].principal_minor == 10_800_000
    late = view.lines[0]
    assert (late.principal_minor, late.open_minor) == (0, late.interest_minor)
    assert late.balance_minor == 10_800_000
    assert view.paid_minor + view.open_minor == view.current.total_minor + late.late_interest_minor
    found = shown(fund, loan_id, as_of=day)
    assert found.lines[-1].due_minor == found.due_minor - late.late_interest_minor


def test_what_comes_beyond_the_claim_is_not_recovered(fund: Fund) -> None:
    loan_id, on = written_off_loan(fund), date(2026, 12, 1)
    with fund.act(on) as (session, moment):
        recoveries.record_recovery(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=20_000_000,
            received_on=on,
            bank_reference="Line 9",
            key=new_id(),
        )
    found = shown(fund, loan_id, as_of=on)
    assert found.recovered_minor == found.written_off_minor
    assert found.credit_minor == 20_000_000 - found.written_off_minor


def test_nothing_is_due_before_money_was_paid_out(fund: Fund) -> None:
    found = shown(fund, signed_loan(fund), as_of=date(2026, 6, 1))
    assert found.lines == ()
    assert (found.balance_minor, found.due_minor) == (0, 0)


def test_the_borrower_sees_no_reason_and_no_entry(fund: Fund) -> None:
    found = shown(fund, written_off_loan(fund), fund.enterprise, as_of=date(2026, 12, 1))
    assert "stands still" not in repr(found)
    assert {line.entry_id for line in found.lines} == {None}
    with pytest.raises(Missing):
        shown(fund, found.loan_id, fund.other_enterprise, as_of=PAY_OUT_ON)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 800_000)), max_size=6),
    ahead=st.integers(0, 300),
)
def test_the_closing_balance_is_that_of_the_books_on_any_day(
    fund: Fund, steps: list[tuple[int, int]], ahead: int
) -> None:
    loan_id = disbursed_loan(fund)
    as_of = PAY_OUT_ON + timedelta(days=ahead)
    days = accumulate(after for after, _ in steps)
    receipts = [
        (FIRST_DUE_ON + timedelta(days=after), amount)
        for after, (_, amount) in zip(days, steps, strict=True)
    ]
    for on, amount in receipts:
        if on <= as_of:
            receive(fund, loan_id, amount, on=on)
    with fund.act(as_of) as (session, moment):
        # Money that waits pays what falls due; the books follow when the day is closed.
        loan = session.get_one(Loan, loan_id)
        accrue(session, fund.manager, moment, loan, key=new_id())
    for on, amount in receipts:
        if on > as_of:
            receive(fund, loan_id, amount, on=on)
    found = shown(fund, loan_id, as_of=as_of)
    with fund.database.reading() as session:
        books = ledger.loan_balance(
            session, facility_id=fund.facility_id, account=LOANS, loan_id=loan_id, as_of=as_of
        )
    assert found.balance_minor == books
    assert found.balance_minor == found.disbursed_minor - found.principal_paid_minor


def test_a_day_on_which_nothing_was_known_of_the_loan_is_refused_in_words(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    with pytest.raises(NotKnownYet, match="later day") as found:
        shown(fund, loan_id, as_of=PAY_OUT_ON, known=date(2026, 1, 31))
    assert found.value.field == "known_on"
