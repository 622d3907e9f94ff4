"""The books to read: trial balance, accounts, journal, entries and the check of it all."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field, model_validator

from app import clock
from app.as_of import asked_days
from app.dependencies import Reading, SignedIn
from app.forms import Ask, FieldProblem, FormModel, Reads, filled
from app.ledger_words import KIND, event_name, event_names
from app.page_number import page_number
from app.rendering import page
from app.router import Router
from app.routes import ledger_periods
from loans.books import ledger
from loans.books.books_check import check_books
from loans.books.ledger_balances import find_account
from loans.books.ledger_views import (
    account_page,
    closed_months,
    entry_view,
    events,
    names_on,
    trial,
)
from loans.closing.months import months_to_close
from loans.fund import the_facility
from loans.people import Role
from loans.servicing.reversals import OWN_MONEY

LARGEST_NUMBER = 2_000_000_000
"""More entries than any journal will have, and as many as the database can count."""

router = Router()
router.include_router(ledger_periods.router)


class JournalForm(FormModel):
    """Which entries of the journal to show."""

    event: Annotated[str | None, Ask("a kind of entry")] = None
    entry_number: Annotated[
        int | None, Ask("the number of an entry", Reads.WHOLE), Field(ge=1, le=LARGEST_NUMBER)
    ] = None
    from_on: Annotated[date | None, Ask("the first day of value")] = None
    to_on: Annotated[date | None, Ask("the last day of value")] = None

    @model_validator(mode="after")
    def _in_order(self) -> "JournalForm":
        if self.from_on and self.to_on and self.to_on < self.from_on:
            message = "The last day of value lies before the first. Enter a later last day."
            raise FieldProblem(field="to_on", message=message)
        return self


@router.get("/ledger")
def show(
    request: Request,
    *,
    session: Reading,
    actor: SignedIn,
    as_of: str = "",
    known_on: str = "",
    compare_on: str = "",
) -> Response:
    """The trial balance as of a day, beside another, as known on a day; the months closed."""
    days = asked_days(as_of, known_on, compare_on)
    facility = the_facility(session)
    to_close = months_to_close(session, facility, clock.today())
    compared = f"&compare_on={days.compare_on.isoformat()}" if days.compare_on else ""
    return page(
        request,
        "ledger/trial_balance.html",
        days.status,
        days=days,
        form=days.form,
        currency=facility.currency,
        views=tuple(
            (day, trial(session, facility, as_of=day, known_on=days.known_on))
            for day in (days.as_of, days.compare_on)
            if day is not None
        ),
        file_href=f"/ledger/trial-balance.csv?{days.query}{compared}",
        months=closed_months(session, facility),
        months_to_close=to_close if actor.role is Role.MANAGER else (),
        role=actor.role,
        kinds=KIND,
    )


@router.get("/ledger/accounts/{account_code}")
def show_account(
    request: Request,
    session: Reading,
    *,
    account_code: str,
    as_of: str = "",
    known_on: str = "",
    event: str = "",
    loan: str = "",
    number: str = "",
) -> Response:
    """The general ledger of an account, line by line, with the running balance."""
    days = asked_days(as_of, known_on)
    facility = the_facility(session)
    words = event_names(events(session, facility))
    chosen_event = event if event in words else ""
    view = account_page(
        session,
        facility,
        account_code,
        as_of=days.as_of,
        known_on=days.known_on,
        event=chosen_event,
        loan_id=loan,
        page_number=page_number(number),
    )
    kept = urlencode({"event": chosen_event, "loan": view.loan[0] if view.loan else ""})
    return page(
        request,
        "ledger/account.html",
        days.status,
        days=days,
        form=days.form,
        currency=find_account(session, facility.facility_id, account_code).currency,
        view=view,
        kind=KIND[view.kind],
        chosen_event=chosen_event,
        pages_href=f"?{days.query}&{kept}&number=",
        words=words,
    )


@router.get("/ledger/entries")
def show_journal(
    request: Request,
    session: Reading,
    *,
    event: str = "",
    entry_number: str = "",
    from_on: str = "",
    to_on: str = "",
    before: str = "",
) -> Response:
    """The journal, newest booking first, of one kind of entry or of a span of days of value."""
    facility = the_facility(session)
    words = event_names(events(session, facility))
    asked = {"event": event, "entry_number": entry_number, "from_on": from_on, "to_on": to_on}
    form = filled(JournalForm, asked)
    chosen = form.value or JournalForm()
    found = ledger.entries(
        session,
        facility_id=facility.facility_id,
        event=chosen.event if chosen.event in words else None,
        from_on=chosen.from_on,
        to_on=chosen.to_on,
        number=chosen.entry_number,
        before=before if before and before.isprintable() else None,
    )
    kept = {name: str(value) for name, value in chosen.model_dump().items() if value}
    return page(
        request,
        "ledger/journal.html",
        422 if form.errors else 200,
        found=found,
        names=dict(names_on(session, found)),
        form=form,
        newest_href=f"/ledger/entries?{urlencode(kept)}" if before else None,
        earlier_href=f"/ledger/entries?{urlencode({**kept, 'before': found.before or ''})}",
        words=words,
    )


@router.get("/ledger/entries/{entry_id}")
def show_entry(request: Request, session: Reading, actor: SignedIn, entry_id: str) -> Response:
    """One entry: its postings, who booked it and when, and what reverses it."""
    facility = the_facility(session)
    view = entry_view(session, facility, entry_id)
    is_own = view.entry.event in OWN_MONEY and view.entry.reversed_by is None
    return page(
        request,
        "ledger/entry.html",
        view=view,
        event=event_name(view.entry.event),
        is_loans=bool(view.loan_references),
        may_reverse=is_own and actor.role is Role.MANAGER,
    )


@router.get("/ledger/check")
def check(request: Request, session: Reading) -> Response:
    """Every rule that the books must keep, held against the books now."""
    report = check_books(session)
    return page(request, "ledger/check.html", report=report, checked_at=clock.now())
