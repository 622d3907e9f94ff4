"""Closing a month of the books, by the fund manager."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import AtDesk, Reading, Sent, new_key
from app.forms import Ask, Filled, FormModel, as_form, filled
from app.rendering import page
from app.router import Router
from loans.books.ledger_views import Closing, closing
from loans.closing.months import close_month, month_warnings
from loans.fund import the_facility

router = Router()


class CloseForm(FormModel):
    """The month is in the address; the ticks say that the manager means it and has read on."""

    warnings_seen: Annotated[Literal[True] | None, Ask("that you have seen what is open")] = None
    confirmed: Annotated[
        Literal[True],
        Ask("to close the month", missing="Tick the box to say that the month is complete."),
    ]


class CloseWithWarnings(CloseForm):
    """The same where something of the month is still open."""

    warnings_seen: Annotated[
        Literal[True],
        Ask(
            "that you have seen what is open",
            missing="Tick the box to say that you have seen what is still open, or do it first.",
        ),
    ]


@router.get("/ledger/periods/{period}/close")
def ask_close(request: Request, session: Reading, period: str) -> Response:
    """What closing the month means, before it is done."""
    return _ask(request, session, period, as_form(CloseForm))


@router.post("/ledger/periods/{period}/close")
def close(request: Request, desk: AtDesk, sent: Sent, period: str) -> Response:
    """Close the month and all before it, for good."""

    def work(session: Session, form: CloseForm) -> str:
        seen = form.warnings_seen is True
        close_month(session, desk.actor, desk.moment, month=period, are_warnings_seen=seen)
        return "/ledger"

    def again(form: Filled[CloseForm]) -> Response:
        with desk.database.reading() as session:
            return _ask(request, session, period, form)

    with desk.database.reading() as session:
        _, warnings = _to_close(session, period)
    form = filled(CloseWithWarnings if warnings else CloseForm, sent.form)
    return desk.submit(sent, form, work, again, done="period-closed")


def _to_close(session: Session, period: str) -> tuple[Closing, tuple[str, ...]]:
    """The month as it would be closed, and what of it is still open."""
    facility = the_facility(session)
    view = closing(session, facility, period, clock.now())
    is_open = view.is_over and not view.is_closed
    return view, month_warnings(session, facility, period) if is_open else ()


def _ask(request: Request, session: Session, period: str, form: Filled[CloseForm]) -> Response:
    view, warnings = _to_close(session, period)
    return page(
        request,
        "ledger/close.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        view=view,
        warnings=warnings,
        form=form,
        key=new_key(),
        currency=the_facility(session).currency,
    )
