"""Conditions precedent, own contributions, the procurement plan and its invoices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "loan_condition",
    "condition_step",
    "plan_line",
    "quotation",
    "supplier_choice",
)


def upgrade() -> None:
    _create_loan_condition()
    _create_condition_step()
    _create_own_contribution()
    _create_plan_line()
    _create_quotation()
    _create_supplier_choice()
    _create_invoice()
    _create_pay_out_invoice()
    _create_pay_out_request()
    _create_request_invoice()
    protect(*APPEND_ONLY)


def downgrade() -> None:
    for table in (
        "request_invoice",
        "pay_out_request",
        "pay_out_invoice",
        "invoice",
        "supplier_choice",
        "quotation",
        "plan_line",
        "own_contribution",
        "condition_step",
        "loan_condition",
    ):
        op.drop_table(table)


def _create_loan_condition() -> None:
    op.create_table(
        "loan_condition",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("occasion", sa.String(length=10), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_condition_loan_id")),
        sa.ForeignKeyConstraint(
            ["added_by"], ["app_user.id"], name=op.f("fk_loan_condition_added_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_condition")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_loan_condition_loan_id"), "loan_condition", ["loan_id"])


def _create_condition_step() -> None:
    op.create_table(
        "condition_step",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("condition_id", sa.String(length=36), nullable=False),
        sa.Column("pay_out_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "asked_by IS NULL OR asked_by <> made_by", name=op.f("ck_condition_step_two_people")
        ),
        sa.CheckConstraint(
            "(outcome = 'waived') = (asked_by IS NOT NULL)",
            name=op.f("ck_condition_step_waived_who_asked"),
        ),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["loan_condition.id"], name=op.f("fk_condition_step_condition_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["app_user.id"], name=op.f("fk_condition_step_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["app_user.id"], name=op.f("fk_condition_step_asked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_step")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_condition_step_condition_id"), "condition_step", ["condition_id"])


def _create_own_contribution() -> None:
    op.create_table(
        "own_contribution",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), server_default="", nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_own_contribution_amount_positive")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_own_contribution_loan_id")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["app_user.id"], name=op.f("fk_own_contribution_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["app_user.id"], name=op.f("fk_own_contribution_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_contribution")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_own_contribution_loan_id"), "own_contribution", ["loan_id"])


def _create_plan_line() -> None:
    op.create_table(
        "plan_line",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=300), nullable=False),
        sa.Column("planned_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("planned_minor > 0", name=op.f("ck_plan_line_planned_positive")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_plan_line_loan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
        sa.UniqueConstraint("loan_id", "number", name=op.f("uq_plan_line_loan_id_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_plan_line_loan_id"), "plan_line", ["loan_id"])


def _create_quotation() -> None:
    op.create_table(
        "quotation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("plan_line_id", sa.String(length=36), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("quoted_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_quotation_amount_positive")),
        sa.ForeignKeyConstraint(
            ["plan_line_id"], ["plan_line.id"], name=op.f("fk_quotation_plan_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["app_user.id"], name=op.f("fk_quotation_entered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_quotation_plan_line_id"), "quotation", ["plan_line_id"])


def _create_supplier_choice() -> None:
    op.create_table(
        "supplier_choice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("quotation_id", sa.String(length=36), nullable=False),
        sa.Column("tier_reason", sa.String(length=500), nullable=False),
        sa.Column("price_reason", sa.String(length=500), nullable=False),
        sa.Column("chosen_by", sa.String(length=36), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["quotation_id"], ["quotation.id"], name=op.f("fk_supplier_choice_quotation_id")
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["app_user.id"], name=op.f("fk_supplier_choice_chosen_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_choice")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_supplier_choice_quotation_id"), "supplier_choice", ["quotation_id"])


def _create_invoice() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("plan_line_id", sa.String(length=36), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("supplier_key", sa.String(length=400), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), server_default="", nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_invoice_amount_positive")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_invoice_loan_id")),
        sa.ForeignKeyConstraint(
            ["plan_line_id"], ["plan_line.id"], name=op.f("fk_invoice_plan_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["app_user.id"], name=op.f("fk_invoice_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["app_user.id"], name=op.f("fk_invoice_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_invoice_loan_id"), "invoice", ["loan_id"])
    op.create_index(
        "uq_invoice_stands_once",
        "invoice",
        ["supplier_key", "number"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def _create_pay_out_invoice() -> None:
    op.create_table(
        "pay_out_invoice",
        sa.Column("disbursement_id", sa.String(length=36), nullable=False),
        sa.Column("invoice_id", sa.String(length=36), nullable=False),
        sa.Column("freed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["disbursement_id"],
            ["disbursement.id"],
            name=op.f("fk_pay_out_invoice_disbursement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_pay_out_invoice_invoice_id")
        ),
        sa.PrimaryKeyConstraint("disbursement_id", "invoice_id", name=op.f("pk_pay_out_invoice")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_pay_out_invoice_paid_once",
        "pay_out_invoice",
        ["invoice_id"],
        unique=True,
        sqlite_where=sa.text("freed_at IS NULL"),
        postgresql_where=sa.text("freed_at IS NULL"),
    )


def _create_pay_out_request() -> None:
    op.create_table(
        "pay_out_request",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("filed_by", sa.String(length=36), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_because", sa.String(length=500), server_default="", nullable=False),
        sa.Column("disbursement_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_pay_out_request_amount_positive")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_pay_out_request_loan_id")),
        sa.ForeignKeyConstraint(
            ["filed_by"], ["app_user.id"], name=op.f("fk_pay_out_request_filed_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["app_user.id"], name=op.f("fk_pay_out_request_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["disbursement_id"],
            ["disbursement.id"],
            name=op.f("fk_pay_out_request_disbursement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_out_request")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_pay_out_request_loan_id"), "pay_out_request", ["loan_id"])
    op.create_index(
        "uq_pay_out_request_one_filed",
        "pay_out_request",
        ["loan_id"],
        unique=True,
        sqlite_where=sa.text("status = 'filed'"),
        postgresql_where=sa.text("status = 'filed'"),
    )


def _create_request_invoice() -> None:
    op.create_table(
        "request_invoice",
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("invoice_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["pay_out_request.id"], name=op.f("fk_request_invoice_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_request_invoice_invoice_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "invoice_id", name=op.f("pk_request_invoice")),
        sqlite_strict=True,
    )
