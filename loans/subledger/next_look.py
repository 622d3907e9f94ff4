"""When the close of a day has something to do for a loan, if nothing happens to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from loans.schedules.day_count import month_after
from loans.subledger.state import AccountState

_ONE_DAY = timedelta(days=1)


def is_posting_day(state: AccountState) -> bool:
    """Whether the books take up the state of this evening.

    They do so at the end of a month, on a due day, and every day while something is due and not
    paid: late interest grows, and non-accrual may begin.
    """
    return (
        month_end_from(state.on) == state.on
        or any(item.open_minor for item in state.items)
        or any(row.due_on == state.on for row in state.schedule)
    )


def next_look_on(state: AccountState, notice_days: Iterable[int] = ()) -> date:
    """The first day after the state's on which it is a posting day, or a notice is due.

    A notice is due so many days before a due day.
    """
    tomorrow = state.on + _ONE_DAY
    if any(item.open_minor for item in state.items):
        return tomorrow
    before_due = (0, *notice_days)
    days = (
        row.due_on - timedelta(days=before)
        for row in state.schedule
        if row.due_on > state.on
        for before in before_due
    )
    return min(month_end_from(tomorrow), *(day for day in days if day > state.on), date.max)


def month_end_from(day: date) -> date:
    """The last day of the month that ``day`` is in."""
    return month_after(day, 1, due_day=1) - _ONE_DAY
