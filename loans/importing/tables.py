"""The tables of imports: what a file told, and which loans came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loans.storage.column_types import Day, Document, Instant, Minor
from loans.storage.database import Base

_ID = String(36)


class LoanImport(Base):
    """One file of old loans: read and checked, then recorded at most once.

    ``content`` is what the file told, ``report`` what was wrong with it.
    """

    __tablename__ = "loan_import"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"))
    file_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    report: Mapped[list[Any]] = mapped_column(Document)
    checked_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    checked_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint(
            "(recorded_by IS NULL) = (recorded_at IS NULL)", name="recorded_by_somebody"
        ),
    )


class ImportedLoan(Base):
    """A loan that came from a file, and what others counted for it on a day."""

    __tablename__ = "imported_loan"
    loan_id: Mapped[str] = mapped_column(_ID, ForeignKey("loan.id"), primary_key=True)
    import_id: Mapped[str] = mapped_column(_ID, ForeignKey("loan_import.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    row: Mapped[int]
    stated_minor: Mapped[int | None] = mapped_column(Minor)
    stated_on: Mapped[date | None] = mapped_column(Day)
    __table_args__ = (UniqueConstraint("import_id", "row"),)
