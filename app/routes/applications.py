"""One application for officers, managers and auditors: the case, its appraisal, and the acts."""

from fastapi import Request
from fastapi.responses import Response

from app import clock
from app.appraisal_page import appraisal_sections
from app.case_words import CASE_WORDS, STATUS
from app.countries import country_name
from app.dependencies import Reading, SignedIn
from app.project_explanations import irr_words
from app.rendering import page
from app.router import Router
from app.routes import application_acts
from app.row_explanations import type_reason
from app.verdict import types_words
from appraisal.appraise import MeasureAppraisal
from loans.cases.case_status import STAGES
from loans.cases.case_views import ApplicationView, application_view
from loans.draft import Task

router = Router()
router.include_router(application_acts.router)


@router.get("/applications/{application_id}")
def show(request: Request, session: Reading, actor: SignedIn, application_id: str) -> Response:
    """The case: where it stands, who acts next, the key figures, the rules, and its history."""
    view = application_view(session, actor, application_id, on=clock.today())
    return page(
        request,
        "applications/case.html",
        view=view,
        today=clock.today(),
        stages=tuple(STATUS[stage][0] for stage in STAGES),
        types=types_words(view.assessment),
        irr=irr_words(view.assessment.appraisal.project.internal_rate_of_return),
        measures=_measures(view),
        country=country_name(view.enterprise.country),
        responsibilities=tuple((task, view.draft.responsibility(task)) for task in Task),
        words=CASE_WORDS,
    )


@router.get("/applications/{application_id}/appraisal")
def appraisal(request: Request, session: Reading, actor: SignedIn, application_id: str) -> Response:
    """The verdict, every figure and how it came about, the charts, and what could change it."""
    view = application_view(session, actor, application_id, on=clock.today())
    assessment = view.assessment
    return page(
        request,
        "applications/appraisal.html",
        view=view,
        today=clock.today(),
        measures=_measures(view),
        types=types_words(assessment),
        irr=irr_words(assessment.appraisal.project.internal_rate_of_return),
        sections=appraisal_sections(assessment),
        words=CASE_WORDS,
    )


def _measures(view: ApplicationView) -> tuple[tuple[MeasureAppraisal, str], ...]:
    """Each measure with the reason of its type."""
    least = view.assessment.profile.terms.minor_investment.required
    return tuple(
        (measure, type_reason(measure.type, least, view.currency))
        for measure in view.assessment.appraisal.measures
    )
