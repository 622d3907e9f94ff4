"""The measures of a proposal: the list, the form of one, its live preview, and removing it."""

from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.dependencies import AtDesk, Desk, Reading, Sent, SignedIn, new_key
from app.forms import Ask, Filled, FormModel, filled
from app.measure_forms import MeasureForm
from app.measure_sheet import (
    MeasurePreview,
    MeasureSheet,
    changed,
    measure_of,
    next_measure_code,
    preview,
    sent_sheet,
    sheet_of,
    with_lines,
    without_blanks,
    worth,
)
from app.plain_words import EVIDENCE, NOT_RECOVERED, TECHNIQUES, TYPE_WORDS, UNITS
from app.rendering import page
from appraisal.proposal import Measure
from loans.draft import Draft, Section
from loans.draft import gaps as gaps_of
from loans.own_cases import OwnCase, own_case
from loans.proposals import DRAFT, proposal_view, save_draft
from loans.refusal import Missing, WrongValue

router = APIRouter()
NEW = "new"
MOST_MEASURES = 50


class TooManyMeasures(WrongValue):
    """The proposal is full."""


class RemoveForm(FormModel):
    """Taking a measure out: the version of the proposal that was seen."""

    version: Annotated[
        int,
        Ask(
            "the version of the proposal",
            missing="The page does not say which version you saw. Open it again.",
        ),
    ]


@router.get("/proposals/{proposal_id}/measures")
def show_all(request: Request, session: Reading, actor: SignedIn, proposal_id: str) -> Response:
    """The measures with type, investment, saving and payback of each."""
    case = own_case(session, actor, proposal_id)
    if case.view.status != DRAFT:
        return RedirectResponse(f"/proposals/{proposal_id}", HTTPStatus.SEE_OTHER)
    return page(
        request,
        "measures/list.html",
        view=case.view,
        currency=case.facility.currency,
        measures=tuple(
            (measure.code, measure.title, worth(measure, _minor_investment(case)))
            for measure in case.draft.measures
        ),
        missing=tuple(g.message for g in gaps_of(case.draft) if g.section is Section.MEASURES),
    )


@router.post("/proposals/{proposal_id}/measures/preview")
def show_preview(request: Request, desk: AtDesk, sent: Sent, proposal_id: str) -> Response:
    """Payback and type of what is typed so far; nothing is stored."""
    case = _case(desk, proposal_id)
    sheet = without_blanks(sent_sheet(sent.form, currency=case.facility.currency))
    return page(
        request,
        "measures/_preview.html",
        currency=case.facility.currency,
        **_shown_preview(preview(sheet, case.draft, NEW, _minor_investment(case))),
    )


@router.get("/proposals/{proposal_id}/measures/{measure_code}")
def show(
    request: Request,
    session: Reading,
    actor: SignedIn,
    *,
    proposal_id: str,
    measure_code: str,
    to: str = "",
) -> Response:
    """The form of one measure; the code ``new`` gives an empty one."""
    case = own_case(session, actor, proposal_id)
    if case.view.status != DRAFT:
        return RedirectResponse(f"/proposals/{proposal_id}", HTTPStatus.SEE_OTHER)
    measure = _stored(case.draft, measure_code)
    found = worth(measure, _minor_investment(case))
    sheet = sheet_of(measure)
    return _show(request, case, measure_code, sheet, found, goes_to_check=to == "check")


@router.post("/proposals/{proposal_id}/measures/{measure_code}")
def save(
    request: Request, desk: AtDesk, sent: Sent, proposal_id: str, measure_code: str
) -> Response:
    """Save the measure, or show the form with one line more or less and save nothing."""
    case = _case(desk, proposal_id)
    sheet = sent_sheet(sent.form, currency=case.facility.currency)
    if with_line := changed(sheet):
        return _again(request, case, measure_code, with_line, HTTPStatus.OK)

    def ask(head: Filled[MeasureForm]) -> Response:
        answered = replace(sheet, head=head)
        return _again(request, _case(desk, proposal_id), measure_code, answered)

    sheet = without_blanks(sheet)
    if sheet.has_errors:
        return ask(sheet.head)

    def work(session: Session, value: MeasureForm) -> str:
        draft = proposal_view(session, desk.actor, proposal_id).draft
        _stored(draft, measure_code)
        code = next_measure_code(draft) if measure_code == NEW else measure_code
        measures = _with_measure(draft.measures, measure_of(sheet, draft, code))
        _save(session, desk, proposal_id, draft, measures=measures, version=value.version)
        return f"/proposals/{proposal_id}/{'check' if value.to else 'measures'}"

    return desk.submit(sent, sheet.head, work, ask, done="saved")


