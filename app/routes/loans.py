"""Loans to read: the list, one loan, its schedule and its statement."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import Response

from app import clock
from app.as_of import AskedDays, asked_days
from app.dependencies import Reading, SignedIn
from app.forms import as_form, filled
from app.loan_forms import DaysForm, PayOffForm
from app.loan_words import FILTER, LOAN_WORDS
from app.page_number import page_number
from app.rendering import page
from app.router import Router
from app.routes import loan_acts
from app.security_words import SECURITY_WORDS
from app.typed_text import showable
from loans.closing.closed_days import count_reminders
from loans.collateral.loan_security import security_view
from loans.fund import the_facility
from loans.lending.loan_case import WrongDay
from loans.lending.loan_record import NotKnownYet
from loans.lending.loan_views import (
    LoanFilter,
    LoanOrder,
    LoanPage,
    NotSignedYet,
    loan_view,
    loans,
    schedule_view,
    statement,
)
from loans.people import STAFF
from loans.servicing.pay_offs import pay_off_view

router = Router()
router.include_router(loan_acts.router)

_LONGEST_SEARCH = 100
_COLUMNS = (
    ("Loan", LoanOrder.REFERENCE, ""),
    ("Borrower", LoanOrder.BORROWER, ""),
    ("Stands", LoanOrder.STATUS, ""),
    ("Signed on", LoanOrder.SIGNED, "num"),
    ("Outstanding", LoanOrder.OUTSTANDING, "num"),
    ("Overdue", LoanOrder.OVERDUE, "num"),
    ("Days past due", LoanOrder.DAYS_PAST_DUE, "num"),
    ("Next due", LoanOrder.NEXT_DUE, "num"),
)
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Chosen:
    """The filter as the address has it; what the address does not know falls back."""

    status: LoanFilter
    search: str
    order: LoanOrder
    descending: bool
    days: AskedDays

    def address(self, **changes: str) -> str:
        """The address of the same list with changes; what is blank is left out."""
        wanted = {
            "status": "" if self.status is LoanFilter.ALL else self.status.value,
            "search": self.search,
            "sort": self.order.value,
            "direction": "down" if self.descending else "up",
            **self.kept_days,
        } | changes
        return f"/loans?{urlencode({name: text for name, text in wanted.items() if text})}"

    @property
    def kept_days(self) -> dict[str, str]:
        """The days that the address asks for, where they are not simply today."""
        return dict(parse_qsl(self.days.query)) if self.days.is_past else {}


@router.get("/loans")
def show_list(
    request: Request,
    *,
    session: Reading,
    actor: SignedIn,
    status: str = "",
    search: str = "",
    sort: str = "",
    direction: str = "",
    number: str = "",
    as_of: str = "",
    known_on: str = "",
) -> Response:
    """The loans: all of them for the fund's people, the latest first; their own for others."""
    is_staff = actor.role in STAFF
    usual = LoanOrder.DAYS_PAST_DUE if is_staff else LoanOrder.REFERENCE
    order = _one_of(LoanOrder, sort) or usual
    chosen = Chosen(
        status=_one_of(LoanFilter, status) or LoanFilter.ALL,
        search=" ".join(showable(search)[:_LONGEST_SEARCH].split()),
        order=order,
        descending=direction == "down" or (is_staff and not sort),
        days=asked_days(as_of, known_on) if is_staff else asked_days(""),
    )
    found = loans(
        session,
        actor,
        status=chosen.status,
        search=chosen.search,
        order=chosen.order,
        descending=chosen.descending,
        page_number=page_number(number),
        on=chosen.days.as_of,
        known_on=chosen.days.known_on,
        is_past=chosen.days.is_past,
    )
    return page(
        request,
        "loans/list.html" if is_staff else "loans/own.html",
        chosen.days.status,
        form=chosen.days.form,
        found=found,
        chosen=chosen,
        columns=_columns(chosen, found.currency),
        pages_href=f"{chosen.address()}&number=",
        filters=_filters(found),
        empty=_why_empty(chosen),
        words=LOAN_WORDS,
        reminders_due=count_reminders(session, the_facility(session)) if is_staff else 0,
    )


def _one_of(kind: type[Choice], text: str) -> Choice | None:
    return next((choice for choice in kind if choice.value == text), None)


