"""The form for the next version of the terms: what a fund changes, and what that changes."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field
from starlette.datastructures import FormData

from app.forms import Ask, Filled, FormModel, Reads, as_form, filled
from app.term_lines import WRITTEN
from app.term_lists import TICKED, as_boxes, as_document, stated
from loans.profile import Profile, RoiPeriodFrom, Term
from loans.profile_terms import Days, Months, NotNegative, Positive, PositiveShare, Share
from loans.schedules.day_count import DayCount
from loans.schedules.schedule import GraceInterest
from loans.versions.profile_draft_views import OpenDraft
from loans.versions.profile_drafts import LONGEST_REASON, LONGEST_SOURCE, TermChange

_PERCENT, _AMOUNT, _QUANTITY = Reads.PERCENT, Reads.AMOUNT, Reads.QUANTITY

Ticks = tuple[str, ...] | None
"""A list ticked from what there is."""

Lines = str | None
"""A list written one to a line."""


class TermsForm(FormModel):
    """The next version: every term of a profile; one left blank is open."""

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
    borrowing_types: Annotated[Ticks, Ask("the types", Reads.CHOICE)] = None
    borrowing_types_in_group: Annotated[Ticks, Ask("the types", Reads.CHOICE)] = None
    ownerships: Annotated[Ticks, Ask("the owners", Reads.CHOICE)] = None
    techniques_not_cleaner_production: Annotated[Ticks, Ask("techniques", Reads.CHOICE)] = None
    baseline_evidence: Annotated[Ticks, Ask("the evidence", Reads.CHOICE)] = None
    conditions_first_pay_out: Annotated[Ticks, Ask("conditions", Reads.CHOICE)] = None
    conditions_every_pay_out: Annotated[Ticks, Ask("conditions", Reads.CHOICE)] = None
    required_sections: Annotated[Ticks, Ask("the sections", Reads.CHOICE)] = None
    responsibilities: Annotated[Ticks, Ask("responsibilities", Reads.CHOICE)] = None
    schedule_methods: Annotated[Lines, Ask("kinds of schedule", Reads.LINES)] = None
    frequency_months: Annotated[Lines, Ask("when instalments fall due", Reads.LINES)] = None
    countries: Annotated[Lines, Ask("the countries", Reads.LINES)] = None
    supplier_tiers: Annotated[Lines, Ask("where suppliers are sought", Reads.LINES)] = None
    allocation_order: Annotated[Lines, Ask("the order", Reads.LINES)] = None
    recovery_order: Annotated[Lines, Ask("the order", Reads.LINES)] = None
    reminder_days: Annotated[Lines, Ask("the days", Reads.LINES)] = None
    provision_rates: Annotated[Lines, Ask("the rates", Reads.LINES)] = None
    haircuts: Annotated[Lines, Ask("the haircuts", Reads.LINES)] = None
    guarantee_haircuts: Annotated[Lines, Ask("the haircuts", Reads.LINES)] = None


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


def terms_form(before: Profile, draft: OpenDraft | None, today: date) -> Filled[TermsForm]:
    """The form with the terms in force, or with those of the draft that is being changed."""
    profile = before if draft is None else draft.profile
    values = {name: as_boxes(name, getattr(profile.terms, name).value) for name in BOXED}
    values["follows"] = before.version
    values["valid_from"] = max(today, before.valid_from if draft is None else draft.valid_from)
    if draft is not None:
        values |= {"reason": draft.reason, "source": _source(draft)}
    return as_form(TermsForm, values)


def filled_terms(
    sent: FormData | Mapping[str, str], before: Profile, draft: OpenDraft | None
) -> Filled[TermsForm]:
    """What was sent, with a message at each list that cannot be read."""
    form = filled(TermsForm, sent, currency=before.currency)
    for name in (*TICKED, *WRITTEN):
        try:
            stated(name, form.typed.get(name), _values(name, before, draft))
        except ValueError as refusal:
            form = form.with_error(name, str(refusal))
    return form


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
        term = getattr(now.terms, name)
        value = stated(name, getattr(form, name), _values(name, before, draft))
        old = getattr(before.terms, name)
        if value == term.value:
            if term != old and term.source == shown != form.source:
                changes[name] = _as_change(term, form.source)
        elif value == old.value:
            changes[name] = _as_change(old, old.source)
        else:
            changes[name] = TermChange(as_document(value), form.source, is_decided=False)
    return changes


def _values(name: str, before: Profile, draft: OpenDraft | None) -> tuple[Any, ...]:
    """What a term says in the draft, where there is one, and in the version before."""
    versions = (before,) if draft is None else (draft.profile, before)
    return tuple(getattr(one.terms, name).value for one in versions)


def _as_change(term: Term[Any], source: str) -> TermChange:
    return TermChange(as_document(term.value), source, term.decided, term.note)


def _source(draft: OpenDraft) -> str | None:
    """Where the changed terms of a draft come from, which a page asks once."""
    return next((getattr(draft.profile.terms, name).source for name in draft.changed_terms), None)
