"""The tables of the day close: the days, their parts, where each loan stood, and reminders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from loans.storage.column_types import Day, Document, Instant, Minor
from loans.storage.database import Base

_ID = String(36)


class DayClose(Base):
    """One closed day of a facility. ``finished_at`` and the sums of its parts come at the end.

    ``started_by`` is None where the program closed the day by itself.
    """

    __tablename__ = "day_close"
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"), primary_key=True)
    closed_on: Mapped[date] = mapped_column(Day, primary_key=True)
    started_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    running_count: Mapped[int]
    totals: Mapped[dict[str, Any] | None] = mapped_column(Document)
    __table_args__ = (
        CheckConstraint("(finished_at IS NULL) = (totals IS NULL)", name="totals_at_the_end"),
    )


class DayClosePart(Base):
    """A part of a day's loans, closed in one transaction with at most one entry. Append-only.

    The loans of a part are those looked at up to ``last_loan_id``, in the order of their ids.
    """

    __tablename__ = "day_close_part"
    facility_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    closed_on: Mapped[date] = mapped_column(Day, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    last_loan_id: Mapped[str] = mapped_column(_ID)
    entry_id: Mapped[str | None] = mapped_column(_ID)
    totals: Mapped[dict[str, Any]] = mapped_column(Document)
    closed_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        ForeignKeyConstraint(
            ["facility_id", "closed_on"], ["day_close.facility_id", "day_close.closed_on"]
        ),
    )


class LoanStanding(Base):
    """Where a loan stood when a close last looked at it, and when there is something to do again.

    Anything that happens to the loan removes the row, so that the next close looks anew.
    """

    __tablename__ = "loan_standing"
    loan_id: Mapped[str] = mapped_column(_ID, ForeignKey("loan.id"), primary_key=True)
    looked_on: Mapped[date] = mapped_column(Day)
    look_again_on: Mapped[date] = mapped_column(Day)
    days_past_due: Mapped[int]
    overdue_minor: Mapped[int] = mapped_column(Minor)


class Reminder(Base):
    """A letter that is due to a borrower from the close of a day on, and what became of it.

    ``days`` counts from the due day: negative before it. ``overdue_minor`` is everything overdue
    on the loan, ``amount_minor`` what is open of the instalment. ``letter`` is the text sent.
    """

    __tablename__ = "reminder"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"))
    loan_id: Mapped[str] = mapped_column(_ID, ForeignKey("loan.id"))
    noticed_on: Mapped[date] = mapped_column(Day)
    days: Mapped[int]
    instalment_number: Mapped[int]
    due_on: Mapped[date] = mapped_column(Day)
    amount_minor: Mapped[int] = mapped_column(Minor)
    overdue_minor: Mapped[int] = mapped_column(Minor)
    status: Mapped[str] = mapped_column(String(20))
    letter: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    decided_on: Mapped[date | None] = mapped_column(Day)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        UniqueConstraint("loan_id", "noticed_on"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("(status = 'due') = (decided_at IS NULL)", name="decided_when"),
        CheckConstraint("(status = 'sent') = (letter IS NOT NULL)", name="letter_when_sent"),
        Index("ix_reminder_facility_id_status", "facility_id", "status", "noticed_on"),
    )
