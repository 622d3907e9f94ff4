"""When what happens in the demonstration: every case as dated steps, counted back from today.

The same day gives the same story. Of 55 applications 39 are approved, 16 of those disbursed, and
of the 16 loans 10 are active, 5 repaid and 1 written off with a later recovery.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from loans.schedules.day_count import due_dates, month_after

APPROVED = 39
OPENED_MONTHS_AGO = 62
FIRST_MONTHS_AGO, LAST_MONTHS_AGO = 60, 4


class Fate(StrEnum):
    """What becomes of an approved application."""

    REPAID = "repaid"
    ACTIVE = "active"
    WRITTEN_OFF = "written_off"
    COMMITTED = "committed"
    SIGNED = "signed"
    CANCELLED = "cancelled"


_REPAID = frozenset({0, 2, 4, 6, 8})
_WRITTEN_OFF = 10
_ACTIVE = frozenset({22, 23, 26, 28, 29, 30, 31, 32, 33, 34})
_COMMITTED = frozenset({36, 38})
_SIGNED = frozenset({35, 37})
DAYS_BEHIND = {22: 130, 28: 75, 30: 45}
"""Active loans that stopped paying so many days ago."""

TWO_TRANCHES = 34
CLOSED_DAYS = 21


@dataclass(frozen=True)
class Steps:
    """The days on which one approved case goes on."""

    sent_on: date
    complete_on: date
    appraised_on: date
    recommended_on: date
    approved_on: date
    signed_on: date
    paid_out_on: date


def fate_of(number: int) -> Fate:
    """What becomes of the ``number``-th approved application."""
    if number in _REPAID:
        return Fate.REPAID
    if number == _WRITTEN_OFF:
        return Fate.WRITTEN_OFF
    if number in _ACTIVE:
        return Fate.ACTIVE
    if number in _COMMITTED:
        return Fate.COMMITTED
    return Fate.SIGNED if number in _SIGNED else Fate.CANCELLED


def months_before(today: date, months: int) -> date:
    """The same day of the month, so many months ago."""
    return month_after(today, -months)


def steps_of(number: int, today: date) -> Steps:
    """The days of the ``number``-th approved application; the lags differ from case to case."""
    span_days = (FIRST_MONTHS_AGO - LAST_MONTHS_AGO) * 30
    sent_on = months_before(today, FIRST_MONTHS_AGO) + timedelta(
        days=number * span_days // (APPROVED - 1)
    )
    complete_on = sent_on + timedelta(days=6 + number * 5 % 11)
    appraised_on = complete_on + timedelta(days=9 + number * 7 % 17)
    recommended_on = appraised_on + timedelta(days=2 + number % 5)
    approved_on = recommended_on + timedelta(days=5 + number * 3 % 13)
    signed_on = approved_on + timedelta(days=18 + number * 11 % 31)
    paid_out_on = signed_on + timedelta(days=12 + number * 13 % 41)
    return Steps(
        sent_on, complete_on, appraised_on, recommended_on, approved_on, signed_on, paid_out_on
    )


def payment_days(number: int, paid_out_on: date, instalments: int, today: date) -> tuple[date, ...]:
    """When the borrower pays each instalment, up to yesterday: mostly on time, some stop."""
    first_due = month_after(paid_out_on, 1)
    last_day = today - timedelta(days=1 + DAYS_BEHIND.get(number, 0))
    days = []
    for position, due_on in enumerate(due_dates(first_due, instalments, start=paid_out_on)):
        if number == _WRITTEN_OFF and position >= 7:  # noqa: PLR2004  # then the plant stood still
            break
        late_days = (number + position) % 9 - 5
        paid_on = due_on + timedelta(days=max(late_days, 0))
        if paid_on > last_day or (number in DAYS_BEHIND and due_on > last_day):
            break
        days.append(paid_on)
    return tuple(days)


def closed_days(today: date) -> tuple[date, ...]:
    """The days that the fund closed: the last three weeks up to yesterday."""
    return tuple(today - timedelta(days=ago) for ago in range(CLOSED_DAYS, 0, -1))
