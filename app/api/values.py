"""The values that requests are made of: each refused in words where it cannot be used."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from app.calculator_requests import Day as AnyDay
from app.days import FIRST_YEAR, LAST_YEAR
from app.typed_text import REPLACEMENT, TextUnread, tidy
from appraisal.money import MoneyError, to_minor
from appraisal.proposal import ExactDecimal
from loans.refusal import Missing, WrongValue

MOST_DIGITS = 9
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


def _made_here(text: str) -> str:
    """What cannot be one of our ids names nothing, like an id that nobody gave out."""
    if not _ID.fullmatch(text):
        raise Missing
    return text


def _a_month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        message = "There is no such month. Write the month as year and month, such as 2026-03."
        raise Missing(message)
    return text


def _a_version(text: object) -> object:
    if isinstance(text, str) and not (
        text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text)
    ):
        raise Missing
    return text


def _a_day(text: object) -> object:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else text
    except ValueError:
        message = "There is no such day. Write it as year-month-day, such as 2026-03-31."
        raise Missing(message) from None


def _within_reach(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = f"Enter a day in the years {FIRST_YEAR} to {LAST_YEAR}."
        raise ValueError(message)
    return day


def _digits(value: object) -> object:
    if isinstance(value, str) and not (
        value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
    ):
        message = "Enter a whole number in digits, such as 2."
        raise ValueError(message)
    return value


def _tidied(text: str) -> str:
    try:
        return tidy(text)
    except TextUnread as error:
        message = f"The text {error}"
        raise ValueError(message) from None


def _readable(text: str) -> str:
    """Text of an address, in which what is not UTF-8 arrives as replacement signs."""
    if REPLACEMENT in text:
        message = "The text is not written in UTF-8. Enter it again."
        raise ValueError(message)
    return text


Id = Annotated[
    str, AfterValidator(_made_here), WithJsonSchema({"type": "string", "format": "uuid"})
]
"""An id as this program gives them out; anything else is answered as if it did not exist."""

InvoiceIds = Annotated[tuple[Id, ...], Field(max_length=100)]
"""The invoices that a pay-out or a request for one names."""

Month = Annotated[
    str,
    AfterValidator(_a_month),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}),
]
"""A month as year and month."""

Day = Annotated[AnyDay, AfterValidator(_within_reach)]
"""A day as year-month-day, 1990 to 2100."""

VersionInPath = Annotated[int, BeforeValidator(_a_version)]
"""The number of a version in an address; what is none names nothing."""

DayInPath = Annotated[date, BeforeValidator(_a_day)]
"""A day in an address; what is none names nothing."""

PositiveAmount = Annotated[ExactDecimal, Field(gt=0)]
"""Money in major units of the facility's currency, above zero, as a decimal string."""

AnnualRate = Annotated[ExactDecimal, Field(ge=0, le=1, decimal_places=6)]
"""A contract rate a year as a fraction: 0.06 is 6 %."""

Text = Annotated[str, Field(max_length=2000), AfterValidator(_tidied)]
ShortText = Annotated[str, Field(max_length=300), AfterValidator(_tidied)]
Label = Annotated[str, Field(max_length=120), AfterValidator(_tidied)]
AccountCode = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_tidied)]
"""An account of the books by its number; an account at a bank such as 1010."""
Searched = Annotated[ShortText, AfterValidator(_readable)]
"""Text in the address of a request."""

Whole = Annotated[int, Field(strict=True)]
"""A whole number in a body."""

Number = Annotated[int, BeforeValidator(_digits)]
"""A whole number in the address of a request."""


def in_minor(amount: Decimal, currency: str, field: str = "amount") -> int:
    """A sent amount in minor units.

    Raises:
        WrongValue: it has more decimals than the currency, or is too large.
    """
    try:
        return to_minor(amount, currency)
    except MoneyError as error:
        raise WrongValue(str(error), field=field) from error
