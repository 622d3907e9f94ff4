"""The months whose reconciliation a manager signed off, with the figures as they stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.banking.reading import bank_facts
from loans.banking.reconciliation import Reconciliation, reconcile
from loans.banking.tables import BankReconciliationRow
from loans.banking.turn import take_turn
from loans.books.bank_accounts import bank_account
from loans.books.cash_accounts import CashAccount
from loans.books.facility_turn import take_facility
from loans.books.ledger_periods import bounds_of
from loans.day_words import shown_day, shown_month
from loans.history import Moment, record
from loans.people import Actor, Role, need_role
from loans.refusal import OutOfStep
from loans.storage.database import new_id
from loans.tables import User


class SignedBefore(OutOfStep):
    """The month was signed off already."""


class NotReconciled(OutOfStep):
    """The month is not over, its statement is not there, or something is not explained."""


@dataclass(frozen=True)
class SignedMonth:
    """A month signed off; amounts in minor units at its end, as they stood when it was signed."""

    month: str
    bank_minor: int
    books_minor: int
    only_bank_minor: int
    only_books_minor: int
    signed_by: str
    signed_at: datetime

    def differs_from(self, found: Reconciliation | None) -> bool:
        """Whether the month's end stands otherwise now: entries came later, or were matched."""
        then = (self.bank_minor, self.books_minor, self.only_bank_minor, self.only_books_minor)
        return found is None or then != (
            found.bank_minor,
            found.books_minor,
            found.only_bank_minor,
            found.only_books_minor,
        )


def signed_months(session: Session, account: CashAccount) -> Mapping[str, SignedMonth]:
    """The months signed off, by month, the oldest first."""
    rows = session.execute(
        select(BankReconciliationRow, User.name)
        .join(User, User.id == BankReconciliationRow.signed_by)
        .where(
            BankReconciliationRow.facility_id == account.facility_id,
            BankReconciliationRow.account_code == account.code,
        )
        .order_by(BankReconciliationRow.month)
    )
    return {
        row.month: SignedMonth(
            row.month,
            row.bank_minor,
            row.books_minor,
            row.only_bank_minor,
            row.only_books_minor,
            name,
            row.signed_at,
        )
        for row, name in rows
    }


def last_day_of(month: str) -> date:
    """The last day of a month.

    Raises:
        UnknownMonth: not written as year and month.
    """
    return bounds_of(month)[1].date() - timedelta(days=1)


def sign_month(
    session: Session, actor: Actor, moment: Moment, account_code: str, *, month: str
) -> str:
    """Sign off the reconciliation of a month; its figures and items are kept. Answer its id.

    Raises:
        WrongPerson: the actor is no manager.
        UnknownMonth, NoSuchBankAccount: there is no such month or account.
        SignedBefore: it was signed off.
        NotReconciled: the month is not over or has no full statement, or a line is unexplained.
    """
    need_role(actor, Role.MANAGER)
    account = bank_account(session, account_code)
    last = last_day_of(month)
    take_turn(session, account.facility_id, account.code)
    take_facility(session, account.facility_id)
    if month in signed_months(session, account):
        message = f"{shown_month(month)} was signed off before."
        raise SignedBefore(message, field="month")
    found = reconcile(bank_facts(session, account), last)
    obstacle = what_is_missing(found, last, moment.on, account.currency)
    if obstacle is not None or found is None:
        raise NotReconciled(obstacle or "", field="month")
    row = BankReconciliationRow(
        id=new_id(),
        facility_id=account.facility_id,
        account_code=account.code,
        month=month,
        bank_minor=found.bank_minor,
        books_minor=found.books_minor,
        only_bank_minor=found.only_bank_minor,
        only_books_minor=found.only_books_minor,
        items=_items(found),
        signed_by=actor.user_id,
        signed_at=moment.at,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor,
        moment,
        subject=("bank", row.id),
        action="sign_reconciliation",
        facility_id=account.facility_id,
        details={"account": account.code, "month": month, "bank_minor": row.bank_minor},
    )
    return row.id


def what_is_missing(
    found: Reconciliation | None, last: date, today: date, currency: str
) -> str | None:
    """Why a month that ends on ``last`` cannot be signed off yet, and who must act."""
    if last >= today:
        return f"The month is not over. Sign it off after {shown_day(last)}."
    if found is None or found.stated_to_on < last:
        return (
            f"The statements do not reach {shown_day(last)}. "
            "A loan officer imports the rest of the month first."
        )
    if found.missing_minor:
        missing = as_text(found.missing_minor, currency)
        return (
            f"The statements do not follow one another: movements of {missing} are missing. "
            "A loan officer imports the statement between them."
        )
    if found.before_minor:
        before = as_text(found.before_minor, currency)
        return (
            f"Bank and books differed by {before} before the first statement. "
            "Book what is missing there, or match the lines that made it good."
        )
    silent = sum(not one.line.is_noted for one in found.only_bank)
    if silent:
        lines = "1 line of the bank is" if silent == 1 else f"{silent} lines of the bank are"
        return f"{lines} neither matched nor explained. A loan officer works through them first."
    return None


def _items(found: Reconciliation) -> dict[str, Any]:
    return {
        "only_bank": [
            [one.line.line_id, one.line.booked_on.isoformat(), one.open_minor]
            for one in found.only_bank
        ],
        "only_books": [
            [one.entry.entry_id, one.entry.effective_on.isoformat(), one.open_minor]
            for one in found.only_books
        ],
    }
