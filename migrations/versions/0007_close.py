"""The close of the day: the days closed, where each loan stood, and the reminders due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_day_close()
    _create_day_close_part()
    _create_loan_standing()
    _create_reminder()
    protect("day_close_part")


def downgrade() -> None:
    for table in ("reminder", "loan_standing", "day_close_part", "day_close"):
        op.drop_table(table)


def _create_day_close() -> None:
    op.create_table(
        "day_close",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("started_by", sa.String(length=36), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("running_count", sa.Integer(), nullable=False),
        sa.Column("totals", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (totals IS NULL)",
            name=op.f("ck_day_close_totals_at_the_end"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_day_close_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["app_user.id"], name=op.f("fk_day_close_started_by")
        ),
        sa.PrimaryKeyConstraint("facility_id", "closed_on", name=op.f("pk_day_close")),
        sqlite_strict=True,
    )


def _create_day_close_part() -> None:
    op.create_table(
        "day_close_part",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last_loan_id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=True),
        sa.Column("totals", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id", "closed_on"],
            ["day_close.facility_id", "day_close.closed_on"],
            name=op.f("fk_day_close_part_facility_id_closed_on"),
        ),
        sa.PrimaryKeyConstraint(
            "facility_id", "closed_on", "number", name=op.f("pk_day_close_part")
        ),
        sqlite_strict=True,
    )


def _create_loan_standing() -> None:
    op.create_table(
        "loan_standing",
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=False),
        sa.Column("days_past_due", sa.Integer(), nullable=False),
        sa.Column("overdue_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_standing_loan_id")),
        sa.PrimaryKeyConstraint("loan_id", name=op.f("pk_loan_standing")),
        sqlite_strict=True,
    )


def _create_reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("instalment_number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("overdue_minor", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_reminder_amount_positive")),
        sa.CheckConstraint(
            "(status = 'due') = (decided_at IS NULL)", name=op.f("ck_reminder_decided_when")
        ),
        sa.CheckConstraint(
            "(status = 'sent') = (letter IS NOT NULL)", name=op.f("ck_reminder_letter_when_sent")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["app_user.id"], name=op.f("fk_reminder_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_reminder_facility_id")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_reminder_loan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("loan_id", "noticed_on", name=op.f("uq_reminder_loan_id_noticed_on")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_reminder_facility_id_status",
        "reminder",
        ["facility_id", "status", "noticed_on"],
        unique=False,
    )
