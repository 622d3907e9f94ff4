"""The contract that approved terms and the days of a signature make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate

from appraisal.money import minor_digits, round_half_up, to_minor
from loans.assessing.offer import offer_figures
from loans.cases.assessment import Assessment
from loans.cases.decisions import Terms
from loans.cases.recommended_terms import lengths_of, longest_gap_months
from loans.schedules.instalment_periods import (
    LISTED,
    WrongDueDays,
    check_listed_days,
    grace_instalments,
    months_passed,
    savings_of_periods,
    spaced_days,
)
from loans.schedules.schedule import Method
from loans.subledger.contract import Contract


@dataclass(frozen=True)
class ContractDays:
    """The day of the first pay-out as planned, and the first due day or all due days."""

    first_pay_out_on: date
    first_due_on: date | None = None
    due_on: tuple[date, ...] = ()


@dataclass(frozen=True)
class Planned:
    """A contract, and the saving of each of its periods in minor units."""

    contract: Contract
    savings_minor: tuple[int, ...]


def contract_of(assessment: Assessment, terms: Terms, days: ContractDays) -> Planned:
    """The contract on the terms, for the days.

    While the measures are installed no principal is due; the interest of that time is paid or
    added to the loan, as the profile says.

    Raises:
        WrongDueDays: the days contradict each other, the frequency or the maturity.
        TermMissing: a term that the contract needs is open in the profile.
    """
    due_on, ends = _due_days(assessment, terms, days)
    of, currency = assessment.profile.terms, assessment.figures.currency
    months = assessment.appraisal.project.implementation_months
    savings = _savings_minor(assessment, ends)
    grace = grace_instalments(ends, months)
    is_matched = terms.method == Method.SAVINGS_MATCHED
    if is_matched and not any(savings[grace:]):
        message = "Nothing is saved while the loan is repaid. Another kind of schedule is needed."
        raise WrongDueDays(message)
    contract = Contract(
        principal_minor=terms.amount_minor,
        annual_rate=terms.annual_rate,
        day_count=of.day_count.required,
        method=Method(terms.method),
        planned_pay_out_on=days.first_pay_out_on,
        due_on=due_on,
        allocation_order=of.allocation_order.required,
        recovery_order=of.recovery_order.required,
        grace_instalments=grace,
        grace_interest=of.grace_interest.required,
        balloon_minor=terms.balloon_minor,
        savings_minor=savings if is_matched else None,
        late_interest_margin=of.late_interest_margin.value or Decimal(0),
        tolerance_minor=to_minor(of.arrears_tolerance.required, currency),
        non_accrual_after_days=of.non_accrual_days.required,
        business_days_of=of.business_day_country.value,
        frequency_months=terms.frequency_months,
    )
    return Planned(contract, savings)


def _due_days(
    assessment: Assessment, terms: Terms, days: ContractDays
) -> tuple[tuple[date, ...], tuple[int, ...]]:
    """The due days, and the month of the loan in which each period ends."""
    if terms.frequency_months == LISTED:
        if days.first_due_on is not None or not days.due_on:
            message = "The approved contract lists its due days. Enter each of them, one on a line."
            raise WrongDueDays(message, field="due_dates")
        check_listed_days(
            days.due_on,
            start=days.first_pay_out_on,
            maturity_months=terms.maturity_months,
            longest_gap_months=longest_gap_months(assessment.profile),
        )
        return days.due_on, months_passed(days.first_pay_out_on, days.due_on)
    if days.due_on:
        message = "The approved contract has a fixed frequency. Enter the first due day only."
        raise WrongDueDays(message, field="due_dates")
    if days.first_due_on is None:
        message = "Enter the day on which the first instalment is due."
        raise WrongDueDays(message, field="first_due_on")
    lengths = lengths_of(terms, assessment.profile)
    due_on = spaced_days(days.first_due_on, lengths, start=days.first_pay_out_on)
    return due_on, tuple(accumulate(lengths))


def _savings_minor(assessment: Assessment, month_ends: tuple[int, ...]) -> tuple[int, ...]:
    figures = offer_figures(assessment.figures, assessment.appraisal)
    scale = 10 ** minor_digits(figures.currency)
    savings = savings_of_periods(figures.monthly_net_savings, month_ends)
    return tuple(round_half_up(saving * scale) for saving in savings)
