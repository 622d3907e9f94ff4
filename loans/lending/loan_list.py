"""The list of loans: those that exist for the actor, filtered, sorted and paged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.cases.case_status import BORROWED, LoanStatus
from loans.figures.portfolio import LoanAt, loans_at
from loans.fund import the_facility
from loans.lending.loan_case import PREPARED
from loans.people import STAFF, Actor, fold
from loans.tables import Disbursement, Enterprise, WriteOff

PAGE_SIZE = 50


class LoanFilter(StrEnum):
    """Which loans to list."""

    ALL = "all"
    ACTIVE = "active"
    LATE = "late"
    SIGNED = "signed"
    REPAID = "repaid"
    WRITTEN_OFF = "written-off"


class LoanOrder(StrEnum):
    """What the list is sorted by; the reference decides between equals."""

    REFERENCE = "reference"
    BORROWER = "borrower"
    STATUS = "status"
    SIGNED = "signed"
    OUTSTANDING = "outstanding"
    OVERDUE = "overdue"
    DAYS_PAST_DUE = "days-past-due"
    NEXT_DUE = "next-due"


@dataclass(frozen=True)
class LoanLine:
    """One loan of the list; amounts in minor units.

    ``waits_for`` says what a second person has to decide on, or nothing; the borrower's side
    does not learn it.
    """

    loan_id: str
    reference: str
    borrower: str
    status: LoanStatus
    signed_on: date
    contract_minor: int
    disbursed_minor: int
    outstanding_minor: int
    overdue_minor: int
    days_past_due: int
    next_due_on: date | None
    next_due_minor: int
    waits_for: str


@dataclass(frozen=True)
class LoanPage:
    """One page of loans; counts and sums are of all pages."""

    currency: str
    on: date
    lines: tuple[LoanLine, ...]
    count: int
    page_number: int
    page_count: int
    outstanding_minor: int
    overdue_minor: int
    counts: Mapping[str, int]
    """How many loans each filter would list."""


_FILTERS: Mapping[LoanFilter, Callable[[LoanAt], bool]] = {
    LoanFilter.ALL: lambda _: True,
    LoanFilter.ACTIVE: lambda loan: loan.status in BORROWED,
    LoanFilter.LATE: lambda loan: loan.overdue_minor > 0,
    LoanFilter.SIGNED: lambda loan: loan.status is LoanStatus.SIGNED,
    LoanFilter.REPAID: lambda loan: loan.status is LoanStatus.REPAID,
    LoanFilter.WRITTEN_OFF: lambda loan: loan.status is LoanStatus.WRITTEN_OFF,
}
_STAGES = tuple(LoanStatus)
_KEYS: Mapping[LoanOrder, Callable[[LoanAt], str | int | date]] = {
    LoanOrder.REFERENCE: lambda loan: loan.reference,
    LoanOrder.BORROWER: lambda loan: fold(loan.borrower),
    LoanOrder.STATUS: lambda loan: _STAGES.index(loan.status),
    LoanOrder.SIGNED: lambda loan: loan.signed_on,
    LoanOrder.OUTSTANDING: lambda loan: loan.principal_minor,
    LoanOrder.OVERDUE: lambda loan: loan.overdue_minor,
    LoanOrder.DAYS_PAST_DUE: lambda loan: loan.days_past_due,
    LoanOrder.NEXT_DUE: lambda loan: loan.next_due.due_on if loan.next_due else date.max,
}


def loans(
    session: Session,
    actor: Actor,
    *,
    status: LoanFilter = LoanFilter.ALL,
    search: str = "",
    order: LoanOrder = LoanOrder.REFERENCE,
    descending: bool = False,
    page_number: int = 1,
    page_size: int = PAGE_SIZE,
    on: date,
    known_on: date | None = None,
    is_past: bool = False,
) -> LoanPage:
    """A page of the loans that exist for the actor, as they stood on a day, as known on another.

    What waits for a second person is told of today only, not where ``is_past``.

    ``search`` finds parts of the reference, the borrower's name and its registration number, with
    other case and accents. A page after the last shows the last.
    """
    facility = the_facility(session)
    found = [
        loan
        for loan in _searched(session, loans_at(session, facility, on, known_on), search)
        if actor.may_see(loan.enterprise_id)
    ]
    chosen = sorted(filter(_FILTERS[status], found), key=lambda loan: loan.reference)
    chosen.sort(key=_KEYS[order], reverse=descending)
    page_count = max(1, -(-len(chosen) // page_size))
    number = min(max(1, page_number), page_count)
    shown = chosen[(number - 1) * page_size : number * page_size]
    waiting = _waiting(session, shown) if actor.role in STAFF and not is_past else {}
    return LoanPage(
        currency=facility.currency,
        on=on,
        lines=tuple(_line(loan, waiting.get(loan.loan_id, "")) for loan in shown),
        count=len(chosen),
        page_number=number,
        page_count=page_count,
        outstanding_minor=sum(loan.principal_minor for loan in chosen),
        overdue_minor=sum(loan.overdue_minor for loan in chosen),
        counts={kind.value: sum(map(test, found)) for kind, test in _FILTERS.items()},
    )


def _searched(session: Session, all_loans: Sequence[LoanAt], search: str) -> Sequence[LoanAt]:
    wanted = fold(search)
    if not wanted:
        return all_loans
    names = dict(
        session.execute(
            select(Enterprise.id, Enterprise.search_name).where(
                Enterprise.id.in_({loan.enterprise_id for loan in all_loans})
            )
        ).all()
    )
    return [
        loan
        for loan in all_loans
        if wanted in names[loan.enterprise_id] or wanted in fold(loan.reference)
    ]


def _waiting(session: Session, shown: Sequence[LoanAt]) -> Mapping[str, str]:
    """What waits for a second person, by loan."""
    loan_ids = [loan.loan_id for loan in shown]
    pay_outs = session.scalars(
        select(Disbursement.loan_id).where(
            Disbursement.loan_id.in_(loan_ids), Disbursement.status == PREPARED
        )
    )
    write_offs = session.scalars(
        select(WriteOff.loan_id).where(WriteOff.loan_id.in_(loan_ids), WriteOff.status == PREPARED)
    )
    return {
        **dict.fromkeys(pay_outs, "pay-out"),
        **dict.fromkeys(write_offs, "write-off"),
    }


def _line(loan: LoanAt, waits_for: str) -> LoanLine:
    due = loan.next_due
    return LoanLine(
        loan_id=loan.loan_id,
        reference=loan.reference,
        borrower=loan.borrower,
        status=loan.status,
        signed_on=loan.signed_on,
        contract_minor=loan.contract_minor,
        disbursed_minor=loan.disbursed_minor,
        outstanding_minor=loan.principal_minor,
        overdue_minor=loan.overdue_minor,
        days_past_due=loan.days_past_due,
        next_due_on=due.due_on if due else None,
        next_due_minor=due.open_minor if due else 0,
        waits_for=waits_for,
    )
