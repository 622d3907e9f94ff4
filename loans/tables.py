"""The tables of people, cases and loans. The books' tables are in ``loans.books.tables``.

Money is whole minor units of the facility's currency; ``_on`` is a day, ``_at`` an instant in UTC.
Rules live elsewhere: here are only shapes, keys and what the database itself refuses.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from loans.storage.column_types import Day, Document, Instant, Minor
from loans.storage.database import Base

_ID = String(36)


def _key() -> Mapped[str]:
    return mapped_column(_ID, primary_key=True)


def _refers(target: str, *, index: bool = True) -> Mapped[str]:
    return mapped_column(_ID, ForeignKey(target), index=index)


def _may_refer(target: str) -> Mapped[str | None]:
    return mapped_column(_ID, ForeignKey(target))


class Enterprise(Base):
    """Who proposes and borrows. ``search_name`` is folded so that both databases find alike."""

    __tablename__ = "enterprise"
    id: Mapped[str] = _key()
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(400), index=True)
    registration_number: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))
    ownership: Mapped[str] = mapped_column(String(20))
    sector: Mapped[str] = mapped_column(String(120))
    is_invented: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)


class User(Base):
    """A person who signs in, with one role."""

    __tablename__ = "app_user"
    id: Mapped[str] = _key()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    enterprise_id: Mapped[str | None] = _may_refer("enterprise.id")
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint(
            "(role = 'enterprise') = (enterprise_id IS NOT NULL)", name="own_enterprise"
        ),
    )


class SignIn(Base):
    """A session: a page cookie or a bearer token, kept only as its hash."""

    __tablename__ = "sign_in"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = _refers("app_user.id")
    started_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInAttempt(Base):
    """One wrong password, so that guessing can be slowed down; names and addresses as hashes."""

    __tablename__ = "sign_in_attempt"
    id: Mapped[str] = _key()
    account_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(Instant)


class AdviserAssignment(Base):
    """An adviser may see and edit the cases of the enterprises assigned to them."""

    __tablename__ = "adviser_assignment"
    adviser_id: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"), primary_key=True)
    enterprise_id: Mapped[str] = mapped_column(_ID, ForeignKey("enterprise.id"), primary_key=True)


class Proposal(Base):
    """A proposal as its authors write it; ``answers`` may be incomplete until it is sent."""

    __tablename__ = "proposal"
    id: Mapped[str] = _key()
    facility_id: Mapped[str] = _refers("facility.id")
    enterprise_id: Mapped[str] = _refers("enterprise.id")
    status: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    version: Mapped[int]
    created_by: Mapped[str] = _refers("app_user.id", index=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_by: Mapped[str] = _refers("app_user.id", index=False)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class Application(Base):
    """A proposal lodged: its status, the figures sent and the profile version it is judged by."""

    __tablename__ = "application"
    id: Mapped[str] = _key()
    facility_id: Mapped[str] = _refers("facility.id")
    proposal_id: Mapped[str] = mapped_column(_ID, ForeignKey("proposal.id"), unique=True)
    enterprise_id: Mapped[str] = _refers("enterprise.id")
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), index=True)
    status_since_on: Mapped[date] = mapped_column(Day)
    submitted_on: Mapped[date] = mapped_column(Day)
    figures: Mapped[dict[str, Any]] = mapped_column(Document)
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    figures_hash: Mapped[str] = mapped_column(String(64))
    profile_code: Mapped[str] = mapped_column(String(40))
    profile_version: Mapped[int]
    __table_args__ = (UniqueConstraint("facility_id", "reference"),)


class Decision(Base):
    """What an officer or manager decided, with the figures, profile and appraisal they saw."""

    __tablename__ = "decision"
    id: Mapped[str] = _key()
    application_id: Mapped[str] = _refers("application.id")
    kind: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[str] = _refers("app_user.id", index=False)
    decided_on: Mapped[date] = mapped_column(Day)
    decided_at: Mapped[datetime] = mapped_column(Instant)
    amount_minor: Mapped[int | None] = mapped_column(Minor)
    maturity_months: Mapped[int | None]
    annual_rate: Mapped[str | None] = mapped_column(String(20))
    method: Mapped[str | None] = mapped_column(String(20))
    frequency_months: Mapped[int] = mapped_column(server_default="1")
    last_period: Mapped[str] = mapped_column(String(10), server_default="shorter")
    balloon_minor: Mapped[int] = mapped_column(Minor, server_default="0")
    reason_code: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Document)
    figures_hash: Mapped[str] = mapped_column(String(64))


class Approval(Base):
    """Two people for one commitment: who recommended it is never who approved it."""

    __tablename__ = "approval"
    application_id: Mapped[str] = mapped_column(_ID, ForeignKey("application.id"), primary_key=True)
    recommendation_id: Mapped[str] = mapped_column(_ID, ForeignKey("decision.id"), unique=True)
    approval_id: Mapped[str] = mapped_column(_ID, ForeignKey("decision.id"), unique=True)
    recommended_by: Mapped[str] = _refers("app_user.id", index=False)
    approved_by: Mapped[str] = _refers("app_user.id", index=False)
    hold_id: Mapped[str] = mapped_column(_ID)
    __table_args__ = (CheckConstraint("recommended_by <> approved_by", name="two_people"),)


class Loan(Base):
    """A signed loan: the contract's terms, frozen; only ``status`` moves.

    ``application_id`` is None for an old loan that was taken over from a file.
    """

    __tablename__ = "loan"
    id: Mapped[str] = _key()
    facility_id: Mapped[str] = _refers("facility.id")
    application_id: Mapped[str | None] = mapped_column(
        _ID, ForeignKey("application.id"), unique=True
    )
    enterprise_id: Mapped[str] = _refers("enterprise.id")
    reference: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), index=True)
    principal_minor: Mapped[int] = mapped_column(Minor)
    annual_rate: Mapped[str] = mapped_column(String(20))
    maturity_months: Mapped[int]
    method: Mapped[str] = mapped_column(String(20))
    day_count: Mapped[str] = mapped_column(String(20))
    grace_instalments: Mapped[int]
    signed_on: Mapped[date] = mapped_column(Day)
    first_pay_out_on: Mapped[date] = mapped_column(Day)
    first_due_on: Mapped[date] = mapped_column(Day)
    profile_code: Mapped[str] = mapped_column(String(40))
    profile_version: Mapped[int]
    hold_id: Mapped[str] = mapped_column(_ID)
    __table_args__ = (
        UniqueConstraint("facility_id", "reference"),
        CheckConstraint("principal_minor > 0", name="principal_positive"),
        CheckConstraint("maturity_months BETWEEN 1 AND 360", name="maturity_in_range"),
    )


class ScheduleVersion(Base):
    """One version of a loan's schedule; exactly one is active, the first stays visible."""

    __tablename__ = "schedule_version"
    id: Mapped[str] = _key()
    loan_id: Mapped[str] = _refers("loan.id")
    version: Mapped[int]
    is_active: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[str] = _refers("app_user.id", index=False)
    made_on: Mapped[date] = mapped_column(Day)
    made_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        UniqueConstraint("loan_id", "version"),
        Index(
            "uq_schedule_version_one_active",
            "loan_id",
            unique=True,
            sqlite_where=text("is_active"),
            postgresql_where=text("is_active"),
        ),
    )


