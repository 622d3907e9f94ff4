"""Reading entries and postings: the journal page by page, and the rows behind a balance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session

from loans.books.ledger_balances import find_account
from loans.books.tables import AccountRow, journal_entry, journal_number, posting
from loans.ledger_legs import Source
from loans.ledger_refusals import NoSuchEntry

PAGE_SIZE = 50


@dataclass(frozen=True)
class PostingView:
    """One posting of an entry; the amount is in minor units, debit positive."""

    account_code: str
    account_name: str
    amount_minor: int
    currency: str
    loan_id: str | None


@dataclass(frozen=True)
class EntryView:
    """One journal entry with its postings, in the order in which they were entered.

    ``number`` runs from 1 without gaps; PostgreSQL gives it at the end of the transaction.
    """

    entry_id: str
    number: int | None
    event: str
    effective_on: date
    booked_at: datetime
    actor_id: str
    key: str
    memo: str
    reversal_of: str | None
    reversed_by: str | None
    source: Source | None
    postings: tuple[PostingView, ...]


@dataclass(frozen=True)
class EntryPage:
    """A page of entries, newest first; ``before`` asks for the next page, None after the last."""

    entries: tuple[EntryView, ...]
    before: str | None


def entry(session: Session, *, facility_id: str, entry_id: str) -> EntryView:
    """One entry with its postings.

    Raises:
        NoSuchEntry: the facility has none with this id.
    """
    found = _with_postings(session, facility_id, _entry_rows(session, facility_id, entry_id))
    if not found:
        raise NoSuchEntry
    return found[0]


def _entry_rows(session: Session, facility_id: str, entry_id: str) -> list[Row[Any]]:
    query = _headers(facility_id).where(journal_entry.c.id == entry_id)
    return list(session.execute(query))


def entries(
    session: Session,
    *,
    facility_id: str,
    account: str | None = None,
    loan_id: str | None = None,
    event: str | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    number: int | None = None,
    before: str | None = None,
    limit: int = PAGE_SIZE,
) -> EntryPage:
    """A page of the journal, newest booking first, of one account, loan, event or number if named.

    ``from_on`` and ``to_on`` are the first and last value date.

    Raises:
        UnknownAccount: the facility has no account with this code.
    """
    wanted = _wanted(
        session,
        facility_id,
        account=account,
        loan_id=loan_id,
        event=event,
        from_on=from_on,
        to_on=to_on,
        number=number,
    )
    query = _headers(facility_id).where(*wanted)
    if before is not None:
        query = query.where(journal_entry.c.id < before)
    rows = list(session.execute(query.order_by(journal_entry.c.id.desc()).limit(limit + 1)))
    shown = rows[:limit]
    rest = shown[-1].id if len(rows) > limit else None
    return EntryPage(_with_postings(session, facility_id, shown), rest)


def count_entries(
    session: Session,
    *,
    facility_id: str,
    account: str | None = None,
    loan_id: str | None = None,
    event: str | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    number: int | None = None,
) -> int:
    """How many entries all pages of ``entries`` show together."""
    wanted = _wanted(
        session,
        facility_id,
        account=account,
        loan_id=loan_id,
        event=event,
        from_on=from_on,
        to_on=to_on,
        number=number,
    )
    query = select(func.count()).select_from(journal_entry)
    found = query.where(journal_entry.c.facility_id == facility_id, *wanted)
    return session.execute(found).scalar_one()


def _wanted(
    session: Session,
    facility_id: str,
    *,
    account: str | None,
    loan_id: str | None,
    event: str | None,
    from_on: date | None,
    to_on: date | None,
    number: int | None,
) -> Iterator[ColumnElement[bool]]:
    head = journal_entry.c
    if account is not None or loan_id is not None:
        yield head.id.in_(_entry_ids(session, facility_id, account, loan_id))
    if number is not None:
        yield head.id.in_(_numbered(facility_id, number))
    if event is not None:
        yield head.event == event
    if from_on is not None:
        yield head.effective_on >= from_on
    if to_on is not None:
        yield head.effective_on <= to_on


def _numbered(facility_id: str, number: int) -> Select[Any]:
    return select(journal_number.c.entry_id).where(
        journal_number.c.facility_id == facility_id, journal_number.c.number == number
    )


def number_of_entry() -> ColumnElement[bool]:
    """How an entry finds its number."""
    return and_(
        journal_number.c.facility_id == journal_entry.c.facility_id,
        journal_number.c.entry_id == journal_entry.c.id,
    )


def _entry_ids(
    session: Session, facility_id: str, account: str | None, loan_id: str | None
) -> Select[Any]:
    query = select(posting.c.entry_id).where(posting.c.facility_id == facility_id)
    if account is not None:
        row = find_account(session, facility_id, account)
        query = query.where(posting.c.account_id == row.id)
    if loan_id is not None:
        query = query.where(posting.c.loan_id == loan_id)
    return query


def _headers(facility_id: str) -> Select[Any]:
    reversal = journal_entry.alias("reversal")
    return (
        select(journal_entry, journal_number.c.number, reversal.c.id.label("reversed_by"))
        .outerjoin(journal_number, number_of_entry())
        .outerjoin(
            reversal,
            and_(
                reversal.c.facility_id == journal_entry.c.facility_id,
                reversal.c.reversal_of == journal_entry.c.id,
            ),
        )
        .where(journal_entry.c.facility_id == facility_id)
    )


def _with_postings(
    session: Session, facility_id: str, headers: list[Row[Any]]
) -> tuple[EntryView, ...]:
    lines: dict[str, list[PostingView]] = {header.id: [] for header in headers}
    rows = session.execute(
        select(
            posting.c.entry_id,
            AccountRow.code,
            AccountRow.name,
            posting.c.amount_minor,
            posting.c.currency,
            posting.c.loan_id,
        )
        .join(
            AccountRow,
            and_(
                AccountRow.facility_id == posting.c.facility_id,
                AccountRow.id == posting.c.account_id,
            ),
        )
        .where(posting.c.facility_id == facility_id, posting.c.entry_id.in_(lines))
        .order_by(posting.c.entry_id, posting.c.line_no)
    )
    for entry_id, *values in rows:
        lines[entry_id].append(PostingView(*values))
    return tuple(
        EntryView(
            header.id,
            header.number,
            header.event,
            header.effective_on,
            header.booked_at,
            header.actor_id,
            header.idem_key,
            header.memo,
            header.reversal_of,
            header.reversed_by,
            header.source_kind and Source(header.source_kind, header.source_id),
            tuple(lines[header.id]),
        )
        for header in headers
    )
