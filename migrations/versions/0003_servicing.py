"""What happens to a loan after its signature, and the contract's versions.

What a receipt pays is worked out from the contract and all that happened, so that the stored
parts go; the accounts for interest that is earned and not received yet come.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ACCOUNTS = (
    ("1230", "Late interest receivable", "asset"),
    ("1240", "Fees and costs receivable", "asset"),
    ("1290", "Allowance for losses", "asset"),
    ("2020", "Interest in suspense", "liability"),
    ("4025", "Late interest", "income"),
    ("5030", "Change of the allowance", "expense"),
)


class LoansPresent(RuntimeError):
    """Loans of the time before have no contract versions, and their books follow other rules."""


def upgrade() -> None:
    _refuse_loans()
    _create_contract_version()
    _create_servicing_act()
    protect("contract_version")
    op.add_column("receipt", sa.Column("prepays", sa.String(length=20), nullable=True))
    op.add_column("write_off", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "instalment",
        sa.Column("capitalised_minor", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.drop_table("receipt_part")
    _open_accounts()


def downgrade() -> None:
    _refuse_loans()
    _create_receipt_part()
    protect("receipt_part")
    op.drop_column("instalment", "capitalised_minor")
    op.drop_column("write_off", "confirmed_at")
    op.drop_column("receipt", "prepays")
    op.drop_table("servicing_act")
    op.drop_table("contract_version")


def _refuse_loans() -> None:
    if op.get_bind().exec_driver_sql("SELECT count(*) FROM loan").scalar_one():
        message = "The database holds loans whose books follow other rules than this step knows."
        raise LoansPresent(message)


def _open_accounts() -> None:
    """Existing facilities get the accounts that new ones open with."""
    bind = op.get_bind()
    facilities = bind.exec_driver_sql("SELECT id, currency FROM facility").all()
    known = set(bind.exec_driver_sql("SELECT facility_id, code FROM account").all())
    account = sa.table(
        "account",
        *(sa.column(name) for name in ("facility_id", "id", "code", "name", "kind", "currency")),
    )
    for facility_id, currency in facilities:
        for code, name, kind in _ACCOUNTS:
            if (facility_id, code) not in known:
                row = {"facility_id": facility_id, "id": str(uuid.uuid4()), "code": code}
                row |= {"name": name, "kind": kind, "currency": currency}
                bind.execute(sa.insert(account), row)


def _create_contract_version() -> None:
    op.create_table(
        "contract_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_contract_version_loan_id")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["app_user.id"], name=op.f("fk_contract_version_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_version")),
        sa.UniqueConstraint("loan_id", "version", name=op.f("uq_contract_version_loan_id_version")),
        sqlite_strict=True,
    )


def _create_servicing_act() -> None:
    op.create_table(
        "servicing_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("requested_by", sa.String(length=36), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", sa.String(length=36), nullable=True),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "amount_minor IS NULL OR amount_minor > 0",
            name=op.f("ck_servicing_act_amount_positive"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> requested_by",
            name=op.f("ck_servicing_act_two_people"),
        ),
        sa.CheckConstraint(
            "(status = 'done') = (done_at IS NOT NULL)", name=op.f("ck_servicing_act_done_when")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_servicing_act_loan_id")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["app_user.id"], name=op.f("fk_servicing_act_requested_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["app_user.id"], name=op.f("fk_servicing_act_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_servicing_act")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_servicing_act_loan_id"), "servicing_act", ["loan_id"])
    op.create_index(op.f("ix_servicing_act_entry_id"), "servicing_act", ["entry_id"])
    op.create_index(
        "uq_servicing_act_one_requested",
        "servicing_act",
        ["loan_id"],
        unique=True,
        sqlite_where=sa.text("status = 'requested'"),
        postgresql_where=sa.text("status = 'requested'"),
    )


def _create_receipt_part() -> None:
    op.create_table(
        "receipt_part",
        sa.Column("receipt_id", sa.String(length=36), nullable=False),
        sa.Column("instalment_number", sa.Integer(), nullable=False),
        sa.Column("component", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_receipt_part_receipt_id")
        ),
        sa.PrimaryKeyConstraint(
            "receipt_id", "instalment_number", "component", name=op.f("pk_receipt_part")
        ),
        sqlite_strict=True,
    )
