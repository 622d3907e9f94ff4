"""The tables of the books.

What is posted is in plain tables, not mapped classes: nothing there is ever changed through an
object, only inserted by ``loans.books.ledger`` and kept up by triggers.

An amount is signed, debit positive. ``facility_id`` is in every key, first but for ``_once``.
Postings are inserted first and the entry last; the entry's trigger checks the whole and moves the
balances.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from appraisal.money import LARGEST_MINOR
from loans.storage.column_types import Day, Instant, Minor
from loans.storage.database import Base

_ID = String(36)
_CODE = String(40)
_KEY = String(200)
_MEMO = String(500)


def _table(name: str, *items: SchemaItem) -> Table:
    return Table(name, Base.metadata, *items, sqlite_strict=True)


def _facility() -> Column[str]:
    return Column("facility_id", _ID, ForeignKey("facility.id"), nullable=False)


def _same_facility() -> Column[str]:
    """Without a reference: a posting's account is of it, an entry has postings, a number an entry.

    Every act would ask for it once more, and many at once would keep a list on its row.
    """
    return Column("facility_id", _ID, nullable=False)


def _to_account(*columns: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["facility_id", "account_id", *columns],
        ["account.facility_id", "account.id", *(f"account.{column}" for column in columns)],
    )


def _once(table: str, column: str) -> UniqueConstraint:
    """``column`` is there once in a facility.

    The facility comes second, and in the indexes of postings too: in a young table, of which it
    knows nothing yet, PostgreSQL would look a row up by an index that begins like its key. SQLite
    takes the key itself where an index does not name the facility.
    """
    return UniqueConstraint(column, "facility_id", name=f"uq_{table}_facility_id_{column}")


class FacilityRow(Base):
    """A revolving fund with one currency and books of its own."""

    __tablename__ = "facility"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    code: Mapped[str] = mapped_column(_CODE, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    currency: Mapped[str] = mapped_column(String(3))
    profile_code: Mapped[str] = mapped_column(_CODE)
    is_demonstration: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (CheckConstraint("length(currency) = 3", name="currency_code"),)


class AccountRow(Base):
    """An account. ``floor_minor`` is what its balance less reserves never falls below."""

    __tablename__ = "account"
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"), primary_key=True)
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    code: Mapped[str] = mapped_column(_CODE)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    currency: Mapped[str] = mapped_column(String(3))
    floor_minor: Mapped[int | None] = mapped_column(Minor)
    __table_args__ = (
        _once("account", "code"),
        UniqueConstraint("facility_id", "id", "currency"),
        CheckConstraint(
            "kind IN ('asset', 'liability', 'equity', 'income', 'expense', 'memo')", name="kind"
        ),
        CheckConstraint("floor_minor <= 0", name="floor_not_above_zero"),
    )


journal_entry = _table(
    "journal_entry",
    _same_facility(),
    Column("id", _ID, nullable=False),
    Column("event", _CODE, nullable=False),
    Column("effective_on", Day, nullable=False),
    Column("booked_at", Instant, nullable=False),
    Column("actor_id", _ID, nullable=False),
    Column("idem_key", _KEY, nullable=False),
    Column("reversal_of", _ID),
    Column("n_postings", Integer, nullable=False),
    Column("hold_id", _ID),
    Column("hold_used_minor", Minor),
    Column("memo", _MEMO, nullable=False),
    Column("source_kind", _CODE),
    Column("source_id", _ID),
    PrimaryKeyConstraint("facility_id", "id"),
    _once("journal_entry", "idem_key"),
    _once("journal_entry", "reversal_of"),
    UniqueConstraint(
        "facility_id", "id", "n_postings", "effective_on", name="uq_journal_entry_closed"
    ),
    UniqueConstraint(
        "facility_id", "id", "hold_id", "hold_used_minor", name="uq_journal_entry_hold"
    ),
    ForeignKeyConstraint(
        ["facility_id", "reversal_of"], ["journal_entry.facility_id", "journal_entry.id"]
    ),
    ForeignKeyConstraint(["facility_id", "hold_id"], ["hold.facility_id", "hold.id"]),
    CheckConstraint("n_postings >= 2", name="two_postings"),
    CheckConstraint("reversal_of <> id", name="not_own_reversal"),
    CheckConstraint("(hold_id IS NULL) = (hold_used_minor IS NULL)", name="hold_with_amount"),
    CheckConstraint("length(idem_key) BETWEEN 1 AND 200", name="key_length"),
)

posting = _table(
    "posting",
    _same_facility(),
    Column("entry_id", _ID, nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("n_postings", Integer, nullable=False),
    Column("account_id", _ID, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", Minor, nullable=False),
    Column("loan_id", _ID),
    Column("effective_on", Day, nullable=False),
    PrimaryKeyConstraint("facility_id", "entry_id", "line_no"),
    # Deferred, because the entry comes last; it ties the number of postings and the day as well.
    ForeignKeyConstraint(
        ["facility_id", "entry_id", "n_postings", "effective_on"],
        [
            "journal_entry.facility_id",
            "journal_entry.id",
            "journal_entry.n_postings",
            "journal_entry.effective_on",
        ],
        name="fk_posting_entry",
        deferrable=True,
        initially="DEFERRED",
    ),
    _to_account("currency"),
    CheckConstraint("line_no BETWEEN 1 AND n_postings", name="line_in_entry"),
    CheckConstraint(
        f"amount_minor <> 0 AND abs(amount_minor) <= {LARGEST_MINOR}", name="amount_in_range"
    ),
    Index("ix_posting_account", "account_id", "facility_id", "effective_on"),
    Index("ix_posting_loan", "loan_id", "facility_id", "account_id"),
)

account_balance = _table(
    "account_balance",
    _facility(),
    Column("account_id", _ID, nullable=False),
    Column("debits_minor", Minor, nullable=False),
    Column("credits_minor", Minor, nullable=False),
    Column("reserved_minor", Minor, nullable=False),
    Column("floor_minor", Minor),
    PrimaryKeyConstraint("facility_id", "account_id"),
    _to_account(),
    CheckConstraint("debits_minor - credits_minor - reserved_minor >= floor_minor", name="floor"),
    CheckConstraint("reserved_minor >= 0", name="reserved"),
)

account_balance_day = _table(
    "account_balance_day",
    _facility(),
    Column("account_id", _ID, nullable=False),
    Column("day", Day, nullable=False),
    Column("delta_minor", Minor, nullable=False),
    PrimaryKeyConstraint("facility_id", "account_id", "day"),
    _to_account(),
)

period = _table(
    "period",
    _facility(),
    Column("month", String(7), nullable=False),
    Column("closed_at", Instant, nullable=False),
    Column("closed_by", _ID, nullable=False),
    Column("entry_count", Integer, nullable=False),
    Column("debits_minor", Minor, nullable=False),
    PrimaryKeyConstraint("facility_id", "month"),
    CheckConstraint("length(month) = 7 AND substr(month, 5, 1) = '-'", name="month"),
)

hold = _table(
    "hold",
    _facility(),
    Column("id", _ID, nullable=False),
    Column("account_id", _ID, nullable=False),
    Column("amount_minor", Minor, nullable=False),
    Column("effective_on", Day, nullable=False),
    Column("booked_at", Instant, nullable=False),
    Column("actor_id", _ID, nullable=False),
    Column("idem_key", _KEY, nullable=False),
    Column("memo", _MEMO, nullable=False),
    Column("source_kind", _CODE),
    Column("source_id", _ID),
    PrimaryKeyConstraint("facility_id", "id"),
    _once("hold", "idem_key"),
    _to_account(),
    CheckConstraint(f"amount_minor BETWEEN 1 AND {LARGEST_MINOR}", name="amount_in_range"),
    CheckConstraint("length(idem_key) BETWEEN 1 AND 200", name="key_length"),
)

hold_use = _table(
    "hold_use",
    _facility(),
    Column("id", _ID, nullable=False),
    Column("hold_id", _ID, nullable=False),
    Column("entry_id", _ID),
    Column("amount_minor", Minor, nullable=False),
    Column("effective_on", Day, nullable=False),
    Column("booked_at", Instant, nullable=False),
    Column("actor_id", _ID, nullable=False),
    PrimaryKeyConstraint("facility_id", "id"),
    UniqueConstraint("facility_id", "entry_id"),
    ForeignKeyConstraint(["facility_id", "hold_id"], ["hold.facility_id", "hold.id"]),
    # A use with an entry is written by the entry's own trigger, once, with the entry's amount.
    ForeignKeyConstraint(
        ["facility_id", "entry_id", "hold_id", "amount_minor"],
        [
            "journal_entry.facility_id",
            "journal_entry.id",
            "journal_entry.hold_id",
            "journal_entry.hold_used_minor",
        ],
        name="fk_hold_use_entry",
    ),
    CheckConstraint(f"amount_minor BETWEEN 1 AND {LARGEST_MINOR}", name="amount_in_range"),
    Index("ix_hold_use_hold", "facility_id", "hold_id"),
)

journal_number = _table(
    "journal_number",
    _same_facility(),
    Column("number", Integer, nullable=False),
    Column("previous", Integer),
    Column("entry_id", _ID, nullable=False),
    PrimaryKeyConstraint("facility_id", "number"),
    UniqueConstraint("facility_id", "entry_id"),
    # Each number but 1 stands on the one before it, and none is ever removed: no gap can be.
    ForeignKeyConstraint(
        ["facility_id", "previous"], ["journal_number.facility_id", "journal_number.number"]
    ),
    ForeignKeyConstraint(
        ["facility_id", "entry_id"], ["journal_entry.facility_id", "journal_entry.id"]
    ),
    CheckConstraint(
        "number >= 1 AND (number = 1) = (previous IS NULL) "
        "AND (previous IS NULL OR previous = number - 1)",
        name="follows",
    ),
)

APPEND_ONLY = (
    *("account", "journal_entry", "journal_number", "posting", "period", "hold", "hold_use"),
)
"""Tables whose rows are never changed or removed; the database refuses it."""

GUARDS = frozenset(
    {"account_opened", "journal_entry_applied", "hold_applied", "hold_use_applied"}
    | {"journal_entry_numbered", "hold_in_open_period", "hold_use_in_open_period"}
    | {f"{table}_no_{change}" for table in APPEND_ONLY for change in ("update", "delete")}
)
"""Names of the triggers that the books rely on, the same on both databases."""
