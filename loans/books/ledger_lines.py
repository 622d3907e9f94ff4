"""The rows behind a balance: the postings of one account, each with its entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books.ledger_balances import booked_by, entry_of_posting, find_account
from loans.books.ledger_entries import number_of_entry
from loans.books.tables import journal_entry, journal_number, posting


@dataclass(frozen=True)
class AccountLine:
    """One posting on an account, with the entry it belongs to."""

    entry_id: str
    number: int | None
    effective_on: date
    booked_at: datetime
    event: str
    memo: str
    loan_id: str | None
    amount_minor: int


def account_lines(
    session: Session,
    *,
    facility_id: str,
    account: str,
    loan_id: str | None = None,
    from_on: date | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> tuple[AccountLine, ...]:
    """The postings that sum to a balance of the account, by value date and booking.

    Raises:
        UnknownAccount: the facility has no account with this code.
    """
    row = find_account(session, facility_id, account)
    head = journal_entry.c
    query = (
        select(
            head.id,
            journal_number.c.number,
            head.effective_on,
            head.booked_at,
            head.event,
            head.memo,
            posting.c.loan_id,
            posting.c.amount_minor,
        )
        .join(posting, entry_of_posting())
        .outerjoin(journal_number, number_of_entry())
        .where(posting.c.facility_id == facility_id, posting.c.account_id == row.id)
        .order_by(head.effective_on, head.id, posting.c.line_no)
    )
    if loan_id is not None:
        query = query.where(posting.c.loan_id == loan_id)
    if from_on is not None:
        query = query.where(posting.c.effective_on >= from_on)
    if as_of is not None:
        query = query.where(posting.c.effective_on <= as_of)
    if known_on is not None:
        query = query.where(booked_by(known_on))
    return tuple(AccountLine(*found) for found in session.execute(query))
