"""The tables of the fund's own money: its accounts at banks, and what donors restricted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loans.storage.column_types import Day, Instant
from loans.storage.database import Base

_ID = String(36)


def _of_account() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["facility_id", "account_id"], ["account.facility_id", "account.id"]
    )


class BankAccountRow(Base):
    """Where a cash account is kept: the bank and its number there. Name and currency are its own.

    The facility's first account has no row until somebody enters where it is kept. A correction
    is a version of its own, with its reason; the newest counts.
    """

    __tablename__ = "bank_account"
    facility_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    account_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, default=1)
    bank: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(40))
    entered_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(500), default="")
    __table_args__ = (_of_account(), CheckConstraint("version >= 1", name="version_from_one"))


class RestrictionRow(Base):
    """What a donor asked of one contribution; the reserve keeps its money from being lent."""

    __tablename__ = "restriction"
    facility_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    account_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    entry_id: Mapped[str] = mapped_column(_ID)
    hold_id: Mapped[str] = mapped_column(_ID)
    purpose: Mapped[str] = mapped_column(String(200))
    until_on: Mapped[date | None] = mapped_column(Day)
    __table_args__ = (
        _of_account(),
        ForeignKeyConstraint(
            ["facility_id", "entry_id"], ["journal_entry.facility_id", "journal_entry.id"]
        ),
        ForeignKeyConstraint(["facility_id", "hold_id"], ["hold.facility_id", "hold.id"]),
        UniqueConstraint("facility_id", "entry_id"),
        UniqueConstraint("facility_id", "hold_id"),
    )
