"""Field types of the figures: numbers read exactly from JSON or from plain text.

Every refusal is a sentence that says what to enter; none repeats what was given.
"""

import math
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from appraisal.money import LARGEST_MINOR

_LONGEST_NUMBER = 40
_TOO_LARGE = f"The number is too large. Enter at most {LARGEST_MINOR}."


def exact_decimal(value: object) -> object:
    """Read a JSON number or plain decimal text exactly; refuse everything else in words.

    Raises:
        ValueError: a boolean, text that is not a plain number, or a number that is not finite.
    """
    text = _plain_text(value)
    if len(text) > _LONGEST_NUMBER:
        message = "The number has too many digits. Enter at most 40."
        raise ValueError(message)
    if not text.isascii() or not text.replace("-", "", 1).replace(".", "", 1).isdigit():
        message = "Enter a number in digits, such as 1234.50."
        raise ValueError(message)
    try:
        number = Decimal(text)
    except InvalidOperation:
        message = "Enter a number in digits, such as 1234.50."
        raise ValueError(message) from None
    if abs(number) > LARGEST_MINOR:
        raise ValueError(_TOO_LARGE)
    return number


def _plain_text(value: object) -> str:
    """The digits of a number, or the text itself; a short power of ten is written out."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and abs(value) > LARGEST_MINOR:
        raise ValueError(_TOO_LARGE)
    number = _decimal(value, "Enter a number, such as 1234.50.")
    if max(abs(number.adjusted()), -int(number.as_tuple().exponent)) > _LONGEST_NUMBER:
        message = "The number has too many digits. Enter at most 40."
        raise ValueError(message)
    return format(number, "f")


def _decimal(value: object, refusal: str) -> Decimal:
    """A finite JSON number as it was written.

    Raises:
        ValueError: with ``refusal`` as its message; pydantic shows only this class to people.
    """
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_MINOR:
        return Decimal(value)
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite():
        return value
    raise ValueError(refusal)


def _finite(value: object) -> float:
    number = float(_decimal(value, "Enter a number, such as 0.10."))
    if not math.isfinite(number):
        message = "Enter a number, such as 0.10."
        raise ValueError(message)
    return number


def _each_month_once(months: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(months)) < len(months):
        message = "A month is named twice. Name each month of the year once."
        raise ValueError(message)
    return months


ExactDecimal = Annotated[
    Decimal,
    BeforeValidator(exact_decimal),
    PlainSerializer(lambda number: format(number, "f"), return_type=str, when_used="json"),
]
"""An exact number, written as a JSON string."""

Amount = Annotated[ExactDecimal, Field(ge=0)]
"""Money in major units of the proposal's currency, not negative."""

Quantity = Annotated[ExactDecimal, Field(ge=0)]
Share = Annotated[ExactDecimal, Field(ge=0, le=1)]
"""A part of a whole, from 0 to 1."""

Rate = Annotated[float, BeforeValidator(_finite), Field(gt=-1, le=10)]
Coefficient = Annotated[float, BeforeValidator(_finite), Field(ge=-1, le=1)]
"""How closely two things move together: 0 not at all, 1 fully, -1 fully the other way."""

ActiveMonths = Annotated[
    tuple[Annotated[int, Field(ge=1, le=12, strict=True)], ...],
    Field(min_length=1, max_length=12),
    AfterValidator(_each_month_once),
]
"""Months of the project year, 1 to 12, in which a line earns; each named once."""

Code = Annotated[str, Field(min_length=1, max_length=40)]
Label = Annotated[str, Field(max_length=300)]
