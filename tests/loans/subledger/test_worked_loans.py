"""A loan that anyone can reckon: 10,000.00 at 0.1 % a day, 5,000.00 due after 31 and 59 days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from loans.component import Component
from loans.schedules.day_count import DayCount
from loans.schedules.schedule import GraceInterest, Method
from loans.subledger.contract import Contract
from loans.subledger.events import (
    Charged,
    CreditUsed,
    Event,
    PaidOut,
    PrepaymentChoice,
    Received,
    Recovered,
    Rescheduled,
    WrittenOff,
)
from loans.subledger.pay_off import pay_off
from loans.subledger.replay import replay
from loans.subledger.state import AccountState, Amounts

BEGINS, FIRST_DUE, LAST_DUE = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
TEN_LATE, ELEVEN_LATE, TWENTY_LATE = date(2026, 2, 11), date(2026, 2, 12), date(2026, 2, 21)
LENT, INTEREST, INSTALMENT = 1_000_000, 31_000, 531_000
CONTRACT = Contract(
    principal_minor=LENT,
    annual_rate=Decimal("0.365"),
    day_count=DayCount.ACT_365_FIXED,
    method=Method.EQUAL_PRINCIPAL,
    planned_pay_out_on=BEGINS,
    due_on=(FIRST_DUE, LAST_DUE),
    late_interest_margin=Decimal("0.365"),
    non_accrual_after_days=10,
)
PAID_OUT = PaidOut(BEGINS, "0", LENT)
LOST = WrittenOff(TEN_LATE, "9")
SHORTER = PrepaymentChoice.SHORTER_TERM


def after(*events: Event, on: date, contract: Contract = CONTRACT) -> AccountState:
    return replay(contract, (PAID_OUT, *events), until=on)


def test_waiting_money_that_is_used_lowers_the_principal_once() -> None:
    came, used = Received(BEGINS, "1", 100_000), CreditUsed(BEGINS, "2", 60_000, SHORTER)
    state = after(came, used, on=BEGINS)
    assert (state.principal_minor, state.credit_minor) == (940_000, 40_000)
    again = after(came, used, replace(used, ref="3"), on=BEGINS)
    assert (again.principal_minor, again.credit_minor) == (900_000, 0)


FOUR_DAYS = (FIRST_DUE, LAST_DUE, date(2026, 4, 1), date(2026, 5, 1))


def test_a_shorter_term_keeps_equal_parts_of_principal() -> None:
    contract = replace(CONTRACT, due_on=FOUR_DAYS)
    state = after(Received(BEGINS, "1", 100_000, SHORTER), on=BEGINS, contract=contract)
    rows = state.plans[-1].instalments
    assert [row.principal_minor for row in rows] == [250_000, 250_000, 250_000, 150_000]
    assert rows[0].interest_minor == INTEREST * 9 // 10


def test_a_shorter_term_keeps_level_payments() -> None:
    contract = replace(CONTRACT, due_on=FOUR_DAYS, method=Method.LEVEL)
    state = after(Received(BEGINS, "1", 400_000, SHORTER), on=BEGINS, contract=contract)
    before, rows = state.plans[0].instalments, state.plans[-1].instalments
    totals = [[row.principal_minor + row.interest_minor for row in plan] for plan in (before, rows)]
    assert (len(before), len(rows)) == (4, 3)
    assert totals[1][:2] == totals[0][:2]
    assert totals[1][2] < totals[0][2]


def test_after_a_shorter_term_each_due_date_keeps_its_own_savings() -> None:
    days = (*FOUR_DAYS, date(2026, 6, 1), date(2026, 7, 1))
    savings = (100_000, 300_000, 200_000, 500_000, 400_000, 900_000)
    contract = replace(CONTRACT, due_on=days, method=Method.SAVINGS_MATCHED, savings_minor=savings)
    shorter = Received(BEGINS, "1", 500_000, SHORTER)
    alone = after(shorter, on=BEGINS, contract=contract)
    assert len(alone.plans[-1].instalments) < len(days)
    later = date(2026, 1, 2)
    lower = Received(later, "2", 100_000, PrepaymentChoice.LOWER_INSTALMENTS)
    state = after(shorter, lower, on=later, contract=contract)
    rows = state.plans[-1].instalments
    assert len(rows) > 2
    totals = [row.principal_minor + row.interest_minor for row in rows[:-1]]
    for total, saved in zip(totals, savings, strict=False):
        assert abs(total * savings[0] - totals[0] * saved) <= savings[0] + saved


def test_late_interest_earns_no_late_interest() -> None:
    some = Received(TEN_LATE, "1", 310)
    assert after(some, on=TEN_LATE).open.late_interest == 5_310 - 310
    assert after(some, on=TWENTY_LATE).open.late_interest == 2 * 5_310 - 310


def test_a_loan_written_off_earns_nothing_more() -> None:
    state = after(LOST, on=date(2026, 12, 31))
    assert state.interest_earned_minor == INTEREST + 10_000
    assert state.late_interest_earned_minor == 5_310
    assert state.written_off == Amounts(
        late_interest=5_310, interest=INTEREST + 10_000, principal=LENT
    )
    assert (state.principal_minor, state.accrued_minor, state.open.total) == (0, 0, 0)


def test_half_a_cent_of_interest_is_a_cent() -> None:
    small = replace(CONTRACT, principal_minor=500)
    state = replay(small, [PaidOut(BEGINS, "0", 500)], until=date(2026, 1, 2))
    assert state.accrued_minor == 1
    almost = replay(small, [PaidOut(BEGINS, "0", 499)], until=date(2026, 1, 2))
    assert almost.accrued_minor == 0


def test_interest_added_in_a_grace_is_owed_and_earns() -> None:
    contract = replace(CONTRACT, grace_instalments=1, grace_interest=GraceInterest.CAPITALISED)
    assert after(on=FIRST_DUE, contract=contract).principal_minor == LENT + INTEREST
    assert after(on=TEN_LATE, contract=contract).accrued_minor == 10 * 1_031


def test_overdue_interest_that_new_terms_add_is_owed_and_earns() -> None:
    days = (date(2026, 3, 11), date(2026, 4, 11))
    anew = Rescheduled(
        TEN_LATE, "1", days, Method.EQUAL_PRINCIPAL, capitalises_overdue_interest=True
    )
    state = after(anew, on=TEN_LATE)
    assert (state.principal_minor, state.capitalised_minor) == (LENT + INTEREST, INTEREST)
    assert after(anew, on=ELEVEN_LATE).accrued_minor == 10_000 + 1_031


def test_a_recovery_pays_costs_first_and_principal_last() -> None:
    court = Charged(ELEVEN_LATE, "1", 700, Component.COSTS)
    some = Recovered(ELEVEN_LATE, "2", 700 + 5_310 + 1_000)
    state = after(LOST, court, some, on=ELEVEN_LATE)
    assert state.recovered == Amounts(costs=700, late_interest=5_310, interest=1_000)
    assert state.still_lost.principal == LENT


@pytest.mark.parametrize(
    ("tolerance_minor", "days", "late"), [(INSTALMENT - 1, 10, 5_310), (INSTALMENT, 0, 0)]
)
def test_what_is_overdue_up_to_the_tolerance_is_not_late(
    tolerance_minor: int, days: int, late: int
) -> None:
    state = after(on=TEN_LATE, contract=replace(CONTRACT, tolerance_minor=tolerance_minor))
    assert (state.days_past_due, state.open.late_interest) == (days, late)


@pytest.mark.parametrize(("days", "late"), [(1, 0), (2, 0), (3, 1_031), (10, 8 * 1_031)])
def test_interest_behind_the_last_due_day_may_pass_the_tolerance(days: int, late: int) -> None:
    """1,000 a day on the principal: on the evening of the second day more than 1,500 is open.

    Whoever looks on the way or not, lateness counts from then on, 0.1 % a day of 1,031,000.
    """
    contract = replace(
        CONTRACT, method=Method.BULLET, due_on=(FIRST_DUE,), tolerance_minor=LENT + INTEREST + 1_500
    )
    on = FIRST_DUE + timedelta(days=days)
    assert after(on=on, contract=contract).open.late_interest == late
    looked = tuple(
        Charged(FIRST_DUE + timedelta(days=day), str(day), 1, Component.COSTS)
        for day in range(1, days)
    )
    watched = after(*looked, on=on, contract=contract)
    assert watched.open.late_interest == late


def test_an_instalment_is_overdue_from_the_day_after_it_was_due() -> None:
    on_time, late = after(on=FIRST_DUE), after(on=FIRST_DUE.replace(day=FIRST_DUE.day + 1))
    assert (on_time.days_past_due, on_time.overdue_minor) == (0, 0)
    assert on_time.open.principal > 0
    assert (late.days_past_due, late.overdue_minor) == (1, INSTALMENT + 531)  # 0.1 % of a day


def test_a_prepayment_comes_after_the_other_money_of_its_day() -> None:
    due, more = Received(FIRST_DUE, "2", INSTALMENT), Received(FIRST_DUE, "1", 100_000, SHORTER)
    state = after(more, due, on=FIRST_DUE)
    assert (state.principal_minor, state.credit_minor) == (400_000, 0)


def test_non_accrual_begins_beyond_the_limit_of_days_and_not_at_it() -> None:
    assert not after(on=TEN_LATE).is_non_accrual
    assert after(on=ELEVEN_LATE).is_non_accrual


def test_the_pay_off_amount_holds_the_interest_up_to_its_day() -> None:
    early, late = (pay_off(CONTRACT, [PAID_OUT], on=on) for on in (date(2026, 1, 11), TEN_LATE))
    assert early.amounts == Amounts(interest=10_000, principal=LENT)
    assert late.amounts == Amounts(0, 0, 5_310, INTEREST + 10_000, LENT)
    assert late.total_minor == LENT + INTEREST + 10_000 + 5_310
