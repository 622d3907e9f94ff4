"""The instalments of one loan: the schedule in force, and what of it is paid and open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from loans.allocation import OpenInstalment, Part, open_instalments
from loans.component import Component
from loans.ledger_balances import end_of
from loans.schedule import Instalment
from loans.tables import InstalmentRow, Receipt, ReceiptPart, ScheduleVersion


@dataclass(frozen=True)
class Seen:
    """What counts: value dates up to ``as_of``, and what was recorded before ``known_before``.

    None leaves the bound out. A receipt that was reversed never counted, as in the books.
    """

    as_of: date | None = None
    known_before: datetime | None = None

    @classmethod
    def on(cls, as_of: date | None, known_on: date | None) -> Seen:
        """``known_on`` counts what was recorded up to the end of that day (UTC)."""
        return cls(as_of, None if known_on is None else end_of(known_on))

    def happened(self, column: InstrumentedAttribute[date]) -> ColumnElement[bool]:
        """Whether the value date counts."""
        return true() if self.as_of is None else column <= self.as_of

    def knew(self, column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether it was recorded."""
        return true() if self.known_before is None else column < self.known_before

    def stands(self) -> ColumnElement[bool]:
        """Whether a receipt is not reversed."""
        if self.known_before is None:
            return Receipt.reversed_at.is_(None)
        return or_(Receipt.reversed_at.is_(None), Receipt.reversed_at >= self.known_before)


NOW = Seen()
"""Everything that is recorded."""


def versions(session: Session, loan_id: str, seen: Seen = NOW) -> Sequence[ScheduleVersion]:
    """The schedule versions, oldest first; the last one is in force, the first from the start."""
    return session.scalars(
        select(ScheduleVersion)
        .where(
            ScheduleVersion.loan_id == loan_id,
            or_(ScheduleVersion.version == 1, seen.happened(ScheduleVersion.made_on)),
            seen.knew(ScheduleVersion.made_at),
        )
        .order_by(ScheduleVersion.version)
    ).all()


def instalments_of(session: Session, schedule_id: str) -> tuple[Instalment, ...]:
    """The rows of a schedule version; the balance after each is the principal still to come."""
    rows = session.scalars(
        select(InstalmentRow)
        .where(InstalmentRow.schedule_id == schedule_id)
        .order_by(InstalmentRow.number)
    ).all()
    balance = sum(row.principal_minor for row in rows)
    instalments = []
    for row in rows:
        balance -= row.principal_minor
        instalments.append(
            Instalment(row.number, row.due_on, row.principal_minor, row.interest_minor, 0, balance)
        )
    return tuple(instalments)


def active_instalments(session: Session, loan_id: str, seen: Seen = NOW) -> tuple[Instalment, ...]:
    """The rows of the schedule in force; none where the loan was not known yet."""
    found = versions(session, loan_id, seen)
    return instalments_of(session, found[-1].id) if found else ()


def paid_parts(session: Session, loan_id: str, seen: Seen = NOW) -> tuple[Part, ...]:
    """What the receipts of a loan paid of its instalments."""
    rows = session.execute(
        select(
            ReceiptPart.instalment_number,
            ReceiptPart.component,
            func.sum(ReceiptPart.amount_minor),
        )
        .join(Receipt, Receipt.id == ReceiptPart.receipt_id)
        .where(
            Receipt.loan_id == loan_id,
            seen.happened(Receipt.received_on),
            seen.knew(Receipt.recorded_at),
            seen.stands(),
        )
        .group_by(ReceiptPart.instalment_number, ReceiptPart.component)
    )
    return tuple(
        Part(number, Component(component), int(total)) for number, component, total in rows
    )


def instalment_states(
    session: Session, loan_id: str, seen: Seen = NOW
) -> tuple[OpenInstalment, ...]:
    """The instalments of the schedule in force with what is still open on each."""
    return open_instalments(
        active_instalments(session, loan_id, seen), paid=paid_parts(session, loan_id, seen)
    )
