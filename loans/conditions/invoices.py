"""Invoices of the suppliers: entered once, named by one pay-out at most, and carrying it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.conditions.evidence import LONGEST_SUPPLIER
from loans.conditions.opening import terms_of_loan
from loans.conditions.precedents import LONGEST_NOTE, PAYABLE
from loans.conditions.procurement import plan_line_of
from loans.conditions.tables import Invoice, PayOutInvoice
from loans.entered_text import entered_text
from loans.fund import check_day, the_facility
from loans.history import Moment
from loans.lending.loan_case import WrongAmount, locked_loan, need_status, write_event
from loans.people import Actor, Role, WrongPerson, fold
from loans.procurement_rules import most_carried
from loans.refusal import Missing, OutOfStep, WrongValue
from loans.servicing.limits import check_amount
from loans.storage.database import new_id
from loans.tables import Disbursement, Loan

LONGEST_NUMBER = 60
WRITERS = frozenset({Role.ENTERPRISE, Role.ADVISER, Role.OFFICER})
"""Who enters invoices: the borrower's side, which has them, and the officer."""


class InvoiceKnown(WrongValue):
    """The supplier's invoice of this number was entered before."""


class InvoicePaid(OutOfStep):
    """A pay-out names the invoice: none is paid twice."""


class InvoiceWithdrawn(OutOfStep):
    """The invoice does not count any more."""


def add_invoice(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    number: str,
    supplier: str,
    invoiced_on: date,
    amount_minor: int,
    plan_line_id: str | None = None,
) -> str:
    """Enter a supplier's invoice for what the loan finances; answer its id.

    Raises:
        WrongPerson, WrongLoanStatus: neither the borrower's side nor an officer, or nothing is
            left to be paid out.
        InvoiceKnown: this number of the supplier stands already, on this loan or another.
        Missing, WrongAmount, FutureDay: no such line of the plan, nothing, or a day to come.
    """
    loan = locked_loan(session, actor, loan_id)
    need_writer(actor)
    need_status(loan, PAYABLE)
    check_amount(session, amount_minor)
    check_day(invoiced_on, moment, field="invoiced_on")
    ask_number = "Enter the number of the invoice."
    kept_number = entered_text(number, field="number", ask=ask_number, longest=LONGEST_NUMBER)
    ask_supplier = "Enter who sent the invoice."
    kept = entered_text(supplier, field="supplier", ask=ask_supplier, longest=LONGEST_SUPPLIER)
    _check_new(session, fold(kept), kept_number)
    row = Invoice(
        id=new_id(),
        loan_id=loan.id,
        plan_line_id=plan_line_of(session, loan.id, plan_line_id) if plan_line_id else None,
        number=kept_number,
        supplier=kept,
        supplier_key=fold(kept),
        invoiced_on=invoiced_on,
        amount_minor=amount_minor,
        entered_by=actor.user_id,
        entered_at=moment.at,
        withdrawn_because="",
    )
    session.add(row)
    session.flush()
    note = f"{row.supplier}: {row.number}"
    details = {"amount_minor": amount_minor}
    write_event(session, actor, moment, loan, "invoice", note=note, details=details)
    return row.id


def withdraw_invoice(
    session: Session, actor: Actor, moment: Moment, invoice_id: str, *, reason: str
) -> None:
    """Let an invoice not count any more; it stays in the list, and can be entered anew.

    Raises:
        Missing, WrongPerson: it is not there for the actor, or the actor may not enter invoices.
        InvoiceWithdrawn, InvoicePaid: it does not count, or a pay-out names it.
    """
    row = session.get(Invoice, invoice_id)
    if row is None:
        raise Missing
    loan = locked_loan(session, actor, row.loan_id)
    need_writer(actor)
    session.refresh(row)
    _check_open(session, row)
    ask = "Write why the invoice does not count."
    row.withdrawn_because = entered_text(reason, field="reason", ask=ask, longest=LONGEST_NOTE)
    row.withdrawn_by, row.withdrawn_at = actor.user_id, moment.at
    session.flush()
    note = f"{row.supplier}, {row.number}: {row.withdrawn_because}"
    details = {"amount_minor": row.amount_minor}
    write_event(session, actor, moment, loan, "withdraw_invoice", note=note, details=details)


