"""The repayment schedule of a loan as people read it: the one in force beside the first one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Session

from loans.cases.contract_preview import PlannedCover, planned_cover
from loans.fund import the_facility
from loans.lending.loan_case import seen_loan
from loans.lending.loan_facts import LoanRecords, facts_at
from loans.lending.loan_plans import REASONS, SIGNED
from loans.lending.seen import Seen
from loans.people import Actor
from loans.schedules.business_days import next_business_day
from loans.schedules.schedule import Instalment
from loans.subledger.contract import Contract
from loans.subledger.replay import replay
from loans.subledger.state import AccountState, DueItem
from loans.tables import Enterprise, Loan
from loans.versions.profile_versions import profile_of


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

    Interest that was earned on what was overdue is part of the next instalment; late interest is
    what the delay of this one costs. A receipt by ``on_time_until`` is on time. ``days_late`` is
    that of the payment, or, where it is open, that up to the day asked for. ``first_due_on`` and
    ``first_total_minor`` are of the instalment of this number in the schedule as signed.
    """

    number: int
    due_on: date
    on_time_until: date
    principal_minor: int
    interest_minor: int
    late_interest_minor: int
    capitalised_minor: int
    total_minor: int
    balance_minor: int
    paid_minor: int
    open_minor: int
    paid_on: date | None
    days_late: int
    standing: Standing
    first_due_on: date | None
    first_total_minor: int


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

    ``is_planned`` says that nothing is paid out yet: the schedule is the contract's plan.
    ``undisbursed_minor`` is left out of the schedule in force until it is paid out. ``current``
    has the interest that really fell due; ``plans`` are all versions as they were planned, oldest
    first. ``cover`` is that of a schedule which follows the savings, as signed.
    """

    loan_id: str
    reference: str
    borrower: str
    currency: str
    as_of: date
    annual_rate: Decimal
    method: str
    day_count: str
    frequency_months: int
    business_days_of: str | None
    cover: PlannedCover | None
    is_planned: bool
    undisbursed_minor: int
    current: Plan
    lines: tuple[ScheduleLine, ...]
    paid_minor: int
    open_minor: int
    original: Plan | None
    plans: tuple[Plan, ...]

    @property
    def is_changed(self) -> bool:
        """Whether the plan in force has other days or amounts than the one that was signed."""
        return self.plans[0].instalments != self.plans[-1].instalments


def schedule_view(session: Session, actor: Actor, loan_id: str, *, as_of: date) -> ScheduleView:
    """The schedules of a loan as of a value date.

    Raises:
        Missing: the loan does not exist for the actor.
        NotSignedYet: it was signed after ``as_of``.
    """
    loan = seen_loan(session, actor, loan_id)
    facts = facts_at(session, loan, as_of, Seen(as_of))
    state = facts.state
    plans = plans_of(loan, facts)
    contract = facts.record.contract
    lines = _lines(contract, state, plans[0], is_given_up=state.written_off_on is not None)
    return ScheduleView(
        loan_id=loan.id,
        reference=loan.reference,
        borrower=session.get_one(Enterprise, loan.enterprise_id).name,
        currency=the_facility(session).currency,
        as_of=as_of,
        annual_rate=Decimal(loan.annual_rate),
        method=facts.record.method_on(as_of),
        day_count=loan.day_count,
        frequency_months=contract.frequency_months,
        business_days_of=contract.business_days_of,
        cover=_cover(session, loan, contract),
        is_planned=not state.disbursed_minor,
        undisbursed_minor=loan.principal_minor - state.disbursed_minor - state.given_up_minor,
        current=_plan(len(plans), plans[-1].reason, plans[-1].in_force_from, state.schedule),
        lines=lines,
        paid_minor=sum(line.paid_minor for line in lines),
        open_minor=sum(line.open_minor for line in lines),
        original=plans[0] if len(plans) > 1 else None,
        plans=plans,
    )


def _cover(session: Session, loan: Loan, contract: Contract) -> PlannedCover | None:
    if contract.savings_minor is None:
        return None
    target = profile_of(session, loan).terms.target_cover.value
    return None if target is None else planned_cover(contract, contract.savings_minor, target)


def plans_of(loan: Loan, facts: LoanRecords) -> tuple[Plan, ...]:
    """The schedule as signed and every later one, oldest first."""
    signed = replay(facts.record.contract, (), until=loan.signed_on).schedule
    first = _plan(1, SIGNED, loan.signed_on, signed)
    later = (
        _plan(version, REASONS[one.reason], one.on, one.instalments)
        for version, one in enumerate(facts.state.plans, start=2)
    )
    return (first, *later)


def _plan(version: int, reason: str, since: date, instalments: tuple[Instalment, ...]) -> Plan:
    return Plan(
        version=version,
        reason=reason,
        in_force_from=since,
        instalments=instalments,
        principal_minor=sum(one.principal_minor for one in instalments),
        interest_minor=sum(one.interest_minor for one in instalments),
        total_minor=sum(one.total_minor for one in instalments),
    )


def _lines(
    contract: Contract, state: AccountState, signed: Plan, *, is_given_up: bool
) -> tuple[ScheduleLine, ...]:
    items = {item.number: item for item in state.items if item.number is not None}
    first = {one.number: one for one in signed.instalments}
    free_days_of = contract.business_days_of
    ahead = (
        row.number
        for row in state.schedule
        if row.due_on >= state.on and row.total_minor and not _is_settled(items.get(row.number))
    )
    upcoming = next(ahead, None)
    return tuple(
        _line(
            row,
            items.get(row.number),
            first.get(row.number),
            state.on,
            on_time_until=next_business_day(row.due_on, free_days_of),
            is_next=row.number == upcoming,
            is_given_up=is_given_up,
        )
        for row in state.schedule
    )


def _is_settled(item: DueItem | None) -> bool:
    return item is not None and not item.open_minor


def _line(
    row: Instalment,
    item: DueItem | None,
    signed: Instalment | None,
    on: date,
    *,
    on_time_until: date,
    is_next: bool,
    is_given_up: bool,
) -> ScheduleLine:
    late_interest = item.due.late_interest if item else 0
    paid = sum(item.paid) if item else 0
    opened = item.open_minor if item else row.total_minor
    standing = _standing(row, item, on, is_next=is_next)
    if is_given_up and (item is None or sum(item.paid) < row.total_minor):
        standing, opened = Standing.GIVEN_UP, 0
    paid_on = item.settled_on if item is not None and standing is Standing.PAID else None
    until = on if standing is Standing.LATE else paid_on
    return ScheduleLine(
        number=row.number,
        due_on=row.due_on,
        on_time_until=on_time_until,
        principal_minor=row.principal_minor,
        interest_minor=row.interest_minor,
        late_interest_minor=late_interest,
        capitalised_minor=row.capitalised_minor,
        total_minor=row.total_minor + late_interest,
        balance_minor=row.balance_minor,
        paid_minor=paid,
        open_minor=opened,
        paid_on=paid_on,
        days_late=0 if until is None or item is None else max(0, (until - item.on_time_until).days),
        standing=standing,
        first_due_on=signed.due_on if signed else None,
        first_total_minor=signed.total_minor if signed else 0,
    )


def _standing(row: Instalment, item: DueItem | None, on: date, *, is_next: bool) -> Standing:
    if _is_settled(item) or (item is None and not row.total_minor and row.due_on <= on):
        return Standing.PAID
    if item is not None and item.on_time_until < on:
        return Standing.LATE
    return Standing.NEXT if is_next else Standing.OPEN
