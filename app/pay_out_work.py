"""What each page of an act before a pay-out does once its form is filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.dependencies import Desk
from app.forms import FormModel
from app.loan_forms import WrongFigure
from app.pay_out_forms import (
    AddConditionForm,
    AskForm,
    ChooseForm,
    InvoiceForm,
    MeetForm,
    OwnMoneyForm,
    QuotationForm,
    ReasonForm,
)
from appraisal.money import MoneyError, to_minor
from loans.conditions import evidence, invoices, pay_out_requests, precedents, procurement
from loans.conditions.views import PayOutsView
from loans.people import Role
from loans.precedent import Occasion

Work = Callable[[Session, Desk, PayOutsView, Any], object]
_AUTHORS = frozenset({Role.ENTERPRISE, Role.ADVISER})
_OFFICER = frozenset({Role.OFFICER})


@dataclass(frozen=True)
class PayOutAct:
    """One act: whose it is, its form and template, what does it, its title and the notice after."""

    roles: frozenset[Role]
    template: str
    form: type[FormModel]
    work: Work
    title: str
    button: str
    done: str


def _minor(view: PayOutsView, value: OwnMoneyForm | QuotationForm | InvoiceForm | AskForm) -> int:
    try:
        return to_minor(value.amount, view.currency)
    except MoneyError as error:
        raise WrongFigure(str(error), field="amount") from error


def _add(session: Session, desk: Desk, view: PayOutsView, form: AddConditionForm) -> None:
    precedents.add_condition(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        words=form.words,
        occasion=Occasion(form.occasion),
    )


def _meet(session: Session, desk: Desk, view: PayOutsView, form: MeetForm) -> None:
    found = precedents.condition_of(session, view.loan_id, form.target)
    precedents.meet_condition(
        session, desk.actor, desk.moment, found, document=form.document, on=form.met_on
    )


def _ask_waiver(session: Session, desk: Desk, view: PayOutsView, form: ReasonForm) -> None:
    found = precedents.condition_of(session, view.loan_id, form.target)
    precedents.ask_waiver(session, desk.actor, desk.moment, found, reason=form.reason)


def _waive(session: Session, desk: Desk, view: PayOutsView, form: ReasonForm) -> None:
    found = precedents.condition_of(session, view.loan_id, form.target)
    precedents.waive_condition(session, desk.actor, desk.moment, found, reason=form.reason)


def _refuse_waiver(session: Session, desk: Desk, view: PayOutsView, form: ReasonForm) -> None:
    found = precedents.condition_of(session, view.loan_id, form.target)
    precedents.refuse_waiver(session, desk.actor, desk.moment, found, reason=form.reason)


def _reopen(session: Session, desk: Desk, view: PayOutsView, form: ReasonForm) -> None:
    found = precedents.condition_of(session, view.loan_id, form.target)
    precedents.reopen_condition(session, desk.actor, desk.moment, found, reason=form.reason)


def _own_money(session: Session, desk: Desk, view: PayOutsView, form: OwnMoneyForm) -> None:
    evidence.record_own_contribution(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        proof=evidence.Proof(form.proof),
        supplier=form.supplier,
        document=form.document,
        amount_minor=_minor(view, form),
        paid_on=form.paid_on,
    )


def _withdraw_own(session: Session, desk: Desk, view: PayOutsView, form: ReasonForm) -> None:
    found = evidence.own_contribution_of(session, view.loan_id, form.target)
    evidence.withdraw_own_contribution(session, desk.actor, desk.moment, found, reason=form.reason)


def _quote(session: Session, desk: Desk, view: PayOutsView, form: QuotationForm) -> None:
    procurement.add_quotation(
        session,
        desk.actor,
        desk.moment,
        procurement.plan_line_of(session, view.loan_id, form.target),
        supplier=form.supplier,
        country=form.country,
        tier=form.tier,
        amount_minor=_minor(view, form),
        quoted_on=form.quoted_on,
    )


def _choose(session: Session, desk: Desk, view: PayOutsView, form: ChooseForm) -> None:
    procurement.choose_quotation(
        session,
        desk.actor,
        desk.moment,
        procurement.quotation_of(session, view.loan_id, form.target),
        tier_reason=form.tier_reason,
        price_reason=form.price_reason,
    )


def _invoice(session: Session, desk: Desk, view: PayOutsView, form: InvoiceForm) -> None:
    invoices.add_invoice(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        number=form.number,
        supplier=form.supplier,
        invoiced_on=form.invoiced_on,
        amount_minor=_minor(view, form),
        plan_line_id=form.plan_line or None,
    )


def _withdraw_invoice(session: Session, desk: Desk, view: PayOutsView, form: ReasonForm) -> None:
    found = invoices.invoice_of(session, view.loan_id, form.target)
    invoices.withdraw_invoice(session, desk.actor, desk.moment, found, reason=form.reason)


def _ask(session: Session, desk: Desk, view: PayOutsView, form: AskForm) -> None:
    pay_out_requests.file_request(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        amount_minor=_minor(view, form),
        purpose=form.purpose,
        invoice_ids=form.invoices,
    )


def _send_back(session: Session, desk: Desk, view: PayOutsView, form: ReasonForm) -> None:
    found = pay_out_requests.request_of(session, view.loan_id, form.target)
    pay_out_requests.send_back_request(session, desk.actor, desk.moment, found, reason=form.reason)


PAY_OUT_ACTS: Mapping[str, PayOutAct] = {
    "add-condition": PayOutAct(
        *(_OFFICER, "add_condition", AddConditionForm, _add),
        *("Add a condition", "Add the condition", "condition-added"),
    ),
    "meet": PayOutAct(
        *(_OFFICER, "meet", MeetForm, _meet),
        *("Enter that a condition is met", "Record that it is met", "condition-met"),
    ),
    "ask-waiver": PayOutAct(
        *(_OFFICER, "reason", ReasonForm, _ask_waiver),
        *("Ask to waive a condition", "Ask for the waiver", "waiver-asked"),
    ),
    "waive": PayOutAct(
        *(frozenset({Role.MANAGER}), "reason", ReasonForm, _waive),
        *("Waive a condition", "Waive the condition", "waived"),
    ),
    "refuse-waiver": PayOutAct(
        *(frozenset({Role.MANAGER}), "reason", ReasonForm, _refuse_waiver),
        *("Refuse to waive a condition", "Refuse the waiver", "waiver-refused"),
    ),
    "reopen": PayOutAct(
        *(_OFFICER, "reason", ReasonForm, _reopen),
        *("Open a condition again", "Open it again", "condition-opened"),
    ),
    "own-money": PayOutAct(
        *(_OFFICER, "own_money", OwnMoneyForm, _own_money),
        *("Enter own money of the borrower", "Record the own money", "own-money"),
    ),
    "withdraw-own-money": PayOutAct(
        *(_OFFICER, "reason", ReasonForm, _withdraw_own),
        *("Withdraw evidence of own money", "Withdraw it", "withdrawn-evidence"),
    ),
    "quotation": PayOutAct(
        *(_OFFICER, "quotation", QuotationForm, _quote),
        *("Enter a quotation", "Record the quotation", "quotation"),
    ),
    "choose": PayOutAct(
        *(_OFFICER, "choose", ChooseForm, _choose),
        *("Choose the supplier", "Choose this supplier", "supplier-chosen"),
    ),
    "invoice": PayOutAct(
        *(_AUTHORS | _OFFICER, "invoice", InvoiceForm, _invoice),
        *("Enter an invoice", "Record the invoice", "invoice"),
    ),
    "withdraw-invoice": PayOutAct(
        *(_AUTHORS | _OFFICER, "reason", ReasonForm, _withdraw_invoice),
        *("Withdraw an invoice", "Withdraw the invoice", "withdrawn-evidence"),
    ),
    "ask": PayOutAct(
        *(_AUTHORS, "ask", AskForm, _ask),
        *("Ask for a pay-out", "Send the request", "pay-out-asked"),
    ),
    "send-back": PayOutAct(
        *(_OFFICER, "reason", ReasonForm, _send_back),
        *("Send a request back to the borrower", "Send it back", "sent-back"),
    ),
}
"""Each act as it stands in addresses."""
