"""Acts on a loan over JSON besides money in: charges, waiting money, new terms, the rest given up.

What needs two people is asked for by an officer and agreed to, or sent back, by a manager.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy.orm import Session

from app.api.acting import Act, ActAnswer, Asked, Done, Reason, Reversed, TermsAnswer, api_router
from app.api.values import AccountCode, Day, Id, PositiveAmount, Text, Whole, in_minor
from app.loan_act_work import agree_to
from loans.books.closed_months import entry_counts_late
from loans.component import Component
from loans.fund import the_facility
from loans.schedules.schedule import GraceInterest, Method
from loans.schedules.schedule_limits import MOST_INSTALMENTS
from loans.servicing import act_book, cancellations, charges, new_terms, reversals, waiting_money
from loans.servicing.new_terms import Holiday, NewTerms
from loans.servicing_kinds import DONE, SENT_BACK
from loans.subledger.events import PrepaymentChoice

router = api_router("Loans")


class ChargeAsked(Asked):
    """A fee or a cost of enforcing the claim."""

    component: Component
    amount: PositiveAmount
    charged_on: Day
    reason: Text


class CreditAsked(Asked):
    """Waiting money that lowers the principal."""

    amount: PositiveAmount
    choice: PrepaymentChoice
    reason: Text


class RefundAsked(Asked):
    """Waiting money that goes back, from ``bank_account`` or the fund's first account at a bank."""

    amount: PositiveAmount
    reason: Text
    bank_account: AccountCode | None = None


class RescheduleAsked(Asked):
    """Other due dates for all principal that is not paid."""

    first_due_on: Day
    instalments: Annotated[Whole, Field(ge=1, le=MOST_INSTALMENTS)]
    months_between: Annotated[Whole, Field(ge=1, le=12)] = 1
    method: Method = Method.LEVEL
    grace_instalments: Annotated[Whole, Field(ge=0, le=MOST_INSTALMENTS)] = 0
    grace_interest: GraceInterest = GraceInterest.PAID
    capitalises_overdue_interest: bool = False
    reason: Text


class HolidayAsked(Asked):
    """Instalments that are put off."""

    instalments: Annotated[Whole, Field(ge=1, le=60)]
    interest: GraceInterest = GraceInterest.PAID
    reason: Text


@router.post("/loans/{loan_id}/charges", status_code=HTTPStatus.CREATED, response_model=ActAnswer)
def charge(loan_id: Id, body: ChargeAsked, act: Act) -> Mapping[str, Any]:
    """Charge a fee or a cost of enforcing the claim."""

    def work(session: Session) -> Mapping[str, Any]:
        act_id = charges.charge(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            component=body.component,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            charged_on=body.charged_on,
            reason=body.reason,
            key=act.key,
        )
        return {"act_id": act_id}

    return act.once(body, work)


@router.post(
    "/loans/{loan_id}/credit-uses", status_code=HTTPStatus.CREATED, response_model=ActAnswer
)
def use_credit(loan_id: Id, body: CreditAsked, act: Act) -> Mapping[str, Any]:
    """Let the borrower's waiting money lower the principal."""

    def work(session: Session) -> Mapping[str, Any]:
        act_id = waiting_money.use_credit(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            prepays=body.choice,
            reason=body.reason,
            key=act.key,
        )
        return {"act_id": act_id}

    return act.once(body, work)


@router.post("/loans/{loan_id}/refunds", status_code=HTTPStatus.CREATED, response_model=ActAnswer)
def refund(loan_id: Id, body: RefundAsked, act: Act) -> Mapping[str, Any]:
    """Ask for waiting money to go back to the borrower."""

    def work(session: Session) -> Mapping[str, Any]:
        act_id = waiting_money.request_refund(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            reason=body.reason,
            bank_account=body.bank_account,
        )
        return {"act_id": act_id}

    return act.once(body, work)


@router.post(
    "/loans/{loan_id}/reschedule", status_code=HTTPStatus.CREATED, response_model=TermsAnswer
)
def reschedule(loan_id: Id, body: RescheduleAsked, act: Act) -> Mapping[str, Any]:
    """Ask for other due dates."""
    asked = NewTerms(
        body.first_due_on,
        body.instalments,
        body.months_between,
        body.method,
        body.grace_instalments,
        body.grace_interest,
        body.capitalises_overdue_interest,
    )
    return act.once(body, lambda session: _terms(session, act, loan_id, asked, body.reason))


@router.post(
    "/loans/{loan_id}/holidays", status_code=HTTPStatus.CREATED, response_model=TermsAnswer
)
def holiday(loan_id: Id, body: HolidayAsked, act: Act) -> Mapping[str, Any]:
    """Ask for a payment holiday."""
    asked = Holiday(body.instalments, body.interest)
    return act.once(body, lambda session: _terms(session, act, loan_id, asked, body.reason))


def _terms(
    session: Session, act: Act, loan_id: str, asked: NewTerms | Holiday, reason: str
) -> Mapping[str, Any]:
    desk = act.desk
    act_id = new_terms.request_new_terms(
        session, desk.actor, desk.moment, loan_id, asked, reason=reason
    )
    planned = new_terms.asked_preview(session, desk.actor, desk.moment, act_id)
    return {"act_id": act_id, "notice": None if planned is None else planned.notice}


@router.post(
    "/loans/{loan_id}/give-up-rest", status_code=HTTPStatus.CREATED, response_model=ActAnswer
)
def give_up_rest(loan_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Ask for what is not paid out to be given up."""

    def work(session: Session) -> Mapping[str, Any]:
        act_id = cancellations.request_giving_up(
            session, act.desk.actor, act.desk.moment, loan_id, reason=body.reason
        )
        return {"act_id": act_id}

    return act.once(body, work)


@router.post("/loans/{loan_id}/acts/{act_id}/agree", response_model=Done)
def agree(loan_id: Id, act_id: Id, act: Act) -> Mapping[str, Any]:
    """Agree, as the second person, to what was asked for."""

    def work(session: Session) -> Mapping[str, Any]:
        kind = act_book.kind_of(session, loan_id, act_id)
        agree_to(session, act.desk, act_id, kind, act.key)
        return {"act_id": act_id, "status": DONE}

    return act.once({"act_id": act_id}, work)


@router.post("/loans/{loan_id}/acts/{act_id}/send-back", response_model=Done)
def send_back(loan_id: Id, act_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Send what was asked for back to the officer."""

    def work(session: Session) -> Mapping[str, Any]:
        act_book.kind_of(session, loan_id, act_id)
        act_book.send_back(session, act.desk.actor, act.desk.moment, act_id, reason=body.reason)
        return {"act_id": act_id, "status": SENT_BACK}

    return act.once({"act_id": act_id, "reason": body.reason}, work)


@router.post("/loans/{loan_id}/acts/{act_id}/reverse", response_model=Reversed)
def reverse(loan_id: Id, act_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Reverse a charge or a use of waiting money."""

    def work(session: Session) -> Mapping[str, Any]:
        act_book.kind_of(session, loan_id, act_id)
        moment = act.desk.moment
        entry_id = reversals.reverse_act(
            session, act.desk.actor, moment, act_id, reason=body.reason, key=act.key
        )
        here = the_facility(session).facility_id
        notice = entry_counts_late(session, here, entry_id, moment, what="the reversal")
        return {"act_id": act_id, "status": "reversed", "notice": notice}

    return act.once({"act_id": act_id, "reason": body.reason}, work)
