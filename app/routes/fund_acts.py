"""Money into the fund from donors and out of it for administration, booked by the manager."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import AtDesk, Desk, Reading, Sent, new_key
from app.forms import Ask, Filled, FormModel, Reads, as_form, filled
from app.rendering import page
from appraisal.money import as_text, minor_digits, to_minor
from loans import ledger
from loans.capital_effect import capital_effect, contribution_sources
from loans.chart import CASH
from loans.fund import (
    FutureDay,
    check_day,
    record_administration,
    record_contribution,
    the_facility,
)
from loans.refusal import Missing

router = APIRouter()

_Checked = Annotated[Literal["yes", "change"] | None, Ask("to book it or to change it")]
_Amount = Annotated[Decimal, Field(gt=0)]


class ContributionForm(FormModel):
    """Money that a source pays in; ``checked`` once its effect was shown."""

    source: Annotated[str, Ask("who paid the contribution")]
    amount: Annotated[_Amount, Ask("the amount paid in", Reads.AMOUNT)]
    paid_on: Annotated[date, Ask("the day on which the money came")]
    checked: _Checked = None


class AdministrationForm(FormModel):
    """Money that the fund pays for its own costs; ``checked`` once its effect was shown."""

    purpose: Annotated[str, Ask("what was paid for")]
    amount: Annotated[_Amount, Ask("the amount paid", Reads.AMOUNT)]
    paid_on: Annotated[date, Ask("the day on which the money was paid")]
    checked: _Checked = None


def _contribute(session: Session, desk: Desk, form: ContributionForm, key: str) -> str:
    return record_contribution(
        session,
        desk.actor,
        desk.moment,
        source=form.source,
        amount_minor=to_minor(form.amount, the_facility(session).currency),
        paid_on=form.paid_on,
        key=key,
    )


def _pay(session: Session, desk: Desk, form: AdministrationForm, key: str) -> str:
    return record_administration(
        session,
        desk.actor,
        desk.moment,
        purpose=form.purpose,
        amount_minor=to_minor(form.amount, the_facility(session).currency),
        paid_on=form.paid_on,
        key=key,
    )


@dataclass(frozen=True)
class _Act:
    form: type[ContributionForm] | type[AdministrationForm]
    work: Callable[[Session, Desk, Any, str], str]
    sign: int
    done: str


_ACTS = {
    "contribution": _Act(ContributionForm, _contribute, 1, "contributed"),
    "administration": _Act(AdministrationForm, _pay, -1, "administration"),
}


@router.get("/fund/acts/{act}")
def ask(request: Request, session: Reading, act: str) -> Response:
    """The form of the act."""
    form = as_form(_act(act).form, {"paid_on": clock.today()})
    return _show(request, session, act, form)


@router.post("/fund/acts/{act}")
def send(request: Request, desk: AtDesk, sent: Sent, act: str) -> Response:
    """Show what the act does to the fund; once that was seen, book it."""
    chosen = _act(act)
    with desk.database.reading() as session:
        form = filled(chosen.form, sent.form, currency=the_facility(session).currency)
        if form.value is None or form.value.checked != "yes":
            return _show(request, session, act, _checked(session, desk, chosen, form))

    def work(session: Session, value: FormModel) -> str:
        return f"/ledger/entries/{chosen.work(session, desk, value, sent.key)}"

    def again(shown: Filled[Any]) -> Response:
        with desk.database.reading() as session:
            return _show(request, session, act, shown)

    return desk.submit(sent, form, work, again, done=chosen.done)


def _checked(session: Session, desk: Desk, act: _Act, form: Filled[Any]) -> Filled[Any]:
    """The form with what would be refused, so that nobody confirms what cannot be booked."""
    value = form.value
    if value is None or value.checked == "change":
        return replace(form, value=None)
    try:
        check_day(value.paid_on, desk.moment, field="paid_on")
    except FutureDay as refusal:
        return form.with_error("paid_on", refusal.message)
    facility = the_facility(session)
    available = ledger.available(session, facility_id=facility.facility_id, account=CASH)
    if available + act.sign * to_minor(value.amount, facility.currency) < 0:
        message = (
            f"Enter an amount up to what is available, {as_text(available, facility.currency)}."
        )
        return form.with_error("amount", message)
    return form


def _act(name: str) -> _Act:
    if name not in _ACTS:
        raise Missing
    return _ACTS[name]


def _show(request: Request, session: Session, act: str, form: Filled[Any]) -> Response:
    """The form, or its effect on the fund where everything in it can be read."""
    currency = the_facility(session).currency
    change_minor = 0
    if form.value is not None:
        change_minor = _act(act).sign * to_minor(form.value.amount, currency)
    return page(
        request,
        f"fund/{act}.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        act=act,
        form=form,
        key=new_key(),
        currency=currency,
        places=minor_digits(currency),
        sources=contribution_sources(session),
        effect=capital_effect(session, change_minor) if form.value is not None else (),
    )
