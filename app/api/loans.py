"""Loans over JSON: terms, schedule and statement; pay-outs, receipts, write-off and recoveries."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Query

from app import clock
from app.api.acting import Asked, AsKnown, OnDay, PageAnswer, PageAsked, api_router
from app.api.values import Day, Id, Searched
from app.api.views import answer_model, answer_of
from app.dependencies import Reading, SignedIn
from loans.lending.loan_list import LoanFilter, LoanLine, LoanOrder
from loans.lending.loan_list import loans as loan_list
from loans.lending.loan_views import LoanView, loan_view
from loans.lending.schedule_views import ScheduleView, schedule_view
from loans.lending.statement import Statement, statement
from loans.servicing.pay_offs import PayOffView, pay_off_view

router = api_router("Loans")


class LoansAsked(PageAsked, AsKnown):
    """Which loans, in which order, on which day, as known by which day."""

    status: LoanFilter = LoanFilter.ALL
    search: Searched = ""
    order: LoanOrder = LoanOrder.REFERENCE
    descending: bool = False


class LoanPageAnswer(PageAnswer):
    """Loans in the order asked for, as they stood on a day."""

    as_of: date
    currency: str
    loans: tuple[answer_model(LoanLine), ...]  # type: ignore[valid-type]  # made from the view


class PayOffAsked(Asked):
    """The day on which the money would come; today without it."""

    on: Day | None = None


@router.get("/loans", response_model=LoanPageAnswer)
def list_loans(
    session: Reading, actor: SignedIn, asked: Annotated[LoansAsked, Query()]
) -> Mapping[str, Any]:
    """The loans that exist for the actor."""
    found = loan_list(
        session,
        actor,
        status=asked.status,
        search=asked.search,
        order=asked.order,
        descending=asked.descending,
        page_number=asked.page,
        page_size=asked.page_size,
        on=asked.day,
        known_on=asked.known_to(actor),
        is_past=asked.day < clock.today() or asked.known_on is not None,
    )
    shown = found.lines if found.page_number == asked.page else ()
    return {
        "page": asked.page,
        "page_size": asked.page_size,
        "count": found.count,
        "as_of": found.on,
        "currency": found.currency,
        "loans": [answer_of(line, found.currency) for line in shown],
    }


@router.get("/loans/{loan_id}", response_model=answer_model(LoanView))
def show(
    loan_id: Id, session: Reading, actor: SignedIn, asked: Annotated[AsKnown, Query()]
) -> Mapping[str, Any]:
    """One loan on a day."""
    view = loan_view(session, actor, loan_id, as_of=asked.day, known_on=asked.known_to(actor))
    return answer_of(view, view.currency)


@router.get("/loans/{loan_id}/schedule", response_model=answer_model(ScheduleView))
def show_schedule(
    loan_id: Id, session: Reading, actor: SignedIn, asked: Annotated[OnDay, Query()]
) -> Mapping[str, Any]:
    """The schedule in force, and the original where it is another."""
    view = schedule_view(session, actor, loan_id, as_of=asked.day)
    return answer_of(view, view.currency)


@router.get("/loans/{loan_id}/statement", response_model=answer_model(Statement))
def show_statement(
    loan_id: Id, session: Reading, actor: SignedIn, asked: Annotated[AsKnown, Query()]
) -> Mapping[str, Any]:
    """Everything that was paid out, fell due and came in."""
    view = statement(session, actor, loan_id, as_of=asked.day, known_on=asked.known_to(actor))
    return answer_of(view, view.currency)


@router.get("/loans/{loan_id}/payoff", response_model=answer_model(PayOffView))
def show_pay_off(
    loan_id: Id, session: Reading, actor: SignedIn, asked: Annotated[PayOffAsked, Query()]
) -> Mapping[str, Any]:
    """What closes the loan on a day, as long as nothing else happens until then."""
    on = asked.on or clock.today()
    view = pay_off_view(session, actor, clock.moment(), loan_id, on=on)
    return answer_of(view, view.currency)
