"""The fund's own money: into it, out of it, between its accounts; booked by the manager."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import AtDesk, Desk, Reading, Sent, SignedIn, new_key
from app.forms import Filled, FormModel, as_form, filled
from app.fund_act_work import FUND_ACTS, FundAct, currency_of, day_problems
from app.rendering import page
from app.router import Router
from appraisal.money import MoneyError, currencies, from_minor, minor_digits
from loans.books.capital_effect import contribution_sources
from loans.books.cash_accounts import CashAccount, cash_accounts
from loans.books.restriction_views import find_restriction, restrictions
from loans.fund import the_facility
from loans.people import Role
from loans.refusal import Missing, NotYours, Refusal

router = Router()


@router.get("/fund/accounts")
def show_accounts(request: Request, session: Reading, actor: SignedIn) -> Response:
    """The accounts at banks and the restricted contributions, as they stand now."""
    facility = the_facility(session)
    return page(
        request,
        "fund/accounts.html",
        accounts=cash_accounts(session, facility.facility_id),
        restricted=restrictions(session, facility),
        may_book=actor.role is Role.MANAGER,
        today=clock.today(),
    )


@router.get("/fund/acts/{act}")
def ask(request: Request, session: Reading, act: str, account: str = "") -> Response:
    """The form of the act; ``account`` names the account that it is about."""
    chosen = _act(act)
    if act == "release" and not account:
        return RedirectResponse("/fund/accounts", HTTPStatus.SEE_OTHER)
    values: dict[str, object] = {"account": account or None}
    values |= dict.fromkeys(("paid_on", "moved_on"), clock.today())
    if act == "release":
        found = find_restriction(session, the_facility(session), account)
        values["amount"] = from_minor(found.left_minor, found.currency)
    if act == "bank-account" and (kept := _kept(session, account)) is not None:
        values |= {"bank": kept.bank, "account_number": kept.number}
    known = {name: value for name, value in values.items() if name in chosen.form.model_fields}
    return _show(request, session, act, as_form(chosen.form, known))


def _kept(session: Session, code: object) -> CashAccount | None:
    """The account with this number, if where it is kept was entered before."""
    found = cash_accounts(session, the_facility(session).facility_id)
    return next((one for one in found if one.code == code and one.number), None)


@router.post("/fund/acts/{act}")
def send(request: Request, desk: AtDesk, sent: Sent, act: str) -> Response:
    """Show what the act does to the fund; once that was seen, book it."""
    chosen = _act(act)
    with desk.database.reading() as session:
        currency = currency_of(session, the_facility(session), sent.form)
        form = filled(chosen.form, sent.form, currency=currency)
        if form.value is None or getattr(form.value, "checked", None) != "yes":
            return _show(request, session, act, _checked(session, desk, chosen, form))

    def work(session: Session, value: FormModel) -> str:
        return chosen.work(session, desk, value, sent.key)

    def again(shown: Filled[Any]) -> Response:
        with desk.database.reading() as session:
            return _show(request, session, act, shown)

    return desk.submit(sent, form, work, again, done=chosen.done)


def _checked(session: Session, desk: Desk, act: FundAct, form: Filled[Any]) -> Filled[Any]:
    """The form with all that would be refused, so that nobody confirms what cannot be booked."""
    if form.value is not None and form.value.checked == "change":
        return replace(form, value=None)
    found = {**_refused(session, act, form), **day_problems(session, desk, form.read)}
    errors = {**found, **form.errors}
    ordered = {name: errors[name] for name in (*act.form.model_fields, "") if name in errors}
    return replace(form, value=None if ordered else form.value, errors=ordered)


def _refused(session: Session, act: FundAct, form: Filled[Any]) -> dict[str, str]:
    """Why the fund cannot book a form that was read as a whole, if so; by field."""
    if form.value is None:
        return {}
    try:
        act.effect(session, form.value)
    except (Missing, NotYours):
        raise
    except Refusal as refusal:
        field = refusal.field if refusal.field in act.form.model_fields else ""
        return {field or "": refusal.message}
    except MoneyError as error:
        return {"amount": str(error)}
    return {}


def _act(name: str) -> FundAct:
    if name not in FUND_ACTS:
        raise Missing
    return FUND_ACTS[name]


def _show(request: Request, session: Session, act: str, form: Filled[Any]) -> Response:
    """The form, or its effect on the fund where everything in it can be read."""
    facility = the_facility(session)
    currency = currency_of(session, facility, form.typed)
    accounts = cash_accounts(session, facility.facility_id)
    return page(
        request,
        f"fund/{act.replace('-', '_')}.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        act=act,
        form=form,
        key=new_key(),
        currency=currency,
        only_currency=currency if len({one.currency for one in accounts}) == 1 else "",
        places=minor_digits(currency),
        sources=contribution_sources(session),
        account_choices=tuple((one.code, f"{one.title}, {one.currency}") for one in accounts),
        names={one.code: one.title for one in accounts},
        currencies=tuple((code, code) for code in currencies()),
        facility_currency=facility.currency,
        kept=_kept(session, form.typed.get("account")) if act == "bank-account" else None,
        effect=FUND_ACTS[act].effect(session, form.value) if form.value is not None else (),
    )
