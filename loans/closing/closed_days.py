"""Closed days and reminders as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans.arrears import AGE_BANDS, AgeBand
from loans.closing.reminding import ReminderStatus, letter_of
from loans.closing.totals import DayTotals
from loans.closing_tables import DayClose, DayClosePart, Reminder
from loans.fund import Facility
from loans.lending.loan_record import records_of
from loans.refusal import Missing
from loans.subledger.state import AccountState
from loans.tables import Enterprise, Loan, User

DAYS_A_PAGE, REMINDERS_A_PAGE = 31, 50


class NoSuchDay(Missing):
    """The day was not closed."""


@dataclass(frozen=True)
class LateBand:
    """Loans and overdue minor units of one band of days past due."""

    label: str
    loan_count: int
    overdue_minor: int


@dataclass(frozen=True)
class DayView:
    """A day that is closed, or begun and not finished (``finished_at`` is None).

    Amounts are in minor units as the close posted them; ``entry_ids`` has one entry for each part
    that posted anything.
    """

    closed_on: date
    started_at: datetime
    started_by: str | None
    finished_at: datetime | None
    running_count: int
    totals: DayTotals
    entry_ids: tuple[str, ...]

    @property
    def late(self) -> tuple[LateBand, ...]:
        """Arrears by age as they stood on the evening of the day."""
        counts, overdue = self.totals.late_counts, self.totals.overdue_minor
        labels = (AgeBand(first, last, 0).label for first, last in AGE_BANDS)
        return tuple(LateBand(*band) for band in zip(labels, counts, overdue, strict=True))

    @property
    def overdue_minor(self) -> int:
        """Everything overdue on the evening of the day."""
        return sum(self.totals.overdue_minor)

    @property
    def late_count(self) -> int:
        """Loans past due beyond their tolerance."""
        return sum(self.totals.late_counts)


@dataclass(frozen=True)
class ReminderLine:
    """A reminder in the list; ``is_settled_now`` tells that its instalment is paid by now."""

    reminder_id: str
    loan_id: str
    reference: str
    borrower: str
    noticed_on: date
    days: int
    instalment_number: int
    due_on: date
    amount_minor: int
    overdue_minor: int
    status: str
    decided_by: str | None
    decided_on: date | None
    reason: str
    is_settled_now: bool


@dataclass(frozen=True)
class ReminderView:
    """One reminder with its letter."""

    line: ReminderLine
    letter: str


def closed_day(session: Session, facility: Facility, day: date) -> DayView:
    """One closed day.

    Raises:
        NoSuchDay: it was not closed.
    """
    row = session.get(DayClose, (facility.facility_id, day))
    if row is None:
        raise NoSuchDay
    return _views(session, facility, [row])[0]


def newest_days(
    session: Session, facility: Facility, *, before: date | None = None, limit: int = DAYS_A_PAGE
) -> tuple[DayView, ...]:
    """Closed days, the newest first, from before a day."""
    query = select(DayClose).where(DayClose.facility_id == facility.facility_id)
    if before is not None:
        query = query.where(DayClose.closed_on < before)
    rows = session.scalars(query.order_by(DayClose.closed_on.desc()).limit(limit)).all()
    return _views(session, facility, rows)


def _views(session: Session, facility: Facility, rows: Sequence[DayClose]) -> tuple[DayView, ...]:
    parts = session.scalars(
        select(DayClosePart)
        .where(
            DayClosePart.facility_id == facility.facility_id,
            DayClosePart.closed_on.in_([row.closed_on for row in rows]),
        )
        .order_by(DayClosePart.closed_on, DayClosePart.number)
    ).all()
    names = _names(session, [row.started_by for row in rows])
    return tuple(
        _view(row, [part for part in parts if part.closed_on == row.closed_on], names)
        for row in rows
    )


def _view(row: DayClose, parts: Sequence[DayClosePart], names: Mapping[str, str]) -> DayView:
    return DayView(
        closed_on=row.closed_on,
        started_at=row.started_at,
        started_by=names.get(row.started_by or ""),
        finished_at=row.finished_at,
        running_count=row.running_count,
        totals=sum((DayTotals.read(part.totals) for part in parts), DayTotals()),
        entry_ids=tuple(part.entry_id for part in parts if part.entry_id is not None),
    )


def _names(session: Session, user_ids: Sequence[str | None]) -> Mapping[str, str]:
    wanted = {user_id for user_id in user_ids if user_id}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


def count_reminders(
    session: Session, facility: Facility, status: ReminderStatus | None = ReminderStatus.DUE
) -> int:
    """How many reminders there are, of one status if named."""
    query = (
        select(func.count())
        .select_from(Reminder)
        .where(Reminder.facility_id == facility.facility_id)
    )
    if status is not None:
        query = query.where(Reminder.status == status.value)
    return session.execute(query).scalar_one()


def reminders(
    session: Session,
    facility: Facility,
    *,
    today: date,
    status: ReminderStatus | None = ReminderStatus.DUE,
    limit: int = REMINDERS_A_PAGE,
    offset: int = 0,
) -> tuple[ReminderLine, ...]:
    """Reminders, the newest first, of one status if named."""
    query = (
        select(Reminder)
        .where(Reminder.facility_id == facility.facility_id)
        .order_by(Reminder.noticed_on.desc(), Reminder.days.desc(), Reminder.id)
    )
    if status is not None:
        query = query.where(Reminder.status == status.value)
    return _lines(session, session.scalars(query.limit(limit).offset(offset)).all(), today)


def reminder(session: Session, reminder_id: str, *, today: date) -> ReminderView:
    """One reminder with the letter.

    Raises:
        Missing: there is none with this id.
    """
    row = session.get(Reminder, reminder_id)
    if row is None:
        raise Missing
    return ReminderView(_lines(session, [row], today)[0], letter_of(session, row))


def _lines(session: Session, rows: Sequence[Reminder], today: date) -> tuple[ReminderLine, ...]:
    loan_ids = [row.loan_id for row in rows]
    loans = session.execute(
        select(Loan.id, Loan.reference, Enterprise.name)
        .join(Enterprise, Enterprise.id == Loan.enterprise_id)
        .where(Loan.id.in_(loan_ids))
    )
    known = {loan_id: (reference, name) for loan_id, reference, name in loans}
    names = _names(session, [row.decided_by for row in rows])
    records = records_of(session, loan_ids)
    return tuple(
        ReminderLine(
            reminder_id=row.id,
            loan_id=row.loan_id,
            reference=known[row.loan_id][0],
            borrower=known[row.loan_id][1],
            noticed_on=row.noticed_on,
            days=row.days,
            instalment_number=row.instalment_number,
            due_on=row.due_on,
            amount_minor=row.amount_minor,
            overdue_minor=row.overdue_minor,
            status=row.status,
            decided_by=names.get(row.decided_by or ""),
            decided_on=row.decided_on,
            reason=row.reason,
            is_settled_now=_is_settled(records[row.loan_id].at(today), row.due_on),
        )
        for row in rows
    )


def _is_settled(state: AccountState, due_on: date) -> bool:
    """Whether nothing of what is due on that day is still asked for."""
    due = [item for item in state.items if item.due_on == due_on and item.number is not None]
    if due:
        return not any(item.open_minor for item in due)
    planned = sum(row.total_minor for row in state.schedule if row.due_on == due_on)
    return planned <= max(0, state.credit_minor)
