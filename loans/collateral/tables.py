"""The tables of what secures the loans: assets, valuations, charges on assets, guarantees."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from loans.storage.column_types import Day, Instant, Minor
from loans.storage.database import Base

_ID = String(36)


class Asset(Base):
    """Something that can be pledged; never changed. It may belong to another than the borrower."""

    __tablename__ = "asset"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    enterprise_id: Mapped[str] = mapped_column(_ID, ForeignKey("enterprise.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    owner: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(500))
    register_number: Mapped[str] = mapped_column(String(80))
    recorded_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Valuation(Base):
    """What an asset was worth on a day, in the facility's currency; a newer one follows it."""

    __tablename__ = "valuation"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    asset_id: Mapped[str] = mapped_column(_ID, ForeignKey("asset.id"), index=True)
    value_minor: Mapped[int] = mapped_column(Minor)
    valued_on: Mapped[date] = mapped_column(Day)
    valued_by: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (CheckConstraint("value_minor >= 0", name="value_not_negative"),)


class AssetCharge(Base):
    """A charge on an asset: a pledge to one of our loans, or the claim of another creditor.

    Without ``limit_minor`` it takes all that ranks before leave. It stands from ``charged_on``
    until ``released_on``; a released one stays.
    """

    __tablename__ = "asset_charge"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    asset_id: Mapped[str] = mapped_column(_ID, ForeignKey("asset.id"), index=True)
    loan_id: Mapped[str | None] = mapped_column(_ID, ForeignKey("loan.id"), index=True)
    creditor: Mapped[str] = mapped_column(String(200))
    rank: Mapped[int]
    limit_minor: Mapped[int | None] = mapped_column(Minor)
    charged_on: Mapped[date] = mapped_column(Day)
    document: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    released_on: Mapped[date | None] = mapped_column(Day)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint("(loan_id IS NULL) = (creditor <> '')", name="ours_or_anothers"),
        CheckConstraint("rank BETWEEN 1 AND 9", name="rank_in_range"),
        CheckConstraint("limit_minor IS NULL OR limit_minor > 0", name="limit_positive"),
        CheckConstraint("(released_on IS NULL) = (released_at IS NULL)", name="released_on_and_at"),
        # Each rank of an asset once while it stands.
        Index(
            "uq_asset_charge_standing_rank",
            "asset_id",
            "rank",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )


class Guarantee(Base):
    """A promise to pay for a loan: an amount, or a share (a decimal text) of what is at stake."""

    __tablename__ = "guarantee"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    loan_id: Mapped[str] = mapped_column(_ID, ForeignKey("loan.id"), index=True)
    guarantor: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int | None] = mapped_column(Minor)
    share: Mapped[str | None] = mapped_column(String(20))
    given_on: Mapped[date] = mapped_column(Day)
    valid_until: Mapped[date] = mapped_column(Day)
    document: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    released_on: Mapped[date | None] = mapped_column(Day)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint("(amount_minor IS NULL) = (share IS NOT NULL)", name="amount_or_share"),
        CheckConstraint("amount_minor IS NULL OR amount_minor > 0", name="amount_positive"),
        CheckConstraint("valid_until >= given_on", name="valid_after_given"),
        CheckConstraint("(released_on IS NULL) = (released_at IS NULL)", name="released_on_and_at"),
    )
