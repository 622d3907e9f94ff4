"""Imports of bank statements that were undone: by whom, when and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, to which rows are added only."""
    op.create_table(
        "bank_statement_undo",
        sa.Column("statement_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("undone_by", sa.String(length=36), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["bank_statement.id"],
            name=op.f("fk_bank_statement_undo_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["app_user.id"], name=op.f("fk_bank_statement_undo_undone_by")
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_bank_statement_undo")),
        sqlite_strict=True,
    )
    protect("bank_statement_undo")


def downgrade() -> None:
    """Forget the table; undone imports count again."""
    op.drop_table("bank_statement_undo")
