"""The books over a period: the general ledger, and principal rolled forward."""

from fastapi import Request
from fastapi.responses import Response

from app.dependencies import Reading
from app.ledger_words import KIND, event_names
from app.page_number import page_number
from app.period import asked_period
from app.rendering import page
from app.router import Router
from loans.books import ledger
from loans.books.general_ledger import general_ledger
from loans.books.ledger_views import events
from loans.books.roll_forward import roll_forward
from loans.fund import the_facility

router = Router()


@router.get("/ledger/general")
def show_general(
    request: Request,
    *,
    session: Reading,
    from_on: str = "",
    to_on: str = "",
    account: str = "",
    number: str = "",
) -> Response:
    """Every account over a period, line by line from its opening balance to its closing one."""
    days = asked_period(from_on, to_on, account)
    facility = the_facility(session)
    accounts = ledger.trial_balance(session, facility_id=facility.facility_id)
    view = general_ledger(
        session,
        facility,
        days.from_on,
        days.to_on,
        account=days.account,
        page_number=page_number(number),
    )
    return page(
        request,
        "ledger/general.html",
        days.status,
        days=days,
        form=days.form,
        currency=facility.currency,
        view=view,
        accounts=tuple((row.code, f"{row.code} {row.name}") for row in accounts),
        kinds=KIND,
        words=event_names(events(session, facility)),
        file_href=f"/ledger/general.csv?{days.query}",
        pages_href=f"?{days.query}&number=",
    )


@router.get("/ledger/roll-forward")
def show_roll_forward(
    request: Request, session: Reading, from_on: str = "", to_on: str = ""
) -> Response:
    """Principal of all loans from the first day of a period to its last, against the account."""
    days = asked_period(from_on, to_on)
    facility = the_facility(session)
    return page(
        request,
        "ledger/roll_forward.html",
        days.status,
        days=days,
        form=days.form,
        currency=facility.currency,
        view=roll_forward(session, facility, days.from_on, days.to_on),
        file_href=f"/ledger/roll-forward.csv?{days.query}",
    )
