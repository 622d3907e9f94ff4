"""What the borrower's side asks to be paid out: filed with invoices, prepared or sent back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.conditions.invoices import check_carried, open_invoices
from loans.conditions.precedents import LONGEST_NOTE, PAYABLE
from loans.conditions.tables import PayOutRequest, RequestInvoice
from loans.entered_text import entered_text
from loans.history import Moment
from loans.lending.loan_case import (
    SENT_BACK,
    check_undisbursed,
    in_words,
    locked_loan,
    need_status,
    write_event,
)
from loans.people import Actor, Role, WrongPerson, need_role
from loans.refusal import Missing, OutOfStep
from loans.storage.database import new_id
from loans.tables import Disbursement, Loan

LONGEST_PURPOSE = 300
FILED, TAKEN_UP = "filed", "taken_up"
AUTHORS = frozenset({Role.ENTERPRISE, Role.ADVISER})


class RequestWaits(OutOfStep):
    """A request of this loan waits for the officer."""


class RequestDecided(OutOfStep):
    """The request was taken up or sent back before."""


def file_request(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    purpose: str,
    invoice_ids: Sequence[str] = (),
) -> str:
    """Ask for a pay-out; an officer prepares it or sends it back. Answer the request's id.

    Raises:
        WrongPerson, WrongLoanStatus: not the borrower's side, or nothing is left to be paid out.
        RequestWaits: an earlier request waits.
        WrongAmount: more than is not paid out yet, or than the invoices carry.
        Missing, InvoicePaid, InvoiceWithdrawn: an invoice that cannot be paid.
    """
    loan = locked_loan(session, actor, loan_id)
    if actor.role not in AUTHORS:
        message = f"This is for the borrower. Your role is {actor.role.value}."
        raise WrongPerson(message)
    need_status(loan, PAYABLE)
    if filed_request(session, loan) is not None:
        message = "A request of this loan waits. A loan officer prepares it or sends it back first."
        raise RequestWaits(message)
    check_undisbursed(session, loan, amount_minor)
    rows = open_invoices(session, loan, invoice_ids)
    check_carried(session, loan, rows, amount_minor)
    ask = "Enter what the money is to pay."
    request = PayOutRequest(
        id=new_id(),
        loan_id=loan.id,
        status=FILED,
        amount_minor=amount_minor,
        purpose=entered_text(purpose, field="purpose", ask=ask, longest=LONGEST_PURPOSE),
        filed_by=actor.user_id,
        filed_on=moment.on,
        filed_at=moment.at,
        sent_back_because="",
    )
    session.add(request)
    session.flush()
    session.add_all(RequestInvoice(request_id=request.id, invoice_id=row.id) for row in rows)
    details = {"amount_minor": amount_minor}
    note = request.purpose
    write_event(session, actor, moment, loan, "ask_pay_out", note=note, details=details)
    return request.id


def send_back_request(
    session: Session, actor: Actor, moment: Moment, request_id: str, *, reason: str
) -> None:
    """Send a request back to the borrower with a reason.

    Raises:
        Missing, WrongPerson: it is not there for the actor, or the actor is no officer.
        RequestDecided: it was taken up or sent back before.
    """
    row = session.get(PayOutRequest, request_id)
    if row is None:
        raise Missing
    loan = locked_loan(session, actor, row.loan_id)
    need_role(actor, Role.OFFICER)
    session.refresh(row)
    _check_filed(row)
    ask = "Write what the borrower should look at again."
    row.sent_back_because = entered_text(reason, field="reason", ask=ask, longest=LONGEST_NOTE)
    row.status, row.decided_by, row.decided_at = SENT_BACK, actor.user_id, moment.at
    session.flush()
    note = row.sent_back_because
    write_event(session, actor, moment, loan, "send_back_pay_out_request", note=note)


def take_up(
    session: Session, actor: Actor, moment: Moment, loan: Loan, pay_out: Disbursement
) -> None:
    """A pay-out that is prepared answers the request that waits, where one does."""
    row = filed_request(session, loan)
    if row is not None:
        row.status, row.decided_by, row.decided_at = TAKEN_UP, actor.user_id, moment.at
        row.disbursement_id = pay_out.id
        session.flush()


def filed_request(session: Session, loan: Loan) -> PayOutRequest | None:
    """The request of the loan that waits for the officer."""
    return session.scalars(
        select(PayOutRequest).where(PayOutRequest.loan_id == loan.id, PayOutRequest.status == FILED)
    ).one_or_none()


def request_of(session: Session, loan_id: str, request_id: str) -> str:
    """The id of a request of this very loan.

    Raises:
        Missing: it belongs to another loan, or to none.
    """
    row = session.get(PayOutRequest, request_id)
    if row is None or row.loan_id != loan_id:
        raise Missing
    return row.id


def _check_filed(row: PayOutRequest) -> None:
    if row.status != FILED:
        message = f"This request was {in_words(row.status)} before."
        raise RequestDecided(message)
