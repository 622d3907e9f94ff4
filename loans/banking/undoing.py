"""Undoing the import of a file: of the wrong account, or read by the wrong columns.

What was imported stays stored; its lines count no more, and the same file may come again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from loans.banking.importing import MonthSigned, forget_columns
from loans.banking.matching import LONGEST_NOTE, UndoneBefore
from loans.banking.reading import bank_facts
from loans.banking.signed_months import signed_months
from loans.banking.tables import (
    STATEMENT_STANDS,
    BankLineAgainRow,
    BankLineRow,
    BankStatementRow,
    BankStatementUndoRow,
)
from loans.banking.turn import take_turn
from loans.books.bank_accounts import bank_account
from loans.books.cash_accounts import CashAccount
from loans.books.facility_turn import take_facility
from loans.day_words import shown_day, shown_month
from loans.entered_text import entered_text
from loans.history import Moment, record
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, OutOfStep


class ImportInUse(OutOfStep):
    """Lines of the import are matched or explained, or a later import rests on them."""


@dataclass(frozen=True)
class ImportToUndo:
    """A file as it was imported: its statements together; ``obstacle`` says what stands against it.

    ``line_count`` is of the lines that came with this file and no other.
    """

    account_code: str
    file_name: str
    from_on: date
    to_on: date
    statement_count: int
    line_count: int
    obstacle: str | None


def import_to_undo(session: Session, statement_id: str) -> ImportToUndo:
    """What undoing the import of a statement takes with it.

    Raises:
        Missing: there is no such statement.
    """
    rows = _of_the_file(session, statement_id)
    account = bank_account(session, rows[0].account_code)
    refusal = _why_not(session, account, rows)
    return ImportToUndo(
        account.code,
        rows[0].file_name,
        min(row.from_on for row in rows),
        max(row.to_on for row in rows),
        len(rows),
        sum(row.line_count - row.known_count for row in rows),
        refusal.message if refusal else None,
    )


def undo_import(
    session: Session, actor: Actor, moment: Moment, statement_id: str, *, reason: str
) -> str:
    """Undo the import of the file that a statement came with; answer the account.

    All statements of the file go together, and the columns of a table are forgotten.

    Raises:
        WrongPerson: the actor is no officer.
        Missing: there is no such statement.
        UndoneBefore: it was undone.
        MonthSigned: a month was signed off with it.
        ImportInUse: its lines are matched or explained, or a later import rests on them.
    """
    need_role(actor, Role.OFFICER)
    rows = _of_the_file(session, statement_id)
    account = bank_account(session, rows[0].account_code)
    take_turn(session, account.facility_id, account.code)
    take_facility(session, account.facility_id)
    if refusal := _why_not(session, account, rows):
        raise refusal
    ask = "Write why the import is undone."
    note = entered_text(reason, field="reason", ask=ask, longest=LONGEST_NOTE)
    session.add_all(
        BankStatementUndoRow(
            statement_id=row.id, reason=note, undone_by=actor.user_id, undone_at=moment.at
        )
        for row in rows
    )
    session.flush()
    forget_columns(session, account)
    record(
        session,
        actor,
        moment,
        subject=("bank", rows[-1].id),
        action="undo_import",
        facility_id=account.facility_id,
        details={"account": account.code, "reason": note},
    )
    return account.code


def _of_the_file(session: Session, statement_id: str) -> Sequence[BankStatementRow]:
    """The statements that came with the same file; they stand or are undone together.

    Raises:
        Missing: there is no such statement.
    """
    statement = session.get(BankStatementRow, statement_id)
    if statement is None:
        raise Missing
    return session.scalars(
        select(BankStatementRow)
        .where(
            BankStatementRow.facility_id == statement.facility_id,
            BankStatementRow.account_code == statement.account_code,
            BankStatementRow.file_hash == statement.file_hash,
        )
        .order_by(BankStatementRow.number)
    ).all()


def _why_not(
    session: Session, account: CashAccount, rows: Sequence[BankStatementRow]
) -> OutOfStep | None:
    """What stands against undoing the import of these statements, and who must act first."""
    name = rows[0].file_name
    if undone := session.get(BankStatementUndoRow, rows[0].id):
        day = shown_day(undone.undone_at.date())
        return UndoneBefore(f"The import of {name} was undone on {day}: {undone.reason}")
    if signed := _signed_with(session, account, rows):
        return MonthSigned(
            f"{shown_month(signed)} was signed off with the statements of {name}, so they stay. "
            "A loan officer explains at its line what is wrong."
        )
    if used := _lines_in_use(session, account, rows):
        lines = "1 line" if used == 1 else f"{used} lines"
        return ImportInUse(
            f"{lines} of {name} {'is' if used == 1 else 'are'} matched or explained. A loan "
            "officer undoes that at the lines first. What was booked from a line stays booked."
        )
    if later := _rests_on(session, rows):
        return ImportInUse(
            f"The statement of {shown_day(later.from_on)} to {shown_day(later.to_on)} in "
            f"{later.file_name}, imported on {shown_day(later.imported_at.date())}, has lines that "
            f"came with {name}. A loan officer undoes that import first."
        )
    return None


def _signed_with(
    session: Session, account: CashAccount, rows: Sequence[BankStatementRow]
) -> str | None:
    """The first month that was signed off on figures of these statements."""
    begins = min(f"{row.from_on:%Y-%m}" for row in rows)
    months = signed_months(session, account).values()
    since = (one for one in months if one.signed_at >= rows[0].imported_at)
    return next((one.month for one in since if one.month >= begins), None)


def _lines_in_use(session: Session, account: CashAccount, rows: Sequence[BankStatementRow]) -> int:
    facts = bank_facts(session, account)
    matched = {one.line_id for one in facts.matches}
    used = {one.line_id for one in facts.lines if one.is_noted or one.line_id in matched}
    return len(used.intersection(session.scalars(select(BankLineRow.id).where(_of(rows)))))


def _rests_on(session: Session, rows: Sequence[BankStatementRow]) -> BankStatementRow | None:
    """The first statement of another import that had lines of these again."""
    return session.scalars(
        select(BankStatementRow)
        .join(BankLineAgainRow, BankLineAgainRow.statement_id == BankStatementRow.id)
        .join(BankLineRow, BankLineRow.id == BankLineAgainRow.line_id)
        .where(
            _of(rows),
            BankStatementRow.id.not_in([row.id for row in rows]),
            STATEMENT_STANDS,
        )
        .order_by(BankStatementRow.id)
        .limit(1)
    ).first()


def _of(rows: Sequence[BankStatementRow]) -> ColumnElement[bool]:
    return BankLineRow.statement_id.in_([row.id for row in rows])
