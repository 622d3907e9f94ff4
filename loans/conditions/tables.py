"""The tables of the conditions of a loan: conditions precedent, own money, plan and invoices."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from loans.storage.column_types import Day, Instant, Minor
from loans.storage.database import Base

_ID = String(36)

APPEND_ONLY = (
    "loan_condition",
    "condition_step",
    "plan_line",
    "quotation",
    "supplier_choice",
)


def _key() -> Mapped[str]:
    return mapped_column(_ID, primary_key=True)


def _refers(target: str, *, index: bool = True) -> Mapped[str]:
    return mapped_column(_ID, ForeignKey(target), index=index)


class LoanCondition(Base):
    """A condition precedent of a loan, of its profile or added by an officer. Append-only.

    ``code`` is empty where an officer worded it; ``occasion`` is the first pay-out or every one.
    """

    __tablename__ = "loan_condition"
    id: Mapped[str] = _key()
    loan_id: Mapped[str] = _refers("loan.id")
    code: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(300))
    occasion: Mapped[str] = mapped_column(String(10))
    added_by: Mapped[str] = _refers("app_user.id", index=False)
    added_on: Mapped[date] = mapped_column(Day)
    added_at: Mapped[datetime] = mapped_column(Instant)


class ConditionStep(Base):
    """A condition met, asked to be waived, waived or open again; the newest counts. Append-only.

    ``pay_out_number`` is the pay-out that it counts for where the condition is for every one.
    """

    __tablename__ = "condition_step"
    id: Mapped[str] = _key()
    condition_id: Mapped[str] = _refers("loan_condition.id")
    pay_out_number: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(500))
    happened_on: Mapped[date] = mapped_column(Day)
    made_by: Mapped[str] = _refers("app_user.id", index=False)
    made_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    __table_args__ = (
        CheckConstraint("asked_by IS NULL OR asked_by <> made_by", name="two_people"),
        CheckConstraint("(outcome = 'waived') = (asked_by IS NOT NULL)", name="waived_who_asked"),
    )


class OwnContribution(Base):
    """Own money of the borrower in the project, with the document that shows it."""

    __tablename__ = "own_contribution"
    id: Mapped[str] = _key()
    loan_id: Mapped[str] = _refers("loan.id")
    kind: Mapped[str] = mapped_column(String(20))
    supplier: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(String(300))
    amount_minor: Mapped[int] = mapped_column(Minor)
    paid_on: Mapped[date] = mapped_column(Day)
    entered_by: Mapped[str] = _refers("app_user.id", index=False)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_because: Mapped[str] = mapped_column(String(500), server_default="")
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount_positive"),)


class PlanLine(Base):
    """One line of the procurement plan, as the proposal had it at the signature. Append-only."""

    __tablename__ = "plan_line"
    id: Mapped[str] = _key()
    loan_id: Mapped[str] = _refers("loan.id")
    number: Mapped[int]
    item: Mapped[str] = mapped_column(String(300))
    planned_minor: Mapped[int] = mapped_column(Minor)
    __table_args__ = (
        UniqueConstraint("loan_id", "number"),
        CheckConstraint("planned_minor > 0", name="planned_positive"),
    )


class Quotation(Base):
    """What a supplier asks for a line of the plan; ``tier`` is where it was sought. Append-only."""

    __tablename__ = "quotation"
    id: Mapped[str] = _key()
    plan_line_id: Mapped[str] = _refers("plan_line.id")
    supplier: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    tier: Mapped[str] = mapped_column(String(40))
    amount_minor: Mapped[int] = mapped_column(Minor)
    quoted_on: Mapped[date] = mapped_column(Day)
    entered_by: Mapped[str] = _refers("app_user.id", index=False)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount_positive"),)


class SupplierChoice(Base):
    """The quotation chosen for a line, with the reasons it needed; the newest counts."""

    __tablename__ = "supplier_choice"
    id: Mapped[str] = _key()
    quotation_id: Mapped[str] = _refers("quotation.id")
    tier_reason: Mapped[str] = mapped_column(String(500))
    price_reason: Mapped[str] = mapped_column(String(500))
    chosen_by: Mapped[str] = _refers("app_user.id", index=False)
    chosen_on: Mapped[date] = mapped_column(Day)
    chosen_at: Mapped[datetime] = mapped_column(Instant)


class Invoice(Base):
    """A supplier's invoice for a line of the plan; one number of a supplier stands once."""

    __tablename__ = "invoice"
    id: Mapped[str] = _key()
    loan_id: Mapped[str] = _refers("loan.id")
    plan_line_id: Mapped[str | None] = mapped_column(_ID, ForeignKey("plan_line.id"))
    number: Mapped[str] = mapped_column(String(60))
    supplier: Mapped[str] = mapped_column(String(200))
    supplier_key: Mapped[str] = mapped_column(String(400))
    invoiced_on: Mapped[date] = mapped_column(Day)
    amount_minor: Mapped[int] = mapped_column(Minor)
    entered_by: Mapped[str] = _refers("app_user.id", index=False)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_because: Mapped[str] = mapped_column(String(500), server_default="")
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index(
            "uq_invoice_stands_once",
            "supplier_key",
            "number",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class PayOutInvoice(Base):
    """An invoice that a pay-out pays; given free again where the pay-out is sent back."""

    __tablename__ = "pay_out_invoice"
    disbursement_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("disbursement.id"), primary_key=True
    )
    invoice_id: Mapped[str] = mapped_column(_ID, ForeignKey("invoice.id"), primary_key=True)
    freed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        # No invoice is ever paid twice, whoever asks and however often at once.
        Index(
            "uq_pay_out_invoice_paid_once",
            "invoice_id",
            unique=True,
            sqlite_where=text("freed_at IS NULL"),
            postgresql_where=text("freed_at IS NULL"),
        ),
    )


class PayOutRequest(Base):
    """What the borrower's side asks to be paid out; an officer prepares it or sends it back."""

    __tablename__ = "pay_out_request"
    id: Mapped[str] = _key()
    loan_id: Mapped[str] = _refers("loan.id")
    status: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = mapped_column(Minor)
    purpose: Mapped[str] = mapped_column(String(300))
    filed_by: Mapped[str] = _refers("app_user.id", index=False)
    filed_on: Mapped[date] = mapped_column(Day)
    filed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(_ID, ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_back_because: Mapped[str] = mapped_column(String(500), server_default="")
    disbursement_id: Mapped[str | None] = mapped_column(_ID, ForeignKey("disbursement.id"))
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index(
            "uq_pay_out_request_one_filed",
            "loan_id",
            unique=True,
            sqlite_where=text("status = 'filed'"),
            postgresql_where=text("status = 'filed'"),
        ),
    )


class RequestInvoice(Base):
    """An invoice that a request for a pay-out names."""

    __tablename__ = "request_invoice"
    request_id: Mapped[str] = mapped_column(_ID, ForeignKey("pay_out_request.id"), primary_key=True)
    invoice_id: Mapped[str] = mapped_column(_ID, ForeignKey("invoice.id"), primary_key=True)
