"""Files of old loans, and loans that came from them without an application."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a loan have no application, and keep the files of old loans."""
    _make_application_optional(is_nullable=True)
    op.create_table(
        "loan_import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(length=36), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(recorded_by IS NULL) = (recorded_at IS NULL)",
            name=op.f("ck_loan_import_recorded_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_loan_import_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["app_user.id"], name=op.f("fk_loan_import_checked_by")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["app_user.id"], name=op.f("fk_loan_import_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_import")),
        sqlite_strict=True,
    )
    op.create_table(
        "imported_loan",
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("stated_minor", sa.BigInteger(), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_imported_loan_loan_id")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["loan_import.id"], name=op.f("fk_imported_loan_import_id")
        ),
        sa.PrimaryKeyConstraint("loan_id", name=op.f("pk_imported_loan")),
        sa.UniqueConstraint("import_id", "row", name=op.f("uq_imported_loan_import_id_row")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_imported_loan_import_id"), "imported_loan", ["import_id"])


def downgrade() -> None:
    """Only where no loan was taken over: such loans have no application to go back to."""
    op.drop_table("imported_loan")
    op.drop_table("loan_import")
    _make_application_optional(is_nullable=False)


def _make_application_optional(*, is_nullable: bool) -> None:
    checks = (
        sa.CheckConstraint("principal_minor > 0", name=op.f("ck_loan_principal_positive")),
        sa.CheckConstraint(
            "maturity_months BETWEEN 1 AND 360", name=op.f("ck_loan_maturity_in_range")
        ),
    )
    with op.batch_alter_table(
        "loan", table_args=checks, table_kwargs={"sqlite_strict": True}
    ) as loan:
        loan.alter_column(
            "application_id", existing_type=sa.String(length=36), nullable=is_nullable
        )
