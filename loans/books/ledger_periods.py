"""Closing a month: after it nothing is booked in that month or an earlier one.

A month without a row is open until it or a later one is closed; so nothing has to be opened, and
the rows of ``period`` are the record of the closings, never changed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, text
from sqlalchemy.orm import Session

from loans.books.ledger_balances import entry_of_posting
from loans.books.ledger_guard import refusals_in_words
from loans.books.tables import FacilityRow, journal_entry, period, posting
from loans.ledger_refusals import PeriodClosed, PeriodNotOver, UnknownMonth

_MONTH = re.compile(r"(199\d|20\d\d|2100)-(0[1-9]|1[0-2])", re.ASCII)
"""A month of the years in which days are entered."""


def close_period(
    session: Session, *, facility_id: str, month: str, actor_id: str, closed_at: datetime
) -> None:
    """Close ``month`` (such as 2026-03) and all before it; keep its count and sum of debits.

    Raises:
        UnknownMonth: not written as year and month.
        PeriodNotOver: the month has not ended at ``closed_at``.
        PeriodClosed: it or a later month is closed already.
    """
    start, end = bounds_of(month)
    if closed_at < end:
        message = "This month is not over. It can be closed from the first day of the next one."
        raise PeriodNotOver(message, field="month")
    if session.get_bind().dialect.name == "postgresql":
        # No entry may slip in between the totals and the close. SQLite has one writer anyway.
        session.execute(text("SELECT lock_journal()"))
    if is_closed(session, facility_id=facility_id, month=month):
        message = "This month is closed already."
        raise PeriodClosed(message, field="month")
    row = {
        "facility_id": facility_id,
        "month": month,
        "closed_at": closed_at,
        "closed_by": actor_id,
        **totals_between(session, facility_id, start, end),
    }
    with refusals_in_words(session, facility_id):
        session.execute(insert(period), row)


def is_closed(session: Session, *, facility_id: str, month: str) -> bool:
    """Whether the month, or a later one, was closed."""
    latest = session.execute(
        select(func.max(period.c.month)).where(period.c.facility_id == facility_id)
    ).scalar()
    return latest is not None and latest >= month


def bounds_of(month: str) -> tuple[datetime, datetime]:
    """The instants at which a month begins and ends, in UTC.

    Raises:
        UnknownMonth: not written as year and month, or not of the years 1990 to 2100.
    """
    if not _MONTH.fullmatch(month):
        message = "Enter the month as year and month, such as 2026-03, of the years 1990 to 2100."
        raise UnknownMonth(message, field="month")
    year, number = int(month[:4]), int(month[5:])
    following = date(year + number // 12, number % 12 + 1, 1)
    return (
        datetime(year, number, 1, tzinfo=UTC),
        datetime(following.year, following.month, 1, tzinfo=UTC),
    )


def totals_between(
    session: Session, facility_id: str, start: datetime, end: datetime
) -> dict[str, int]:
    """Entries booked from ``start`` to before ``end``, and their debits in the fund's currency.

    Postings in other currencies count with their entries; their amounts are never added.
    """
    booked: tuple[ColumnElement[bool], ...] = (
        journal_entry.c.facility_id == facility_id,
        journal_entry.c.booked_at >= start,
        journal_entry.c.booked_at < end,
    )
    count = session.execute(select(func.count()).select_from(journal_entry).where(*booked))
    debits: Any = session.execute(
        select(func.sum(posting.c.amount_minor))
        .join(journal_entry, entry_of_posting())
        .join(FacilityRow, FacilityRow.id == posting.c.facility_id)
        .where(*booked, posting.c.amount_minor > 0, posting.c.currency == FacilityRow.currency)
    ).scalar()
    return {"entry_count": count.scalar_one(), "debits_minor": int(debits or 0)}
