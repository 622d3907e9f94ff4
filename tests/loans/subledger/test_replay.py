"""A loan replayed: identities that hold for every life, and figures worked by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loans.subledger.balances import control_balances
from loans.subledger.contract import Contract
from loans.subledger.events import Event, PaidOut, Received, Recovered, Refunded
from loans.subledger.pay_off import pay_off
from loans.subledger.replay import replay
from loans.subledger.state import AccountState, Target
from tests.loans.subledger.lives import PAID_ON, contracts, days, events_of


@st.composite
def lives(draw: st.DrawFn) -> tuple[Contract, list[Event]]:
    contract = draw(contracts())
    return contract, draw(events_of(contract))


def income_minor(state: AccountState) -> int:
    """Interest that counts as income so far."""
    never_income = state.suspended_when_written_off.interest
    return state.interest_earned_minor - state.suspended.interest - never_income


def cash_minor(events: list[Event], until: date) -> int:
    money = 0
    for event in events:
        if event.on <= until:
            if isinstance(event, Received | Recovered):
                money += event.amount_minor
            elif isinstance(event, Refunded | PaidOut):
                money -= event.amount_minor
    return money


@given(lives(), days())
def test_the_books_of_a_loan_balance_on_every_day(
    life: tuple[Contract, list[Event]], until: date
) -> None:
    contract, events = life
    state = replay(contract, events, until=until)
    books = sum(control_balances(state).values())
    assert books + cash_minor(events, until) == income_minor(state)


@given(lives(), days())
def test_principal_is_what_went_out_and_was_added_less_what_came_back_or_was_lost(
    life: tuple[Contract, list[Event]], until: date
) -> None:
    contract, events = life
    state = replay(contract, events, until=until)
    paid = sum(
        part.amount_minor
        for one in state.allocations
        for part in one.parts
        if part.component == "principal" and part.target in (Target.DUE, Target.PREPAID)
    )
    assert state.principal_minor >= 0
    assert state.principal_minor == (
        state.disbursed_minor + state.capitalised_minor - paid - state.written_off.principal
    )


@given(lives(), st.randoms(use_true_random=False), days())
def test_the_order_in_which_events_are_told_plays_no_part(
    life: tuple[Contract, list[Event]], chance: random.Random, until: date
) -> None:
    contract, events = life
    told = list(events)
    chance.shuffle(told)
    assert replay(contract, told, until=until) == replay(contract, events, until=until)


@given(lives(), days())
def test_the_parts_of_money_add_up_and_nothing_later_is_paid_first(
    life: tuple[Contract, list[Event]], until: date
) -> None:
    contract, events = life
    state = replay(contract, events, until=until)
    money = {
        event.ref: event.amount_minor
        for event in events
        if isinstance(event, Received | Recovered) and event.on <= until
    }
    for one in state.allocations:
        if one.ref in money:
            assert sum(part.amount_minor for part in one.parts) == money[one.ref]
    for item in state.items:
        assert all(paid <= due for due, paid in zip(item.due, item.paid, strict=True))
    opened = [item.open_minor > 0 for item in state.items]
    if state.written_off_on is None and True in opened:
        behind = state.items[opened.index(True) + 1 :]
        dues = [item for item in behind if item.due_on >= state.items[opened.index(True)].due_on]
        assert state.credit_minor <= 0
        assert all(item.open_minor or not sum(item.due) or item.settled_on for item in dues)


@given(lives(), days())
def test_a_pay_off_paid_on_its_day_closes_the_loan(
    life: tuple[Contract, list[Event]], on: date
) -> None:
    contract, events = life
    quote = pay_off(contract, events, on=on)
    if quote.total_minor == 0:
        return
    before = [event for event in events if event.on <= on]
    paid = [*before, Received(on, "zz", quote.total_minor)]
    state = replay(contract, paid, until=on)
    if state.written_off_on is not None:
        return
    assert (state.principal_minor, state.open.total, state.accrued_minor) == (0, 0, 0)
    later = replay(contract, paid, until=on + timedelta(days=700))
    assert later.is_settled
    assert later.interest_earned_minor == state.interest_earned_minor


@given(contracts(may_be_special=False))
def test_a_loan_paid_on_time_owes_its_schedule_to_the_cent(contract: Contract) -> None:
    events: list[Event] = [PaidOut(PAID_ON, "p", contract.principal_minor)]
    planned = replay(contract, events, until=PAID_ON).schedule
    events += [
        Received(row.due_on, f"r{row.number}", row.total_minor)
        for row in planned
        if row.total_minor
    ]
    state = replay(contract, events, until=planned[-1].due_on)
    assert state.schedule == planned
    assert state.is_settled
    assert state.days_past_due == 0
    assert sum(row.principal_minor - row.capitalised_minor for row in planned) == (
        contract.principal_minor
    )
    assert planned[-1].balance_minor == 0
    assert all(row.balance_minor >= 0 and row.principal_minor >= 0 for row in planned)


@given(lives(), days())
def test_the_next_instalment_is_what_falls_due_if_nothing_else_happens(
    life: tuple[Contract, list[Event]], day: date
) -> None:
    contract, events = life
    known = [event for event in events if event.on <= day]
    state = replay(contract, known, until=day)
    if (coming := next((row for row in state.schedule if row.due_on > day), None)) is None:
        return
    then = replay(contract, known, until=coming.due_on)
    assert coming in then.schedule


@given(lives(), days())
def test_days_past_due_are_zero_exactly_where_nothing_is_overdue_beyond_the_tolerance(
    life: tuple[Contract, list[Event]], until: date
) -> None:
    contract, events = life
    state = replay(contract, events, until=until)
    if state.written_off_on is None:
        assert (state.days_past_due == 0) == (state.overdue_minor <= contract.tolerance_minor)


@given(lives(), days(), st.integers(1, 400))
def test_what_was_earned_is_never_lost(
    life: tuple[Contract, list[Event]], until: date, more_days: int
) -> None:
    contract, events = life
    known = [event for event in events if event.on <= until]
    earlier = replay(contract, known, until=until)
    later = replay(contract, known, until=until + timedelta(days=more_days))
    assert later.interest_earned_minor >= earlier.interest_earned_minor
    assert later.late_interest_earned_minor >= earlier.late_interest_earned_minor
