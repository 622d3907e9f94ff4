"""When a close has something to do: no skipped day may matter."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loans.reminder_rules import REMINDER_DAYS, notice_of
from loans.subledger.contract import Contract
from loans.subledger.events import Event
from loans.subledger.next_look import is_posting_day, month_end_from, next_look_on
from loans.subledger.replay import replay
from loans.subledger.state import AccountState
from tests.loans.subledger.lives import contracts, days, events_of

BEFORE_DUE = [-days for days in REMINDER_DAYS if days < 0]
EARNED_ONLY = ("on", "accrued_minor", "interest_earned_minor")
"""What may change on a day that a close passes over."""


@st.composite
def quiet_lives(draw: st.DrawFn) -> tuple[Contract, list[Event], date]:
    """A life that ends before a day, from which on nothing happens."""
    contract = draw(contracts())
    until = draw(days())
    return contract, [one for one in draw(events_of(contract)) if one.on <= until], until


def rest_of(state: AccountState) -> dict[str, object]:
    return {
        name: getattr(state, name) for name in AccountState.__slots__ if name not in EARNED_ONLY
    }


@given(quiet_lives())
def test_no_day_that_is_passed_over_has_anything_to_do(
    life: tuple[Contract, list[Event], date],
) -> None:
    contract, events, until = life
    state = replay(contract, events, until=until)
    look_on = next_look_on(state, BEFORE_DUE)
    assert until < look_on <= month_end_from(until + timedelta(days=1))
    for day in (until + timedelta(days=n) for n in range(1, (look_on - until).days)):
        passed = replay(contract, events, until=day)
        assert not is_posting_day(passed)
        assert notice_of(passed, REMINDER_DAYS) is None
        assert rest_of(passed) == rest_of(state)


@given(quiet_lives())
def test_the_day_to_look_on_has_something_to_do(
    life: tuple[Contract, list[Event], date],
) -> None:
    contract, events, until = life
    look_on = next_look_on(replay(contract, events, until=until))
    assert is_posting_day(replay(contract, events, until=look_on))


def test_a_month_ends_on_its_last_day() -> None:
    assert month_end_from(date(2028, 2, 1)) == date(2028, 2, 29)
    assert month_end_from(date(2026, 12, 31)) == date(2026, 12, 31)
