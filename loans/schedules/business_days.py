"""The next business day in a country: until then a receipt counts as on time."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

from loans.refusal import WrongValue

_DAY = timedelta(days=1)


class UnknownCountry(WrongValue):
    """A country whose holidays are not known."""


def next_business_day(day: date, country: str | None) -> date:
    """``day`` itself, or the first day after it that is neither weekend nor public holiday.

    Without a country every day is a business day. It moves the day by which a receipt is on time,
    never the interest.

    Raises:
        UnknownCountry: no holidays are known for this ISO code.
    """
    if country is None:
        return day
    while _is_free(country, day):
        day += _DAY
    return day


def check_country(country: str) -> None:
    """Refuse a country whose holidays are not known.

    Raises:
        UnknownCountry: as it says.
    """
    if country not in holidays.list_supported_countries(include_aliases=False):
        message = "No holidays are known for this country. Enter another code, such as LT, or none."
        raise UnknownCountry(message, field="business_day_country")


@cache
def _holidays_of(country: str) -> holidays.HolidayBase:
    check_country(country)
    return holidays.country_holidays(country)


@cache
def _is_free(country: str, day: date) -> bool:
    known = _holidays_of(country)
    return day.weekday() in known.weekend or day in known