def need_writer(actor: Actor) -> None:
    """Refuse whoever is neither of the borrower's side nor an officer.

    Raises:
        WrongPerson: as it says.
    """
    if actor.role not in WRITERS:
        message = f"This is for the borrower or a loan officer. Your role is {actor.role.value}."
        raise WrongPerson(message)


def open_invoices(session: Session, loan: Loan, invoice_ids: Sequence[str]) -> tuple[Invoice, ...]:
    """The invoices of this very loan with these ids, that no pay-out names.

    Raises:
        Missing: one belongs to another loan, or to none.
        InvoiceWithdrawn, InvoicePaid: one does not count, or a pay-out names it.
    """
    found = []
    for invoice_id in dict.fromkeys(invoice_ids):
        row = session.get(Invoice, invoice_id)
        if row is None or row.loan_id != loan.id:
            raise Missing
        _check_open(session, row)
        found.append(row)
    return tuple(found)


def check_carried(session: Session, loan: Loan, rows: Sequence[Invoice], amount_minor: int) -> None:
    """Refuse an amount above the part of the invoices that the fund finances.

    Raises:
        WrongAmount: as it says, with the largest amount that they carry.
    """
    share = Fraction(terms_of_loan(session, loan).financed_share.required)
    most_minor = most_carried(sum(row.amount_minor for row in rows), share)
    if rows and amount_minor > most_minor:
        most = as_text(most_minor, the_facility(session).currency)
        message = (
            f"The fund finances at most {most} of these invoices. "
            "Enter that or less, or add invoices."
        )
        raise WrongAmount(message, field="amount")


def name_invoices(session: Session, pay_out: Disbursement, rows: Sequence[Invoice]) -> None:
    """Let a pay-out name the invoices that it pays; they are open to no other."""
    session.add_all(
        PayOutInvoice(disbursement_id=pay_out.id, invoice_id=row.id, freed_at=None) for row in rows
    )
    session.flush()


def free_invoices(session: Session, moment: Moment, pay_out: Disbursement) -> None:
    """The invoices of a pay-out that was sent back are open again."""
    session.execute(
        update(PayOutInvoice)
        .where(PayOutInvoice.disbursement_id == pay_out.id, PayOutInvoice.freed_at.is_(None))
        .values(freed_at=moment.at)
    )


def invoice_of(session: Session, loan_id: str, invoice_id: str) -> str:
    """The id of an invoice of this very loan.

    Raises:
        Missing: it belongs to another loan, or to none.
    """
    row = session.get(Invoice, invoice_id)
    if row is None or row.loan_id != loan_id:
        raise Missing
    return row.id


def _check_new(session: Session, supplier_key: str, number: str) -> None:
    known = session.scalars(
        select(Invoice.id).where(
            Invoice.supplier_key == supplier_key,
            Invoice.number == number,
            Invoice.withdrawn_at.is_(None),
        )
    ).first()
    if known is not None:
        message = (
            "This supplier's invoice of this number was entered before, and no invoice is paid "
            "twice. Enter another number, or withdraw the first one."
        )
        raise InvoiceKnown(message, field="number")


def _check_open(session: Session, row: Invoice) -> None:
    if row.withdrawn_at is not None:
        message = f"Invoice {row.number} of {row.supplier} was withdrawn. Choose others."
        raise InvoiceWithdrawn(message, field="invoices")
    paid = session.scalars(
        select(PayOutInvoice.disbursement_id).where(
            PayOutInvoice.invoice_id == row.id, PayOutInvoice.freed_at.is_(None)
        )
    ).first()
    if paid is not None:
        message = (
            f"Invoice {row.number} of {row.supplier} is named by a pay-out. No invoice is paid "
            "twice: choose others."
        )
        raise InvoicePaid(message, field="invoices")
