"""An entry costs less: fewer indexes, its postings read once, one statement on PostgreSQL.

The two indexes of entries that go were never asked. An index whose first column is alike in every
row tempts PostgreSQL, as long as it knows nothing of a young table: it took it to find an entry by
its key, and so read every entry or posting that the facility ever had for each new one.
"""

from __future__ import annotations

from alembic import op

from migrations import entry_postgresql, ledger_postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NEVER_ASKED = {
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
_UNIQUE = ("idem_key", "reversal_of")


def upgrade() -> None:
    for name in _NEVER_ASKED:
        op.drop_index(name, table_name="journal_entry")
    for name, (_, columns) in _OF_POSTINGS.items():
        _index_by(name, columns)
    if op.get_bind().dialect.name == "postgresql":
        for column in _UNIQUE:
            _unique_by(column, [column, "facility_id"])
        op.execute(ledger_postgresql.APPLIED)
        op.execute(entry_postgresql.CREATE)


def downgrade() -> None:
    for name, columns in _NEVER_ASKED.items():
        op.create_index(name, "journal_entry", columns)
    for name, (columns, _) in _OF_POSTINGS.items():
        _index_by(name, columns)
    if op.get_bind().dialect.name == "postgresql":
        for column in _UNIQUE:
            _unique_by(column, ["facility_id", column])
        op.execute(entry_postgresql.DROP)


def _index_by(name: str, columns: list[str]) -> None:
    op.drop_index(name, table_name="posting")
    op.create_index(name, "posting", columns)


def _unique_by(column: str, columns: list[str]) -> None:
    """SQLite keeps them as they are: it would copy the table, and never takes the wrong one."""
    name = f"uq_journal_entry_facility_id_{column}"
    op.drop_constraint(name, "journal_entry", type_="unique")
    op.create_unique_constraint(name, "journal_entry", columns)
