"""The repayment schedule of a loan as people read it: the one in force beside the first one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans.allocation import OpenInstalment
from loans.fund import the_facility
from loans.instalments import Seen, instalment_states, instalments_of, versions
from loans.loan_case import seen_loan
from loans.loan_facts import facts_at
from loans.people import Actor
from loans.schedule import Instalment
from loans.tables import Enterprise, Receipt, ReceiptPart, ScheduleVersion


class Standing(StrEnum):
    """How an instalment stands on a day."""

    PAID = "paid"
    LATE = "late"
    NEXT = "next"
    OPEN = "open"
    GIVEN_UP = "given-up"


@dataclass(frozen=True)
class ScheduleLine:
    """One instalment of the schedule in force; amounts in minor units.

    ``days_late`` is that of the payment, or, where it is open, that up to the day asked for.
    """

    number: int
    due_on: date
    principal_minor: int
    interest_minor: int
    total_minor: int
    balance_minor: int
    paid_minor: int
    open_minor: int
    paid_on: date | None
    days_late: int
    standing: Standing


@dataclass(frozen=True)
class Plan:
    """One version of the schedule with its sums, in force from a day."""

    version: int
    reason: str
    in_force_from: date
    instalments: tuple[Instalment, ...]
    principal_minor: int
    interest_minor: int
    total_minor: int


@dataclass(frozen=True)
class ScheduleView:
    """The schedule in force on a day, and the one that was signed; None where they are one.

    ``is_planned`` says that nothing is paid out yet, so that the schedule is the contract's plan.
    """

    loan_id: str
    reference: str
    borrower: str
    currency: str
    as_of: date
    annual_rate: Decimal
    method: str
    day_count: str
    is_planned: bool
    undisbursed_minor: int
    current: Plan
    lines: tuple[ScheduleLine, ...]
    paid_minor: int
    open_minor: int
    original: Plan | None

    @property
    def is_changed(self) -> bool:
        """Whether days or amounts in force differ from those that were signed."""
        return self.original is not None and self.original.instalments != self.current.instalments


def schedule_view(session: Session, actor: Actor, loan_id: str, *, as_of: date) -> ScheduleView:
    """The schedules of a loan as of a value date.

    Raises:
        Missing: the loan does not exist for the actor.
        NotSignedYet: it was signed after ``as_of``.
    """
    loan = seen_loan(session, actor, loan_id)
    seen = Seen(as_of)
    facts = facts_at(session, loan, as_of, seen)
    found = versions(session, loan.id, seen)
    current = _plan(session, found[-1])
    lines = _lines(
        current,
        instalment_states(session, loan.id, seen),
        _paid_days(session, loan.id, seen),
        as_of,
        is_given_up=facts.written_off is not None,
    )
    return ScheduleView(
        loan_id=loan.id,
        reference=loan.reference,
        borrower=session.get_one(Enterprise, loan.enterprise_id).name,
        currency=the_facility(session).currency,
        as_of=as_of,
        annual_rate=Decimal(loan.annual_rate),
        method=loan.method,
        day_count=loan.day_count,
        is_planned=not facts.disbursed_minor,
        undisbursed_minor=loan.principal_minor - facts.disbursed_minor,
        current=current,
        lines=lines,
        paid_minor=sum(line.paid_minor for line in lines),
        open_minor=sum(line.open_minor for line in lines),
        original=None if len(found) == 1 else _plan(session, found[0]),
    )


def _plan(session: Session, row: ScheduleVersion) -> Plan:
    instalments = instalments_of(session, row.id)
    return Plan(
        version=row.version,
        reason=row.reason,
        in_force_from=row.made_on,
        instalments=instalments,
        principal_minor=sum(one.principal_minor for one in instalments),
        interest_minor=sum(one.interest_minor for one in instalments),
        total_minor=sum(one.total_minor for one in instalments),
    )


def _paid_days(session: Session, loan_id: str, seen: Seen) -> Mapping[int, date]:
    """The day of the newest receipt on each instalment."""
    rows = session.execute(
        select(ReceiptPart.instalment_number, func.max(Receipt.received_on))
        .join(Receipt, Receipt.id == ReceiptPart.receipt_id)
        .where(
            Receipt.loan_id == loan_id,
            seen.happened(Receipt.received_on),
            seen.knew(Receipt.recorded_at),
            seen.stands(),
        )
        .group_by(ReceiptPart.instalment_number)
    )
    return dict(rows.all())


def _lines(
    plan: Plan,
    states: tuple[OpenInstalment, ...],
    paid_days: Mapping[int, date],
    as_of: date,
    *,
    is_given_up: bool,
) -> tuple[ScheduleLine, ...]:
    open_minor = {state.number: state.total_minor for state in states}
    unpaid = [one.number for one in plan.instalments if open_minor[one.number] > 0]
    ahead = (one.number for one in plan.instalments if one.due_on >= as_of)
    upcoming = next((number for number in ahead if number in unpaid), None)
    lines = []
    for one in plan.instalments:
        standing = _standing(one, open_minor[one.number], as_of, is_next=one.number == upcoming)
        if is_given_up and standing is not Standing.PAID:
            standing = Standing.GIVEN_UP
        lines.append(_line(one, open_minor[one.number], paid_days, as_of, standing))
    return tuple(lines)


def _standing(one: Instalment, open_minor: int, as_of: date, *, is_next: bool) -> Standing:
    if open_minor <= 0:
        return Standing.PAID
    if one.due_on < as_of:
        return Standing.LATE
    return Standing.NEXT if is_next else Standing.OPEN


def _line(
    one: Instalment,
    open_minor: int,
    paid_days: Mapping[int, date],
    as_of: date,
    standing: Standing,
) -> ScheduleLine:
    paid_on = paid_days.get(one.number) if standing is Standing.PAID else None
    until = as_of if standing is Standing.LATE else paid_on
    return ScheduleLine(
        number=one.number,
        due_on=one.due_on,
        principal_minor=one.principal_minor,
        interest_minor=one.interest_minor,
        total_minor=one.total_minor,
        balance_minor=one.balance_minor,
        paid_minor=one.total_minor - open_minor,
        open_minor=open_minor,
        paid_on=paid_on,
        days_late=0 if until is None else max(0, (until - one.due_on).days),
        standing=standing,
    )
