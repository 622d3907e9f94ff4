"""Days as fields of what people enter: written as year-month-day, in years that can be meant."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


def _day_in_words(value: object) -> object:
    if value is not None and not isinstance(value, date | str):
        message = "Enter a day as year-month-day, such as 2026-01-15."
        raise ValueError(message)
    return value


def _within_reach(day: date) -> date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        message = f"Enter a day in the years {EARLIEST_YEAR} to {LATEST_YEAR}."
        raise ValueError(message)
    return day


EnteredDay = Annotated[date, BeforeValidator(_day_in_words), AfterValidator(_within_reach)]
