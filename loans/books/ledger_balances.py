"""Reading balances: now, as of a value date, and as it was known on an earlier day.

``as_of`` counts what has a value date up to that day; ``known_on`` counts what was booked up to
the end of that day (UTC). A balance is signed, debit positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select
from sqlalchemy.orm import Session

from loans.books.tables import (
    AccountRow,
    account_balance,
    account_balance_day,
    hold,
    hold_use,
    journal_entry,
    posting,
)
from loans.chart import AccountKind
from loans.ledger_refusals import UnknownAccount


@dataclass(frozen=True)
class TrialBalanceRow:
    """One account of a trial balance, in minor units of its currency."""

    account_id: str
    code: str
    name: str
    kind: AccountKind
    currency: str
    balance_minor: int

    @property
    def debit_minor(self) -> int:
        """The balance where it is a debit, else 0."""
        return max(self.balance_minor, 0)

    @property
    def credit_minor(self) -> int:
        """The balance where it is a credit, else 0."""
        return max(-self.balance_minor, 0)

    @property
    def shown_minor(self) -> int:
        """The balance with the sign that people expect of this kind of account."""
        return self.kind.shown_minor(self.balance_minor)


def find_account(session: Session, facility_id: str, code: str) -> AccountRow:
    """The account with this code.

    Raises:
        UnknownAccount: the facility has none.
    """
    row = session.scalars(
        select(AccountRow).where(AccountRow.facility_id == facility_id, AccountRow.code == code)
    ).one_or_none()
    if row is None:
        message = (
            "The facility has no account with this number. Enter one of its chart, such as 1010."
        )
        raise UnknownAccount(message, field="account")
    return row


def balance(
    session: Session,
    *,
    facility_id: str,
    account: str,
    as_of: date | None = None,
    known_on: date | None = None,
) -> int:
    """The balance of the account with this code, in minor units, debit positive.

    Raises:
        UnknownAccount: the facility has none.
    """
    row = find_account(session, facility_id, account)
    balances = _balances(facility_id, as_of, known_on)
    found = session.execute(
        select(balances.c.balance_minor).where(balances.c.account_id == row.id)
    ).scalar()
    return int(found or 0)


def lowest_since(session: Session, *, facility_id: str, account: str, on: date) -> tuple[date, int]:
    """The lowest balance at the end of any day from ``on``, and the first day that has it.

    In minor units, debit positive; 0 before anything was posted.

    Raises:
        UnknownAccount: the facility has no account with this code.
    """
    at_first = balance(session, facility_id=facility_id, account=account, as_of=on)
    days = account_balance_day.c
    ends = (
        select(days.day, func.sum(days.delta_minor).over(order_by=days.day).label("balance_minor"))
        .where(
            days.facility_id == facility_id,
            days.account_id == find_account(session, facility_id, account).id,
        )
        .subquery()
    )
    later = session.execute(
        select(ends.c.balance_minor, ends.c.day)
        .where(ends.c.day > on)
        .order_by(ends.c.balance_minor, ends.c.day)
        .limit(1)
    ).all()
    lowest, day = min([(at_first, on), *((int(amount), day) for amount, day in later)])
    return day, lowest


def trial_balance(
    session: Session,
    *,
    facility_id: str,
    as_of: date | None = None,
    known_on: date | None = None,
) -> tuple[TrialBalanceRow, ...]:
    """Every account with its balance, by code; the balances of one currency sum to zero."""
    balances = _balances(facility_id, as_of, known_on)
    rows = session.execute(
        select(
            AccountRow.id,
            AccountRow.code,
            AccountRow.name,
            AccountRow.kind,
            AccountRow.currency,
            func.coalesce(balances.c.balance_minor, 0),
        )
        .outerjoin(balances, balances.c.account_id == AccountRow.id)
        .where(AccountRow.facility_id == facility_id)
        .order_by(AccountRow.code)
    )
    return tuple(
        TrialBalanceRow(account_id, code, name, AccountKind(kind), currency, int(amount))
        for account_id, code, name, kind, currency, amount in rows
    )


def _balances(facility_id: str, as_of: date | None, known_on: date | None) -> Subquery:
    """Balances by account from the smallest table that can tell them."""
    if known_on is not None:
        return _known_balances(facility_id, as_of, known_on).subquery()
    if as_of is not None:
        days = account_balance_day.c
        return (
            select(days.account_id, func.sum(days.delta_minor).label("balance_minor"))
            .where(days.facility_id == facility_id, days.day <= as_of)
            .group_by(days.account_id)
            .subquery()
        )
    rows = account_balance.c
    return (
        select(rows.account_id, (rows.debits_minor - rows.credits_minor).label("balance_minor"))
        .where(rows.facility_id == facility_id)
        .subquery()
    )


def _known_balances(facility_id: str, as_of: date | None, known_on: date) -> Select[Any]:
    query = (
        select(posting.c.account_id, func.sum(posting.c.amount_minor).label("balance_minor"))
        .join(journal_entry, entry_of_posting())
        .where(posting.c.facility_id == facility_id, booked_by(known_on))
        .group_by(posting.c.account_id)
    )
    return query if as_of is None else query.where(posting.c.effective_on <= as_of)


def entry_of_posting() -> ColumnElement[bool]:
    """How a posting finds its entry."""
    return and_(
        journal_entry.c.facility_id == posting.c.facility_id,
        journal_entry.c.id == posting.c.entry_id,
    )


def booked_by(known_on: date) -> ColumnElement[bool]:
    """Booked up to the end of this day in UTC."""
    return journal_entry.c.booked_at < end_of(known_on)


def end_of(day: date) -> datetime:
    """The instant in UTC at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def available(session: Session, *, facility_id: str, account: str) -> int:
    """What can still be paid or reserved: balance less reserves less the account's floor."""
    row = find_account(session, facility_id, account)
    rows = account_balance.c
    left = session.execute(
        select(
            rows.debits_minor
            - rows.credits_minor
            - rows.reserved_minor
            - func.coalesce(rows.floor_minor, 0)
        ).where(rows.facility_id == facility_id, rows.account_id == row.id)
    ).scalar_one()
    return int(left)


