"""How the refusals of the database become sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.books.ledger_balances import available, find_account
from loans.books.tables import period
from loans.day_words import shown_month
from loans.ledger_refusals import (
    AccountExists,
    AlreadyReversed,
    DuplicateKey,
    HoldExceeded,
    Overdrawn,
    PeriodClosed,
    Unbalanced,
)
from loans.refusal import Refusal
from loans.storage.database import Base
from loans.storage.database_faults import constraint_name

_PERIOD_CLOSED = frozenset({"ck_journal_entry_period_open", "ck_hold_period_open"})
_OVERDRAWN = "ck_account_balance_floor"
_NOT_LEFT = (HoldExceeded, "This is more than is left of what was reserved.")
_REFUSALS: dict[str, tuple[type[Refusal], str]] = {
    "ck_journal_entry_balanced": (
        Unbalanced,
        "The debits and credits of an entry are equal in each currency.",
    ),
    "ck_journal_entry_hold_paid": (
        HoldExceeded,
        "The entry pays nothing from the account in which the money is reserved.",
    ),
    "ck_hold_use_within_hold": _NOT_LEFT,
    "ck_account_balance_reserved": _NOT_LEFT,
    "uq_journal_entry_facility_id_idem_key": (
        DuplicateKey,
        "This act is in the books already. Nothing was booked a second time.",
    ),
    "uq_hold_facility_id_idem_key": (
        DuplicateKey,
        "This reserve was made already. Nothing was reserved a second time.",
    ),
    "uq_journal_entry_facility_id_reversal_of": (
        AlreadyReversed,
        "This entry was reversed already. An entry is reversed once.",
    ),
    "uq_account_facility_id_code": (
        AccountExists,
        "The facility has an account with this code already.",
    ),
    "pk_period": (PeriodClosed, "This month is closed already."),
}
REFUSALS = frozenset({*_PERIOD_CLOSED, _OVERDRAWN, *_REFUSALS})
"""The constraints whose refusal is told in words; any other shows a defect of the program."""


@contextmanager
def refusals_in_words(
    session: Session, facility_id: str, accounts: Iterable[str] = ()
) -> Iterator[None]:
    """Undo the part in which the database refused, and say why in one sentence.

    ``accounts`` are the codes of the accounts that the part draws on.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        name = constraint_name(error, Base.metadata)
        if name not in REFUSALS:
            raise
        raise refusal_of(session, facility_id, name, accounts) from error


def refusal_of(
    session: Session, facility_id: str, constraint: str, accounts: Iterable[str] = ()
) -> Refusal:
    """Why the database refused, by the name of the constraint, which is one of ``REFUSALS``."""
    if constraint in _PERIOD_CLOSED:
        return PeriodClosed(_closed(session, facility_id))
    if constraint == _OVERDRAWN:
        return Overdrawn(_overdrawn(session, facility_id, accounts))
    refusal, message = _REFUSALS[constraint]
    return refusal(message)


def _closed(session: Session, facility_id: str) -> str:
    newest = session.scalar(
        select(func.max(period.c.month)).where(period.c.facility_id == facility_id)
    )
    return (
        "The month of this booking is closed: the books are closed up to "
        f"{shown_month(str(newest))}. Book it in an open month; its value date may stay in the "
        "closed one."
    )


def _overdrawn(session: Session, facility_id: str, accounts: Iterable[str]) -> str:
    rows = [find_account(session, facility_id, code) for code in accounts]
    left, code, row = min(
        (available(session, facility_id=facility_id, account=row.code), row.code, row)
        for row in rows
        if row.floor_minor is not None
    )
    return (
        f"Account {code}, {row.name}, has {as_text(left, row.currency)} available, which is less "
        "than this needs. Enter a smaller amount, or wait until money comes in."
    )
