"""Days in a month that is closed: refused where people choose the day, said where the bank does.

The fund dates its own acts, so that a contribution, a cost, a transfer, a charge or a pay-out
belongs in an open month. Money that came to the bank has the bank's day: it counts from that day
and is booked in the open month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from loans.books.ledger_entries import entry
from loans.books.ledger_periods import bounds_of
from loans.books.tables import period
from loans.day_words import shown_day, shown_month
from loans.history import Moment
from loans.ledger_refusals import PeriodClosed
from loans.tables import User

# Built once, and of the tables: every act that chooses a day asks.
_user = User.__table__
_NEWEST = select(func.max(period.c.month)).where(period.c.facility_id == bindparam("facility_id"))
_CLOSE = (
    select(period.c.closed_at, _user.c.name, _NEWEST.scalar_subquery())
    .outerjoin_from(period, _user, _user.c.id == period.c.closed_by)
    .where(period.c.facility_id == bindparam("facility_id"), period.c.month >= bindparam("month"))
    .order_by(period.c.month)
    .limit(1)
)


@dataclass(frozen=True)
class ClosedBy:
    """Who closed the month that holds a day, and the first day that is still open."""

    month_name: str
    closed_by: str
    closed_on: date
    open_from: date


def closed_by(session: Session, facility_id: str, on: date) -> ClosedBy | None:
    """The close that took in the month of a day; None while it is open."""
    row = session.execute(_CLOSE, {"facility_id": facility_id, "month": f"{on:%Y-%m}"}).first()
    if row is None:
        return None
    closed_at, name, newest = row
    open_from = bounds_of(newest)[1].date()
    return ClosedBy(shown_month(f"{on:%Y-%m}"), name or "The program", closed_at.date(), open_from)


def refuse_closed(session: Session, facility_id: str, on: date, *, field: str) -> None:
    """Refuse a day that people choose in a month that is closed.

    It is asked once the act is booked: a close that came before is seen then, and one that comes
    later waits for the entry (``lock_journal``). Where more happens before, it is asked first too.

    Raises:
        ledger.PeriodClosed: naming the month, who closed it, and the first day that would pass.
    """
    found = closed_by(session, facility_id, on)
    if found is not None:
        message = (
            f"{found.month_name} is closed, by {found.closed_by} on {shown_day(found.closed_on)}. "
            f"Enter a day in an open month, from {shown_day(found.open_from)} on."
        )
        raise PeriodClosed(message, field=field)


def counts_late(
    session: Session, facility_id: str, on: date, moment: Moment, *, what: str
) -> str | None:
    """What becomes of ``what`` with its value date in a closed month, in a sentence."""
    found = closed_by(session, facility_id, on)
    if found is None:
        return None
    return (
        f"{found.month_name} is closed: {what} counts from its value date {shown_day(on)}, "
        f"and is booked on {shown_day(moment.on)}."
    )


def entry_counts_late(
    session: Session, facility_id: str, entry_id: str, moment: Moment, *, what: str
) -> str | None:
    """What becomes of a booked entry whose value date lies in a closed month, in a sentence."""
    on = entry(session, facility_id=facility_id, entry_id=entry_id).effective_on
    return counts_late(session, facility_id, on, moment, what=what)


def last_closed_day(session: Session, facility_id: str) -> date | None:
    """The last day that lies in a closed month; None while no month is closed."""
    newest = session.execute(_NEWEST, {"facility_id": facility_id}).scalar()
    return None if newest is None else bounds_of(newest)[1].date() - timedelta(days=1)
