"""The allowance for losses: by age of arrears and by loan, and the run that books its change."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.as_of import asked_days
from app.bank_forms import RunForm
from app.charts import Chart, Heading, bars
from app.dependencies import AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Filled, as_form, filled
from app.rendering import money, page
from app.router import Router
from appraisal.money import from_minor, minor_digits
from loans.fund import the_facility
from loans.people import Role
from loans.profile import TermMissing
from loans.provisioning.run import run_provisions
from loans.provisioning.views import ProvisionView, provision_view

router = Router()


@router.get("/ledger/provisions")
def show(request: Request, session: Reading, actor: SignedIn, as_of: str = "") -> Response:
    """What the loans need on a day beside what is set aside."""
    return _show(request, session, as_of, as_form(RunForm, {"run_on": clock.today()}), actor.role)


@router.post("/ledger/provisions")
def run(request: Request, desk: AtDesk, sent: Sent) -> Response:
    """Set the allowance of every loan to what it needs."""

    def work(writing: Session, value: RunForm) -> str:
        run_provisions(writing, desk.actor, desk.moment, run_on=value.run_on, key=sent.key)
        return f"/ledger/provisions?as_of={value.run_on.isoformat()}"

    def again(form: Filled[RunForm]) -> Response:
        with desk.database.reading() as session:
            return _show(request, session, "", form, desk.actor.role)

    return desk.submit(sent, filled(RunForm, sent.form), work, again, done="allowance-set")


def _show(
    request: Request, session: Session, as_of: str, form: Filled[Any], role: Role
) -> Response:
    days = asked_days(as_of)
    facility = the_facility(session)
    try:
        view, obstacle = provision_view(session, facility, days.as_of), ""
    except TermMissing as refusal:
        view, obstacle = None, refusal.message
    return page(
        request,
        "ledger/provisions.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else days.status,
        days=days,
        days_form=days.form,
        form=form if form.errors or not days.form.errors else days.form,
        run_form=form,
        view=view,
        obstacle=obstacle,
        chart=None if view is None else _chart(view, facility.currency),
        currency=facility.currency,
        may_run=role is Role.MANAGER,
        key=new_key(),
    )


def _chart(view: ProvisionView, currency: str) -> Chart | None:
    """What is needed by age; no drawing of nothing."""
    if not view.needed_minor:
        return None
    sentence = (
        f"{money(view.needed_minor, currency)} is needed; "
        f"{money(view.set_aside_minor, currency)} is set aside."
    )
    heading = Heading(
        "Which arrears need the allowance?", sentence, currency, minor_digits(currency)
    )
    return bars(
        heading,
        tuple((row.label, from_minor(row.allowance_minor, currency)) for row in view.ages),
    )
