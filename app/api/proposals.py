"""Proposals over JSON: drafted, saved, sent, withdrawn."""

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from sqlalchemy.orm import Session

from app import clock
from app.api.acting import Act, Answer, Asked, PageAnswer, PageAsked, api_router
from app.api.values import Id, Number, Text
from app.api.views import answer_model, answer_of
from app.author_history import happenings
from app.dependencies import Reading, SignedIn
from loans.cases import proposals
from loans.cases.case_status import CaseStatus
from loans.cases.own_cases import own_case, problems
from loans.cases.proposals import ProposalView
from loans.draft import Draft
from loans.draft_gaps import Gap

router = api_router("Proposals")


class NewProposal(Asked):
    """For which enterprise; an adviser names it, an enterprise has its own."""

    enterprise_id: Id | None = None


class Withdrawal(Asked):
    """Why the proposal is taken back."""

    reason: Text = ""


class ProposalsAsked(PageAsked):
    """Which proposals; ``status`` is draft, sent or withdrawn."""

    status: Annotated[str, Field(pattern="^(draft|sent|withdrawn)$")] | None = None


class SaveAsked(Asked):
    """``version``: save only if this is still the stored version."""

    version: Annotated[Number, Field(ge=1)] | None = None


class ProposalLine(Answer):
    """A proposal in a list."""

    proposal_id: str
    enterprise_id: str
    enterprise_name: str
    status: str
    title: str
    version: int
    updated_at: datetime
    application_id: str | None
    reference: str | None
    application_status: CaseStatus | None


class HappeningAnswer(Answer):
    """What happened on a day, with the words that the fund wrote for the enterprise."""

    on: date
    what: str
    note: str


class ProposalAnswer(ProposalLine):
    """A proposal with everything written so far, what is to correct, and what happened to it."""

    draft: Draft
    gaps: tuple[answer_model(Gap), ...]  # type: ignore[valid-type]  # made from the view
    history: tuple[HappeningAnswer, ...]


class ProposalPage(PageAnswer):
    """Proposals, newest change first."""

    proposals: tuple[ProposalLine, ...]


class Started(Answer):
    """The id of the new proposal."""

    proposal_id: str


class Saved(Answer):
    """The new version of the draft."""

    proposal_id: str
    version: int


class Submitted(Answer):
    """The application that the proposal became."""

    proposal_id: str
    application_id: str


class Withdrawn(Answer):
    """The proposal was taken back for good."""

    proposal_id: str
    status: str


def _line(view: ProposalView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in ProposalLine.model_fields}


@router.get("/proposals")
def list_proposals(
    session: Reading, actor: SignedIn, asked: Annotated[ProposalsAsked, Query()]
) -> ProposalPage:
    """The proposals that exist for the actor."""
    found = tuple(
        view for view in proposals.proposals(session, actor) if asked.status in (None, view.status)
    )
    return ProposalPage(
        page=asked.page,
        page_size=asked.page_size,
        count=len(found),
        proposals=tuple(ProposalLine(**_line(view)) for view in asked.of(found)),
    )


@router.post("/proposals", status_code=HTTPStatus.CREATED, response_model=Started)
def start(body: NewProposal, act: Act) -> Mapping[str, Any]:
    """Open an empty draft with what is known about the enterprise filled in."""

    def work(session: Session) -> Mapping[str, Any]:
        proposal_id = proposals.start_proposal(
            session, act.desk.actor, act.desk.moment, enterprise_id=body.enterprise_id
        )
        return {"proposal_id": proposal_id}

    return act.once(body, work)


@router.get("/proposals/{proposal_id}")
def show(proposal_id: Id, session: Reading, actor: SignedIn) -> ProposalAnswer:
    """One proposal."""
    case = own_case(session, actor, proposal_id, on=clock.today())
    found = problems(case) if case.view.status == proposals.DRAFT else ()
    return ProposalAnswer(
        **_line(case.view),
        draft=case.draft,
        gaps=tuple(answer_of(gap, "") for gap in found),
        history=tuple(
            HappeningAnswer(on=one.on, what=one.what, note=one.note)
            for one in happenings(case.history)
        ),
    )


@router.put("/proposals/{proposal_id}", response_model=Saved)
def save(
    proposal_id: Id, body: Draft, act: Act, asked: Annotated[SaveAsked, Query()]
) -> Mapping[str, Any]:
    """Store the whole draft, complete or not."""

    def work(session: Session) -> Mapping[str, Any]:
        version = proposals.save_draft(
            session, act.desk.actor, act.desk.moment, proposal_id, body, version=asked.version
        )
        return {"proposal_id": proposal_id, "version": version}

    return act.once({"draft": body.model_dump(mode="json"), "version": asked.version}, work)


@router.post("/proposals/{proposal_id}/submit", response_model=Submitted)
def submit(proposal_id: Id, act: Act) -> Mapping[str, Any]:
    """Send the proposal; where it is incomplete, every gap is named at once."""

    def work(session: Session) -> Mapping[str, Any]:
        application_id = proposals.submit_proposal(
            session, act.desk.actor, act.desk.moment, proposal_id
        )
        return {"proposal_id": proposal_id, "application_id": application_id}

    return act.once({}, work)


@router.post("/proposals/{proposal_id}/withdraw", response_model=Withdrawn)
def withdraw(proposal_id: Id, body: Withdrawal, act: Act) -> Mapping[str, Any]:
    """Take the proposal back for good."""

    def work(session: Session) -> Mapping[str, Any]:
        proposals.withdraw_proposal(
            session, act.desk.actor, act.desk.moment, proposal_id, reason=body.reason
        )
        return {"proposal_id": proposal_id, "status": proposals.WITHDRAWN}

    return act.once(body, work)
