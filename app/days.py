"""Days as people type them, read or refused in words, and written as "15 January 2026".

``what`` completes the sentence "Enter ...", for example "the day of the signature".
"""

import calendar
import re
from datetime import date
from functools import cache

from babel.dates import get_month_names

FIRST_YEAR = 1990
LAST_YEAR = 2100
_LONGEST = 40
_LANGUAGES = ("en", "lt", "ru")
_AMBIGUOUS_SIGNS = ("/", "-")
_YEAR_DIGITS = 4
_MONTHS = 12
_MONTH = r"(?P<month>[^\W\d_]+)\.?"
_NUMBERS = re.compile(r"([0-9]{1,4})([-./ ])([0-9]{1,2})\2([0-9]{1,4})\.?")
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<day>[0-9]{{1,2}})\.? {_MONTH},? (?P<year>[0-9]{{1,4}})(?: г\.?)?",  # noqa: RUF001  # Russian for "year"
        rf"{_MONTH} (?P<day>[0-9]{{1,2}}),? (?P<year>[0-9]{{1,4}})",
        rf"(?P<year>[0-9]{{4}})(?: m\.)? {_MONTH} (?P<day>[0-9]{{1,2}})(?: d\.)?",
    )
)


class DayUnread(ValueError):  # says what happened, not that it is an error
    """A day that could not be read; the message says which one and what to enter."""


def read_day(text: str, *, what: str = "the day") -> date:
    """Read "2026-01-15", "15 January 2026", "15.1.2026", month names in en, lt and ru.

    Raises:
        DayUnread: blank, not a day of the calendar, outside 1990 to 2100, a year in two digits,
            or day and month that may be meant either way ("03/04/2026").
    """
    tidy = " ".join(text.split())
    if not tidy:
        message = f"Enter {what}, such as 15 January 2026."
        raise DayUnread(message)
    if len(tidy) <= _LONGEST:
        if found := _NUMBERS.fullmatch(tidy):
            return _from_numbers(found, what)
        for pattern in _NAMED:
            if found := pattern.fullmatch(tidy):
                month = _month_number(found["month"], what)
                return _day(found["year"], month, int(found["day"]), what)
    raise DayUnread(_as_a_date(what))


def _as_a_date(what: str) -> str:
    return f"Enter {what} as a date, such as 15 January 2026 or 2026-01-15."


def _from_numbers(found: re.Match[str], what: str) -> date:
    first, sign, second, third = found.groups()
    if len(first) == _YEAR_DIGITS:
        return _day(first, int(second), int(third), what)
    day, month = int(first), int(second)
    if sign in _AMBIGUOUS_SIGNS and day != month:
        if max(day, month) <= _MONTHS:
            raise DayUnread(_both_readings(day, month, what))
        if month > _MONTHS:
            day, month = month, day
    return _day(third, month, day, what)


def _both_readings(first: int, second: int, what: str) -> str:
    names = calendar.month_name
    opening = what[:1].upper() + what[1:]
    return (
        f"{opening} can be read as {first} {names[second]} or as {second} {names[first]}. "
        "Enter the month as a word, such as 15 January 2026."
    )


def _day(year_digits: str, month: int, day: int, what: str) -> date:
    if len(year_digits) != _YEAR_DIGITS:
        message = f"Enter {what} with the year in four digits, such as 15 January 2026."
        raise DayUnread(message)
    year = int(year_digits)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = f"Enter {what} with a year from {FIRST_YEAR} to {LAST_YEAR}."
        raise DayUnread(message)
    if not 1 <= month <= _MONTHS:
        message = f"Enter {what} with a month from 1 to 12."
        raise DayUnread(message)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        name = f"{calendar.month_name[month]} {year}"
        message = f"{name} has {last} days. Enter {what} with a day from 1 to {last}."
        raise DayUnread(message)
    return date(year, month, day)


@cache
def _month_numbers() -> dict[str, int]:
    return {
        name.casefold().rstrip("."): number
        for language in _LANGUAGES
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, context, language).items()
        if not name.isdigit()
    }


def _month_number(name: str, what: str) -> int:
    number = _month_numbers().get(name.casefold())
    if number is None:
        message = f"Enter {what} with the month as a number or its full name, such as January."
        raise DayUnread(message)
    return number
