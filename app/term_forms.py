"""The form for the next version of the terms: a box for each figure that a fund changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from pydantic import Field

from app.countries import country_choices
from app.forms import Ask, Filled, FormModel, Reads, as_form
from app.term_words import LEFT_OPEN, TERM_GROUPS, shown_value
from loans.day_count import DayCount
from loans.profile import MAY_STAY_OPEN, Profile, RoiPeriodFrom, Term
from loans.profile_draft_views import OpenDraft
from loans.profile_drafts import LONGEST_REASON, LONGEST_SOURCE, TermChange
from loans.profile_publishing import NEEDED_FOR_ENTRY
from loans.profile_terms import Days, Months, NotNegative, Positive, PositiveShare, Share
from loans.schedule import GraceInterest

_PERCENT, _AMOUNT, _QUANTITY = Reads.PERCENT, Reads.AMOUNT, Reads.QUANTITY


class TermsForm(FormModel):
    """The next version; a term left blank is open. What has no box is carried over."""

    follows: Annotated[
        int,
        Ask("the version that it follows", Reads.WHOLE, missing="Open the form anew."),
    ]
    valid_from: Annotated[date, Ask("the first day on which the version holds")]
    reason: Annotated[
        str, Field(max_length=LONGEST_REASON), Ask("why the terms change", Reads.LINES)
    ]
    source: Annotated[
        str,
        Field(max_length=LONGEST_SOURCE),
        Ask("where the new terms come from", missing="Enter who decided the new terms, and when."),
    ]
    financed_share: Annotated[PositiveShare | None, Ask("the share financed", _PERCENT)] = None
    own_contribution_minimum: Annotated[Share | None, Ask("the own contribution", _PERCENT)] = None
    minimum_amount: Annotated[NotNegative | None, Ask("the smallest loan", _AMOUNT)] = None
    maximum_amount: Annotated[Positive | None, Ask("the largest loan", _AMOUNT)] = None
    annual_rate: Annotated[Share | None, Ask("the interest rate", _PERCENT)] = None
    origination_fee: Annotated[Share | None, Ask("the fee", _PERCENT)] = None
    longest_maturity_months: Annotated[Months | None, Ask("the longest maturity", Reads.WHOLE)] = (
        None
    )
    maturity_extension: Annotated[Share | None, Ask("the extension", _PERCENT)] = None
    roi_period_from: Annotated[RoiPeriodFrom | None, Ask("where the ROI period begins")] = None
    payback_limit_years: Annotated[Positive | None, Ask("the longest payback", _QUANTITY)] = None
    grace_interest: Annotated[GraceInterest | None, Ask("what becomes of the interest")] = None
    day_count: Annotated[DayCount | None, Ask("the day count")] = None
    minimum_cover: Annotated[Positive | None, Ask("the smallest cover", _QUANTITY)] = None
    target_cover: Annotated[Positive | None, Ask("the cover wanted", _QUANTITY)] = None
    default_discount_rate: Annotated[Share | None, Ask("the discount rate", _PERCENT)] = None
    minor_investment: Annotated[NotNegative | None, Ask("the minor investment", _AMOUNT)] = None
    measures_may_expand_capacity: Annotated[
        bool | None, Ask("whether measures may expand the capacity")
    ] = None
    measures_may_add_production_equipment: Annotated[
        bool | None, Ask("whether measures may add production equipment")
    ] = None
    other_technique_share_for_review: Annotated[
        Share | None, Ask("the part spent on other techniques", _PERCENT)
    ] = None
    prior_assessment_required: Annotated[
        bool | None, Ask("whether an assessment comes before the application")
    ] = None
    arrears_tolerance: Annotated[NotNegative | None, Ask("the overdue amount", _AMOUNT)] = None
    late_interest_margin: Annotated[Share | None, Ask("the late interest", _PERCENT)] = None
    non_accrual_days: Annotated[Days | None, Ask("the days past due", Reads.WHOLE)] = None
    backdating_days: Annotated[Days | None, Ask("how many days back", Reads.WHOLE)] = None
    business_day_country: Annotated[
        str | None, Field(pattern="^[A-Z]{2}$"), Ask("the country", Reads.CHOICE)
    ] = None
    restructured_provision: Annotated[Share | None, Ask("the allowance", _PERCENT)] = None
    collateral_minimum: Annotated[NotNegative | None, Ask("the security", _PERCENT)] = None
    liquidity_reserve: Annotated[Share | None, Ask("the reserve", _PERCENT)] = None


class CompareForm(FormModel):
    """Two versions side by side."""

    before: Annotated[str | None, Ask("the version before")] = None
    after: Annotated[str | None, Ask("the version after")] = None


class PublishForm(FormModel):
    """Nothing to fill in: the draft says what is published, and from which day."""

    content_hash: Annotated[
        str,
        Field(max_length=64),
        Ask("the draft that was read", missing="Read the draft before you publish it."),
    ]


class GiveUpForm(FormModel):
    """Why a draft is not published."""

    reason: Annotated[
        str, Field(max_length=LONGEST_REASON), Ask("why it is not published", Reads.LINES)
    ]


ABOUT_THE_VERSION = ("follows", "valid_from", "reason", "source")
BOXED = tuple(name for name in TermsForm.model_fields if name not in ABOUT_THE_VERSION)
"""Codes of the terms that have a box."""

_CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "roi_period_from": (
        (RoiPeriodFrom.FIRST_DISBURSEMENT.value, "The first pay-out"),
        (RoiPeriodFrom.COMMISSIONING.value, "Commissioning"),
    ),
    "grace_interest": (
        (GraceInterest.PAID.value, "It is paid"),
        (GraceInterest.CAPITALISED.value, "It is added to the loan"),
    ),
    "day_count": tuple((one.value, one.value) for one in DayCount),
    "business_day_country": country_choices(),
}
_YES_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True)
class TermBox:
    """One box of the form; ``unit`` "amount" and "percent" have macros of their own."""

    name: str
    label: str
    unit: str
    hint: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BoxGroup:
    """The boxes under one heading."""

    heading: str
    boxes: tuple[TermBox, ...]


def box_groups(before: Profile) -> tuple[BoxGroup, ...]:
    """The boxes for the version after ``before``, under the headings of the terms."""
    groups = (
        BoxGroup(heading, tuple(_box(before, name) for name in names if name in BOXED))
        for heading, names in TERM_GROUPS.items()
    )
    return tuple(group for group in groups if group.boxes)


def terms_form(before: Profile, draft: OpenDraft | None, today: date) -> Filled[TermsForm]:
    """The form with the terms in force, or with those of the draft that is being changed."""
    profile = before if draft is None else draft.profile
    values: dict[str, object] = {name: getattr(profile.terms, name).value for name in BOXED}
    values["follows"] = before.version
    values["valid_from"] = max(today, before.valid_from if draft is None else draft.valid_from)
    if draft is not None:
        values |= {"reason": draft.reason, "source": _source(draft)}
    return as_form(TermsForm, values)


def term_changes(
    form: TermsForm, before: Profile, draft: OpenDraft | None
) -> dict[str, TermChange]:
    """What the form changes in the version ``before``, or in its ``draft`` where there is one.

    A drafted term whose box stays keeps its note and its source, unless it has the source that
    the form shows and that was typed anew. One that goes back to ``before`` is again as it was.
    """
    now, shown = (before, None) if draft is None else (draft.profile, _source(draft))
    changes: dict[str, TermChange] = {}
    for name in BOXED:
        value, term = getattr(form, name), getattr(now.terms, name)
        old = getattr(before.terms, name)
        if value == term.value:
            if term != old and term.source == shown != form.source:
                changes[name] = _as_change(term, form.source)
        elif value == old.value:
            changes[name] = _as_change(old, old.source)
        else:
            changes[name] = TermChange(_as_document(value), form.source, is_decided=False)
    return changes


def _as_change(term: Term[Any], source: str) -> TermChange:
    return TermChange(_as_document(term.value), source, term.decided, term.note)


def _source(draft: OpenDraft) -> str | None:
    """Where the changed terms of a draft come from, which a page asks once; first of the boxes."""
    boxed_first = sorted(draft.changed_terms, key=lambda name: name not in BOXED)
    return next((getattr(draft.profile.terms, name).source for name in boxed_first), None)


def _box(before: Profile, name: str) -> TermBox:
    term: Term[Any] = getattr(before.terms, name)
    reads = _reads(name)
    unit = "percent" if reads is Reads.PERCENT else term.unit
    choices = _CHOICES.get(name, _YES_NO if term.unit == "yes or no" else ())
    hint = " ".join(_hint(name, term, before.currency))
    return TermBox(name, term.label, unit, hint, choices)


def _reads(name: str) -> Reads | None:
    asked = (note for note in TermsForm.model_fields[name].metadata if isinstance(note, Ask))
    return next((ask.reads for ask in asked), None)


def _hint(name: str, term: Term[Any], currency: str) -> Iterator[str]:
    if term.unit.startswith("part of"):
        yield f"A {term.unit}."
    yield f"Now {shown_value(name, term, currency) or LEFT_OPEN.lower()}."
    if name in NEEDED_FOR_ENTRY:
        yield "It cannot be left open."
    elif name in MAY_STAY_OPEN:
        yield "Blank: there is no such rule or charge."


def _as_document(value: object) -> object:
    """A value as the profile writes it: decimals as text, codes of choices as they are."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.value if isinstance(value, Enum) else value
