"""A posting is written with less: its legs come as JSON on PostgreSQL, and one reference goes.

That its facility is there follows from its account and from its entry, which are of the same one.
"""

from __future__ import annotations

from alembic import op

from migrations import entry_postgresql
from migrations.references import give_up_facility, take_back_facility

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    give_up_facility("posting")
    if op.get_bind().dialect.name == "postgresql":
        entry_postgresql.post_with(entry_postgresql.OF_JSON)


def downgrade() -> None:
    take_back_facility("posting")
    if op.get_bind().dialect.name == "postgresql":
        entry_postgresql.post_with(entry_postgresql.OF_ARRAYS)
