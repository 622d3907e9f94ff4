"""The pre-check: five questions without an account, of which nothing is stored."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field

from app import clock
from app.amounts import shown_amount
from app.countries import country_choices, country_name
from app.dependencies import Reading, Sent
from app.forms import Ask, Filled, FormModel, Reads, as_form, filled
from app.plain_words import NOT_RECOVERED, TYPE_WORDS, amount_rule_words, maturity_rule_words
from app.rendering import page
from app.router import Router
from appraisal.measure_type import MeasureType
from appraisal.proposal import Ownership, Technique
from loans import profile as profiles
from loans.assessing.coded_words import OWNERSHIPS
from loans.assessing.finding import period_text
from loans.assessing.precheck import PrecheckAnswer, precheck
from loans.fund import find_facility
from loans.profile import Profile
from loans.versions.profile_versions import profile_in_force

router = Router()
_USUAL = "nefco-1998"
"""The terms of a program that runs no fund yet."""


class Change(StrEnum):
    """What happens in the plant, as coarsely as a first look needs it."""

    HOUSEKEEPING = "housekeeping"
    INPUTS = "inputs"
    PROCESS = "process"
    TECHNOLOGY = "technology"
    RECOVERY = "recovery"
    BY_PRODUCT = "by_product"
    TREATMENT = "treatment"
    EXPANSION = "expansion"


_CHANGES: Mapping[Change, tuple[Technique, str, str]] = {
    Change.HOUSEKEEPING: (
        Technique.GOOD_HOUSEKEEPING,
        "Better housekeeping",
        "Leaks, spills and idling stop.",
    ),
    Change.INPUTS: (
        Technique.INPUT_SUBSTITUTION,
        "Other inputs",
        "Another material, chemical or fuel causes less waste.",
    ),
    Change.PROCESS: (
        Technique.EQUIPMENT_MODIFICATION,
        "The existing process or equipment is improved",
        "Insulation, control, efficient parts, fewer steps.",
    ),
    Change.TECHNOLOGY: (
        Technique.TECHNOLOGY_CHANGE,
        "A new technology replaces the old one",
        "For the same output as before.",
    ),
    Change.RECOVERY: (
        Technique.ON_SITE_RECOVERY,
        "Something is recovered and used again in the plant",
        "Heat, water, solvents, material.",
    ),
    Change.BY_PRODUCT: (
        Technique.BY_PRODUCT,
        "Waste becomes a product",
        "It is sold or used instead of being thrown away.",
    ),
    Change.TREATMENT: (
        Technique.END_OF_PIPE,
        "Waste, smoke or water is treated after it arose",
        "Filters, treatment plants, disposal.",
    ),
    Change.EXPANSION: (
        Technique.TECHNOLOGY_CHANGE,
        "The plant can produce more",
        "New production equipment, or a larger capacity.",
    ),
}


class PrecheckForm(FormModel):
    """The five questions."""

    country: Annotated[
        str, Field(pattern="^[A-Z]{2}$"), Ask("the country of the plant", Reads.CHOICE)
    ]
    ownership: Annotated[Ownership, Ask("who owns the enterprise")]
    change: Annotated[Change, Ask("what changes in the plant")]
    cost: Annotated[Decimal, Field(gt=0), Ask("what the project costs", Reads.AMOUNT)]
    yearly_saving: Annotated[Decimal, Ask("what it saves in a year", Reads.AMOUNT)]


@router.get("/pre-check")
def ask(request: Request, session: Reading) -> Response:
    """The five questions."""
    return _questions(request, _profile(session), as_form(PrecheckForm))


@router.post("/pre-check")
def answer(request: Request, session: Reading, sent: Sent) -> Response:
    """What the fund could lend, or which rules stand against it and what would change them."""
    profile = _profile(session)
    form = filled(PrecheckForm, sent.form, currency=profile.currency)
    if form.value is None:
        return _questions(request, profile, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    found = _checked(form.value, profile)
    return page(
        request,
        "precheck/answer.html",
        answer=found,
        heading=_heading(found),
        reason=_reason(found, profile),
        type_words=TYPE_WORDS[found.measure_type] if found.measure_type else NOT_RECOVERED,
        amount_words=amount_rule_words(found.offer, profile),
        maturity_words=maturity_rule_words(found.offer, profile),
        annual_rate=profile.terms.annual_rate.value,
        period=period_text(found.offer.frequency_months),
        answers=_answers(form.value, profile.currency),
        **_frame(profile, form, again=True),
    )


def _profile(session: Reading) -> Profile:
    facility = find_facility(session)
    if facility is None:
        return profiles.load(_USUAL)
    code = facility.profile_code
    return profile_in_force(session, facility.facility_id, code, clock.today())


def _checked(value: PrecheckForm, profile: Profile) -> PrecheckAnswer:
    return precheck(
        country=value.country,
        ownership=value.ownership,
        change=_CHANGES[value.change][0],
        expands_capacity=value.change is Change.EXPANSION,
        cost=value.cost,
        yearly_saving=value.yearly_saving,
        profile=profile,
    )


def _heading(found: PrecheckAnswer) -> str:
    if found.offer.eligible and found.warnings:
        return "This project could get a loan, if an officer agrees to what is unusual"
    if found.offer.eligible:
        return "This project could get a loan"
    if found.measure_type is MeasureType.A:
        return "This measure needs no loan"
    if found.offer.is_undecided:
        return "The fund has not decided yet on which terms it lends"
    return "As it stands, the fund cannot lend for this project"


def _reason(found: PrecheckAnswer, profile: Profile) -> str:
    if found.measure_type is MeasureType.A:
        most = shown_amount(profile.terms.minor_investment.required, profile.currency)
        return f"It costs at most {most} and pays for itself within a year."
    if found.offer.is_undecided:
        return "None of the rules that it has decided stands against this project."
    if len(found.refusals) > 1:
        return f"{len(found.refusals)} rules stand against it. Each is shown with your figure."
    return "One rule stands against it. It is shown with your figure and what would change it."


def _answers(value: PrecheckForm, currency: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Country", country_name(value.country)),
        ("Owner", OWNERSHIPS[value.ownership]),
        ("What changes", _CHANGES[value.change][1]),
        ("Cost", shown_amount(value.cost, currency)),
        ("Saving in a year", shown_amount(value.yearly_saving, currency)),
    )


def _questions(
    request: Request,
    profile: Profile,
    form: Filled[PrecheckForm],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    return page(request, "precheck/ask.html", status, **_frame(profile, form, again=False))


def _frame(profile: Profile, form: Filled[PrecheckForm], *, again: bool) -> dict[str, Any]:
    return {
        "form": form,
        "again": again,
        "profile_code": profile.code,
        "currency": profile.currency,
        "countries": country_choices(profile.terms.countries.value or ()),
        "ownerships": tuple(OWNERSHIPS.items()),
        "changes": tuple((change, words) for change, (_, words, _) in _CHANGES.items()),
        "change_notes": {change: note for change, (_, _, note) in _CHANGES.items()},
    }
