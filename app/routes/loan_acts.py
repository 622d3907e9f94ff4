"""The acts on a loan: each a page that says what will happen to whom, with its form.

A page names the borrower, the amount, the second person and what the act does to the fund. Money
that came in is shown with what it pays, and new terms with the schedule that they lead to, before
anything is recorded.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import AtDesk, Desk, Reading, Sent, SignedIn, new_key
from app.forms import Filled, FormModel, as_form, filled
from app.loan_act_pages import (
    effect_of,
    first_values,
    known_act,
    released_security,
    reversal_notice,
    values_of_line,
)
from app.loan_act_work import ACT_PAGES, ActPage
from app.loan_forms import HolidayForm, MoneyInForm, NewTermsForm, in_minor
from app.loan_words import LOAN_WORDS
from app.pay_out_words import asked_values, invoice_choices
from app.rendering import page
from app.router import Router
from loans.books.cash_accounts import cash_account, cash_accounts
from loans.books.closed_months import counts_late
from loans.conditions.invoice_warnings import invoice_warnings
from loans.conditions.views import pay_outs_view
from loans.fund import the_facility
from loans.lending.loan_effect import money_in_effect
from loans.lending.loan_money import part_line
from loans.lending.loan_views import LoanView, loan_view
from loans.people import Actor, need_role
from loans.refusal import Missing, NotYours, Refusal
from loans.servicing.new_terms import TermsPreview, asked_preview, preview
from loans.servicing.receipts import ReceiptPlan, plan_receipt
from loans.servicing.recoveries import plan_recovery
from loans.subledger.events import Received, Recovered
from loans.subledger.state import Part, Target

router = Router()

_NOT_OPEN = (
    "This is not open for the loan as it stands now. Its page says what can be done and who acts."
)


@router.get("/loans/{loan_id}/acts/{act}")
def ask(
    request: Request,
    *,
    session: Reading,
    actor: SignedIn,
    loan_id: str,
    act: str,
    disbursement: str = "",
    receipt: str = "",
    target: str = "",
    line: str = "",
) -> Response:
    """What the act will do, with its form; or in words why it cannot be done now.

    ``line`` is a line of the bank that the money came with.
    """
    chosen = _page_of(act, actor)
    view = loan_view(session, actor, loan_id, as_of=clock.today())
    offered = known_act(view, act, disbursement or receipt or target)
    obstacle = _NOT_OPEN if offered is None else offered.obstacle
    if offered is None or obstacle is not None:
        return page(
            request, "loans/not_now.html", HTTPStatus.CONFLICT, view=view, obstacle=obstacle
        )
    values = first_values(view, act, offered.target or "", clock.today())
    if act == "prepare-disbursement":
        before = pay_outs_view(session, actor, loan_id, as_of=clock.today())
        values = {**values, **asked_values(before)}
    if line and chosen.form is MoneyInForm:
        values = {**values, **values_of_line(session, line, view.currency)}
    return _show(request, session, view, act, as_form(chosen.form, values))


@router.post("/loans/{loan_id}/acts/{act}")
def send(request: Request, desk: AtDesk, sent: Sent, loan_id: str, act: str) -> Response:
    """Do the act once, or show its form again with what was typed."""
    chosen = _page_of(act, desk.actor)
    with desk.database.reading() as session:
        view = loan_view(session, desk.actor, loan_id, as_of=desk.moment.on)
        form = filled(chosen.form, sent.form, currency=view.currency)
        if isinstance(form.value, _CHECKED) and form.value.confirmed != "yes":
            return _check(request, session, desk, view=view, act=act, form=form, value=form.value)

    def work(writing: Session, value: FormModel) -> str:
        chosen.work(writing, desk, view, value, sent.key)
        return f"/loans/{loan_id}"

    def again(shown: Filled[FormModel]) -> Response:
        with desk.database.reading() as fresh:
            now = loan_view(fresh, desk.actor, loan_id, as_of=desk.moment.on)
            return _show(request, fresh, now, act, shown)

    return desk.submit(sent, form, work, again, done=chosen.done)


_CHECKED = (MoneyInForm, NewTermsForm, HolidayForm)
"""Forms that are shown with what they would do before they are sent again."""


def _page_of(act: str, actor: Actor) -> ActPage:
    if act not in ACT_PAGES:
        raise Missing
    chosen = ACT_PAGES[act]
    need_role(actor, chosen.role)
    return chosen


def _show(
    request: Request, session: Session, view: LoanView, act: str, form: Filled[Any]
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    target = str(form.typed.get("target", ""))
    return page(
        request,
        f"loans/acts/{ACT_PAGES[act].template}.html",
        status,
        view=view,
        act=act,
        form=form,
        key=new_key(),
        pay_out=view.pay_out(target),
        receipt=view.receipt(target),
        asked=view.servicing_act(target),
        preview=_asked_preview(request, session, target) if act == "agree" else None,
        effect=effect_of(session, view, act, target),
        notice=reversal_notice(session, view, act, target),
        released=released_security(session, request.state.actor, view, target),
        words=LOAN_WORDS,
        **_accounts(session, view),
        **_before_pay_out(request, session, view, act, target),
    )


def _accounts(session: Session, view: LoanView) -> dict[str, Any]:
    """The fund's accounts at banks of the loan's currency, to choose from and by name."""
    found = cash_accounts(session, the_facility(session).facility_id)
    names = {one.code: one.title for one in found if one.currency == view.currency}
    return {"account_choices": tuple(names.items()), "account_names": names}


_PAY_OUT_ACTS = ("prepare-disbursement", "release-disbursement")


def _before_pay_out(
    request: Request, session: Session, view: LoanView, act: str, target: str
) -> dict[str, Any]:
    """What stands before a pay-out, and the invoices that it can name or names."""
    if act not in _PAY_OUT_ACTS:
        return {}
    before = pay_outs_view(session, request.state.actor, view.loan_id, as_of=clock.today())
    warned = invoice_warnings(before.invoices, before.plan, before.currency)
    return {
        "before": before,
        "open_invoices": invoice_choices(before),
        "invoice_warnings": {one: " ".join(words) for one, words in warned.items() if words},
        "named_invoices": tuple(one for one in before.invoices if one.disbursement_id == target),
    }


def _asked_preview(request: Request, session: Session, act_id: str) -> TermsPreview | None:
    """The schedule that the terms asked for would lead to from today."""
    return asked_preview(session, request.state.actor, clock.moment(), act_id)


def _check(
    request: Request,
    session: Session,
    desk: Desk,
    *,
    view: LoanView,
    act: str,
    form: Filled[Any],
    value: MoneyInForm | NewTermsForm | HolidayForm,
) -> Response:
    """What the act would do, before it is recorded."""
    if value.confirmed == "change":
        return _show(request, session, view, act, form)
    try:
        planned = _planned(session, desk, view, act, value)
    except (Missing, NotYours):
        raise
    except Refusal as refusal:
        known = type(value).model_fields
        field = refusal.field if refusal.field in known else ""
        return _show(request, session, view, act, form.with_error(field or "", refusal.message))
    template = "check" if isinstance(value, MoneyInForm) else "check_terms"
    return page(
        request,
        f"loans/acts/{template}.html",
        view=view,
        act=act,
        form=form,
        key=new_key(),
        words=LOAN_WORDS,
        **planned,
    )


def _planned(
    session: Session,
    desk: Desk,
    view: LoanView,
    act: str,
    value: MoneyInForm | NewTermsForm | HolidayForm,
) -> dict[str, Any]:
    """What the page of the check shows beside the form."""
    actor, moment, loan_id = desk.actor, desk.moment, view.loan_id
    if not isinstance(value, MoneyInForm):
        return {"preview": preview(session, actor, moment, loan_id, value.asked)}
    amount, on = in_minor(view, value), value.received_on
    facility_id = the_facility(session).facility_id
    account = cash_account(session, facility_id, value.bank_account, currency=view.currency)
    notice = counts_late(session, facility_id, on, moment, what=f"the {act}")
    money: Received | Recovered
    if act == "recovery":
        parts = plan_recovery(
            session,
            actor,
            moment,
            loan_id,
            amount_minor=amount,
            received_on=on,
            bank_reference=value.bank_reference,
        )
        plan, money = None, Recovered(on, "", amount)
    else:
        plan = plan_receipt(
            session,
            actor,
            moment,
            loan_id,
            amount_minor=amount,
            received_on=on,
            bank_reference=value.bank_reference,
            prepays=value.prepays,
        )
        parts, money = plan.parts, Received(on, "", amount, value.prepays)
    return {
        "amount_minor": amount,
        "notice": notice,
        "received_on": on,
        "account": account.title,
        "plan": plan,
        "lowers_nothing": _lowers_nothing(money, parts),
        "parts_paid": tuple(part_line(part) for part in parts),
        "reworked": _reworked(plan),
        "effect": money_in_effect(session, moment, loan_id, money),
    }


def _lowers_nothing(money: Received | Recovered, parts: Sequence[Part]) -> bool:
    """Whether the borrower wanted to lower the principal, and none of the money does."""
    wants = isinstance(money, Received) and money.prepays is not None
    return wants and all(part.target is not Target.PREPAID for part in parts)


def _reworked(plan: ReceiptPlan | None) -> tuple[dict[str, Any], ...]:
    """The other money that would pay something else, as the page shows it."""
    return tuple(
        {
            "on": one.on,
            "amount_minor": one.amount_minor,
            "now": tuple(map(part_line, one.now)),
            "then": tuple(map(part_line, one.then)),
        }
        for one in (plan.reworked if plan is not None else ())
    )
