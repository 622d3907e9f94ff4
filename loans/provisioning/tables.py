"""The tables of allowance runs: what each loan needed on a day, kept as it was worked out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loans.storage.column_types import Day, Instant, Minor
from loans.storage.database import Base

_ID = String(36)


class ProvisionRunRow(Base):
    """One run; ``entry_id`` is None where the allowance did not change."""

    __tablename__ = "provision_run"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"))
    run_on: Mapped[date] = mapped_column(Day)
    profile_code: Mapped[str] = mapped_column(String(40))
    profile_version: Mapped[int]
    allowance_minor: Mapped[int] = mapped_column(Minor)
    entry_id: Mapped[str | None] = mapped_column(_ID)
    run_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    run_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        UniqueConstraint("facility_id", "run_on"),
        CheckConstraint("allowance_minor >= 0", name="allowance_not_negative"),
    )


class ProvisionLineRow(Base):
    """What one loan needed in a run, in minor units; ``rate`` is a part of its principal."""

    __tablename__ = "provision_line"
    run_id: Mapped[str] = mapped_column(_ID, ForeignKey("provision_run.id"), primary_key=True)
    loan_id: Mapped[str] = mapped_column(_ID, ForeignKey("loan.id"), primary_key=True)
    days_past_due: Mapped[int]
    is_restructured: Mapped[bool]
    principal_minor: Mapped[int] = mapped_column(Minor)
    rate: Mapped[str] = mapped_column(String(20))
    allowance_minor: Mapped[int] = mapped_column(Minor)
    __table_args__ = (
        CheckConstraint("principal_minor > 0", name="principal_positive"),
        CheckConstraint(
            "allowance_minor BETWEEN 0 AND principal_minor", name="allowance_in_principal"
        ),
    )
