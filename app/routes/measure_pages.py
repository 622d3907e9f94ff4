"""The measures of a proposal: the list, the form of one, its live preview, and removing it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import AtDesk, Desk, Reading, Sent, SignedIn, Submission, new_key
from app.forms import Ask, Filled, FormModel, filled
from app.measure_alternatives import rival_of, with_rival, without_lone_alternatives
from app.measure_choices import choices
from app.measure_forms import MeasureForm, has_more
from app.measure_preview import how_counted, outlook, worth
from app.measure_sheet import (
    MeasureSheet,
    changed,
    lacks_investment,
    left_out_count,
    measure_of,
    next_measure_code,
    sent_sheet,
    sheet_of,
    with_lines,
    without_blanks,
)
from app.plain_words import NOT_RECOVERED, TYPE_WORDS, counting_words
from app.rendering import page
from app.router import Router
from appraisal.proposal import Measure
from loans.cases.own_cases import OwnCase, own_case
from loans.cases.proposals import DRAFT, proposal_view, save_draft
from loans.draft import Draft, Section
from loans.draft_gaps import gaps as gaps_of
from loans.refusal import Missing, WrongValue

router = Router()
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
    case = own_case(session, actor, proposal_id, on=clock.today())
    if case.view.status != DRAFT:
        return RedirectResponse(f"/proposals/{proposal_id}", HTTPStatus.SEE_OTHER)
    return page(
        request,
        "measures/list.html",
        view=case.view,
        currency=case.facility.currency,
        measures=tuple(
            (
                measure.code,
                measure.title,
                worth(measure, _minor_investment(case)),
                rival_of(case.draft.measures, measure.code),
            )
            for measure in case.draft.measures
        ),
        missing=tuple(
            g.message for g in gaps_of(case.draft, case.profile) if g.section is Section.MEASURES
        ),
    )


@router.post("/proposals/{proposal_id}/measures/preview")
def show_preview(request: Request, desk: AtDesk, sent: Sent, proposal_id: str) -> Response:
    """Payback, type and worth of what is typed so far; nothing is stored."""
    case = _case(desk, proposal_id)
    sheet = without_blanks(_sent_sheet(sent, case, NEW))
    return page(request, "measures/_preview.html", **_so_far_typed(case, sheet, NEW))


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
    case = own_case(session, actor, proposal_id, on=clock.today())
    if case.view.status != DRAFT:
        return RedirectResponse(f"/proposals/{proposal_id}", HTTPStatus.SEE_OTHER)
    measure = _stored(case.draft, measure_code)
    sheet = sheet_of(measure, case.draft)
    so_far = _so_far(case, measure)
    return _show(request, case, measure_code, sheet, so_far, goes_to_check=to == "check")


@router.post("/proposals/{proposal_id}/measures/{measure_code}")
def save(
    request: Request, desk: AtDesk, sent: Sent, proposal_id: str, measure_code: str
) -> Response:
    """Save the measure, or show the form with one line more or less and save nothing."""
    case = _case(desk, proposal_id)
    sheet = _sent_sheet(sent, case, measure_code)
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
        measures = with_rival(measures, code, value.alternative_to)
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
        sheet = sheet_of(_stored(case.draft, measure_code), case.draft)
        head = replace(sheet.head, errors={"": next(iter(form.errors.values()), "")})
        return _again(request, case, measure_code, replace(sheet, head=head))

    def work(session: Session, value: RemoveForm) -> str:
        draft = proposal_view(session, desk.actor, proposal_id).draft
        _stored(draft, measure_code)
        rest = without_lone_alternatives([m for m in draft.measures if m.code != measure_code])
        _save(session, desk, proposal_id, draft, measures=rest, version=value.version)
        return f"/proposals/{proposal_id}/measures"

    return desk.submit(sent, filled(RemoveForm, sent.form), work, ask, done="removed")


def _case(desk: Desk, proposal_id: str) -> OwnCase:
    with desk.database.reading() as session:
        return own_case(session, desk.actor, proposal_id, on=desk.moment.on)


def _sent_sheet(sent: Submission, case: OwnCase, measure_code: str) -> MeasureSheet:
    """The form as sent; its lines may reach as far as any other measure lasts."""
    others = [one for one in case.draft.measures if one.code != measure_code]
    return sent_sheet(sent.form, currency=case.facility.currency, others=others)


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
    so_far = _so_far_typed(case, sheet, code)
    return _show(
        request, case, code, with_lines(sheet), so_far, status=status, goes_to_check=to_check
    )


def _show(
    request: Request,
    case: OwnCase,
    code: str,
    sheet: MeasureSheet,
    so_far: Mapping[str, Any],
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
        action=f"/proposals/{view.proposal_id}/measures/{quote(code, safe='')}",
        is_new=code == NEW,
        form=sheet.head,
        rows=sheet.rows,
        groups=dict(sheet.groups),
        opened=_opened(sheet),
        new_line=sheet.new_line,
        key=new_key(),
        goes_to_check=goes_to_check,
        was_changed=seen is not None and seen != str(view.version),
        **choices(sheet, case.draft, code),
        **so_far,
    )


def _opened(sheet: MeasureSheet) -> frozenset[str]:
    """The prefixes of the rows whose "More" stands open; that of the measure itself is empty."""
    rows = {
        row.prefix for group, some in sheet.groups.items() for row in some if has_more(row, group)
    }
    return frozenset(rows | ({""} if has_more(sheet.head, "measure") else set()))


def _so_far_typed(case: OwnCase, sheet: MeasureSheet, code: str) -> dict[str, Any]:
    so_far = _so_far(case, measure_of(sheet, case.draft, code), left_out_count(sheet))
    return {**so_far, "has_figures": so_far["has_figures"] and not lacks_investment(sheet)}


def _so_far(case: OwnCase, measure: Measure | None, left_out: int = 0) -> dict[str, Any]:
    """What the figures so far come to, with the words for it; before there is a saving, nothing."""
    minor_investment = _minor_investment(case)
    found = worth(measure, minor_investment)
    has_saving = measure is not None and bool(measure.savings)
    has_figures = has_saving and (found.investment > 0 or found.net_annual_saving != 0)
    words = TYPE_WORDS[found.type] if found.type else NOT_RECOVERED
    return {
        "currency": case.facility.currency,
        "worth": found,
        "outlook": outlook(measure, case.profile, minor_investment),
        "has_figures": has_figures,
        "type_words": words if has_figures else "",
        "counting_words": counting_words(how_counted(measure)),
        "left_out_count": left_out,
    }