@router.post("/proposals/{proposal_id}/measures/{measure_code}/remove")
def remove(
    request: Request, desk: AtDesk, sent: Sent, proposal_id: str, measure_code: str
) -> Response:
    """Take the measure out of the proposal."""

    def ask(form: Filled[RemoveForm]) -> Response:
        case = _case(desk, proposal_id)
        sheet = sheet_of(_stored(case.draft, measure_code))
        head = replace(sheet.head, errors={"": next(iter(form.errors.values()), "")})
        return _again(request, case, measure_code, replace(sheet, head=head))

    def work(session: Session, value: RemoveForm) -> str:
        draft = proposal_view(session, desk.actor, proposal_id).draft
        _stored(draft, measure_code)
        rest = tuple(measure for measure in draft.measures if measure.code != measure_code)
        _save(session, desk, proposal_id, draft, measures=rest, version=value.version)
        return f"/proposals/{proposal_id}/measures"

    return desk.submit(sent, filled(RemoveForm, sent.form), work, ask, done="removed")


def _case(desk: Desk, proposal_id: str) -> OwnCase:
    with desk.database.reading() as session:
        return own_case(session, desk.actor, proposal_id)


def _stored(draft: Draft, code: str) -> Measure | None:
    """The measure of this code; None for a new one.

    Raises:
        Missing: the proposal has no such measure.
    """
    if code == NEW:
        return None
    found = next((measure for measure in draft.measures if measure.code == code), None)
    if found is None:
        raise Missing
    return found


def _with_measure(measures: tuple[Measure, ...], measure: Measure) -> tuple[Measure, ...]:
    if any(one.code == measure.code for one in measures):
        return tuple(measure if one.code == measure.code else one for one in measures)
    return (*measures, measure)


def _save(
    session: Session,
    desk: Desk,
    proposal_id: str,
    draft: Draft,
    *,
    measures: tuple[Measure, ...],
    version: int,
) -> None:
    if len(measures) > MOST_MEASURES:
        message = f"A proposal holds at most {MOST_MEASURES} measures. Put the others into another."
        raise TooManyMeasures(message)
    changed_draft = Draft.model_validate({**dict(draft), "measures": measures})
    save_draft(session, desk.actor, desk.moment, proposal_id, changed_draft, version=version)


def _minor_investment(case: OwnCase) -> Decimal:
    return case.profile.terms.minor_investment.required


def _again(
    request: Request,
    case: OwnCase,
    code: str,
    sheet: MeasureSheet,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    to_check = sheet.head.typed.get("to") == "check"
    found = preview(sheet, case.draft, code, _minor_investment(case))
    sheet = with_lines(sheet)
    return _show(request, case, code, sheet, found, status=status, goes_to_check=to_check)


def _show(
    request: Request,
    case: OwnCase,
    code: str,
    sheet: MeasureSheet,
    found: MeasurePreview,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    goes_to_check: bool,
) -> Response:
    view = case.view
    seen = sheet.head.typed.get("version")
    return page(
        request,
        "measures/form.html",
        status,
        view=view,
        code=code,
        is_new=code == NEW,
        form=sheet.head,
        rows=sheet.rows,
        groups=dict(sheet.groups),
        new_line=sheet.new_line,
        key=new_key(),
        currency=case.facility.currency,
        goes_to_check=goes_to_check,
        was_changed=seen is not None and seen != str(view.version),
        techniques=tuple((technique, words) for technique, (words, _) in TECHNIQUES.items()),
        technique_notes={technique: note for technique, (_, note) in TECHNIQUES.items()},
        evidence=tuple(EVIDENCE.items()),
        unit_choices=tuple((unit, unit) for unit in _units(sheet)),
        **_shown_preview(found),
    )


def _units(sheet: MeasureSheet) -> tuple[str, ...]:
    """The usual units, and those that the lines have already."""
    typed = {str(row.typed.get("unit", "")) for row in sheet.rows} - {"", *UNITS}
    return (*UNITS, *sorted(typed))


def _shown_preview(found: MeasurePreview) -> dict[str, Any]:
    has_figures = found.investment > 0 or found.net_annual_saving != 0
    words = TYPE_WORDS[found.type] if found.type else NOT_RECOVERED
    return {
        "preview": found,
        "type_words": words if has_figures else "",
        "has_figures": has_figures,
    }
