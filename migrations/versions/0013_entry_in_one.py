"""An entry costs less: fewer indexes, its postings read once, one statement on PostgreSQL.

An index whose first column is alike in many rows tempts PostgreSQL, as long as it knows nothing of
a young table: it took it to find an entry or reserve by its key, and so read every one that the
facility ever had for each new one. Of the two indexes that go the one by source was never asked;
the one by day was asked by the journal's filter of days alone, which reads all entries from now on.
"""

from __future__ import annotations

from alembic import op

from migrations import entry_postgresql, ledger_postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_GOING = {
    "ix_journal_entry_effective": ["facility_id", "effective_on"],
    "ix_journal_entry_source": ["facility_id", "source_kind", "source_id"],
}
_OF_POSTINGS = {
    "ix_posting_account": (
        ["facility_id", "account_id", "effective_on"],
        ["account_id", "facility_id", "effective_on"],
    ),
    "ix_posting_loan": (
        ["facility_id", "loan_id", "account_id"],
        ["loan_id", "facility_id", "account_id"],
    ),
}
_UNIQUE = (
    ("journal_entry", "idem_key"),
    ("journal_entry", "reversal_of"),
    ("hold", "idem_key"),
)


def upgrade() -> None:
    for name in _GOING:
        op.drop_index(name, table_name="journal_entry")
    for name, (_, columns) in _OF_POSTINGS.items():
        _index_by(name, columns)
    if op.get_bind().dialect.name == "postgresql":
        for table, column in _UNIQUE:
            _unique_by(table, column, [column, "facility_id"])
        op.execute(ledger_postgresql.APPLIED)
        op.execute(entry_postgresql.OF_ARRAYS)


def downgrade() -> None:
    for name, columns in _GOING.items():
        op.create_index(name, "journal_entry", columns)
    for name, (columns, _) in _OF_POSTINGS.items():
        _index_by(name, columns)
    if op.get_bind().dialect.name == "postgresql":
        for table, column in _UNIQUE:
            _unique_by(table, column, ["facility_id", column])
        # The trigger's function stays: it does the same as the one before.
        op.execute(entry_postgresql.DROP)


def _index_by(name: str, columns: list[str]) -> None:
    op.drop_index(name, table_name="posting")
    op.create_index(name, "posting", columns)


def _unique_by(table: str, column: str, columns: list[str]) -> None:
    """SQLite keeps them as they are: it would copy the table, and never takes the wrong one."""
    name = f"uq_{table}_facility_id_{column}"
    op.drop_constraint(name, table, type_="unique")
    op.create_unique_constraint(name, table, columns)
