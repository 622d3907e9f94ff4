"""What people try out on a project: nothing of it is stored, and its address says all."""

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app import clock
from app.case_words import CASE_WORDS, TIMING
from app.dependencies import Reading, SignedIn
from app.plain_words import DEPRECIATIONS
from app.rendering import page, upper_first
from app.router import Router
from app.simulation_form import sent_ranges
from app.simulation_view import simulated
from app.what_if import WhatIfAnswer, what_if
from app.what_if_form import WhatIfSheet, changed_figures, sent_sheet
from loans.cases.assessment import Assessment, assess
from loans.cases.case_views import application_view
from loans.cases.own_cases import assessment_so_far, own_case

router = Router()
_TOO_LARGE = "These changes make a result too large to state. Enter smaller ones."


@router.get("/applications/{application_id}/what-if")
def application_what_if(
    request: Request, session: Reading, actor: SignedIn, application_id: str
) -> Response:
    """The case with other assumptions or figures, beside the case as it was proposed."""
    view = application_view(session, actor, application_id, on=clock.today())
    return _what_if(
        request,
        view.assessment,
        template="applications/what_if.html",
        view=view,
        today=clock.today(),
        words=CASE_WORDS,
    )


@router.get("/applications/{application_id}/simulation")
def simulation(
    request: Request, session: Reading, actor: SignedIn, application_id: str
) -> Response:
    """The case under thousands of draws of its inputs; the same address gives the same draws."""
    view = application_view(session, actor, application_id, on=clock.today())
    assessment = view.assessment
    sent = FormData([*request.query_params.multi_items()])
    sheet, found = simulated(sent_ranges(sent, assessment.figures), assessment)
    return page(
        request,
        "applications/simulation.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if sheet.has_errors else HTTPStatus.OK,
        view=view,
        today=clock.today(),
        words=CASE_WORDS,
        address=request.url.path,
        form=sheet.head,
        rows=sheet.rows,
        prices=sheet.prices,
        prices_open=sheet.has_ranged_prices,
        found=found,
    )


@router.get("/proposals/{proposal_id}/what-if")
def proposal_what_if(
    request: Request, session: Reading, actor: SignedIn, proposal_id: str
) -> Response:
    """The same for whoever writes the proposal; without figures, what is still to be entered."""
    case = own_case(session, actor, proposal_id, on=clock.today())
    assessment = assessment_so_far(case)
    if assessment is None:
        return page(request, "proposals/what_if.html", view=case.view, has_figures=False)
    return _what_if(
        request, assessment, template="proposals/what_if.html", view=case.view, has_figures=True
    )


def _what_if(
    request: Request, proposed: Assessment, *, template: str, **context: object
) -> Response:
    sheet, answer = _answered(request, proposed)
    # A page that asks as it is typed shows only what is right; htmx would drop a refusal.
    is_page = "HX-Request" not in request.headers
    refused = is_page and sheet.has_errors
    return page(
        request,
        template,
        HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        **context,
        **_form(request, sheet, proposed),
        answer=answer,
    )


def _answered(request: Request, proposed: Assessment) -> tuple[WhatIfSheet, WhatIfAnswer | None]:
    sent = FormData([*request.query_params.multi_items()])
    sheet, figures = changed_figures(sent_sheet(sent, proposed.figures), proposed.figures)
    if figures is None:
        return sheet, None
    try:
        return sheet, what_if(proposed, assess(figures, proposed.profile))
    except ValueError:
        return sheet.with_error("", _TOO_LARGE), None


def _form(request: Request, sheet: WhatIfSheet, proposed: Assessment) -> dict[str, Any]:
    return {
        "address": request.url.path,
        "currency": proposed.figures.currency,
        "form": sheet.head,
        "rows": sheet.rows,
        "prices": sheet.prices,
        "prices_open": sheet.has_changed_prices,
        "proposed": proposed.figures.assumptions,
        "timings": tuple((timing, upper_first(words)) for timing, words in TIMING.items()),
        "depreciations": tuple(DEPRECIATIONS.items()),
    }
