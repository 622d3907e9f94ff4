"""Whether a statement begins where those before it end."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.banking.stated import StatedStatement
from loans.banking.tables import LINE_STANDS, STATEMENT_STANDS, BankLineRow, BankStatementRow
from loans.books.cash_accounts import CashAccount
from loans.day_words import shown_day
from loans.refusal import WrongValue


class NotFollowing(WrongValue):
    """A table's closing balance does not follow from the statement before it."""


def check_follows(session: Session, account: CashAccount, statement: StatedStatement) -> None:
    """Refuse a stated closing balance that leaves a gap to the statement before.

    A statement that names its opening balance itself is not asked: the bank vouches for both, and
    a gap shows in the reconciliation. So is the account's first.

    Raises:
        NotFollowing: naming both balances, and what would pass.
    """
    if not statement.is_opening_counted:
        return
    before = _before(session, account, statement)
    if before is None or statement.opening_minor in _ends(session, account, statement, before):
        return
    opening, closing, stated = (
        as_text(minor, account.currency)
        for minor in (statement.opening_minor, before.closing_minor, statement.closing_minor)
    )
    message = (
        f"With {stated} at the end, the account had {opening} before the first line of "
        f"{shown_day(statement.from_on)}; the statement before closed with {closing} on "
        f"{shown_day(before.to_on)}. Correct the balance at the end, undo the import of the "
        "statement before if that is wrong, or say that statements in between are missing."
    )
    raise NotFollowing(message, field="closing_balance")


def _before(
    session: Session, account: CashAccount, statement: StatedStatement
) -> BankStatementRow | None:
    """The statement that reaches furthest of those that began by the day of the first line."""
    return session.scalars(
        select(BankStatementRow)
        .where(
            BankStatementRow.facility_id == account.facility_id,
            BankStatementRow.account_code == account.code,
            BankStatementRow.from_on <= statement.from_on,
            STATEMENT_STANDS,
        )
        .order_by(
            BankStatementRow.to_on.desc(), BankStatementRow.imported_at.desc(), BankStatementRow.id
        )
        .limit(1)
    ).first()


def _ends(
    session: Session, account: CashAccount, statement: StatedStatement, before: BankStatementRow
) -> tuple[int, ...]:
    """Where the new statement may begin; two balances where both have lines of one day."""
    first_on = statement.from_on
    if before.to_on < first_on:
        return (before.closing_minor,)
    moved = session.scalar(
        select(func.coalesce(func.sum(BankLineRow.amount_minor), 0)).where(
            BankLineRow.facility_id == account.facility_id,
            BankLineRow.account_code == account.code,
            BankLineRow.booked_on >= before.from_on,
            BankLineRow.booked_on < first_on,
            LINE_STANDS,
        )
    )
    morning = before.opening_minor + int(moved or 0)
    return (morning, before.closing_minor) if before.to_on == first_on else (morning,)
