"""New terms hold until newer ones come, and a loan prepaid in its grace is over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from loans.schedules.day_count import DayCount, due_dates
from loans.schedules.schedule import GraceInterest, Method
from loans.subledger.contract import Contract
from loans.subledger.events import Event, PaidOut, PrepaymentChoice, Received, Rescheduled
from loans.subledger.replay import replay

PAID_ON = date(2026, 1, 15)
BULLET_ON = (date(2026, 3, 15), date(2026, 4, 15), date(2026, 5, 15))


def contract(grace: int = 0) -> Contract:
    return Contract(
        principal_minor=1_000_000,
        annual_rate=Decimal("0.06"),
        day_count=DayCount.ACT_365_FIXED,
        method=Method.LEVEL,
        planned_pay_out_on=PAID_ON,
        due_on=due_dates(date(2026, 2, 15), 4),
        grace_instalments=grace,
        grace_interest=GraceInterest.CAPITALISED,
    )


def test_a_prepayment_after_new_terms_keeps_their_method() -> None:
    events: list[Event] = [
        PaidOut(PAID_ON, "p", 1_000_000),
        Rescheduled(date(2026, 2, 1), "n", BULLET_ON, Method.BULLET),
        Received(date(2026, 2, 10), "r", 400_000, PrepaymentChoice.LOWER_INSTALMENTS),
    ]
    state = replay(contract(), events, until=date(2026, 2, 10))
    assert [row.principal_minor for row in state.schedule] == [0, 0, 600_000]


def test_a_tranche_inside_a_holiday_does_not_end_it() -> None:
    holiday = Rescheduled(date(2026, 2, 1), "h", BULLET_ON, Method.LEVEL, 2, is_holiday=True)
    events: list[Event] = [
        PaidOut(PAID_ON, "p", 400_000),
        holiday,
        PaidOut(date(2026, 3, 20), "q", 600_000),
    ]
    state = replay(contract(), events, until=date(2026, 3, 20))
    assert [row.principal_minor for row in state.schedule] == [0, 0, 1_000_000]


@pytest.mark.parametrize("choice", PrepaymentChoice)
def test_all_principal_prepaid_in_a_grace_leaves_interest_that_falls_due(
    choice: PrepaymentChoice,
) -> None:
    events: list[Event] = [
        PaidOut(PAID_ON, "p", 1_000_000),
        Received(date(2026, 1, 25), "r", 1_000_000, choice),
    ]
    state = replay(contract(grace=2), events, until=date(2026, 9, 1))
    assert (state.principal_minor, state.open.interest) == (0, 1_644)
    assert state.interest_earned_minor == 1_644
