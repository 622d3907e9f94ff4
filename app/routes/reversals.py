"""Undoing an entry about the fund's own money by its opposite, by the fund manager."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import AtDesk, Reading, Sent, new_key
from app.forms import Ask, Filled, FormModel, Reads, as_form, filled
from app.ledger_words import event_name
from app.rendering import page
from app.router import Router
from loans.books.closed_months import entry_counts_late
from loans.books.ledger_views import entry_view
from loans.fund import the_facility
from loans.servicing.reversals import OWN_MONEY, reverse_entry

router = Router()


class ReversalForm(FormModel):
    """The entry is in the address."""

    reason: Annotated[str, Ask("why the entry is reversed", Reads.LINES)]


@router.get("/ledger/entries/{entry_id}/reverse")
def ask_reversal(request: Request, session: Reading, entry_id: str) -> Response:
    """What the reversal of an entry would book, with its form."""
    return _ask(request, session, entry_id, as_form(ReversalForm))


@router.post("/ledger/entries/{entry_id}/reverse")
def reverse(request: Request, desk: AtDesk, sent: Sent, entry_id: str) -> Response:
    """Book the opposite of the entry; the old one stays."""

    def work(session: Session, form: ReversalForm) -> str:
        reversal_id = reverse_entry(
            session, desk.actor, desk.moment, entry_id, reason=form.reason, key=sent.key
        )
        return f"/ledger/entries/{reversal_id}"

    def again(form: Filled[ReversalForm]) -> Response:
        with desk.database.reading() as session:
            return _ask(request, session, entry_id, form)

    return desk.submit(sent, filled(ReversalForm, sent.form), work, again, done="reversed")


def _ask(request: Request, session: Session, entry_id: str, form: Filled[ReversalForm]) -> Response:
    facility = the_facility(session)
    view = entry_view(session, facility, entry_id)
    late = entry_counts_late(
        session, facility.facility_id, entry_id, clock.moment(), what="the reversal"
    )
    return page(
        request,
        "ledger/reverse.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        entry=view.entry,
        event=event_name(view.entry.event),
        can_be_reversed=view.entry.event in OWN_MONEY and view.entry.reversed_by is None,
        late=late,
        form=form,
        key=new_key(),
    )
