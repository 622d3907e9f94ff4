"""What the database says about all loans on a day, each question in one query for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from loans.allocation import Part
from loans.books import AccountRow, journal_entry, posting
from loans.chart import LOANS
from loans.component import Component
from loans.instalments import Seen
from loans.ledger_balances import entry_of_posting
from loans.loan_case import RELEASED
from loans.schedule import Instalment
from loans.tables import (
    Disbursement,
    Enterprise,
    InstalmentRow,
    Loan,
    Receipt,
    ReceiptPart,
    ScheduleVersion,
    WriteOff,
)


@dataclass(frozen=True)
class PaidOut:
    """What a borrower got so far, in minor units, and since when."""

    first_on: date
    amount_minor: int


@dataclass(frozen=True)
class Day:
    """The day of which the loans are told, and what was known by then."""

    facility_id: str
    on: date
    seen: Seen


def loans(session: Session, day: Day) -> Sequence[tuple[Loan, str]]:
    """The loans signed by the day, with the borrower's name."""
    rows = session.execute(
        select(Loan, Enterprise.name)
        .join(Enterprise, Enterprise.id == Loan.enterprise_id)
        .where(Loan.facility_id == day.facility_id, Loan.signed_on <= day.on)
        .order_by(Loan.signed_on, Loan.reference)
    )
    return [(loan, name) for loan, name in rows]


def outstanding(session: Session, day: Day) -> Mapping[str, int]:
    """What the postings of each loan leave on the account of loans."""
    rows = session.execute(
        select(posting.c.loan_id, func.sum(posting.c.amount_minor))
        .join(journal_entry, entry_of_posting())
        .join(
            AccountRow,
            and_(
                AccountRow.facility_id == posting.c.facility_id,
                AccountRow.id == posting.c.account_id,
            ),
        )
        .where(
            posting.c.facility_id == day.facility_id,
            AccountRow.code == LOANS,
            posting.c.loan_id.is_not(None),
            posting.c.effective_on <= day.on,
            day.seen.knew(journal_entry.c.booked_at),
        )
        .group_by(posting.c.loan_id)
    )
    return {loan_id: int(total) for loan_id, total in rows}


def _booked(entry_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """How a record finds the entry that booked it."""
    return journal_entry.c.id == entry_id


def paid_out(session: Session, day: Day) -> Mapping[str, PaidOut]:
    """What each loan was paid out."""
    rows = session.execute(
        select(
            Disbursement.loan_id,
            func.min(Disbursement.pay_on),
            func.sum(Disbursement.amount_minor),
        )
        .join(journal_entry, _booked(Disbursement.entry_id))
        .where(
            journal_entry.c.facility_id == day.facility_id,
            Disbursement.status == RELEASED,
            Disbursement.pay_on <= day.on,
            day.seen.knew(journal_entry.c.booked_at),
        )
        .group_by(Disbursement.loan_id)
    )
    return {loan_id: PaidOut(first_on, int(total)) for loan_id, first_on, total in rows}


def written_off(session: Session, day: Day) -> Mapping[str, int]:
    """The principal given up, of the loans written off."""
    rows = session.execute(
        select(WriteOff.loan_id, WriteOff.amount_minor)
        .join(journal_entry, _booked(WriteOff.entry_id))
        .where(
            journal_entry.c.facility_id == day.facility_id,
            journal_entry.c.effective_on <= day.on,
            day.seen.knew(journal_entry.c.booked_at),
        )
    )
    return {loan_id: int(total or 0) for loan_id, total in rows}


def _versions_in_force(day: Day) -> Subquery:
    """The newest schedule of each loan; the first one holds from the signature."""
    return (
        select(ScheduleVersion.loan_id, func.max(ScheduleVersion.version).label("version"))
        .join(Loan, Loan.id == ScheduleVersion.loan_id)
        .where(
            Loan.facility_id == day.facility_id,
            or_(ScheduleVersion.made_on <= day.on, ScheduleVersion.version == 1),
            day.seen.knew(ScheduleVersion.made_at),
        )
        .group_by(ScheduleVersion.loan_id)
        .subquery()
    )


def instalments(session: Session, day: Day) -> Mapping[str, list[Instalment]]:
    """The instalments of the schedule in force, by loan; a loan not known yet has none."""
    latest = _versions_in_force(day)
    rows = session.execute(
        select(
            ScheduleVersion.loan_id,
            InstalmentRow.number,
            InstalmentRow.due_on,
            InstalmentRow.principal_minor,
            InstalmentRow.interest_minor,
        )
        .join(
            latest,
            and_(
                latest.c.loan_id == ScheduleVersion.loan_id,
                latest.c.version == ScheduleVersion.version,
            ),
        )
        .join(InstalmentRow, InstalmentRow.schedule_id == ScheduleVersion.id)
        .order_by(ScheduleVersion.loan_id, InstalmentRow.number.desc())
    )
    found: dict[str, list[Instalment]] = defaultdict(list)
    for loan_id, number, due_on, principal, interest in rows:
        later = found[loan_id]
        # From the last one backwards: the balance after one is the principal of those behind it.
        balance = later[-1].balance_minor + later[-1].principal_minor if later else 0
        later.append(Instalment(number, due_on, principal, interest, 0, balance))
    return dict(found)


def paid(session: Session, day: Day) -> Mapping[str, list[Part]]:
    """What the receipts of each loan paid of its instalments."""
    rows = session.execute(
        select(
            Receipt.loan_id,
            ReceiptPart.instalment_number,
            ReceiptPart.component,
            func.sum(ReceiptPart.amount_minor),
        )
        .join(ReceiptPart, ReceiptPart.receipt_id == Receipt.id)
        .join(Loan, Loan.id == Receipt.loan_id)
        .where(
            Loan.facility_id == day.facility_id,
            Receipt.received_on <= day.on,
            day.seen.knew(Receipt.recorded_at),
            day.seen.stands(),
        )
        .group_by(Receipt.loan_id, ReceiptPart.instalment_number, ReceiptPart.component)
    )
    found: dict[str, list[Part]] = defaultdict(list)
    for loan_id, number, component, total in rows:
        found[loan_id].append(Part(number, Component(component), int(total)))
    return found
