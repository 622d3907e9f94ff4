"""The tables of the facility's terms: versions that stand for ever, and drafts of the next one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from loans.storage.column_types import Day, Document, Instant
from loans.storage.database import Base

_ID = String(36)
_CODE = String(40)


class ProfileVersion(Base):
    """A version in words and figures as published: append-only.

    Version 1 is what the program ships and the fund opened with; nobody drafted it. Of every
    other one two people are named.
    """

    __tablename__ = "profile_version"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"))
    code: Mapped[str] = mapped_column(_CODE)
    version: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    valid_from: Mapped[date] = mapped_column(Day)
    reason: Mapped[str] = mapped_column(String(500))
    drafted_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    published_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    published_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        UniqueConstraint("facility_id", "code", "version"),
        CheckConstraint("version >= 1", name="counts_from_one"),
        CheckConstraint(
            "(version = 1 AND drafted_by IS NULL AND published_by IS NULL) OR "
            "(drafted_by IS NOT NULL AND published_by IS NOT NULL AND drafted_by <> published_by)",
            name="two_people",
        ),
    )


class ProfileDraft(Base):
    """The next version while one person writes it; another publishes it or gives it back."""

    __tablename__ = "profile_draft"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"))
    code: Mapped[str] = mapped_column(_CODE)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    valid_from: Mapped[date] = mapped_column(Day)
    reason: Mapped[str] = mapped_column(String(500))
    drafted_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'discarded')", name="status"),
        CheckConstraint("(status = 'draft') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("status <> 'published' OR decided_by <> drafted_by", name="two_people"),
        Index(
            "uq_profile_draft_one_open",
            "facility_id",
            "code",
            unique=True,
            sqlite_where=text("status = 'draft'"),
            postgresql_where=text("status = 'draft'"),
        ),
    )
