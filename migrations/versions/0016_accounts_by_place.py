"""An entry looks up its own accounts on PostgreSQL, where it read the facility's whole chart.

The key of an account begins with its code, as those of entries and reserves begin with what
differs since revision 0013: a young chart would be read whole otherwise. SQLite keeps it as it is,
and never takes the wrong one.
"""

from __future__ import annotations

from alembic import op

from migrations import entry_postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_KEY = "uq_account_facility_id_code"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _key_by(["code", "facility_id"])
        entry_postgresql.post_with(entry_postgresql.OF_PLACES)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _key_by(["facility_id", "code"])
        entry_postgresql.post_with(entry_postgresql.OF_JSON)


def _key_by(columns: list[str]) -> None:
    op.drop_constraint(_KEY, "account", type_="unique")
    op.create_unique_constraint(_KEY, "account", columns)
