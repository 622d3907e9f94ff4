"""The acts on what secures the loans, each a page with its form."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import AtDesk, Desk, Reading, Sent, SignedIn, Submission, new_key
from app.forms import Filled, FormModel, as_form, filled
from app.rendering import page
from app.router import Router
from app.security_words import ASSET_KIND, BASIS, GUARANTOR_KIND
from app.security_work import ASSET_ACTS, LOAN_ACTS, SecurityAct
from loans.collateral.asset_views import asset_view, assets_of
from loans.collateral.loan_security import security_view
from loans.fund import the_facility
from loans.people import Actor
from loans.refusal import Missing

router = Router()

_CHOICES = {
    "kinds": tuple(ASSET_KIND.items()),
    "guarantors": tuple(GUARANTOR_KIND.items()),
    "bases": tuple(BASIS.items()),
}


@router.get("/loans/{loan_id}/collateral/{act}")
def ask_at_loan(
    request: Request,
    *,
    session: Reading,
    actor: SignedIn,
    loan_id: str,
    act: str,
    target: str = "",
    asset: str = "",
) -> Response:
    """The form of an act that secures a loan."""
    chosen = _known(LOAN_ACTS, act)
    today = clock.today()
    values = {"target": target, "asset": asset, "charged_on": today, "given_on": today, "rank": 1}
    shown = _of_loan(session, actor, loan_id, target)
    return _show(request, chosen, as_form(chosen.form, values), shown)


@router.post("/loans/{loan_id}/collateral/{act}")
def send_at_loan(request: Request, desk: AtDesk, sent: Sent, loan_id: str, act: str) -> Response:
    """Do the act once, or show its form again with what was typed."""
    chosen = _known(LOAN_ACTS, act)

    def again(session: Session, form: Filled[Any]) -> Response:
        target = str(form.typed.get("target", ""))
        return _show(request, chosen, form, _of_loan(session, desk.actor, loan_id, target))

    return _send(desk, sent, chosen, loan_id, again)


@router.get("/collateral/assets/{asset_id}/{act}")
def ask_at_asset(
    request: Request,
    *,
    session: Reading,
    actor: SignedIn,
    asset_id: str,
    act: str,
    target: str = "",
) -> Response:
    """The form of an act on an asset."""
    chosen = _known(ASSET_ACTS, act)
    today = clock.today()
    values = {"target": target, "valued_on": today, "charged_on": today, "rank": 1}
    shown = _of_asset(session, actor, asset_id, target)
    return _show(request, chosen, as_form(chosen.form, values), shown)


@router.post("/collateral/assets/{asset_id}/{act}")
def send_at_asset(request: Request, desk: AtDesk, sent: Sent, asset_id: str, act: str) -> Response:
    """Do the act once, or show its form again with what was typed."""
    chosen = _known(ASSET_ACTS, act)

    def again(session: Session, form: Filled[Any]) -> Response:
        target = str(form.typed.get("target", ""))
        return _show(request, chosen, form, _of_asset(session, desk.actor, asset_id, target))

    return _send(desk, sent, chosen, asset_id, again)


def _known(acts: Mapping[str, SecurityAct], act: str) -> SecurityAct:
    if act not in acts:
        raise Missing
    return acts[act]


def _of_loan(session: Session, actor: Actor, loan_id: str, target: str) -> Mapping[str, Any]:
    today = clock.today()
    view = security_view(session, actor, loan_id, as_of=today)
    return {
        "view": view,
        "currency": view.currency,
        "assets": assets_of(session, view.enterprise_id, today),
        "pledge": view.pledge(target),
        "guarantee": view.guarantee(target),
    }


def _of_asset(session: Session, actor: Actor, asset_id: str, target: str) -> Mapping[str, Any]:
    view = asset_view(session, actor, asset_id, on=clock.today())
    return {"view": view, "currency": view.currency, "charge": view.charge(target)}


def _show(
    request: Request, chosen: SecurityAct, form: Filled[Any], shown: Mapping[str, Any]
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    template = f"collateral/{chosen.template}.html"
    return page(request, template, status, form=form, key=new_key(), **_CHOICES, **shown)


def _send(
    desk: Desk,
    sent: Submission,
    chosen: SecurityAct,
    subject_id: str,
    again: Callable[[Session, Filled[Any]], Response],
) -> Response:
    with desk.database.reading() as session:
        currency = the_facility(session).currency
    form = filled(chosen.form, sent.form, currency=currency)

    def work(writing: Session, value: FormModel) -> str:
        return chosen.work(writing, desk, subject_id, value)

    def ask(shown: Filled[FormModel]) -> Response:
        with desk.database.reading() as fresh:
            return again(fresh, shown)

    return desk.submit(sent, form, work, ask, done=chosen.done)
