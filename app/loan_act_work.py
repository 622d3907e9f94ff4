"""What each page of an act on a loan does once its form is filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.dependencies import Desk
from app.forms import FormModel
from app.loan_forms import (
    AgreeForm,
    ChargeForm,
    ConfirmForm,
    GiveUpRestForm,
    HolidayForm,
    MoneyInForm,
    NewTermsForm,
    PrepareForm,
    RefundForm,
    ReleaseForm,
    RequestWriteOffForm,
    ReverseActForm,
    ReverseForm,
    SendBackForm,
    SendBackWriteOffForm,
    UseCreditForm,
    in_minor,
)
from loans.component import Component
from loans.lending.loan_views import LoanView
from loans.people import Role
from loans.refusal import Missing
from loans.servicing import (
    act_book,
    cancellations,
    charges,
    disbursing,
    new_terms,
    receipts,
    recoveries,
    reversals,
    security_releases,
    waiting_money,
    write_offs,
)
from loans.servicing_kinds import ActKind
from loans.subledger.events import PrepaymentChoice

Work = Callable[[Session, Desk, LoanView, Any, str], object]
"""Does the act under a key."""


@dataclass(frozen=True)
class ActPage:
    """One act: whose it is, its page and form, what does it, and the notice after it."""

    role: Role
    template: str
    form: type[FormModel]
    work: Work
    done: str


def _prepare(session: Session, desk: Desk, view: LoanView, form: PrepareForm, _key: str) -> None:
    disbursing.prepare_disbursement(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        amount_minor=in_minor(view, form),
        pay_on=form.pay_on,
        purpose=form.purpose,
        invoice_ids=form.invoices,
        bank_account=form.bank_account,
    )


def _own_target(view: LoanView, target: str) -> str:
    """The id of a pay-out or receipt of this very loan.

    Raises:
        Missing: it belongs to another loan, or to none.
    """
    if view.pay_out(target) is None and view.receipt(target) is None:
        raise Missing
    return target


def _release(session: Session, desk: Desk, view: LoanView, form: ReleaseForm, key: str) -> None:
    target = _own_target(view, form.target)
    disbursing.release_disbursement(session, desk.actor, desk.moment, target, key=key)


def _send_back(session: Session, desk: Desk, view: LoanView, form: SendBackForm, _key: str) -> None:
    disbursing.send_back_disbursement(
        session, desk.actor, desk.moment, _own_target(view, form.target), reason=form.reason
    )


def _receive(session: Session, desk: Desk, view: LoanView, form: MoneyInForm, key: str) -> None:
    receipts.record_receipt(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        amount_minor=in_minor(view, form),
        received_on=form.received_on,
        bank_reference=form.bank_reference,
        prepays=form.prepays,
        bank_account=form.bank_account,
        key=key,
    )


def _charge(session: Session, desk: Desk, view: LoanView, form: ChargeForm, key: str) -> None:
    charges.charge(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        component=Component(form.component),
        amount_minor=in_minor(view, form),
        charged_on=form.charged_on,
        reason=form.reason,
        key=key,
    )


def _use_credit(
    session: Session, desk: Desk, view: LoanView, form: UseCreditForm, key: str
) -> None:
    waiting_money.use_credit(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        amount_minor=in_minor(view, form),
        prepays=PrepaymentChoice(form.purpose),
        reason=form.reason,
        key=key,
    )


def _refund(session: Session, desk: Desk, view: LoanView, form: RefundForm, _key: str) -> None:
    waiting_money.request_refund(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        amount_minor=in_minor(view, form),
        reason=form.reason,
        bank_account=form.bank_account,
    )


def _new_terms(
    session: Session, desk: Desk, view: LoanView, form: NewTermsForm | HolidayForm, _key: str
) -> None:
    new_terms.request_new_terms(
        session, desk.actor, desk.moment, view.loan_id, form.asked, reason=form.reason
    )


def _give_up_rest(
    session: Session, desk: Desk, view: LoanView, form: GiveUpRestForm, _key: str
) -> None:
    cancellations.request_giving_up(
        session, desk.actor, desk.moment, view.loan_id, reason=form.reason
    )


def agree_to(session: Session, desk: Desk, act_id: str, kind: ActKind, key: str) -> None:
    """Agree to what another person asked for, in the way of its kind."""
    match kind:
        case ActKind.REFUND:
            waiting_money.release_refund(session, desk.actor, desk.moment, act_id, key=key)
        case ActKind.RELEASE_SECURITY:
            security_releases.agree_release(session, desk.actor, desk.moment, act_id)
        case ActKind.GIVE_UP_REST:
            cancellations.agree_giving_up(session, desk.actor, desk.moment, act_id, key=key)
        case _:
            new_terms.agree_new_terms(session, desk.actor, desk.moment, act_id, key=key)


def _agree(session: Session, desk: Desk, view: LoanView, form: AgreeForm, key: str) -> None:
    asked = view.servicing_act(form.target)
    if asked is None:
        raise Missing
    agree_to(session, desk, asked.act_id, ActKind(asked.kind), key)


def _send_back_request(
    session: Session, desk: Desk, view: LoanView, form: SendBackForm, _key: str
) -> None:
    if view.servicing_act(form.target) is None:
        raise Missing
    act_book.send_back(session, desk.actor, desk.moment, form.target, reason=form.reason)


def _reverse_act(
    session: Session, desk: Desk, view: LoanView, form: ReverseActForm, key: str
) -> None:
    if view.servicing_act(form.target) is None:
        raise Missing
    reversals.reverse_act(
        session, desk.actor, desk.moment, form.target, reason=form.reason, key=key
    )


def _reverse(session: Session, desk: Desk, view: LoanView, form: ReverseForm, key: str) -> None:
    target = _own_target(view, form.target)
    receipts.reverse_receipt(session, desk.actor, desk.moment, target, reason=form.reason, key=key)


def _request_write_off(
    session: Session, desk: Desk, view: LoanView, form: RequestWriteOffForm, _key: str
) -> None:
    write_offs.request_write_off(session, desk.actor, desk.moment, view.loan_id, reason=form.reason)


def _confirm_write_off(
    session: Session, desk: Desk, view: LoanView, _form: ConfirmForm, key: str
) -> None:
    write_offs.confirm_write_off(session, desk.actor, desk.moment, view.loan_id, key=key)


def _send_back_write_off(
    session: Session, desk: Desk, view: LoanView, form: SendBackWriteOffForm, _key: str
) -> None:
    write_offs.send_back_write_off(
        session, desk.actor, desk.moment, view.loan_id, reason=form.reason
    )


def _recover(session: Session, desk: Desk, view: LoanView, form: MoneyInForm, key: str) -> None:
    recoveries.record_recovery(
        session,
        desk.actor,
        desk.moment,
        view.loan_id,
        amount_minor=in_minor(view, form),
        received_on=form.received_on,
        bank_reference=form.bank_reference,
        bank_account=form.bank_account,
        key=key,
    )


ACT_PAGES: Mapping[str, ActPage] = {
    "prepare-disbursement": ActPage(Role.OFFICER, "prepare", PrepareForm, _prepare, "prepared"),
    "release-disbursement": ActPage(Role.MANAGER, "release", ReleaseForm, _release, "released"),
    "send-back-disbursement": ActPage(
        Role.MANAGER, "send_back", SendBackForm, _send_back, "sent-back"
    ),
    "receipt": ActPage(Role.OFFICER, "money_in", MoneyInForm, _receive, "receipt"),
    "reverse-receipt": ActPage(Role.OFFICER, "reverse", ReverseForm, _reverse, "reversed"),
    "charge": ActPage(Role.OFFICER, "charge", ChargeForm, _charge, "charged"),
    "use-credit": ActPage(Role.OFFICER, "use_credit", UseCreditForm, _use_credit, "credit-used"),
    "refund": ActPage(Role.OFFICER, "refund", RefundForm, _refund, "asked"),
    "new-terms": ActPage(Role.OFFICER, "new_terms", NewTermsForm, _new_terms, "asked"),
    "holiday": ActPage(Role.OFFICER, "holiday", HolidayForm, _new_terms, "asked"),
    "give-up-rest": ActPage(Role.OFFICER, "give_up_rest", GiveUpRestForm, _give_up_rest, "asked"),
    "agree": ActPage(Role.MANAGER, "agree", AgreeForm, _agree, "agreed"),
    "send-back-request": ActPage(
        Role.MANAGER, "send_back", SendBackForm, _send_back_request, "sent-back"
    ),
    "reverse-act": ActPage(Role.OFFICER, "reverse_act", ReverseActForm, _reverse_act, "reversed"),
    "request-write-off": ActPage(
        Role.OFFICER,
        "request_write_off",
        RequestWriteOffForm,
        _request_write_off,
        "write-off-requested",
    ),
    "confirm-write-off": ActPage(
        Role.MANAGER, "confirm_write_off", ConfirmForm, _confirm_write_off, "written-off"
    ),
    "send-back-write-off": ActPage(
        Role.MANAGER, "send_back", SendBackWriteOffForm, _send_back_write_off, "sent-back"
    ),
    "recovery": ActPage(Role.OFFICER, "money_in", MoneyInForm, _recover, "recovered"),
}
"""Each act as it stands in addresses."""
