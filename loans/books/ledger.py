"""Writing the books: entries, reserves and the close of a month. Nothing is changed or removed.

The database refuses what must not be, in whichever order requests arrive; here its refusals
become sentences. An entry and its postings stand or fall together, and after a refusal the
transaction is as if the entry had never been tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from loans.books.ledger_balances import available, balance, loan_balance, trial_balance
from loans.books.ledger_entries import count_entries, entries, entry
from loans.books.ledger_guard import refusals_in_words
from loans.books.ledger_holds import find_hold, paid_from_hold, release_hold, reserve
from loans.books.ledger_periods import close_period
from loans.books.ledger_writing import write_entry
from loans.books.tables import AccountRow
from loans.chart import Account
from loans.ledger_legs import Leg, Source, credit, debit
from loans.ledger_refusals import (
    AccountExists,
    AlreadyReversed,
    DuplicateKey,
    HoldExceeded,
    NoSuchEntry,
    NoSuchHold,
    Overdrawn,
    PeriodClosed,
    PeriodNotOver,
    Unbalanced,
    UnknownAccount,
    UnknownMonth,
)
from loans.storage.database import new_id

# The books as one module for those who use them: `ledger.post`, `ledger.balance`, ...
__all__ = [
    "AccountExists",
    "AlreadyReversed",
    "DuplicateKey",
    "HoldExceeded",
    "Leg",
    "NoSuchEntry",
    "NoSuchHold",
    "Overdrawn",
    "PeriodClosed",
    "PeriodNotOver",
    "Source",
    "Unbalanced",
    "UnknownAccount",
    "UnknownMonth",
    "available",
    "balance",
    "close_period",
    "count_entries",
    "credit",
    "debit",
    "entries",
    "entry",
    "find_hold",
    "loan_balance",
    "open_account",
    "post",
    "release_hold",
    "reserve",
    "reverse",
    "trial_balance",
]


def open_account(session: Session, *, facility_id: str, account: Account, currency: str) -> str:
    """Open an account of a facility and answer its id.

    Raises:
        AccountExists: the facility has an account with this code. Whoever chose it as the next
            one looks again: somebody else took it meanwhile. It is waited for, so an act opens
            its account before it posts.
    """
    row = {
        "facility_id": facility_id,
        "id": new_id(),
        "code": account.code,
        "name": account.name,
        "kind": account.kind.value,
        "currency": currency,
        "floor_minor": account.floor_minor,
    }
    with refusals_in_words(session, facility_id):
        session.execute(insert(AccountRow), row)
    return str(row["id"])


def post(
    session: Session,
    *,
    facility_id: str,
    event: str,
    effective_on: date,
    booked_at: datetime,
    actor_id: str,
    key: str,
    legs: Sequence[Leg],
    memo: str = "",
    loan_id: str | None = None,
    source: Source | None = None,
    hold_id: str | None = None,
    reversal_of: str | None = None,
) -> str:
    """Enter balanced legs in the books and answer the entry's id.

    ``effective_on`` is the value date; ``booked_at`` decides the month, which must be open.
    ``loan_id`` stands on every leg that names no loan of its own. With ``hold_id`` what the legs
    pay from the reserved account is taken out of that reserve.

    Raises:
        Unbalanced: fewer than two legs, or debits and credits differ.
        UnknownAccount: a leg names an account that the facility has not.
        Overdrawn: an account would fall below its floor, reserves counted.
        PeriodClosed: the month of ``booked_at`` is closed.
        DuplicateKey: an entry with this key exists.
        AlreadyReversed: ``reversal_of`` was reversed before.
        NoSuchHold, HoldExceeded: there is no such reserve, or less is left of it.
    """
    if len(legs) < 2 or sum(leg.amount_minor for leg in legs) != 0:  # noqa: PLR2004 - debit, credit
        message = "An entry has at least two legs, and its debits equal its credits."
        raise Unbalanced(message)
    used = None if hold_id is None else paid_from_hold(session, facility_id, hold_id, legs)
    entry_id = new_id()
    header = {
        "facility_id": facility_id,
        "id": entry_id,
        "event": event,
        "effective_on": effective_on,
        "booked_at": booked_at,
        "actor_id": actor_id,
        "idem_key": key,
        "reversal_of": reversal_of,
        "n_postings": len(legs),
        "hold_id": hold_id,
        "hold_used_minor": used,
        "memo": memo,
        "source_kind": source and source.kind,
        "source_id": source and source.record_id,
    }
    write_entry(session, header, legs, loan_id)
    return entry_id


def reverse(
    session: Session,
    *,
    facility_id: str,
    entry_id: str,
    effective_on: date,
    booked_at: datetime,
    actor_id: str,
    key: str,
    memo: str = "",
) -> str:
    """Correct an entry by its opposite and answer the new entry's id; the old one stays.

    A reserve that the entry used stays used.

    Raises:
        NoSuchEntry: the facility has none with this id.
        AlreadyReversed: it was reversed before, or is a reversal itself.
        Overdrawn, PeriodClosed, DuplicateKey: as for ``post``.
    """
    found = entry(session, facility_id=facility_id, entry_id=entry_id)
    if found.reversal_of is not None:
        message = "This entry is itself a reversal. Book the act again instead."
        raise AlreadyReversed(message)
    legs = tuple(
        Leg(line.account_code, -line.amount_minor, line.loan_id) for line in found.postings
    )
    return post(
        session,
        facility_id=facility_id,
        event="reversal",
        effective_on=effective_on,
        booked_at=booked_at,
        actor_id=actor_id,
        key=key,
        legs=legs,
        memo=memo,
        source=found.source,
        reversal_of=entry_id,
    )