class InstalmentRow(Base):
    """One row of a schedule version."""

    __tablename__ = "instalment"
    schedule_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("schedule_version.id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(Day, index=True)
    principal_minor: Mapped[int] = mapped_column(Minor)
    interest_minor: Mapped[int] = mapped_column(Minor)
    capitalised_minor: Mapped[int] = mapped_column(Minor, server_default="0")


class Disbursement(Base):
    """Money to a borrower: prepared by one person, released by another."""

    __tablename__ = "disbursement"
    id: Mapped[str] = _key()
    loan_id: Mapped[str] = _refers("loan.id")
    status: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = mapped_column(Minor)
    pay_on: Mapped[date] = mapped_column(Day)
    purpose: Mapped[str] = mapped_column(String(300))
    bank_account: Mapped[str] = mapped_column(String(40), server_default="1010")
    prepared_by: Mapped[str] = _refers("app_user.id", index=False)
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    released_by: Mapped[str | None] = _may_refer("app_user.id")
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    entry_id: Mapped[str | None] = mapped_column(_ID)
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("released_by IS NULL OR released_by <> prepared_by", name="two_people"),
    )


class Receipt(Base):
    """Money from a borrower: a repayment, or a recovery after the write-off."""

    __tablename__ = "receipt"
    id: Mapped[str] = _key()
    loan_id: Mapped[str] = _refers("loan.id")
    kind: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = mapped_column(Minor)
    received_on: Mapped[date] = mapped_column(Day)
    bank_reference: Mapped[str] = mapped_column(String(120))
    prepays: Mapped[str | None] = mapped_column(String(20))
    recorded_by: Mapped[str] = _refers("app_user.id", index=False)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    entry_id: Mapped[str] = mapped_column(_ID, index=True)
    reversed_on: Mapped[date | None] = mapped_column(Day)
    reversed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount_positive"),)


class WriteOff(Base):
    """What is owed, given up: requested by one person, confirmed by another."""

    __tablename__ = "write_off"
    id: Mapped[str] = _key()
    loan_id: Mapped[str] = _refers("loan.id")
    status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    requested_by: Mapped[str] = _refers("app_user.id", index=False)
    requested_on: Mapped[date] = mapped_column(Day)
    confirmed_by: Mapped[str | None] = _may_refer("app_user.id")
    confirmed_on: Mapped[date | None] = mapped_column(Day)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    amount_minor: Mapped[int | None] = mapped_column(Minor)
    entry_id: Mapped[str | None] = mapped_column(_ID)
    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> requested_by", name="two_people"),
    )


class CaseEvent(Base):
    """The history of a case: who did what, on which day and at which instant. Append-only."""

    __tablename__ = "case_event"
    id: Mapped[str] = _key()
    facility_id: Mapped[str | None] = _may_refer("facility.id")
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(_ID, index=True)
    action: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[str | None] = _may_refer("app_user.id")
    happened_on: Mapped[date] = mapped_column(Day)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    status_before: Mapped[str | None] = mapped_column(String(20))
    status_after: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(Document)


class RequestKey(Base):
    """A request that was carried out or refused, and its answer, kept for ever."""

    __tablename__ = "request_key"
    actor_id: Mapped[str] = mapped_column(_ID, ForeignKey("app_user.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    action: Mapped[str] = mapped_column(String(120))
    request_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(Document)
    made_at: Mapped[datetime] = mapped_column(Instant)


class ReferenceCounter(Base):
    """The next number of a kind of reference in a year, so that references have no gaps."""

    __tablename__ = "reference_counter"
    facility_id: Mapped[str] = mapped_column(_ID, ForeignKey("facility.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]
