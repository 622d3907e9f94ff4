"""What the database says about all loans on a day, each question in one query for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from loans.books.tables import journal_entry
from loans.lending.loan_case import RELEASED
from loans.lending.seen import Seen
from loans.tables import Disbursement, Enterprise, Loan


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
