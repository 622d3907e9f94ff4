"""Which days are to be closed: each once, in order, none that has not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from loans.cases.case_status import BORROWED
from loans.closing.totals import DayTotals
from loans.closing_tables import DayClose, DayClosePart
from loans.day_words import shown_day
from loans.fund import Facility
from loans.history import Moment
from loans.people import Actor
from loans.refusal import OutOfStep, WrongValue
from loans.tables import Loan

THE_PROGRAM = "the program"
"""Stands in the books for whoever let the program close days by itself."""

_ONE_DAY = timedelta(days=1)


class DayNotCome(WrongValue):
    """A day in the future cannot be closed."""


class DayBeforeFirst(WrongValue):
    """Closing goes forward only, from the first day that was closed."""


class DaysReversed(WrongValue):
    """The last day to close lies before the first."""


class EarlierDayOpen(OutOfStep):
    """A day before this one is not closed yet."""


@dataclass(frozen=True)
class Closing:
    """Who closes days of which facility, and when; ``actor`` is None for the program itself."""

    facility: Facility
    actor: Actor | None
    moment: Moment

    @property
    def user_id(self) -> str | None:
        """Whom the record of the day names."""
        return None if self.actor is None else self.actor.user_id


def yesterday(today: date) -> date:
    """The last day that is over."""
    return today - _ONE_DAY


def days_to_close(
    session: Session,
    facility: Facility,
    today: date,
    *,
    on: date | None = None,
    through: date | None = None,
) -> tuple[date, ...]:
    """The days not closed yet up to ``through``, or up to ``on``, or up to yesterday, in order.

    Missing days between the newest closed one and ``on`` are closed too. The first day ever
    closed is ``on``, or the last one asked for. A day that was begun and not finished comes first.
    No days where all of them were closed before.

    Raises:
        DayNotCome: the last day lies after ``today``.
        DaysReversed: ``through`` lies before ``on``.
        DayBeforeFirst: ``on`` lies before the first day that was ever closed.
    """
    last = through or on or yesterday(today)
    if last > today:
        message = f"{shown_day(last)} has not come. Close a day up to {shown_day(today)}."
        raise DayNotCome(message, field="day")
    if on is not None and on > last:
        message = "The last day lies before the first. Enter a later last day."
        raise DaysReversed(message, field="through")
    oldest, newest = _ends(session, facility)
    if oldest is None or newest is None:
        return _between(on or last, last)
    if (on or last) < oldest:
        message = (
            f"Days are closed from {shown_day(oldest)} on, and closing never goes back. What is "
            "entered for an earlier day is booked with its own act."
        )
        raise DayBeforeFirst(message, field="day")
    return _between(newest if is_open(session, facility, newest) else newest + _ONE_DAY, last)


def _ends(session: Session, facility: Facility) -> tuple[date | None, date | None]:
    first, last = session.execute(
        select(func.min(DayClose.closed_on), func.max(DayClose.closed_on)).where(
            DayClose.facility_id == facility.facility_id
        )
    ).one()
    return first, last


def _between(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def is_open(session: Session, facility: Facility, day: date) -> bool:
    """Whether a day that was begun is not finished."""
    row = session.get(DayClose, (facility.facility_id, day))
    return row is not None and row.finished_at is None


def begin_day(session: Session, closing: Closing, day: date) -> None:
    """Enter the day as begun, unless it was before.

    Raises:
        EarlierDayOpen: an earlier day has to be closed first.
    """
    facility_id = closing.facility.facility_id
    _, newest = _ends(session, closing.facility)
    if newest is not None and newest < day:
        is_gap = newest + _ONE_DAY < day
        if is_gap or is_open(session, closing.facility, newest):
            waiting = newest + _ONE_DAY if is_gap else newest
            message = f"Close {shown_day(waiting)} first: days are closed in order."
            raise EarlierDayOpen(message)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # Two runs for one day must not both begin it.
    session.execute(
        dialect.insert(DayClose)
        .values(
            facility_id=facility_id,
            closed_on=day,
            started_by=closing.user_id,
            started_at=closing.moment.at,
            running_count=_running(session, facility_id),
        )
        .on_conflict_do_nothing()
    )


def locked_day(session: Session, closing: Closing, day: date) -> DayClose:
    """The record of a day that was begun, locked until the transaction ends."""
    key = (closing.facility.facility_id, day)
    return session.get_one(DayClose, key, with_for_update=True, populate_existing=True)


def finish_day(session: Session, closing: Closing, row: DayClose) -> None:
    """Add the parts up, and close the day for good."""
    documents = session.scalars(
        select(DayClosePart.totals).where(
            DayClosePart.facility_id == row.facility_id, DayClosePart.closed_on == row.closed_on
        )
    )
    totals = sum((DayTotals.read(one) for one in documents), DayTotals())
    row.totals, row.finished_at = totals.document(), closing.moment.at
    session.flush()


def _running(session: Session, facility_id: str) -> int:
    return session.execute(
        select(func.count())
        .select_from(Loan)
        .where(Loan.facility_id == facility_id, Loan.status.in_(BORROWED))
    ).scalar_one()
