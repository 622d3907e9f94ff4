"""The postings of an account by their days alone: with the amount a posting cost twice as much.

Sums of an account come from its balances of each day, not from this index.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BY_DAY = ["facility_id", "account_id", "effective_on"]


def upgrade() -> None:
    _index_by(_BY_DAY)


def downgrade() -> None:
    _index_by([*_BY_DAY, "amount_minor"])


def _index_by(columns: list[str]) -> None:
    op.drop_index("ix_posting_account", table_name="posting")
    op.create_index("ix_posting_account", "posting", columns)