def _columns(chosen: Chosen, currency: str) -> tuple[tuple[str, str, str, str], ...]:
    """Heads of the columns; each leads to the list sorted by it, a second time the other way."""
    columns = []
    for words, by, kind in _COLUMNS:
        is_current = chosen.order is by
        goes_down = is_current and not chosen.descending
        href = chosen.address(sort=by.value, direction="down" if goes_down else "up")
        state = "descending" if chosen.descending else "ascending"
        unit = f", {currency}" if by in (LoanOrder.OUTSTANDING, LoanOrder.OVERDUE) else ""
        columns.append((f"{words}{unit}", kind, href, state if is_current else "none"))
    return tuple(columns)


def _filters(found: LoanPage) -> tuple[tuple[str, str], ...]:
    return tuple(
        (kind.value, f"{words} ({found.counts[kind.value]})") for kind, words in FILTER.items()
    )


def _why_empty(chosen: Chosen) -> str:
    if chosen.search:
        return (
            "No loan fits this filter and this search. Search for a part of the borrower's name, "
            "its registration number or the reference."
        )
    if chosen.status is not LoanFilter.ALL:
        return "No loan is in this group. Choose “All” to see every one."
    return "No contract is signed yet. A loan begins when an approved application is signed."


@router.get("/loans/{loan_id}")
def show(request: Request, session: Reading, actor: SignedIn, loan_id: str) -> Response:
    """One loan: where it stands, who acts next, its money and its history."""
    view = loan_view(session, actor, loan_id, as_of=clock.today())
    is_staff = actor.role in STAFF
    template = "loans/show.html" if is_staff else "loans/own_loan.html"
    return page(
        request,
        template,
        view=view,
        security=security_view(session, actor, loan_id, as_of=view.as_of),
        security_words=SECURITY_WORDS,
        words=LOAN_WORDS,
        role=actor.role.value,
    )


@router.get("/loans/{loan_id}/schedule")
def show_schedule(request: Request, session: Reading, actor: SignedIn, loan_id: str) -> Response:
    """The repayment schedule in force, beside the one that was signed."""
    view = schedule_view(session, actor, loan_id, as_of=clock.today())
    return page(request, "loans/schedule.html", view=view, words=LOAN_WORDS, printed_at=clock.now())


@router.get("/loans/{loan_id}/payoff")
def show_pay_off(
    request: Request, *, session: Reading, actor: SignedIn, loan_id: str, on: str = ""
) -> Response:
    """What closes the loan on a day."""
    form = filled(PayOffForm, {"on": on})
    chosen = form.value or PayOffForm()
    asked_on = chosen.on or clock.today()
    loan = loan_view(session, actor, loan_id, as_of=clock.today())
    view = None
    try:
        if not form.errors:
            view = pay_off_view(session, actor, clock.moment(), loan_id, on=asked_on)
            form = as_form(PayOffForm, {"on": asked_on})
    except WrongDay as refusal:
        form = form.with_error("on", refusal.message)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(
        request,
        "loans/payoff.html",
        status,
        view=view,
        form=form,
        loan_id=loan.loan_id,
        reference=loan.reference,
    )


@router.get("/loans/{loan_id}/statement")
def show_statement(
    request: Request,
    *,
    session: Reading,
    actor: SignedIn,
    loan_id: str,
    as_of: str = "",
    known_on: str = "",
) -> Response:
    """Every movement up to a day, with the balances after it."""
    today = clock.today()
    asked = {"as_of": as_of, "known_on": known_on if actor.role in STAFF else ""}
    form = filled(DaysForm, asked)
    days = form.value or DaysForm()
    try:
        view = statement(session, actor, loan_id, as_of=days.as_of or today, known_on=days.known_on)
    except (NotSignedYet, NotKnownYet) as refusal:
        form = form.with_error(refusal.field or "as_of", refusal.message)
        view = statement(session, actor, loan_id, as_of=today)
    if form.value is not None:
        form = as_form(DaysForm, {"as_of": view.as_of, "known_on": view.known_on})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(
        request,
        "loans/statement.html",
        status,
        view=view,
        form=form,
        words=LOAN_WORDS,
        is_staff=actor.role in STAFF,
        printed_at=clock.now(),
    )
