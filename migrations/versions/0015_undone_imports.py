"""Imports of bank statements that were undone, and the lines that came with several."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KNOWN = """
INSERT INTO bank_line_again (statement_id, line_id)
SELECT s.id, l.id FROM bank_statement s JOIN bank_line l ON l.facility_id = s.facility_id
    AND l.account_code = s.account_code AND l.booked_on BETWEEN s.from_on AND s.to_on
    AND l.statement_id < s.id
WHERE s.known_count > 0
"""


def upgrade() -> None:
    """Make the tables, to which rows are added only.

    Which lines an import of before had again nobody noted: all earlier ones of its days are taken.
    """
    op.create_table(
        "bank_line_again",
        sa.Column("statement_id", sa.String(length=36), nullable=False),
        sa.Column("line_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statement.id"], name=op.f("fk_bank_line_again_statement_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["bank_line.id"], name=op.f("fk_bank_line_again_line_id")
        ),
        sa.PrimaryKeyConstraint("statement_id", "line_id", name=op.f("pk_bank_line_again")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bank_line_again_line_id"), "bank_line_again", ["line_id"])
    op.execute(_KNOWN)
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
    protect("bank_line_again", "bank_statement_undo")


def downgrade() -> None:
    """Forget the tables; undone imports count again, beside those that came in their place."""
    op.drop_table("bank_statement_undo")
    op.drop_table("bank_line_again")
