"""Statements of the bank, their lines and how each was explained; provisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_APPEND_ONLY = (
    *("bank_statement", "bank_line", "bank_match", "bank_unmatch", "bank_reconciliation"),
    *("provision_run", "provision_line"),
)


def upgrade() -> None:
    _create_bank_statement()
    _create_bank_line()
    _create_bank_mapping()
    _create_bank_match()
    _create_bank_unmatch()
    _create_bank_reconciliation()
    _create_provision_run()
    _create_provision_line()
    protect(*_APPEND_ONLY)


def downgrade() -> None:
    for table in reversed((*_APPEND_ONLY, "bank_mapping")):
        op.drop_table(table)


def _create_bank_statement() -> None:
    op.create_table(
        "bank_statement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("account_code", sa.String(length=40), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("holder", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("opening_minor", sa.BigInteger(), nullable=False),
        sa.Column("closing_minor", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("known_count", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.String(length=36), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_bank_statement_days_in_order")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_bank_statement_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["imported_by"], ["app_user.id"], name=op.f("fk_bank_statement_imported_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
        sa.UniqueConstraint(
            "facility_id",
            "account_code",
            "file_hash",
            "number",
            name=op.f("uq_bank_statement_facility_id_account_code_file_hash_number"),
        ),
        sqlite_strict=True,
    )


def _create_bank_line() -> None:
    op.create_table(
        "bank_line",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("statement_id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("account_code", sa.String(length=40), nullable=False),
        sa.Column("line_key", sa.String(length=64), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("bank_reference", sa.String(length=120), nullable=False),
        sa.Column("counterparty", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_bank_line_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_bank_line_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statement.id"], name=op.f("fk_bank_line_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint(
            "facility_id",
            "account_code",
            "line_key",
            name=op.f("uq_bank_line_facility_id_account_code_line_key"),
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_bank_line_account",
        "bank_line",
        ["facility_id", "account_code", "booked_on"],
        unique=False,
    )
    op.create_index(op.f("ix_bank_line_statement_id"), "bank_line", ["statement_id"], unique=False)


def _create_bank_mapping() -> None:
    op.create_table(
        "bank_mapping",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("account_code", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_bank_mapping_facility_id")
        ),
        sa.PrimaryKeyConstraint("facility_id", "account_code", name=op.f("pk_bank_mapping")),
        sqlite_strict=True,
    )


def _create_bank_match() -> None:
    op.create_table(
        "bank_match",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("line_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'note') = (amount_minor = 0)", name=op.f("ck_bank_match_amount_but_for_notes")
        ),
        sa.CheckConstraint(
            "(kind = 'note') = (entry_id IS NULL)", name=op.f("ck_bank_match_entry_but_for_notes")
        ),
        sa.CheckConstraint("kind IN ('match', 'charge', 'note')", name=op.f("ck_bank_match_kind")),
        sa.ForeignKeyConstraint(["line_id"], ["bank_line.id"], name=op.f("fk_bank_match_line_id")),
        sa.ForeignKeyConstraint(["made_by"], ["app_user.id"], name=op.f("fk_bank_match_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_match")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bank_match_entry_id"), "bank_match", ["entry_id"], unique=False)
    op.create_index(op.f("ix_bank_match_line_id"), "bank_match", ["line_id"], unique=False)


def _create_bank_unmatch() -> None:
    op.create_table(
        "bank_unmatch",
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("undone_by", sa.String(length=36), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["bank_match.id"], name=op.f("fk_bank_unmatch_match_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["app_user.id"], name=op.f("fk_bank_unmatch_undone_by")
        ),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_bank_unmatch")),
        sqlite_strict=True,
    )


def _create_bank_reconciliation() -> None:
    op.create_table(
        "bank_reconciliation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("account_code", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("bank_minor", sa.BigInteger(), nullable=False),
        sa.Column("books_minor", sa.BigInteger(), nullable=False),
        sa.Column("only_bank_minor", sa.BigInteger(), nullable=False),
        sa.Column("only_books_minor", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(length=36), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "bank_minor - only_bank_minor = books_minor - only_books_minor",
            name=op.f("ck_bank_reconciliation_explained"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_bank_reconciliation_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["app_user.id"], name=op.f("fk_bank_reconciliation_signed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_reconciliation")),
        sa.UniqueConstraint(
            "facility_id",
            "account_code",
            "month",
            name=op.f("uq_bank_reconciliation_facility_id_account_code_month"),
        ),
        sqlite_strict=True,
    )


def _create_provision_run() -> None:
    op.create_table(
        "provision_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("run_on", sa.Date(), nullable=False),
        sa.Column("profile_code", sa.String(length=40), nullable=False),
        sa.Column("profile_version", sa.Integer(), nullable=False),
        sa.Column("allowance_minor", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=True),
        sa.Column("run_by", sa.String(length=36), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "allowance_minor >= 0", name=op.f("ck_provision_run_allowance_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_provision_run_facility_id")
        ),
        sa.ForeignKeyConstraint(["run_by"], ["app_user.id"], name=op.f("fk_provision_run_run_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_run")),
        sa.UniqueConstraint(
            "facility_id", "run_on", name=op.f("uq_provision_run_facility_id_run_on")
        ),
        sqlite_strict=True,
    )


def _create_provision_line() -> None:
    op.create_table(
        "provision_line",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("days_past_due", sa.Integer(), nullable=False),
        sa.Column("is_restructured", sa.Boolean(), nullable=False),
        sa.Column("principal_minor", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.String(length=20), nullable=False),
        sa.Column("allowance_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "allowance_minor BETWEEN 0 AND principal_minor",
            name=op.f("ck_provision_line_allowance_in_principal"),
        ),
        sa.CheckConstraint(
            "principal_minor > 0", name=op.f("ck_provision_line_principal_positive")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_provision_line_loan_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["provision_run.id"], name=op.f("fk_provision_line_run_id")
        ),
        sa.PrimaryKeyConstraint("run_id", "loan_id", name=op.f("pk_provision_line")),
        sqlite_strict=True,
    )
