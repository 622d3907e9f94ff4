"""Days as whole positions on a time axis, so that interest is one sum of whole numbers.

Every day count that is offered is additive, and therefore a difference of two positions. Over one
fixed denominator a position is a whole number: interest of a changing balance is the sum of
amount x (position after - position before), divided and rounded once.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from loans.schedules.day_count import DayCount, month_after

_MONTH = 377_580
"""Positions in a month of monthly-nominal: the least number that 28, 29, 30 and 31 divide."""
_ISDA_YEAR = 365 * 366
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """``year`` positions make a year; ``position`` is that of a day."""

    year: int
    position: Callable[[date], int]


@cache
def time_axis(day_count: DayCount, due_day: int | None = None) -> TimeAxis:
    """The axis of a day count; ``due_day`` is the due day that monthly-nominal counts from.

    (position(b) - position(a)) / year is ``day_count.year_fraction`` from a to b.
    """
    if day_count is DayCount.MONTHLY_NOMINAL:
        return TimeAxis(_MONTHS * _MONTH, _from_due_day(1 if due_day is None else due_day))
    return _AXES[day_count]


def _in_calendar_years(day: date) -> int:
    passed = day.toordinal() - date(day.year, 1, 1).toordinal()
    return day.year * _ISDA_YEAR + passed * (365 if calendar.isleap(day.year) else 366)


def _in_thirty_day_months(day: date) -> int:
    return 360 * day.year + 30 * day.month + min(day.day, 30)


_AXES = {
    DayCount.ACT_365_FIXED: TimeAxis(365, date.toordinal),
    DayCount.ACT_360: TimeAxis(360, date.toordinal),
    DayCount.ACT_ACT_ISDA: TimeAxis(_ISDA_YEAR, _in_calendar_years),
    DayCount.THIRTY_E_360: TimeAxis(360, _in_thirty_day_months),
}


def _from_due_day(due_day: int) -> Callable[[date], int]:
    def position(day: date) -> int:
        begins = month_after(day, 0, due_day=due_day)
        if day < begins:
            begins = month_after(day, -1, due_day=due_day)
        ends = month_after(begins, 1, due_day=due_day)
        month = _MONTHS * begins.year + begins.month
        passed, length = (day - begins).days, (ends - begins).days
        return month * _MONTH + passed * _MONTH // length

    return position


@dataclass(frozen=True, slots=True)
class InterestRate:
    """A rate per year on a time axis; what earned it is minor units x positions."""

    position: Callable[[date], int]
    numerator: int
    denominator: int
    """Balance x positions x numerator / denominator is interest in minor units."""

    @classmethod
    def of(cls, annual_rate: Decimal, axis: TimeAxis) -> InterestRate:
        """The rate as a whole ratio, exact."""
        numerator, denominator = annual_rate.as_integer_ratio()
        return cls(axis.position, numerator, denominator * axis.year)

    def earned(self, balance_time: int) -> int:
        """Interest in minor units on minor units x positions, rounded half-up once."""
        doubled = 2 * balance_time * self.numerator + self.denominator
        return doubled // (2 * self.denominator)

    def exact(self, balance_time: int) -> Fraction:
        """The same before it is rounded."""
        return Fraction(balance_time * self.numerator, self.denominator)
