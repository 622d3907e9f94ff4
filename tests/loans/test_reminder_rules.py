"""Whom to remind on which day, and what the letter says."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from loans.reminder_rules import REMINDER_DAYS, Notice, letter, notice_of
from loans.schedules.day_count import DayCount
from loans.schedules.schedule import Method
from loans.subledger.contract import Contract
from loans.subledger.events import Event, PaidOut, Received
from loans.subledger.replay import replay

PAID_ON, FIRST, SECOND = date(2026, 3, 2), date(2026, 4, 2), date(2026, 5, 4)
CONTRACT = Contract(
    principal_minor=1_000_000,
    annual_rate=Decimal("0.06"),
    day_count=DayCount.ACT_365_FIXED,
    method=Method.EQUAL_PRINCIPAL,
    planned_pay_out_on=PAID_ON,
    due_on=(FIRST, SECOND),
    tolerance_minor=100,
)
PAID_OUT = PaidOut(PAID_ON, "p", 1_000_000)
FIRST_DUE = 500_000 + 5_096
"""10,000 at 6 % for 31 days of 365."""


def noticed(*events: Event, on: date) -> Notice | None:
    return notice_of(replay(CONTRACT, (PAID_OUT, *events), until=on), REMINDER_DAYS)


def after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def test_a_letter_goes_out_a_week_before_the_due_day_and_on_no_other_day_before() -> None:
    assert noticed(on=after(FIRST, -7)) == Notice(-7, 1, FIRST, FIRST_DUE, 0)
    for days in (-31, -8, -6, -1, 0):
        assert noticed(on=after(FIRST, days)) is None


def test_waiting_money_is_taken_off_what_is_asked_for() -> None:
    some = Received(PAID_ON, "r", 5_000)
    assert noticed(some, on=after(FIRST, -7)) == Notice(-7, 1, FIRST, FIRST_DUE - 5_000, 0)
    assert noticed(Received(PAID_ON, "r", FIRST_DUE), on=after(FIRST, -7)) is None


def test_the_letter_before_the_due_day_asks_for_the_interest_of_a_delay() -> None:
    """1,000,000 for 11 days and 500,000 for 21, though the plan knew of 500,000 alone."""
    paid = Received(after(FIRST, 11), "r", FIRST_DUE)
    found = noticed(paid, on=after(SECOND, -7))
    assert found == Notice(-7, 2, SECOND, 500_000 + 3_534, 0)


def test_late_borrowers_hear_from_the_fund_on_days_1_15_30_60_and_90() -> None:
    paid_second = Received(SECOND, "r", 1)
    heard = [
        found.days
        for days in range(1, 120)
        if (found := noticed(paid_second, on=after(FIRST, days))) and found.number == 1
    ]
    assert heard == [1, 15, 30, 60, 90]


def test_the_oldest_instalment_speaks_for_all_that_is_overdue() -> None:
    found = noticed(on=after(FIRST, 60))
    assert found is not None
    assert (found.days, found.number) == (60, 1)
    assert found.amount_minor == FIRST_DUE
    assert found.overdue_minor > 1_000_000


def test_nobody_is_reminded_of_what_is_within_the_tolerance() -> None:
    assert noticed(Received(FIRST, "r", FIRST_DUE - 100), on=after(FIRST, 1)) is None
    late = noticed(Received(FIRST, "r", FIRST_DUE - 101), on=after(FIRST, 1))
    assert late == Notice(1, 1, FIRST, 101, 101)


def test_the_letters_name_the_figures() -> None:
    words = {"borrower": "UAB Verpalas", "reference": "L-2026-001", "fund": "Baltic Fund"}
    coming = letter(Notice(-7, 1, FIRST, FIRST_DUE, 0), **words, currency="EUR")
    assert coming.startswith("To UAB Verpalas\n")
    assert "Instalment 1 of your loan L-2026-001 is due on 2 April 2026." in coming
    assert "We ask you to pay EUR 5,050.96" in coming
    assert "overdue" not in coming
    behind = letter(Notice(-7, 2, SECOND, FIRST_DUE, 600_000), **words, currency="EUR")
    assert "EUR 6,000.00 of your loan is overdue already. What you pay settles this" in behind
    late = letter(Notice(1, 1, FIRST, FIRST_DUE, 600_000), **words, currency="EUR")
    assert "was due on 2 April 2026 and is 1 day late" in late
    assert "EUR 5,050.96 is still open" in late
    assert "We ask you to pay EUR 6,000.00 now" in late
    assert late.endswith("Baltic Fund\n")
