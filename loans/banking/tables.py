"""The tables of bank statements, of what each line was matched to, and of months signed off.

A statement and its lines are what the bank said: nothing there is ever changed. An import or a
match is undone by a row that says so, never removed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from loans.storage.column_types import Day, Document, Instant, Minor
from loans.storage.database import Base

_ID = String(36)
_CODE = String(40)
_HASH = String(64)


class BankStatementRow(Base):
    """One statement as imported; ``holder`` is the account number that the bank states.

    ``file_hash`` names the import: the hash of its file, or what follows from it by
    ``stated.key_again`` where an earlier import of that file was undone.
    """

    __tablename__ = "bank_statement"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"))
    account_code: Mapped[str] = mapped_column(_CODE)
    file_hash: Mapped[str] = mapped_column(_HASH)
    number: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    holder: Mapped[str] = mapped_column(String(60))
    from_on: Mapped[date] = mapped_column(Day)
    to_on: Mapped[date] = mapped_column(Day)
    opening_minor: Mapped[int] = mapped_column(Minor)
    closing_minor: Mapped[int] = mapped_column(Minor)
    line_count: Mapped[int]
    known_count: Mapped[int]
    imported_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    imported_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        UniqueConstraint("facility_id", "account_code", "file_hash", "number"),
        CheckConstraint("from_on <= to_on", name="days_in_order"),
    )


class BankStatementUndoRow(Base):
    """An import that was undone: by whom, when and why. Its lines count no more."""

    __tablename__ = "bank_statement_undo"
    statement_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("bank_statement.id"), primary_key=True
    )
    reason: Mapped[str] = mapped_column(String(500))
    undone_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    undone_at: Mapped[datetime] = mapped_column(Instant)


class BankLineRow(Base):
    """One line of a statement; positive for money that came in."""

    __tablename__ = "bank_line"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    statement_id: Mapped[str] = mapped_column(_ID, ForeignKey("bank_statement.id"), index=True)
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"))
    account_code: Mapped[str] = mapped_column(_CODE)
    line_key: Mapped[str] = mapped_column(_HASH)
    booked_on: Mapped[date] = mapped_column(Day)
    amount_minor: Mapped[int] = mapped_column(Minor)
    bank_reference: Mapped[str] = mapped_column(String(120))
    counterparty: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(500))
    __table_args__ = (
        UniqueConstraint("facility_id", "account_code", "line_key"),
        CheckConstraint("amount_minor <> 0", name="amount_not_zero"),
        Index("ix_bank_line_account", "facility_id", "account_code", "booked_on"),
    )


class BankLineAgainRow(Base):
    """A line of an earlier import that a statement had too."""

    __tablename__ = "bank_line_again"
    statement_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("bank_statement.id"), primary_key=True
    )
    line_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("bank_line.id"), primary_key=True, index=True
    )


class BankMappingRow(Base):
    """Which column of a bank's own CSV says what, as last used for an account."""

    __tablename__ = "bank_mapping"
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"), primary_key=True)
    account_code: Mapped[str] = mapped_column(_CODE, primary_key=True)
    columns: Mapped[dict[str, Any]] = mapped_column(Document)
    saved_at: Mapped[datetime] = mapped_column(Instant)


class BankMatchRow(Base):
    """A line, or a part of it, that stands for an entry; or a note on why the books lack it."""

    __tablename__ = "bank_match"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    line_id: Mapped[str] = mapped_column(_ID, ForeignKey("bank_line.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    entry_id: Mapped[str | None] = mapped_column(_ID, index=True)
    amount_minor: Mapped[int] = mapped_column(Minor)
    note: Mapped[str] = mapped_column(String(500))
    made_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint("kind IN ('match', 'charge', 'note')", name="kind"),
        CheckConstraint("(kind = 'note') = (entry_id IS NULL)", name="entry_but_for_notes"),
        CheckConstraint("(kind = 'note') = (amount_minor = 0)", name="amount_but_for_notes"),
    )


class BankUnmatchRow(Base):
    """A match that was undone: by whom, when and why."""

    __tablename__ = "bank_unmatch"
    match_id: Mapped[str] = mapped_column(_ID, ForeignKey("bank_match.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    undone_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    undone_at: Mapped[datetime] = mapped_column(Instant)


class BankReconciliationRow(Base):
    """A month signed off: both balances at its end, and every item between them."""

    __tablename__ = "bank_reconciliation"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"))
    account_code: Mapped[str] = mapped_column(_CODE)
    month: Mapped[str] = mapped_column(String(7))
    bank_minor: Mapped[int] = mapped_column(Minor)
    books_minor: Mapped[int] = mapped_column(Minor)
    only_bank_minor: Mapped[int] = mapped_column(Minor)
    only_books_minor: Mapped[int] = mapped_column(Minor)
    items: Mapped[dict[str, Any]] = mapped_column(Document)
    signed_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        UniqueConstraint("facility_id", "account_code", "month"),
        CheckConstraint(
            "bank_minor - only_bank_minor = books_minor - only_books_minor", name="explained"
        ),
    )


def _not_undone(statement_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    undone = select(BankStatementUndoRow.statement_id)
    return ~exists(undone.where(BankStatementUndoRow.statement_id == statement_id))


STATEMENT_STANDS = _not_undone(BankStatementRow.id)
"""The import of a statement was not undone."""

LINE_STANDS = _not_undone(BankLineRow.statement_id)
"""The import of a line's statement was not undone."""
