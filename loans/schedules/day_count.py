"""Which part of a year lies between two dates, exactly, and which day an instalment falls due.

Every convention offered is additive: the part of a year from a to c equals that from a to b plus
that from b to c. Tranches, arrears and pay-off amounts therefore agree with the schedule.
"""

import calendar
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction

from loans.refusal import WrongValue

MONTHS_PER_YEAR = 12
LATEST_YEAR = 2200
"""No due date lies after this year, so date arithmetic cannot run out of range."""


class DayCount(StrEnum):
    """How days become years; ``ACT/365F`` is the usual one of a loan."""

    ACT_365_FIXED = "ACT/365F"
    ACT_360 = "ACT/360"
    ACT_ACT_ISDA = "ACT/ACT ISDA"
    THIRTY_E_360 = "30E/360"
    MONTHLY_NOMINAL = "monthly-nominal"


class DayCountError(WrongValue):
    """A day count that is not offered, or dates that it cannot use."""


_NOT_ADDITIVE = ("30/360", "30/360 US", "30U/360", "30A/360", "BOND BASIS", "30/360 BOND BASIS")


def day_count_named(name: str) -> DayCount:
    """The day count called ``name``.

    Raises:
        DayCountError: the name is not offered; 30/360 US and bond basis are named with the reason.
    """
    if name.strip().upper() in _NOT_ADDITIVE:
        message = (
            "30/360 US (bond basis) is not offered: two parts of a period do not add up to the "
            "whole, so a pay-off amount would differ from the schedule. Enter 30E/360."
        )
        raise DayCountError(message, field="day_count")
    try:
        return DayCount(name)
    except ValueError:
        message = f"This day count is not offered. Enter one of: {', '.join(DayCount)}."
        raise DayCountError(message, field="day_count") from None


def year_fraction(
    day_count: DayCount, start: date, end: date, *, due_day: int | None = None
) -> Fraction:
    """Years from and including ``start`` to and excluding ``end``, exact.

    ACT/365F: days / 365. ACT/360: days / 360. ACT/ACT ISDA: the days in each calendar year over
    that year's length. 30E/360: every month has 30 days and a 31st counts as the 30th.
    Monthly-nominal: one twelfth from one due day to the next, and inside a month the days that
    have passed over the days from due day to due day; ``due_day`` is the day of the month on which
    instalments fall due (clamped to the end of short months), without it the day of ``start``.

    Raises:
        DayCountError: ``end`` lies before ``start``.
    """
    if end < start:
        message = "The later date lies before the earlier one."
        raise DayCountError(message)
    if day_count is DayCount.MONTHLY_NOMINAL:
        anchor = start.day if due_day is None else due_day
        months = _nominal_month(end, anchor) - _nominal_month(start, anchor)
        return months / MONTHS_PER_YEAR
    position = _POSITIONS[day_count]
    return position(end) - position(start)


def _over_365(day: date) -> Fraction:
    return Fraction(day.toordinal(), 365)


def _over_360(day: date) -> Fraction:
    return Fraction(day.toordinal(), 360)


def _in_calendar_years(day: date) -> Fraction:
    passed = (day - date(day.year, 1, 1)).days
    return day.year + Fraction(passed, 366 if calendar.isleap(day.year) else 365)


def _in_thirty_day_months(day: date) -> Fraction:
    return Fraction(360 * day.year + 30 * day.month + min(day.day, 30), 360)


# Each gives a position on a time axis in years; a year fraction is a difference of two positions,
# which is what makes the convention additive.
_POSITIONS: dict[DayCount, Callable[[date], Fraction]] = {
    DayCount.ACT_365_FIXED: _over_365,
    DayCount.ACT_360: _over_360,
    DayCount.ACT_ACT_ISDA: _in_calendar_years,
    DayCount.THIRTY_E_360: _in_thirty_day_months,
}


def _nominal_month(day: date, due_day: int) -> Fraction:
    month = MONTHS_PER_YEAR * day.year + day.month - 1
    if day < _day_in_month(month, due_day):
        month -= 1
    begins, ends = _day_in_month(month, due_day), _day_in_month(month + 1, due_day)
    return month + Fraction((day - begins).days, (ends - begins).days)


def _day_in_month(month: int, due_day: int) -> date:
    year, index = divmod(month, MONTHS_PER_YEAR)
    return date(year, index + 1, min(due_day, calendar.monthrange(year, index + 1)[1]))


def month_after(day: date, months: int, *, due_day: int | None = None) -> date:
    """The date ``months`` after ``day``, on ``due_day`` or the last day of a shorter month.

    31 January plus one month is 28 February, plus two months 31 March.

    Raises:
        DayCountError: the date would lie after ``LATEST_YEAR``.
    """
    month = MONTHS_PER_YEAR * day.year + day.month - 1 + months
    if month >= MONTHS_PER_YEAR * (LATEST_YEAR + 1):
        message = f"The last date would lie after the year {LATEST_YEAR}. Enter fewer instalments."
        raise DayCountError(message, field="instalments")
    return _day_in_month(month, day.day if due_day is None else due_day)


def due_dates(
    first_due: date, instalments: int, frequency_months: int = 1, *, start: date | None = None
) -> tuple[date, ...]:
    """``instalments`` due dates, every ``frequency_months`` from ``first_due``.

    The day of the month is kept, clamped to the end of a short month and taken up again after it.
    A first due date at the end of a short month takes its day from ``start`` (the day of the first
    disbursement) when that is later: paid out on 31 January and first due on 28 February, the
    second instalment is due on 31 March.

    Raises:
        DayCountError: the last date would lie after ``LATEST_YEAR``.
    """
    return days_after(
        first_due, [frequency_months * number for number in range(instalments)], start=start
    )


def days_after(
    first_due: date, months: Sequence[int], *, start: date | None = None
) -> tuple[date, ...]:
    """The days so many months after ``first_due``, which keep its day as ``due_dates`` does.

    Raises:
        DayCountError: the last date would lie after ``LATEST_YEAR``.
    """
    day = first_due.day
    if start is not None and start.day > day and _ends_a_month(first_due):
        day = start.day
    return tuple(month_after(first_due, later, due_day=day) for later in months)


def due_day_of(start: date, dates: tuple[date, ...]) -> int:
    """The day of the month on which ``dates`` fall due, for monthly-nominal interest.

    It is the day of ``start`` when every date is that day or the clamped end of its month,
    otherwise the latest day of the month among ``dates``.
    """
    if all(day.day == start.day or _clamped(day, start.day) for day in dates):
        return start.day
    return max(day.day for day in dates)


def _clamped(day: date, due_day: int) -> bool:
    return day.day < due_day and _ends_a_month(day)


def _ends_a_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def first_day(begins: date, ends: date, holds: Callable[[date], bool]) -> date | None:
    """The first day from ``begins`` on, before ``ends``, on which something holds that then stays.

    None where it does not hold by then.
    """
    days = range(begins.toordinal(), ends.toordinal())
    place = bisect_left(days, 1, key=lambda day: holds(date.fromordinal(day)))
    return date.fromordinal(days[place]) if place < len(days) else None
