"""The tables of what happens to a loan besides pay-outs, receipts and write-offs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from loans.storage.column_types import Day, Document, Instant, Minor
from loans.storage.database import Base

_ID = String(36)


class ContractVersion(Base):
    """The terms of a loan as they were signed, or agreed anew; never changed."""

    __tablename__ = "contract_version"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    loan_id: Mapped[str] = mapped_column(_ID, ForeignKey("loan.id"))
    version: Mapped[int]
    terms: Mapped[dict[str, Any]] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    made_on: Mapped[date] = mapped_column(Day)
    made_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("loan_id", "version"),)


class ServicingAct(Base):
    """A charge, a use or refund of waiting money, new terms, or the rest of a loan given up.

    ``status`` goes from requested to done or sent back where two people are needed; others are
    done at once. ``amount_minor`` is None where the act moves no amount.
    """

    __tablename__ = "servicing_act"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    loan_id: Mapped[str] = mapped_column(_ID, ForeignKey("loan.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    effective_on: Mapped[date] = mapped_column(Day)
    amount_minor: Mapped[int | None] = mapped_column(Minor)
    terms: Mapped[dict[str, Any]] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(String(500))
    requested_by: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"))
    requested_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    entry_id: Mapped[str | None] = mapped_column(_ID, index=True)
    reversed_on: Mapped[date | None] = mapped_column(Day)
    reversed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint("amount_minor IS NULL OR amount_minor > 0", name="amount_positive"),
        CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="two_people"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done_when"),
        # One request waits at a time: whoever decides sees the loan as the request saw it.
        Index(
            "uq_servicing_act_one_requested",
            "loan_id",
            unique=True,
            sqlite_where=text("status = 'requested'"),
            postgresql_where=text("status = 'requested'"),
        ),
    )
