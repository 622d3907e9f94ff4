"""Proposals of an enterprise: the list, the task list, the state after sending, withdrawing."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app import clock
from app.author_history import happenings, latest
from app.case_words import STATUS
from app.dependencies import AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Ask, Filled, FormModel, Reads, as_form, filled
from app.page_number import page_number
from app.rendering import page
from app.router import Router
from app.routes import measure_pages, proposal_check, proposal_sections
from app.routes.proposal_sections import section_href
from app.section_forms import HEADINGS
from loans.cases.case_status import STAGES, UNDECIDED, WHO_ACTS_NEXT, CaseStatus
from loans.cases.own_cases import OwnCase, enterprises_of, own_case, problems
from loans.cases.proposals import (
    DRAFT,
    WITHDRAWN,
    ProposalView,
    proposals,
    start_proposal,
    withdraw_proposal,
)
from loans.draft_gaps import section_states, sections_asked
from loans.people import Actor

LINES_A_PAGE = 50

router = Router()
router.include_router(proposal_sections.router)
router.include_router(measure_pages.router)
router.include_router(proposal_check.router)

_NOT_SENT: Mapping[str, tuple[str, str]] = {
    DRAFT: ("Draft", "plain"),
    WITHDRAWN: ("Withdrawn", "plain"),
}


class StartForm(FormModel):
    """For which enterprise a proposal is begun."""

    enterprise_id: Annotated[str, Ask("the enterprise", Reads.CHOICE)]


class WithdrawForm(FormModel):
    """Why a proposal is taken back."""

    reason: Annotated[str, Field(max_length=1000), Ask("the reason", Reads.LINES)] = ""


@router.get("/proposals")
def show_all(request: Request, session: Reading, actor: SignedIn) -> Response:
    """The proposals of the enterprises that the person writes for."""
    return _list(request, session, actor, as_form(StartForm))


@router.post("/proposals")
def start(request: Request, desk: AtDesk, sent: Sent) -> Response:
    """Open a draft; a person of one enterprise is not asked which."""
    with desk.database.reading() as session:
        known = enterprises_of(session, desk.actor)
    text = sent.form if len(known) != 1 else {"enterprise_id": known[0][0]}

    def ask(form: Filled[StartForm]) -> Response:
        with desk.database.reading() as session:
            return _list(request, session, desk.actor, form, HTTPStatus.UNPROCESSABLE_ENTITY)

    def work(session: Session, value: StartForm) -> str:
        chosen = value.enterprise_id
        proposal_id = start_proposal(session, desk.actor, desk.moment, enterprise_id=chosen)
        return f"/proposals/{proposal_id}"

    return desk.submit(sent, filled(StartForm, text), work, ask, done="started")


@router.get("/proposals/{proposal_id}")
def show(request: Request, session: Reading, actor: SignedIn, proposal_id: str) -> Response:
    """The task list of a draft, or where a proposal stands that was sent."""
    case = own_case(session, actor, proposal_id, on=clock.today())
    return _tasks(request, case) if case.view.status == DRAFT else _standing(request, case)


@router.get("/proposals/{proposal_id}/withdraw")
def ask_withdraw(request: Request, session: Reading, actor: SignedIn, proposal_id: str) -> Response:
    """Ask whether the proposal is really taken back."""
    case = own_case(session, actor, proposal_id, on=clock.today())
    return _ask_withdraw(request, case, as_form(WithdrawForm))


@router.post("/proposals/{proposal_id}/withdraw")
def withdraw(request: Request, desk: AtDesk, sent: Sent, proposal_id: str) -> Response:
    """Take the proposal back for good."""

    def ask(form: Filled[WithdrawForm]) -> Response:
        with desk.database.reading() as session:
            case = own_case(session, desk.actor, proposal_id, on=desk.moment.on)
        return _ask_withdraw(request, case, form, HTTPStatus.UNPROCESSABLE_ENTITY)

    def work(session: Session, value: WithdrawForm) -> str:
        withdraw_proposal(session, desk.actor, desk.moment, proposal_id, reason=value.reason)
        return f"/proposals/{proposal_id}"

    return desk.submit(sent, filled(WithdrawForm, sent.form), work, ask, done="withdrawn")


def standing(view: ProposalView) -> tuple[str, str]:
    """Where a proposal stands, in words, and the tone of its badge."""
    if view.application_status is None or view.status == WITHDRAWN:
        return _NOT_SENT[view.status]
    return STATUS[view.application_status]


def _list(
    request: Request,
    session: Session,
    actor: Actor,
    form: Filled[StartForm],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    rows = proposals(session, actor)
    known = enterprises_of(session, actor)
    page_count = max(1, -(-len(rows) // LINES_A_PAGE))
    number = min(page_number(request.query_params.get("page", "")), page_count)
    shown = rows[(number - 1) * LINES_A_PAGE : number * LINES_A_PAGE]
    return page(
        request,
        "proposals/list.html",
        status,
        rows=tuple((view, *standing(view)) for view in shown),
        count=len(rows),
        page_number=number,
        page_count=page_count,
        enterprises=known,
        form=form,
        key=new_key(),
    )


def _tasks(request: Request, case: OwnCase) -> Response:
    view, states = case.view, section_states(case.draft, case.profile)
    returned = latest(case.history, "return") if view.application_id else None
    return page(
        request,
        "proposals/tasks.html",
        view=view,
        tasks=tuple(
            (HEADINGS[section], section_href(view.proposal_id, section), states[section].value)
            for section in sections_asked(case.profile)
        ),
        done_count=sum(state.value == "Completed" for state in states.values()),
        problems=tuple((HEADINGS[gap.section], gap.message) for gap in problems(case)),
        questions=returned,
        happenings=happenings(case.history),
    )


def _standing(request: Request, case: OwnCase) -> Response:
    status = case.view.application_status
    sent, refused = latest(case.history, "submit"), latest(case.history, "refuse")
    words, tone = standing(case.view)
    is_refused = status is CaseStatus.REFUSED
    return page(
        request,
        "proposals/standing.html",
        view=case.view,
        words=words,
        tone=tone,
        sent_on=sent.happened_on if sent else None,
        since=case.history[-1].happened_on if case.history else None,
        next_words=WHO_ACTS_NEXT[status][1] if status else "Nothing more happens with it.",
        next_role=WHO_ACTS_NEXT[status][0] if status else None,
        stages=tuple(STATUS[stage][0] for stage in STAGES) if status in STAGES else (),
        stage=STAGES.index(status) if status in STAGES else 0,
        reason=refused.note if refused and is_refused else "",
        is_open=status in UNDECIDED,
        happenings=happenings(case.history),
    )


def _ask_withdraw(
    request: Request,
    case: OwnCase,
    form: Filled[WithdrawForm],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    return page(
        request, "proposals/withdraw.html", status, view=case.view, form=form, key=new_key()
    )
