"""What secures the loans: assets, their valuations, the charges on them, and guarantees."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_asset()
    _create_valuation()
    _create_asset_charge()
    _create_guarantee()
    protect("asset", "valuation")


def downgrade() -> None:
    for table in ("guarantee", "asset_charge", "valuation", "asset"):
        op.drop_table(table)


def _create_asset() -> None:
    op.create_table(
        "asset",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("enterprise_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("register_number", sa.String(length=80), nullable=False),
        *_recorded(),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_asset_enterprise_id")
        ),
        _recorded_by("asset"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_asset_enterprise_id"), "asset", ["enterprise_id"])


def _create_valuation() -> None:
    op.create_table(
        "valuation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("asset_id", sa.String(length=36), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=False),
        sa.Column("valued_by", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        *_recorded(),
        sa.CheckConstraint("value_minor >= 0", name=op.f("ck_valuation_value_not_negative")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_valuation_asset_id")),
        _recorded_by("valuation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_valuation")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_valuation_asset_id"), "valuation", ["asset_id"])


def _create_asset_charge() -> None:
    op.create_table(
        "asset_charge",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("asset_id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=True),
        sa.Column("creditor", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("charged_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        *_recorded(),
        *_released(),
        sa.CheckConstraint(
            "(loan_id IS NULL) = (creditor <> '')", name=op.f("ck_asset_charge_ours_or_anothers")
        ),
        sa.CheckConstraint("rank BETWEEN 1 AND 9", name=op.f("ck_asset_charge_rank_in_range")),
        sa.CheckConstraint(
            "limit_minor IS NULL OR limit_minor > 0", name=op.f("ck_asset_charge_limit_positive")
        ),
        _released_once("asset_charge"),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_charge_asset_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_asset_charge_loan_id")),
        _recorded_by("asset_charge"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_charge")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_asset_charge_asset_id"), "asset_charge", ["asset_id"])
    op.create_index(op.f("ix_asset_charge_loan_id"), "asset_charge", ["loan_id"])
    op.create_index(
        "uq_asset_charge_standing_rank",
        "asset_charge",
        ["asset_id", "rank"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )


def _create_guarantee() -> None:
    op.create_table(
        "guarantee",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=False),
        sa.Column("guarantor", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.String(length=20), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        *_recorded(),
        *_released(),
        sa.CheckConstraint(
            "(amount_minor IS NULL) = (share IS NOT NULL)",
            name=op.f("ck_guarantee_amount_or_share"),
        ),
        sa.CheckConstraint(
            "amount_minor IS NULL OR amount_minor > 0", name=op.f("ck_guarantee_amount_positive")
        ),
        sa.CheckConstraint("valid_until >= given_on", name=op.f("ck_guarantee_valid_after_given")),
        _released_once("guarantee"),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_guarantee_loan_id")),
        _recorded_by("guarantee"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_guarantee_loan_id"), "guarantee", ["loan_id"])


def _recorded() -> tuple[sa.Column[str], sa.Column[datetime]]:
    return (
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )


def _recorded_by(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["recorded_by"], ["app_user.id"], name=op.f(f"fk_{table}_recorded_by")
    )


def _released() -> tuple[sa.Column[date], sa.Column[datetime]]:
    return (
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
    )


def _released_once(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        "(released_on IS NULL) = (released_at IS NULL)",
        name=op.f(f"ck_{table}_released_on_and_at"),
    )
