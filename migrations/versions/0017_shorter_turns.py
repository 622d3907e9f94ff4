"""Entries that touch one account keep each other waiting for less, on PostgreSQL.

Whoever holds the cash account's row has less to do before the commit lets it go. Neither an entry
nor its number refers to the facility by itself: that it is there follows from the postings'
accounts. Each reference was one more question, and many entries at once that all hold the
facility's row cost PostgreSQL a list of them, made anew each time.
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


def upgrade() -> None:
    for table in _TABLES:
        give_up_facility(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(ledger_postgresql.APPLIED)
        op.execute(numbering.NUMBERED)


def downgrade() -> None:
    # The functions of the triggers stay: they do the same as the ones before.
    for table in _TABLES:
        take_back_facility(table)
