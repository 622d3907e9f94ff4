"""Checking a proposal before it is sent, sending it, and the copy to keep."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.answers import section_answers
from app.author_history import latest
from app.dependencies import AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Ask, Filled, FormModel, as_form, filled
from app.measure_answers import measure_answers
from app.plain_words import amount_rule_words, maturity_rule_words
from app.rendering import page
from app.router import Router
from app.routes.proposal_sections import section_href
from app.section_forms import HEADINGS
from loans.assessing.finding import Outcome
from loans.cases.assessment import Assessment
from loans.cases.own_cases import OwnCase, assessment_so_far, own_case, problems
from loans.cases.proposals import DRAFT, ChangedMeanwhile, proposal_view, submit_proposal
from loans.draft import Section
from loans.draft_gaps import Gap, sections_asked
from loans.profile import Profile

router = Router()


class SendForm(FormModel):
    """Sending what was checked: the version that the page showed."""

    version: Annotated[
        int,
        Ask(
            "the version of the proposal",
            missing="The page does not say which version you checked. Open it again.",
        ),
    ]


@router.get("/proposals/{proposal_id}/check")
def check(request: Request, session: Reading, actor: SignedIn, proposal_id: str) -> Response:
    """Every answer in full with what follows from it; printable for signature."""
    return _check(
        request, own_case(session, actor, proposal_id, on=clock.today()), as_form(SendForm)
    )


@router.post("/proposals/{proposal_id}/send")
def send(request: Request, desk: AtDesk, sent: Sent, proposal_id: str) -> Response:
    """Send the proposal as it was checked."""

    def ask(form: Filled[SendForm]) -> Response:
        with desk.database.reading() as session:
            case = own_case(session, desk.actor, proposal_id, on=desk.moment.on)
        return _check(request, case, form, HTTPStatus.UNPROCESSABLE_ENTITY)

    def work(session: Session, value: SendForm) -> str:
        if proposal_view(session, desk.actor, proposal_id).version != value.version:
            message = (
                "Somebody saved this proposal after you opened this page. Read the answers below "
                "again, then send it."
            )
            raise ChangedMeanwhile(message)
        submit_proposal(session, desk.actor, desk.moment, proposal_id)
        return f"/proposals/{proposal_id}"

    return desk.submit(sent, filled(SendForm, sent.form), work, ask, done="sent")


def gap_href(proposal_id: str, gap: Gap) -> str:
    """The address of the very field that is missing."""
    here = section_href(proposal_id, gap.section)
    if gap.section is not Section.MEASURES:
        return f"{here}?to=check#{gap.field}"
    code = gap.field.removeprefix("measure-")
    return here if code == gap.field else f"{here}/{code}?to=check"


def _check(
    request: Request,
    case: OwnCase,
    form: Filled[SendForm],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    view, currency = case.view, case.facility.currency
    is_draft = view.status == DRAFT
    sent = latest(case.history, "submit")
    return page(
        request,
        "proposals/check.html",
        status,
        view=view,
        form=form,
        key=new_key(),
        currency=currency,
        is_draft=is_draft,
        sent_on=sent.happened_on if sent and not is_draft else None,
        problems=tuple((gap.message, gap_href(view.proposal_id, gap)) for gap in problems(case))
        if is_draft
        else (),
        sections={
            section.value: (HEADINGS[section], _rows(case, section))
            for section in sections_asked(case.profile)
            if section is not Section.MEASURES
        },
        measures=tuple(
            measure_answers(measure, case.draft.measures, currency)
            for measure in case.draft.measures
        ),
        **_outcome(assessment_so_far(case), case.profile),
    )


def _rows(case: OwnCase, section: Section) -> tuple[tuple[str, str | None, str | None], ...]:
    """Label, answer and the address at which it is changed, none once it was sent."""
    here = section_href(case.view.proposal_id, section) if case.view.status == DRAFT else None
    return tuple(
        (label, words, f"{here}?to=check#{field}" if here else None)
        for label, words, field in section_answers(
            case.draft,
            section,
            case.facility.currency,
            case.profile.terms.minor_investment.required,
        )
    )


def _outcome(assessment: Assessment | None, profile: Profile) -> Mapping[str, Any]:
    """What the figures come to, in words, and the rules that stand against the project."""
    if assessment is None:
        return {"offer": None, "project": None, "types": {}, "against": (), "to_look_at": ()}
    findings = assessment.findings
    return {
        "offer": assessment.offer,
        "project": assessment.appraisal.project,
        "types": {one.code: one for one in assessment.appraisal.measures},
        "amount_words": amount_rule_words(assessment.offer, profile),
        "maturity_words": maturity_rule_words(assessment.offer, profile),
        "against": tuple(f for f in findings if f.outcome is Outcome.FAIL),
        "to_look_at": tuple(f for f in findings if f.outcome in (Outcome.WARN, Outcome.UNKNOWN)),
    }
