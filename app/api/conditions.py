"""What stands before a pay-out, over JSON: conditions precedent and own money.

A waiver is asked for by an officer and given by a manager, who sends the same request.
"""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Literal

from sqlalchemy.orm import Session

from app import clock
from app.api.acting import Act, Acting, Answer, Asked, Done, Reason, api_router
from app.api.values import Day, Id, Label, PositiveAmount, ShortText, Text, in_minor
from app.api.views import answer_model, answer_of
from app.dependencies import Reading, SignedIn
from loans.conditions import evidence, precedents
from loans.conditions.standing import Outcome
from loans.conditions.views import PayOutsView, pay_outs_view
from loans.fund import the_facility
from loans.history import Moment
from loans.people import Actor, Role
from loans.precedent import Occasion

router = api_router("Loans")


class ConditionAsked(Asked):
    """A condition of this loan alone, for the first pay-out or for every one."""

    words: ShortText
    occasion: Literal["first", "every"] = "first"


class MetAsked(Asked):
    """The document that meets a condition, and its day."""

    document: Text
    met_on: Day


class OwnContributionAsked(Asked):
    """Own money that the borrower paid into the project."""

    proof: Literal["invoice", "bank"]
    supplier: Label
    document: ShortText
    amount: PositiveAmount
    paid_on: Day


class Kept(Answer):
    """The id of what was kept."""

    id: str


@router.get("/loans/{loan_id}/conditions", response_model=answer_model(PayOutsView))
def show(loan_id: Id, session: Reading, actor: SignedIn) -> Mapping[str, Any]:
    """Everything that stands before the next pay-out: conditions, own money, plan and invoices."""
    view = pay_outs_view(session, actor, loan_id, as_of=clock.today())
    return answer_of(view, view.currency)


@router.post("/loans/{loan_id}/conditions", status_code=HTTPStatus.CREATED, response_model=Kept)
def add(loan_id: Id, body: ConditionAsked, act: Act) -> Mapping[str, Any]:
    """Add a condition to the loan."""
    words, occasion = body.words, Occasion(body.occasion)
    return kept(
        act,
        body,
        lambda session: precedents.add_condition(
            session, act.desk.actor, act.desk.moment, loan_id, words=words, occasion=occasion
        ),
    )


@router.post("/loans/{loan_id}/conditions/{condition_id}/meet", response_model=Done)
def meet(loan_id: Id, condition_id: Id, body: MetAsked, act: Act) -> Mapping[str, Any]:
    """Enter the document that meets a condition."""
    step = partial(precedents.meet_condition, document=body.document, on=body.met_on)
    return _stepped(act, body, loan_id, condition_id, step=step, outcome=Outcome.MET)


@router.post("/loans/{loan_id}/conditions/{condition_id}/waive", response_model=Done)
def waive(loan_id: Id, condition_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Ask for a condition to be waived, as an officer; waive what was asked for, as a manager."""
    if act.desk.actor.role is Role.MANAGER:
        step = partial(precedents.waive_condition, reason=body.reason)
        return _stepped(act, body, loan_id, condition_id, step=step, outcome=Outcome.WAIVED)
    step = partial(precedents.ask_waiver, reason=body.reason)
    return _stepped(act, body, loan_id, condition_id, step=step, outcome=Outcome.WAIVER_ASKED)


@router.post("/loans/{loan_id}/conditions/{condition_id}/refuse-waiver", response_model=Done)
def refuse_waiver(loan_id: Id, condition_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Refuse the waiver that an officer asked for; the condition stays open."""
    step = partial(precedents.refuse_waiver, reason=body.reason)
    return _stepped(act, body, loan_id, condition_id, step=step, outcome=Outcome.WAIVER_REFUSED)


@router.post("/loans/{loan_id}/conditions/{condition_id}/reopen", response_model=Done)
def reopen(loan_id: Id, condition_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Open a condition again that was met or waived, or of which the waiver was asked for."""
    step = partial(precedents.reopen_condition, reason=body.reason)
    return _stepped(act, body, loan_id, condition_id, step=step, outcome=Outcome.OPEN)


def _stepped(
    act: Acting,
    body: Asked,
    loan_id: str,
    condition_id: str,
    *,
    step: Callable[[Session, Actor, Moment, str], str],
    outcome: Outcome,
) -> Mapping[str, Any]:
    """Take one step with a condition of the loan; the id of the step, and where it stands then."""

    def work(session: Session) -> Mapping[str, Any]:
        found = precedents.condition_of(session, loan_id, condition_id)
        step_id = step(session, act.desk.actor, act.desk.moment, found)
        return {"act_id": step_id, "status": outcome.value}

    return act.once(body, work)


@router.post(
    "/loans/{loan_id}/own-contributions", status_code=HTTPStatus.CREATED, response_model=Kept
)
def record_own(loan_id: Id, body: OwnContributionAsked, act: Act) -> Mapping[str, Any]:
    """Enter own money of the borrower with the document that shows it."""
    return kept(
        act,
        body,
        lambda session: evidence.record_own_contribution(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            proof=evidence.Proof(body.proof),
            supplier=body.supplier,
            document=body.document,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            paid_on=body.paid_on,
        ),
    )


@router.post("/loans/{loan_id}/own-contributions/{contribution_id}/withdraw", response_model=Done)
def withdraw_own(loan_id: Id, contribution_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Let evidence of own money not count any more."""

    def work(session: Session) -> Mapping[str, Any]:
        found = evidence.own_contribution_of(session, loan_id, contribution_id)
        evidence.withdraw_own_contribution(
            session, act.desk.actor, act.desk.moment, found, reason=body.reason
        )
        return {"act_id": found, "status": "withdrawn"}

    return act.once(body, work)


def kept(act: Acting, body: Asked, work: Callable[[Session], str]) -> Mapping[str, Any]:
    """Do the work once and answer the id of what it kept."""
    return act.once(body, lambda session: {"id": work(session)})
