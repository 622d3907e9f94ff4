"""Undoing the import of a file: of the wrong account, or read by the wrong columns.

What was imported stays stored; its lines count no more, and the same file may come again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.bank_accounts import bank_account
from loans.banking.importing import MonthSigned
from loans.banking.matching import LONGEST_NOTE, UndoneBefore
from loans.banking.reading import bank_facts
from loans.banking.signed_months import signed_months
from loans.banking.tables import (
    STATEMENT_STANDS,
    BankLineRow,
    BankStatementRow,
    BankStatementUndoRow,
)
from loans.banking.turn import take_turn
from loans.books import FacilityRow
from loans.cash_accounts import CashAccount
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
    statement = _statement(session, statement_id)
    account = bank_account(session, statement.account_code)
    rows = _of_the_file(session, account, statement)
    refusal = _why_not(session, account, statement, rows)
    return ImportToUndo(
        account.code,
        statement.file_name,
        min((row.from_on for row in rows), default=statement.from_on),
        max((row.to_on for row in rows), default=statement.to_on),
        len(rows),
        sum(row.line_count - row.known_count for row in rows),
        refusal.message if refusal else None,
    )


def undo_import(
    session: Session, actor: Actor, moment: Moment, statement_id: str, *, reason: str
) -> None:
    """Undo the import of the file that a statement came with, all its statements together.

    Raises:
        WrongPerson: the actor is no officer.
        Missing: there is no such statement.
        UndoneBefore: it was undone.
        MonthSigned: a month was signed off with it.
        ImportInUse: its lines are matched or explained, or a later import rests on them.
    """
    need_role(actor, Role.OFFICER)
    statement = _statement(session, statement_id)
    account = bank_account(session, statement.account_code)
    take_turn(session, account.facility_id, account.code)
    session.get_one(FacilityRow, account.facility_id, with_for_update=True)
    rows = _of_the_file(session, account, statement)
    if refusal := _why_not(session, account, statement, rows):
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
    record(
        session,
        actor,
        moment,
        subject=("bank", statement_id),
        action="undo_import",
        facility_id=account.facility_id,
        details={"account": account.code, "file": statement.file_hash, "reason": note},
    )


def _statement(session: Session, statement_id: str) -> BankStatementRow:
    row = session.get(BankStatementRow, statement_id)
    if row is None:
        raise Missing
    return row


def _of_the_file(
    session: Session, account: CashAccount, statement: BankStatementRow
) -> Sequence[BankStatementRow]:
    """The statements that came with the same file; none where their import was undone."""
    return session.scalars(
        select(BankStatementRow)
        .where(
            BankStatementRow.facility_id == account.facility_id,
            BankStatementRow.account_code == account.code,
            BankStatementRow.file_hash == statement.file_hash,
            STATEMENT_STANDS,
        )
        .order_by(BankStatementRow.number)
    ).all()


def _why_not(
    session: Session,
    account: CashAccount,
    statement: BankStatementRow,
    rows: Sequence[BankStatementRow],
) -> OutOfStep | None:
    """What stands against undoing the import of these statements, and who must act first."""
    if not rows:
        return UndoneBefore("This import was undone before.")
    begins = min(row.from_on for row in rows)
    signed = max(signed_months(session, account), default="")
    if signed >= f"{begins:%Y-%m}":
        return MonthSigned(
            f"{shown_month(signed)} was signed off, and the statements of {statement.file_name} "
            f"begin on {shown_day(begins)}. They stay."
        )
    if used := _lines_in_use(session, account, rows):
        lines = "1 line" if used == 1 else f"{used} lines"
        return ImportInUse(
            f"{lines} of {statement.file_name} {'is' if used == 1 else 'are'} matched or "
            "explained. Undo that at the lines first."
        )
    if later := _rests_on(session, account, rows):
        return ImportInUse(
            f"{later.file_name}, imported on {shown_day(later.imported_at.date())}, has lines "
            f"that came with {statement.file_name}. Undo that import first."
        )
    return None


def _lines_in_use(session: Session, account: CashAccount, rows: Sequence[BankStatementRow]) -> int:
    facts = bank_facts(session, account)
    matched = {one.line_id for one in facts.matches}
    used = {one.line_id for one in facts.lines if one.is_noted or one.line_id in matched}
    own = select(BankLineRow.id).where(BankLineRow.statement_id.in_([row.id for row in rows]))
    return len(used.intersection(session.scalars(own)))


def _rests_on(
    session: Session, account: CashAccount, rows: Sequence[BankStatementRow]
) -> BankStatementRow | None:
    """A later statement of these days that took lines as known."""
    return session.scalars(
        select(BankStatementRow)
        .where(
            BankStatementRow.facility_id == account.facility_id,
            BankStatementRow.account_code == account.code,
            BankStatementRow.file_hash != rows[0].file_hash,
            BankStatementRow.id > rows[-1].id,
            BankStatementRow.known_count > 0,
            BankStatementRow.from_on <= max(row.to_on for row in rows),
            BankStatementRow.to_on >= min(row.from_on for row in rows),
            STATEMENT_STANDS,
        )
        .order_by(BankStatementRow.id)
        .limit(1)
    ).first()
