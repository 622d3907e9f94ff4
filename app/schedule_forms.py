"""What people choose of a repayment schedule: the terms, and the days of the contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.application_forms import RecommendForm, SignForm
from app.case_words import LAST_PERIOD, METHOD
from app.days import DayUnread, read_day
from app.rendering import frequency, upper_first
from appraisal.money import from_minor, to_minor
from loans.cases.assessment import Assessment
from loans.cases.case_views import ApplicationView, offered_terms
from loans.cases.contract_making import ContractDays
from loans.cases.contract_preview import ContractPreview, contract_preview
from loans.cases.decisions import Terms
from loans.cases.recommended_terms import lengths_of, schedule_choices
from loans.schedules.day_count import month_after
from loans.schedules.instalment_periods import LISTED, LastPeriod, WrongDueDays
from loans.schedules.schedule_limits import MOST_INSTALMENTS


@dataclass(frozen=True)
class ScheduleBoxes:
    """What the recommendation's form offers; each choice with its words.

    ``largest_matched`` is the most that instalments in step with the savings repay.
    """

    methods: tuple[tuple[str, str], ...]
    frequencies: tuple[tuple[str, str], ...]
    last_periods: tuple[tuple[str, str], ...]
    allows_balloon: bool
    largest_matched: Decimal | None


def schedule_boxes(assessment: Assessment) -> ScheduleBoxes:
    """The choices that the profile leaves."""
    choices = schedule_choices(assessment)
    return ScheduleBoxes(
        methods=tuple((method.value, METHOD[method]) for method in choices.methods),
        frequencies=tuple((str(one), upper_first(frequency(one))) for one in choices.frequencies),
        last_periods=tuple(LAST_PERIOD.items()),
        allows_balloon=choices.allows_balloon,
        largest_matched=choices.largest_matched,
    )


def terms_of_form(form: RecommendForm, currency: str) -> Terms:
    """The terms that an officer recommends."""
    return Terms(
        amount_minor=to_minor(form.amount, currency),
        maturity_months=form.maturity_months,
        annual_rate=form.annual_rate,
        method=form.method.value,
        frequency_months=int(form.frequency_months),
        last_period=LastPeriod(form.last_period),
        balloon_minor=to_minor(form.balloon, currency) if form.balloon else 0,
    )


def days_of_form(form: SignForm) -> ContractDays:
    """The days of the contract.

    Raises:
        WrongDueDays: a line of the list is no day.
    """
    return ContractDays(form.first_pay_out_on, form.first_due_on, _listed(form.due_dates))


def _listed(text: str) -> tuple[date, ...]:
    lines = [line for line in re.split(r"[\n;]", text) if line.strip()]
    if len(lines) > MOST_INSTALMENTS:
        message = f"Enter at most {MOST_INSTALMENTS} due days."
        raise WrongDueDays(message, field="due_dates")
    try:
        return tuple(
            read_day(line, what=f"due day {number}") for number, line in enumerate(lines, start=1)
        )
    except DayUnread as refusal:
        raise WrongDueDays(str(refusal), field="due_dates") from None


def offered_values(view: ApplicationView) -> Mapping[str, object]:
    """What stands in a recommendation before anybody typed: the offer."""
    terms = offered_terms(view)
    if terms is None:
        return {}
    return {
        "amount": from_minor(terms.amount_minor, view.currency),
        "maturity_months": terms.maturity_months,
        "annual_rate": terms.annual_rate,
        "method": terms.method,
        "frequency_months": str(terms.frequency_months),
        "last_period": terms.last_period.value,
    }


def usual_days(view: ApplicationView, today: date) -> Mapping[str, object]:
    """What stands in a signature before anybody typed: today, and a period from today."""
    terms = approved_terms(view)
    days: dict[str, object] = {"signed_on": today, "first_pay_out_on": today}
    if terms is not None and terms.frequency_months != LISTED:
        first = lengths_of(terms, view.assessment.profile)[0]
        days["first_due_on"] = month_after(today, first)
    return days


def approved_terms(view: ApplicationView) -> Terms | None:
    """The terms of the approval."""
    approval = view.latest("approve")
    return None if approval is None else approval.terms


def preview_of(view: ApplicationView, days: ContractDays) -> ContractPreview | None:
    """What the approved terms come to for these days.

    Raises:
        WrongValue: the days contradict each other or the terms.
    """
    terms = approved_terms(view)
    return None if terms is None else contract_preview(view.assessment, terms, days)


def preview_from(view: ApplicationView, today: date) -> ContractPreview | None:
    """What recommended terms would come to, were all paid out today; None for listed days."""
    wanted = view.latest("recommend")
    terms = None if wanted is None else wanted.terms
    if terms is None or terms.frequency_months == LISTED:
        return None
    first = lengths_of(terms, view.assessment.profile)[0]
    days = ContractDays(today, month_after(today, first))
    return contract_preview(view.assessment, terms, days)
