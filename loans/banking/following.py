"""Whether a statement fits the account and the statements before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.banking.stated import TABLE, StatedStatement
from loans.banking.tables import LINE_STANDS, STATEMENT_STANDS, BankLineRow, BankStatementRow
from loans.books.cash_accounts import CashAccount
from loans.day_words import shown_day
from loans.refusal import WrongValue

SHORTEST_END = 8
"""Signs that a bank's own number has at least where an IBAN may end with it."""


class OtherAccount(WrongValue):
    """The file is of another account at the bank than the one that it is imported for."""


class TwoClosings(WrongValue):
    """Two statements close one day with different balances, and neither begins with the other."""


class NotFollowing(WrongValue):
    """A table's closing balance does not follow from the statement before it."""


def check_holder(session: Session, account: CashAccount, statement: StatedStatement) -> None:
    """Refuse a statement that names another account than the one it is imported for.

    A bank may name its own number where the fund entered the IBAN that ends with it.

    Raises:
        OtherAccount: naming both numbers.
    """
    if not statement.holder:
        return
    if account.number:
        if not _is_same(account.number, statement.holder):
            message = (
                f"The statement is of account {statement.holder}; {account.title} is kept under "
                f"{account.number}. Choose the account that the statement is of. If the number was "
                "entered wrongly, the fund manager corrects it at the accounts at banks."
            )
            raise OtherAccount(message, field="file")
        return
    holder = session.scalar(
        select(func.max(BankStatementRow.holder)).where(
            BankStatementRow.facility_id == account.facility_id,
            BankStatementRow.account_code == account.code,
            STATEMENT_STANDS,
        )
    )
    if holder and not _is_same(holder, statement.holder):
        message = (
            f"The statement is of account {statement.holder}; those imported for {account.code} "
            f"are of {holder}. Choose the account that the statement is of, or undo the import "
            "of the wrong one first."
        )
        raise OtherAccount(message, field="file")


def _is_same(known: str, stated: str) -> bool:
    """Whether two numbers are alike, or one is the end of the other: a bank's own and its IBAN."""
    one, other = (
        "".join(sign for sign in number.upper() if sign.isalnum()) for number in (known, stated)
    )
    if min(len(one), len(other)) < SHORTEST_END:
        return one == other
    return one.endswith(other) or other.endswith(one)


def check_day(session: Session, account: CashAccount, on: date) -> None:
    """Refuse two statements that close one day with different balances.

    Several of one day are sound where each begins with what another closes with, so that one
    balance is left for its end. Tables are not asked: they may be written in the middle of a day.

    Raises:
        TwoClosings: naming the balances.
    """
    found = session.scalars(
        select(BankStatementRow)
        .where(
            BankStatementRow.facility_id == account.facility_id,
            BankStatementRow.account_code == account.code,
            BankStatementRow.to_on == on,
            BankStatementRow.kind != TABLE,
            STATEMENT_STANDS,
        )
        .order_by(BankStatementRow.imported_at, BankStatementRow.id)
    ).all()
    ends = {one.closing_minor: one for one in found if closes_day(one, found)}
    if len(ends) > 1:
        closed = " and ".join(
            f"with {as_text(minor, account.currency)} ({one.file_name})"
            for minor, one in sorted(ends.items())
        )
        message = (
            f"Two statements close {shown_day(on)}: {closed}. Ask the bank which is right. Undo "
            "the import of the other one, or import the statement between them along with this one."
        )
        raise TwoClosings(message, field="file")


class _Stated(Protocol):
    @property
    def opening_minor(self) -> int: ...
    @property
    def closing_minor(self) -> int: ...


def closes_day(one: _Stated, of_day: Sequence[_Stated]) -> bool:
    """Whether no other statement of the day begins with what this one closes with."""
    return all(other is one or other.opening_minor != one.closing_minor for other in of_day)


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
