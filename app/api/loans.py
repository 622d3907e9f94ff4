"""Loans over JSON: terms, schedule and statement; pay-outs, receipts, write-off and recoveries."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from sqlalchemy.orm import Session

from app import clock
from app.api.acting import (
    Act,
    Answer,
    Asked,
    AsKnown,
    OnDay,
    PageAnswer,
    PageAsked,
    api_router,
)
from app.api.values import Day, Id, Label, PositiveAmount, Searched, ShortText, Text, in_minor
from app.api.views import answer_model, answer_of
from app.dependencies import Reading, SignedIn
from loans import disbursing, receipts, recoveries, write_offs
from loans.fund import the_facility
from loans.loan_list import LoanFilter, LoanLine, LoanOrder
from loans.loan_list import loans as loan_list
from loans.loan_views import LoanView, loan_view
from loans.people import Role
from loans.refusal import Missing
from loans.schedule_views import ScheduleView, schedule_view
from loans.statement import Statement, statement

router = api_router("Loans")


class LoansAsked(PageAsked):
    """Which loans, in which order."""

    status: LoanFilter = LoanFilter.ALL
    search: Searched = ""
    order: LoanOrder = LoanOrder.REFERENCE
    descending: bool = False


class LoanPageAnswer(PageAnswer):
    """Loans in the order asked for."""

    currency: str
    loans: tuple[answer_model(LoanLine), ...]  # type: ignore[valid-type]  # made from the view


class DisbursementAsked(Asked):
    """A pay-out to prepare; another person releases it."""

    amount: PositiveAmount
    pay_on: Day
    purpose: ShortText


class ReceiptAsked(Asked):
    """Money from the borrower."""

    amount: PositiveAmount
    received_on: Day
    bank_reference: Label


class WriteOffAsked(Asked):
    """Why the loan will not be repaid; a manager who confirms leaves it out."""

    reason: Text = ""


class Prepared(Answer):
    """The pay-out that waits for its release."""

    disbursement_id: str


class Booked(Answer):
    """The journal entry that was made."""

    entry_id: str


class PartAnswer(Answer):
    """What a receipt paid of one instalment."""

    instalment_number: Annotated[int, Field(ge=1)]
    component: str
    amount: str


class Received(Booked):
    """The receipt, its entry and what it paid."""

    receipt_id: str
    is_repaid: bool
    parts: tuple[PartAnswer, ...]


class WriteOffAnswer(Answer):
    """The request that waits for a manager, or the entry of the confirmed write-off."""

    write_off_id: str | None
    entry_id: str | None


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
        on=clock.today(),
    )
    shown = found.lines if found.page_number == asked.page else ()
    return {
        "page": asked.page,
        "page_size": asked.page_size,
        "count": found.count,
        "currency": found.currency,
        "loans": [answer_of(line, found.currency) for line in shown],
    }


@router.get("/loans/{loan_id}", response_model=answer_model(LoanView))
def show(
    loan_id: Id, session: Reading, actor: SignedIn, asked: Annotated[AsKnown, Query()]
) -> Mapping[str, Any]:
    """One loan on a day."""
    view = loan_view(session, actor, loan_id, as_of=asked.day, known_on=asked.known_on)
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
    view = statement(session, actor, loan_id, as_of=asked.day, known_on=asked.known_on)
    return answer_of(view, view.currency)


@router.post(
    "/loans/{loan_id}/disbursements", status_code=HTTPStatus.CREATED, response_model=Prepared
)
def prepare(loan_id: Id, body: DisbursementAsked, act: Act) -> Mapping[str, Any]:
    """Prepare a pay-out."""

    def work(session: Session) -> Mapping[str, Any]:
        disbursement_id = disbursing.prepare_disbursement(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            pay_on=body.pay_on,
            purpose=body.purpose,
        )
        return {"disbursement_id": disbursement_id}

    return act.once(body, work)


@router.post("/loans/{loan_id}/disbursements/{disbursement_id}/release", response_model=Booked)
def release(loan_id: Id, disbursement_id: Id, act: Act) -> Mapping[str, Any]:
    """Release what another person prepared: the money goes out."""

    def work(session: Session) -> Mapping[str, Any]:
        if disbursing.loan_of(session, act.desk.actor, disbursement_id) != loan_id:
            raise Missing
        entry_id = disbursing.release_disbursement(
            session,
            act.desk.actor,
            act.desk.moment,
            disbursement_id,
            key=act.key,
        )
        return {"entry_id": entry_id}

    return act.once({"disbursement_id": disbursement_id}, work)


@router.post("/loans/{loan_id}/receipts", status_code=HTTPStatus.CREATED, response_model=Received)
def receive(loan_id: Id, body: ReceiptAsked, act: Act) -> Mapping[str, Any]:
    """Record money from the borrower: the oldest instalment first."""

    def work(session: Session) -> Mapping[str, Any]:
        currency = the_facility(session).currency
        done = receipts.record_receipt(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            amount_minor=in_minor(body.amount, currency),
            received_on=body.received_on,
            bank_reference=body.bank_reference,
            key=act.key,
        )
        return dict(answer_of(done, currency))

    return act.once(body, work)


@router.post("/loans/{loan_id}/write-off", response_model=WriteOffAnswer)
def write_off(loan_id: Id, body: WriteOffAsked, act: Act) -> Mapping[str, Any]:
    """An officer asks for the principal to be given up; a manager confirms it."""
    actor, moment = act.desk.actor, act.desk.moment

    def work(session: Session) -> Mapping[str, Any]:
        if actor.role is Role.OFFICER:
            write_off_id = write_offs.request_write_off(
                session, actor, moment, loan_id, reason=body.reason
            )
            return {"write_off_id": write_off_id, "entry_id": None}
        entry_id = write_offs.confirm_write_off(session, actor, moment, loan_id, key=act.key)
        return {"write_off_id": None, "entry_id": entry_id}

    return act.once(body, work)


@router.post("/loans/{loan_id}/recoveries", status_code=HTTPStatus.CREATED, response_model=Booked)
def recover(loan_id: Id, body: ReceiptAsked, act: Act) -> Mapping[str, Any]:
    """Record money that came after the write-off."""

    def work(session: Session) -> Mapping[str, Any]:
        entry_id = recoveries.record_recovery(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            received_on=body.received_on,
            bank_reference=body.bank_reference,
            key=act.key,
        )
        return {"entry_id": entry_id}

    return act.once(body, work)
