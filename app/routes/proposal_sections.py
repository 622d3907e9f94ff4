"""The four plain sections of a proposal: one calm form each, saved as people go."""

from decimal import Decimal
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app import clock
from app.amounts import shown_amount
from app.answers import section_answers
from app.countries import country_choices
from app.dependencies import AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Filled
from app.measure_preview import worth
from app.plain_words import SHORT_TYPES, TASKS
from app.rendering import lower_first, page
from app.router import Router
from app.section_forms import PAGES, SectionForm, sent_form, stored_form, with_section
from loans.assessing.coded_words import OWNERSHIPS
from loans.assessing.finding import exact_percent_text
from loans.cases.own_cases import OwnCase, assessment_so_far, own_case
from loans.cases.proposals import DRAFT, proposal_view, save_draft
from loans.draft import Section
from loans.draft_gaps import asks_for_assessment, sections_asked
from loans.financed_measures import borrowing_measures, costed_measures
from loans.refusal import Missing

router = Router()
_OWN_MONEY_FIRST = "It pays for itself within a year: pay it from your own money, without a loan."


@router.get("/proposals/{proposal_id}/sections/{section}")
def show(
    request: Request,
    session: Reading,
    actor: SignedIn,
    *,
    proposal_id: str,
    section: str,
    to: str = "",
) -> Response:
    """The form of one section with what was saved."""
    named, case = _named(section), own_case(session, actor, proposal_id, on=clock.today())
    if case.view.status != DRAFT:
        return RedirectResponse(f"/proposals/{proposal_id}", HTTPStatus.SEE_OTHER)
    form = stored_form(case.draft, named, _minor_investment(case))
    return _show(request, case, named, form, goes_to_check=to == "check")


@router.post("/proposals/{proposal_id}/sections/{section}")
def save(request: Request, desk: AtDesk, sent: Sent, proposal_id: str, section: str) -> Response:
    """Save the section and go on, or come back later; nothing typed is lost by a refusal."""
    named = _named(section)
    with desk.database.reading() as session:
        seen = own_case(session, desk.actor, proposal_id, on=desk.moment.on)
    form = sent_form(
        sent.form,
        named,
        seen.draft,
        seen.profile,
        today=desk.moment.on,
    )

    def ask(form: Filled[SectionForm]) -> Response:
        with desk.database.reading() as session:
            case = own_case(session, desk.actor, proposal_id, on=desk.moment.on)
        to_check = form.typed.get("to") == "check"
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _show(request, case, named, form, status, goes_to_check=to_check)

    def work(session: Session, value: SectionForm) -> str:
        draft = proposal_view(session, desk.actor, proposal_id).draft
        draft = with_section(draft, named, value, _minor_investment(seen))
        save_draft(session, desk.actor, desk.moment, proposal_id, draft, version=value.version)
        return _after(seen, named, value)

    return desk.submit(sent, form, work, ask, done="saved")


def section_href(proposal_id: str, section: Section) -> str:
    """The address of a section's form; the measures have a page of their own."""
    if section is Section.MEASURES:
        return f"/proposals/{proposal_id}/measures"
    return f"/proposals/{proposal_id}/sections/{section}"


def _after(case: OwnCase, section: Section, value: SectionForm) -> str:
    proposal_id = case.view.proposal_id
    if value.go == "later":
        return f"/proposals/{proposal_id}"
    order = tuple(Section)
    later = order[order.index(section) + 1 :]
    following = [one for one in later if one in sections_asked(case.profile)]
    if value.to == "check" or not following:
        return f"/proposals/{proposal_id}/check"
    return section_href(proposal_id, following[0])


def _named(section: str) -> Section:
    if section not in PAGES:
        raise Missing
    return Section(section)


def _show(
    request: Request,
    case: OwnCase,
    section: Section,
    form: Filled[SectionForm],
    status: HTTPStatus = HTTPStatus.OK,
    *,
    goes_to_check: bool,
) -> Response:
    view, currency = case.view, case.facility.currency
    seen = form.typed.get("version")
    was_changed = seen is not None and seen != str(view.version)
    return page(
        request,
        PAGES[section].template,
        status,
        heading=PAGES[section].heading,
        view=view,
        form=form,
        key=new_key(),
        currency=currency,
        action=section_href(view.proposal_id, section),
        goes_to_check=goes_to_check,
        saved_meanwhile=_readable(case, section) if was_changed else (),
        **_choices(case, section),
    )


def _readable(case: OwnCase, section: Section) -> tuple[tuple[str, str | None], ...]:
    currency = case.facility.currency
    answers = section_answers(case.draft, section, currency, _minor_investment(case))
    return tuple((label, words) for label, words, _ in answers)


def _financeable(case: OwnCase) -> tuple[tuple[str, str], ...]:
    costed = costed_measures(case.draft.measures)
    return tuple((one.code, f"{one.code} {one.title}") for one in costed)


def _notes(case: OwnCase) -> dict[str, str]:
    """What each measure costs, its type, which others exclude it, and why a box is empty."""
    costed, currency = costed_measures(case.draft.measures), case.facility.currency
    minor_investment = _minor_investment(case)
    meant = borrowing_measures(costed, minor_investment)
    notes = {}
    for one in costed:
        found = worth(one, minor_investment)
        words = f", {lower_first(SHORT_TYPES[found.type])}" if found.type else ""
        group = one.alternative_group
        rivals = [m.code for m in costed if group and m.alternative_group == group and m != one]
        instead = f"; instead of {' or '.join(rivals)}" if rivals else ""
        outside = "" if one in meant else f". {_OWN_MONEY_FIRST}"
        notes[one.code] = f"{shown_amount(found.investment, currency)}{words}{instead}{outside}"
    return notes


def _minor_investment(case: OwnCase) -> Decimal:
    return case.profile.terms.minor_investment.required


def _choices(case: OwnCase, section: Section) -> dict[str, Any]:
    match section:
        case Section.ENTERPRISE:
            first = case.profile.terms.countries.value or ()
            return {"countries": country_choices(first), "ownerships": tuple(OWNERSHIPS.items())}
        case Section.FINANCE:
            assessment = assessment_so_far(case)
            least_own = case.profile.terms.own_contribution_minimum.value
            return {
                "offer": assessment.offer if assessment else None,
                "least_own": least_own and exact_percent_text(least_own),
                "measures": _financeable(case),
                "measure_notes": _notes(case),
            }
        case Section.RESPONSIBILITIES:
            return {"tasks": tuple((task.value, *words) for task, words in TASKS.items())}
        case Section.PROJECT:
            return {
                "asks_for_assessment": asks_for_assessment(case.profile),
                "may_expand": case.profile.terms.measures_may_expand_capacity.value is not False,
            }
        case Section.MEASURES:
            return {}
