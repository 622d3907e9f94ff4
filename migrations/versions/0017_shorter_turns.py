"""Entries that touch one account keep each other waiting for less, and long ones write less.

On PostgreSQL whoever holds the cash account's row has less to do before the commit lets it go.
Neither an entry nor its number refers to the facility by itself: that it is there follows from the
postings' accounts. Each reference was one more question, and many entries at once that all hold
the facility's row cost PostgreSQL a list of them, made anew each time. The indexes of postings
begin with an account or a loan, which are of one facility, and do not name it again.
"""

from __future__ import annotations

from alembic import op

from migrations import ledger_postgresql, numbering
from migrations.references import give_up_facility, take_back_facility

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLES = ("journal_entry", "journal_number")
_INDEXES = {
    "ix_posting_account": ("account_id", "effective_on"),
    "ix_posting_loan": ("loan_id", "account_id"),
}


def upgrade() -> None:
    for table in _TABLES:
        give_up_facility(table)
    for name, columns in _INDEXES.items():
        _index_by(name, columns)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(ledger_postgresql.APPLIED)
        op.execute(numbering.NUMBERED)


def downgrade() -> None:
    # The functions of the triggers stay: they do the same as the ones before.
    for table in _TABLES:
        take_back_facility(table)
    for name, (first, second) in _INDEXES.items():
        _index_by(name, (first, "facility_id", second))


def _index_by(name: str, columns: tuple[str, ...]) -> None:
    op.drop_index(name, table_name="posting")
    op.create_index(name, "posting", columns)
