"""What a signed schedule may be: how often, with which last period, and with which balloon.

Decisions of the time before were about monthly instalments without a balloon.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "decision",
        sa.Column("frequency_months", sa.Integer(), server_default="1", nullable=False),
    )
    op.add_column(
        "decision",
        sa.Column("last_period", sa.String(length=10), server_default="shorter", nullable=False),
    )
    op.add_column(
        "decision",
        sa.Column("balloon_minor", sa.BigInteger(), server_default="0", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("decision", "balloon_minor")
    op.drop_column("decision", "last_period")
    op.drop_column("decision", "frequency_months")
