"""The invoices of a loan as people see them, each with the pay-out that names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.conditions.tables import Invoice, PayOutInvoice, PlanLine
from loans.lending.loan_case import RELEASED
from loans.tables import Disbursement, Loan


@dataclass(frozen=True)
class InvoiceView:
    """A supplier's invoice. ``disbursement_id`` is the pay-out that names it, paid or prepared."""

    invoice_id: str
    number: str
    supplier: str
    invoiced_on: date
    amount_minor: int
    plan_line_id: str | None
    line_number: int | None
    disbursement_id: str | None
    is_paid: bool
    is_withdrawn: bool
    withdrawn_because: str

    @property
    def is_open(self) -> bool:
        """Whether a pay-out can name it."""
        return self.disbursement_id is None and not self.is_withdrawn


def invoice_views(
    session: Session, loan: Loan, lines: Sequence[PlanLine]
) -> tuple[InvoiceView, ...]:
    """The invoices by day; those withdrawn are marked."""
    numbers = {line.id: line.number for line in lines}
    found = session.execute(
        select(Invoice, Disbursement.id, Disbursement.status)
        .outerjoin(
            PayOutInvoice,
            (PayOutInvoice.invoice_id == Invoice.id) & PayOutInvoice.freed_at.is_(None),
        )
        .outerjoin(Disbursement, Disbursement.id == PayOutInvoice.disbursement_id)
        .where(Invoice.loan_id == loan.id)
        .order_by(Invoice.invoiced_on, Invoice.id)
    )
    return tuple(
        InvoiceView(
            invoice_id=row.id,
            number=row.number,
            supplier=row.supplier,
            invoiced_on=row.invoiced_on,
            amount_minor=row.amount_minor,
            plan_line_id=row.plan_line_id,
            line_number=numbers.get(row.plan_line_id or ""),
            disbursement_id=pay_out_id,
            is_paid=status == RELEASED,
            is_withdrawn=row.withdrawn_at is not None,
            withdrawn_because=row.withdrawn_because,
        )
        for row, pay_out_id, status in found
    )
