"""The pay-outs of a loan: what has to be met first, own money, the plan and its invoices."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.charts import Chart, Heading, bars
from app.dependencies import AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Filled, FormModel, as_form, filled
from app.loan_words import LOAN_WORDS
from app.pay_out_words import PAY_OUT_WORDS, invoice_choices, line_choices, subject_of, tier_choices
from app.pay_out_work import PAY_OUT_ACTS, PayOutAct
from app.rendering import page
from app.router import Router
from appraisal.money import as_text, from_minor
from loans.conditions.views import PayOutsView, pay_outs_view
from loans.lending.loan_views import loan_view
from loans.people import STAFF, Actor
from loans.refusal import Missing, NotYours

router = Router()


class NotYourPayOutAct(NotYours):
    """The act belongs to another role."""


@router.get("/loans/{loan_id}/pay-outs")
def show(request: Request, session: Reading, actor: SignedIn, loan_id: str) -> Response:
    """What stands before the next pay-out, and what was planned, invoiced and paid."""
    view = pay_outs_view(session, actor, loan_id, as_of=clock.today())
    loan = loan_view(session, actor, loan_id, as_of=clock.today())
    return page(
        request,
        "pay_outs/show.html",
        view=view,
        pay_outs=loan.pay_outs,
        chart=_chart(view),
        words=LOAN_WORDS,
        pay_out_words=PAY_OUT_WORDS,
        role=actor.role.value,
        is_staff=actor.role in STAFF,
    )


@router.get("/loans/{loan_id}/pay-outs/{act}")
def ask(
    request: Request,
    *,
    session: Reading,
    actor: SignedIn,
    loan_id: str,
    act: str,
    target: str = "",
) -> Response:
    """The form of an act."""
    chosen = _act_of(act, actor)
    view = pay_outs_view(session, actor, loan_id, as_of=clock.today())
    if "target" in chosen.form.model_fields:
        subject_of(view, act, target)
    values = _first_values(view, act, target)
    return _show(request, view, act, as_form(chosen.form, values))


@router.post("/loans/{loan_id}/pay-outs/{act}")
def send(request: Request, desk: AtDesk, sent: Sent, loan_id: str, act: str) -> Response:
    """Do the act once, or show its form again with what was typed."""
    chosen = _act_of(act, desk.actor)
    with desk.database.reading() as session:
        view = pay_outs_view(session, desk.actor, loan_id, as_of=desk.moment.on)
    form = filled(chosen.form, sent.form, currency=view.currency)

    def work(writing: Session, value: FormModel) -> str:
        chosen.work(writing, desk, view, value)
        return f"/loans/{loan_id}/pay-outs"

    def again(shown: Filled[FormModel]) -> Response:
        return _show(request, view, act, shown)

    return desk.submit(sent, form, work, again, done=chosen.done)


def _act_of(act: str, actor: Actor) -> PayOutAct:
    if act not in PAY_OUT_ACTS:
        raise Missing
    chosen = PAY_OUT_ACTS[act]
    if actor.role not in chosen.roles:
        whose = " or ".join(sorted(role.value for role in chosen.roles))
        message = f"This is for the role {whose}. Your role is {actor.role.value}."
        raise NotYourPayOutAct(message)
    return chosen


def _first_values(view: PayOutsView, act: str, target: str) -> Mapping[str, object]:
    """What stands in a form before anybody typed."""
    today = clock.today()
    values: dict[str, object] = {"target": target} if target else {}
    match act:
        case "meet":
            values["met_on"] = today
        case "own-money" if view.own_money.missing_minor:
            values["amount"] = from_minor(view.own_money.missing_minor, view.currency)
        case "add-condition":
            values["occasion"] = "first"
        case _:
            pass
    return values


def _show(request: Request, view: PayOutsView, act: str, form: Filled[FormModel]) -> Response:
    chosen = PAY_OUT_ACTS[act]
    target = str(form.typed.get("target", ""))
    return page(
        request,
        f"pay_outs/acts/{chosen.template}.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        view=view,
        act=act,
        title=chosen.title,
        button=chosen.button,
        subject=subject_of(view, act, target) if "target" in chosen.form.model_fields else "",
        form=form,
        key=new_key(),
        pay_out_words=PAY_OUT_WORDS,
        tiers=tier_choices(view),
        lines=line_choices(view),
        open_invoices=invoice_choices(view),
    )


def _chart(view: PayOutsView) -> Chart:
    """Planned, invoiced and paid out, side by side."""
    currency = view.currency
    figures = (
        ("Plan", view.planned_minor),
        ("Invoiced", view.invoiced_minor),
        ("Paid out of the loan", view.disbursed_minor),
    )
    sentence = (
        f"Of a plan of {as_text(view.planned_minor, currency)}, "
        f"{as_text(view.invoiced_minor, currency)} is invoiced and "
        f"{as_text(view.disbursed_minor, currency)} is paid out of the loan."
    )
    heading = Heading("How far the plan is carried out", sentence, currency)
    return bars(heading, tuple((name, from_minor(value, currency)) for name, value in figures))
