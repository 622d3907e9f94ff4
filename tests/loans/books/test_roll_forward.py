"""Principal rolled forward: the movements explain the change, and the account says the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.books.ledger import credit, debit, post
from loans.books.roll_forward import RollForward, principal_paid_minor, roll_forward
from loans.chart import CASH, LOANS
from loans.fund import the_facility
from loans.storage.database import Database, new_id
from loans.subledger.replay import replay
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    Fund,
    at,
    disbursed_loan,
    open_fund,
    receive,
    repay_instalments,
    signed_loan,
    written_off_loan,
)
from tests.loans.subledger.lives import contracts, days, events_of

DAY = timedelta(days=1)
PRINCIPAL_MINOR = 10_800_000


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def rolled(fund: Fund, from_on: date, to_on: date) -> RollForward:
    with fund.database.reading() as session:
        return roll_forward(session, the_facility(session), from_on, to_on)


@given(data=st.data())
def test_principal_is_what_came_less_what_went_whatever_happens(data: st.DataObject) -> None:
    contract = data.draw(contracts())
    state = replay(contract, data.draw(events_of(contract)), until=data.draw(days()))
    came = state.disbursed_minor + state.capitalised_minor
    went = principal_paid_minor(state) + state.written_off.principal
    assert state.principal_minor == came - went


def test_a_period_shows_what_moved_in_it_and_agrees_with_the_account(fund: Fund) -> None:
    repay_instalments(fund, disbursed_loan(fund), 2)
    lost_on = FIRST_DUE_ON + timedelta(days=200)
    written_off_loan(fund, on=lost_on)
    signed_loan(fund)
    whole = rolled(fund, PAY_OUT_ON, lost_on).total
    assert whole.agrees
    assert (whole.opening_minor, whole.disbursed_minor) == (0, 2 * PRINCIPAL_MINOR)
    assert whole.paid_minor + whole.written_off_minor + whole.closing_minor == 2 * PRINCIPAL_MINOR
    assert whole.written_off_minor > PRINCIPAL_MINOR * 9 // 10
    later = rolled(fund, FIRST_DUE_ON + DAY, lost_on)
    assert later.total.agrees
    assert later.total.disbursed_minor == 0
    assert 0 < later.total.paid_minor < whole.paid_minor
    assert len(later.loans) == 2  # the one that was only signed has no principal
    assert sum(one.moved.closing_minor for one in later.loans) == fund.balance(LOANS)


def test_neighbouring_periods_meet(fund: Fund) -> None:
    repay_instalments(fund, disbursed_loan(fund), 2)
    first = rolled(fund, PAY_OUT_ON, FIRST_DUE_ON)
    second = rolled(fund, FIRST_DUE_ON + DAY, FIRST_DUE_ON + timedelta(days=90))
    assert first.total.closing_minor == second.total.opening_minor
    assert first.total.booked_closing_minor == second.total.booked_opening_minor


def test_a_period_before_all_loans_is_empty(fund: Fund) -> None:
    disbursed_loan(fund)
    found = rolled(fund, date(2025, 1, 1), date(2025, 12, 31))
    assert (found.loans, found.total.agrees, found.total.closing_minor) == ((), True, 0)


def test_a_posting_past_the_loans_shows_as_a_difference_of_the_total(fund: Fund) -> None:
    disbursed_loan(fund)
    with fund.act(PAY_OUT_ON) as (session, _moment):
        post(
            session,
            facility_id=fund.facility_id,
            event="odd",
            effective_on=PAY_OUT_ON,
            booked_at=at(PAY_OUT_ON).at,
            actor_id=fund.officer.user_id,
            key=new_id(),
            legs=(debit(LOANS, 700), credit(CASH, 700)),
        )
    found = rolled(fund, PAY_OUT_ON, FIRST_DUE_ON)
    assert (found.total.agrees, found.total.closing_difference_minor) == (False, 700)
    assert found.total.opening_difference_minor == 0
    assert all(one.moved.agrees for one in found.loans)


def test_what_a_late_fact_changed_behind_is_in_the_books_later(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    second_due_on = FIRST_DUE_ON + timedelta(days=30)
    receive(fund, loan_id, 500_000, on=second_due_on)
    entered_on = second_due_on + timedelta(days=20)
    receive(fund, loan_id, 200_000, on=FIRST_DUE_ON, entered_on=entered_on)
    assert rolled(fund, PAY_OUT_ON, entered_on).total.agrees
    between = rolled(fund, PAY_OUT_ON, second_due_on).total
    assert between.unexplained_minor == 0
    assert between.booked_closing_minor - between.closing_minor == between.closing_difference_minor
