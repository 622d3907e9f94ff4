"""What secures the loans, to read: the register of assets, one asset, and the cover of a loan."""

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from app import clock
from app.dependencies import Reading, SignedIn
from app.forms import as_form, filled
from app.loan_forms import DaysForm
from app.page_number import page_number
from app.rendering import page
from app.router import Router
from app.routes import collateral_acts
from app.security_words import SECURITY_WORDS
from app.typed_text import showable
from loans.collateral.asset_views import asset_page, asset_view, open_loans_of
from loans.collateral.loan_security import security_view
from loans.collateral.watch import ending_guarantees, short_loans
from loans.fund import the_facility
from loans.lending.loan_views import NotSignedYet
from loans.people import STAFF

router = Router()
router.include_router(collateral_acts.router)

_LONGEST_SEARCH = 100


@router.get("/collateral")
def show_register(
    request: Request, session: Reading, search: str = "", number: str = ""
) -> Response:
    """The loans under their minimum, guarantees that end soon, and the register of assets."""
    today = clock.today()
    searched = " ".join(showable(search)[:_LONGEST_SEARCH].split())
    found = asset_page(session, search=searched, page_number=page_number(number), on=today)
    query = {"search": searched} if searched else {}
    return page(
        request,
        "collateral/register.html",
        found=found,
        search=searched,
        short=short_loans(session, the_facility(session), today),
        ending=ending_guarantees(session, today),
        pages_href=f"/collateral?{urlencode(query)}&number=",
        words=SECURITY_WORDS,
    )


@router.get("/collateral/assets/{asset_id}")
def show_asset(request: Request, session: Reading, actor: SignedIn, asset_id: str) -> Response:
    """One asset: what it is worth, who may claim it, and in which order."""
    today = clock.today()
    view = asset_view(session, actor, asset_id, on=today)
    return page(
        request,
        "collateral/asset.html",
        view=view,
        loans=open_loans_of(session, view.asset.enterprise_id),
        words=SECURITY_WORDS,
        role=actor.role.value,
    )


@router.get("/loans/{loan_id}/collateral")
def show_loan(
    request: Request,
    *,
    session: Reading,
    actor: SignedIn,
    loan_id: str,
    as_of: str = "",
    known_on: str = "",
) -> Response:
    """What secures a loan on a day, and how far."""
    today = clock.today()
    is_staff = actor.role in STAFF
    form = filled(DaysForm, {"as_of": as_of, "known_on": known_on if is_staff else ""})
    days = form.value or DaysForm()
    on = days.as_of or today
    try:
        view = security_view(session, actor, loan_id, as_of=on, known_on=days.known_on)
    except NotSignedYet as refusal:
        form = form.with_error("as_of", refusal.message)
        view = security_view(session, actor, loan_id, as_of=today)
    if form.value is not None:
        form = as_form(DaysForm, {"as_of": view.as_of, "known_on": days.known_on})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(
        request,
        "collateral/loan.html" if is_staff else "collateral/own.html",
        status,
        view=view,
        form=form,
        is_today=view.as_of == today and days.known_on is None,
        words=SECURITY_WORDS,
        role=actor.role.value,
    )
