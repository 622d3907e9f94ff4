"""What the loan pays for, over JSON: quotations, invoices, and what the borrower asks for."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from sqlalchemy.orm import Session

from app.api.acting import Act, Asked, Done, Reason, api_router
from app.api.conditions import Kept, kept
from app.api.values import Day, Id, InvoiceIds, Label, PositiveAmount, ShortText, Text, in_minor
from loans.conditions import invoices, pay_out_requests, procurement
from loans.fund import the_facility

router = api_router("Loans")


class QuotationAsked(Asked):
    """What a supplier asks for a line of the plan; ``tier`` is one of the profile's."""

    plan_line_id: Id
    supplier: Label
    country: Label
    tier: Label
    amount: PositiveAmount
    quoted_on: Day


class ChoiceAsked(Asked):
    """Why a nearer tier was passed over, and why a cheaper quotation, where they were."""

    tier_reason: Text = ""
    price_reason: Text = ""


class InvoiceAsked(Asked):
    """A supplier's invoice, for a line of the plan where it is for one."""

    number: Label
    supplier: Label
    invoiced_on: Day
    amount: PositiveAmount
    plan_line_id: Id | None = None


class PayOutAsked(Asked):
    """What the borrower asks to be paid out, and the invoices that it pays."""

    amount: PositiveAmount
    purpose: ShortText
    invoice_ids: InvoiceIds = ()


@router.post("/loans/{loan_id}/quotations", status_code=HTTPStatus.CREATED, response_model=Kept)
def add_quotation(loan_id: Id, body: QuotationAsked, act: Act) -> Mapping[str, Any]:
    """Enter a quotation for a line of the plan."""
    return kept(
        act,
        body,
        lambda session: procurement.add_quotation(
            session,
            act.desk.actor,
            act.desk.moment,
            procurement.plan_line_of(session, loan_id, body.plan_line_id),
            supplier=body.supplier,
            country=body.country,
            tier=body.tier,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            quoted_on=body.quoted_on,
        ),
    )


@router.post("/loans/{loan_id}/quotations/{quotation_id}/choose", response_model=Kept)
def choose(loan_id: Id, quotation_id: Id, body: ChoiceAsked, act: Act) -> Mapping[str, Any]:
    """Choose the supplier of a line of the plan."""
    return kept(
        act,
        body,
        lambda session: procurement.choose_quotation(
            session,
            act.desk.actor,
            act.desk.moment,
            procurement.quotation_of(session, loan_id, quotation_id),
            tier_reason=body.tier_reason,
            price_reason=body.price_reason,
        ),
    )


@router.post("/loans/{loan_id}/invoices", status_code=HTTPStatus.CREATED, response_model=Kept)
def add_invoice(loan_id: Id, body: InvoiceAsked, act: Act) -> Mapping[str, Any]:
    """Enter a supplier's invoice."""
    return kept(
        act,
        body,
        lambda session: invoices.add_invoice(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            number=body.number,
            supplier=body.supplier,
            invoiced_on=body.invoiced_on,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            plan_line_id=body.plan_line_id,
        ),
    )


@router.post("/loans/{loan_id}/invoices/{invoice_id}/withdraw", response_model=Done)
def withdraw_invoice(loan_id: Id, invoice_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Let an invoice not count any more, as long as no pay-out names it."""

    def work(session: Session) -> Mapping[str, Any]:
        found = invoices.invoice_of(session, loan_id, invoice_id)
        invoices.withdraw_invoice(
            session, act.desk.actor, act.desk.moment, found, reason=body.reason
        )
        return {"act_id": found, "status": "withdrawn"}

    return act.once(body, work)


@router.post(
    "/loans/{loan_id}/disbursement-requests", status_code=HTTPStatus.CREATED, response_model=Kept
)
def ask_pay_out(loan_id: Id, body: PayOutAsked, act: Act) -> Mapping[str, Any]:
    """Ask for a pay-out, as the borrower; an officer prepares it."""
    return kept(
        act,
        body,
        lambda session: pay_out_requests.file_request(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            purpose=body.purpose,
            invoice_ids=body.invoice_ids,
        ),
    )


@router.post("/loans/{loan_id}/disbursement-requests/{request_id}/send-back", response_model=Done)
def send_back(loan_id: Id, request_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Send a request for a pay-out back to the borrower."""

    def work(session: Session) -> Mapping[str, Any]:
        found = pay_out_requests.request_of(session, loan_id, request_id)
        pay_out_requests.send_back_request(
            session, act.desk.actor, act.desk.moment, found, reason=body.reason
        )
        return {"act_id": found, "status": "sent_back"}

    return act.once(body, work)
