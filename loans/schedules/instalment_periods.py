"""Which months each instalment of a loan belongs to, and on which days they fall due.

A maturity that the frequency does not divide ends in a stub: one period that is shorter, or one
that is longer, than the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, pairwise

from appraisal.loan_cover import equal_periods
from loans.day_words import shown_day
from loans.refusal import WrongValue
from loans.schedules.day_count import days_after, month_after
from loans.schedules.schedule_limits import MOST_INSTALMENTS

LISTED = 0
"""In place of a number of months: the contract lists the due days."""


class LastPeriod(StrEnum):
    """What becomes of the months that are left over."""

    SHORTER = "shorter"
    """They are a period of their own."""
    LONGER = "longer"
    """They lengthen the last whole period."""


class WrongDueDays(WrongValue):
    """Due days that contradict each other or the terms."""


def period_lengths(
    maturity_months: int, frequency_months: int, last: LastPeriod = LastPeriod.SHORTER
) -> tuple[int, ...]:
    """Months of each period, which sum to the maturity.

    Raises:
        ValueError: no month in a period.
    """
    lengths = equal_periods(maturity_months, frequency_months)
    has_stub = len(lengths) > 1 and lengths[-1] < frequency_months
    if has_stub and last is LastPeriod.LONGER:
        return (*lengths[:-2], lengths[-2] + lengths[-1])
    return lengths


def spaced_days(first_due_on: date, lengths: Sequence[int], *, start: date) -> tuple[date, ...]:
    """The due days: the first one, then after the months of each further period.

    Raises:
        WrongDueDays: the first does not lie within its period after ``start``.
    """
    if not start < first_due_on <= month_after(start, lengths[0]):
        months = "a month" if lengths[0] == 1 else f"{lengths[0]} months"
        message = f"Enter a first due day after the first pay-out, at most {months} later."
        raise WrongDueDays(message, field="first_due_on")
    ends = tuple(accumulate(lengths))
    return days_after(first_due_on, [end - ends[0] for end in ends], start=start)


def check_listed_days(
    due_on: Sequence[date], *, start: date, maturity_months: int, longest_gap_months: int
) -> None:
    """Refuse a list of due days that no contract of these terms can have.

    Raises:
        WrongDueDays: none or too many, out of order, too far apart, or after the maturity.
    """
    if not 1 <= len(due_on) <= MOST_INSTALMENTS:
        message = f"Enter from 1 to {MOST_INSTALMENTS} due days."
        raise WrongDueDays(message, field="due_dates")
    for number, (before, day) in enumerate(pairwise((start, *due_on)), start=1):
        if day <= before:
            what = "the first pay-out" if number == 1 else f"due day {number - 1}"
            message = (
                f"Due day {number}, {shown_day(day)}, does not lie after {what}, "
                f"{shown_day(before)}. Enter the days in order, each once."
            )
            raise WrongDueDays(message, field="due_dates")
        if day > (latest := month_after(before, longest_gap_months)):
            message = (
                f"Due day {number}, {shown_day(day)}, is more than {longest_gap_months} months "
                f"after the day before it. Enter one until {shown_day(latest)}."
            )
            raise WrongDueDays(message, field="due_dates")
    if due_on[-1] > (last := month_after(start, maturity_months)):
        message = (
            f"The last due day, {shown_day(due_on[-1])}, lies after the maturity of "
            f"{maturity_months} months. Enter one until {shown_day(last)}."
        )
        raise WrongDueDays(message, field="due_dates")


def months_passed(start: date, due_on: Sequence[date]) -> tuple[int, ...]:
    """Whole months from ``start`` to each due day."""
    passed, months = [], 0
    for day in due_on:
        while month_after(start, months + 1) <= day:
            months += 1
        passed.append(months)
    return tuple(passed)


def savings_of_periods(
    monthly_savings: Sequence[Fraction], month_ends: Sequence[int]
) -> tuple[Fraction, ...]:
    """The saving of each period: the sum of its months, none below zero.

    ``monthly_savings`` begins with month 1, and there is none beyond the list; ``month_ends`` is
    the last month of each period.
    """
    begins = (0, *month_ends)
    sums = (sum(monthly_savings[a:b], Fraction(0)) for a, b in pairwise(begins))
    return tuple(max(saving, Fraction(0)) for saving in sums)


def grace_instalments(month_ends: Sequence[int], implementation_months: int) -> int:
    """Instalments whose period ends during the installation; at least one repays principal."""
    during = sum(1 for end in month_ends if end <= implementation_months)
    return min(during, len(month_ends) - 1)
