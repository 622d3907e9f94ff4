"""The allowance for losses over JSON: what is needed, what is set aside, and its run."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy.orm import Session

from app.api.acting import Act, Answer, Asked, OnDay, api_router
from app.api.values import Day
from app.api.views import answer_model, answer_of
from app.dependencies import Reading, SignedIn
from loans.fund import the_facility
from loans.provisioning.run import run_provisions
from loans.provisioning.views import ProvisionView, provision_view

router = api_router("Ledger")


class RunAsked(Asked):
    """The day for which the allowance is set."""

    run_on: Day


class RunAnswer(Answer):
    """The run of the day."""

    run_id: str


@router.get("/ledger/provisions", response_model=answer_model(ProvisionView))
def show_provisions(
    session: Reading, _actor: SignedIn, asked: Annotated[OnDay, Query()]
) -> Mapping[str, Any]:
    """What the loans need on a day by age of arrears, beside what is set aside."""
    facility = the_facility(session)
    return answer_of(provision_view(session, facility, asked.day), facility.currency)


@router.post("/ledger/provisions", status_code=HTTPStatus.CREATED, response_model=RunAnswer)
def set_allowance(body: RunAsked, act: Act) -> Mapping[str, Any]:
    """Set every loan's allowance to what it needs; once a day, and forward only."""

    def work(session: Session) -> Mapping[str, Any]:
        run_id = run_provisions(
            session, act.desk.actor, act.desk.moment, run_on=body.run_on, key=act.key
        )
        return {"run_id": run_id}

    return act.once(body, work)
