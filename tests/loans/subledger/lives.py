"""Whole lives of a loan, drawn at random: contracts and what may happen under them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from loans.component import Component
from loans.schedules.day_count import DayCount, due_dates, month_after
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
    Refunded,
    Rescheduled,
    RestGivenUp,
    WrittenOff,
)

PAID_ON = date(2026, 1, 15)
AMOUNTS = st.integers(1, 4_000_000)
LAST_DAY = 1_500
"""Days after the first pay-out in which things happen."""


@st.composite
def contracts(draw: st.DrawFn, *, may_be_special: bool = True) -> Contract:
    """Level, equal, bullet or savings-matched, with or without grace, on any day count."""
    count = draw(st.integers(1, 12))
    months = draw(st.sampled_from((1, 1, 3)))
    method = draw(st.sampled_from(Method))
    grace = draw(st.integers(0, count - 1))
    savings = draw(st.lists(st.integers(0, 900_000), min_size=count, max_size=count))
    savings[-1] = max(1, savings[-1])
    return Contract(
        principal_minor=draw(st.integers(100_000, 20_000_000)),
        annual_rate=Decimal(draw(st.integers(0, 2_000))) / 10_000,
        day_count=draw(st.sampled_from(DayCount)),
        method=method,
        planned_pay_out_on=PAID_ON,
        due_on=due_dates(month_after(PAID_ON, months), count, months, start=PAID_ON),
        grace_instalments=grace,
        grace_interest=draw(st.sampled_from(GraceInterest)),
        balloon_minor=0 if method is Method.BULLET else draw(st.sampled_from((0, 0, 50_000))),
        savings_minor=tuple(savings) if method is Method.SAVINGS_MATCHED else None,
        late_interest_margin=Decimal(draw(st.integers(0, 1_000))) / 10_000,
        tolerance_minor=draw(st.sampled_from((0, 100))),
        non_accrual_after_days=draw(st.sampled_from((None, 30, 90))),
        business_days_of=draw(st.sampled_from((None, "LT"))) if may_be_special else None,
    )


def days() -> st.SearchStrategy[date]:
    """Days on which something happens."""
    return st.integers(1, LAST_DAY).map(lambda after: PAID_ON + timedelta(days=after))


@st.composite
def events_of(draw: st.DrawFn, contract: Contract) -> list[Event]:
    """Pay-outs, receipts and all the rest; refs are unique."""
    first = draw(st.integers(1, contract.principal_minor))
    events: list[Event] = [PaidOut(PAID_ON, "p0", first)]
    rest = contract.principal_minor - first
    if rest:
        later = PAID_ON + timedelta(days=draw(st.integers(0, 300)))
        is_paid = draw(st.booleans())
        events.append(PaidOut(later, "p1", rest) if is_paid else RestGivenUp(later, "p1", rest))
    makers = (_receipt, _receipt, _receipt, _prepayment, _charge, _credit, _reschedule)
    events += [
        draw(draw(st.sampled_from(makers))(f"e{number}"))
        for number in range(draw(st.integers(0, 8)))
    ]
    if draw(st.integers(0, 5)) == 0:
        lost_on = draw(days())
        # What is given up takes the rest of the commitment with it.
        ended = (PaidOut, RestGivenUp)
        events = [one for one in events if not (isinstance(one, ended) and one.on > lost_on)]
        events.append(WrittenOff(lost_on, "w"))
        after = lost_on + timedelta(days=draw(st.integers(0, 400)))
        events.append(Recovered(after, "r", draw(AMOUNTS)))
        events.append(Charged(after, "c", draw(AMOUNTS), Component.COSTS))
    return events


def _receipt(ref: str) -> st.SearchStrategy[Event]:
    return st.builds(Received, days(), st.just(ref), AMOUNTS)


def _prepayment(ref: str) -> st.SearchStrategy[Event]:
    return st.builds(Received, days(), st.just(ref), AMOUNTS, st.sampled_from(PrepaymentChoice))


def _charge(ref: str) -> st.SearchStrategy[Event]:
    kinds = st.sampled_from((Component.FEES, Component.COSTS))
    return st.builds(Charged, days(), st.just(ref), st.integers(1, 50_000), kinds)


def _credit(ref: str) -> st.SearchStrategy[Event]:
    used = st.builds(CreditUsed, days(), st.just(ref), AMOUNTS, st.sampled_from(PrepaymentChoice))
    back = st.builds(Refunded, days(), st.just(ref), st.integers(1, 100_000))
    return st.one_of(used, back)


@st.composite
def _reschedule(draw: st.DrawFn, ref: str) -> Event:
    on = draw(days())
    count = draw(st.integers(1, 10))
    return Rescheduled(
        on,
        ref,
        due_dates(month_after(on, 1), count, 1),
        draw(st.sampled_from((Method.LEVEL, Method.EQUAL_PRINCIPAL, Method.BULLET))),
        draw(st.integers(0, count - 1)),
        draw(st.sampled_from(GraceInterest)),
        draw(st.booleans()),
        draw(st.booleans()),
    )
