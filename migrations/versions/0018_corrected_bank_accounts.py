"""Where an account is kept can be corrected: each answer is a version of its own, and stays.

That two accounts have not the same number is checked against the numbers in force, by the program
in the facility's turn: one that was mistyped is free again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_KEPT = ("facility_id", "account_id", "bank", "number", "entered_by", "entered_at")


class CorrectionsKept(RuntimeError):
    """Undoing this revision would lose corrections."""


def upgrade() -> None:
    rows = _rows("SELECT {columns} FROM bank_account")
    op.drop_table("bank_account")
    table = _create(
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint(
            "facility_id", "account_id", "version", name=op.f("pk_bank_account")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_bank_account_version_from_one")),
    )
    _fill(table, [{**row, "version": 1, "reason": ""} for row in rows])
    protect("bank_account")


def downgrade() -> None:
    if _rows("SELECT {columns} FROM bank_account WHERE version > 1"):
        message = "Where an account is kept was corrected; this step back would lose that."
        raise CorrectionsKept(message)
    rows = _rows("SELECT {columns} FROM bank_account")
    op.drop_table("bank_account")
    table = _create(
        sa.PrimaryKeyConstraint("facility_id", "account_id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint(
            "facility_id", "number", name=op.f("uq_bank_account_facility_id_number")
        ),
    )
    _fill(table, rows)
    protect("bank_account")


def _rows(query: str) -> list[dict[str, object]]:
    named = sa.text(query.format(columns=", ".join(_KEPT))).columns(
        entered_at=sa.DateTime(timezone=True)
    )
    return [dict(row) for row in op.get_bind().execute(named).mappings()]


def _fill(table: sa.Table, rows: list[dict[str, object]]) -> None:
    if rows:
        op.bulk_insert(table, rows)


def _create(*more: sa.schema.SchemaItem) -> sa.Table:
    return op.create_table(
        "bank_account",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["facility_id", "account_id"],
            ["account.facility_id", "account.id"],
            name=op.f("fk_bank_account_facility_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["app_user.id"], name=op.f("fk_bank_account_entered_by")
        ),
        sqlite_strict=True,
    )