def reserved(session: Session, *, facility_id: str, account: str, as_of: date | None = None) -> int:
    """What is reserved on the account for commitments, now or as of a value date."""
    row = find_account(session, facility_id, account)
    held = select(func.coalesce(func.sum(hold.c.amount_minor), 0)).where(
        hold.c.facility_id == facility_id, hold.c.account_id == row.id
    )
    used = (
        select(func.coalesce(func.sum(hold_use.c.amount_minor), 0))
        .join(
            hold,
            and_(hold.c.facility_id == hold_use.c.facility_id, hold.c.id == hold_use.c.hold_id),
        )
        .where(hold_use.c.facility_id == facility_id, hold.c.account_id == row.id)
    )
    if as_of is not None:
        held = held.where(hold.c.effective_on <= as_of)
        used = used.where(hold_use.c.effective_on <= as_of)
    return int(session.execute(held).scalar_one()) - int(session.execute(used).scalar_one())


def loan_balance(
    session: Session, *, facility_id: str, account: str, loan_id: str, as_of: date | None = None
) -> int:
    """What the postings of one loan leave on the account, debit positive."""
    row = find_account(session, facility_id, account)
    query = select(func.coalesce(func.sum(posting.c.amount_minor), 0)).where(
        posting.c.facility_id == facility_id,
        posting.c.loan_id == loan_id,
        posting.c.account_id == row.id,
    )
    if as_of is not None:
        query = query.where(posting.c.effective_on <= as_of)
    return int(session.execute(query).scalar_one())


def loan_balances(
    session: Session, *, facility_id: str, account: str, as_of: date | None = None
) -> dict[str, int]:
    """What the postings of each loan leave on the account, by loan id, debit positive."""
    row = find_account(session, facility_id, account)
    query = (
        select(posting.c.loan_id, func.sum(posting.c.amount_minor))
        .where(
            posting.c.facility_id == facility_id,
            posting.c.account_id == row.id,
            posting.c.loan_id.is_not(None),
        )
        .group_by(posting.c.loan_id)
    )
    if as_of is not None:
        query = query.where(posting.c.effective_on <= as_of)
    return {loan_id: int(amount) for loan_id, amount in session.execute(query)}
