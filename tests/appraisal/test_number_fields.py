import math
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from appraisal.number_fields import ActiveMonths, Amount, Rate, exact_decimal


class Figures(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)
    amount: Amount = Decimal(0)
    rate: Rate = 0.0
    months: ActiveMonths = (1,)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1234.50", "1234.50"),
        ("-3", "-3"),
        (5, "5"),
        (0.1, "0.1"),
        (1e5, "100000"),
        (1e-7, "0.0000001"),
        (Decimal("1E+5"), "100000"),
        (Decimal("2.50"), "2.50"),
        (0, "0"),
    ],
)
def test_numbers_are_read_exactly(typed: object, number: str) -> None:
    assert exact_decimal(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (True, "Enter a number"),
        (None, "Enter a number"),
        ([1], "Enter a number"),
        (math.nan, "Enter a number"),
        (math.inf, "Enter a number"),
        (Decimal("NaN"), "Enter a number"),
        (Decimal("sNaN"), "Enter a number"),
        ("", "in digits"),
        ("-", "in digits"),
        ("1-2", "in digits"),
        (".", "in digits"),
        ("1e5", "in digits"),
        ("1,5", "in digits"),
        ("\u0663", "in digits"),
        ("1\x00", "in digits"),
        ("\ud800", "in digits"),
        (10**400, "too large"),
        ("99999999999999", "too large"),
        (1e300, "too many digits"),
        ("1" * 5000, "too many digits"),
        (Decimal("1E-999999"), "too many digits"),
        (Decimal("1E+999999"), "too"),
    ],
)
def test_everything_else_is_refused_in_words(typed: object, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refusal:
        exact_decimal(typed)
    assert "99999" not in str(refusal.value)


def test_amounts_are_not_negative_and_come_back_as_text() -> None:
    assert Figures(amount=Decimal("12.50")).model_dump_json().startswith('{"amount":"12.50"')
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        Figures(amount=Decimal(-1))


@pytest.mark.parametrize(("given", "rate"), [(0.1, 0.1), (1, 1.0), (Decimal("0.10"), 0.1)])
def test_rates(given: Any, rate: float) -> None:
    assert Figures(rate=given).rate == rate


@pytest.mark.parametrize(
    "given", [True, "0.1", math.nan, -math.inf, 10**400, Decimal("1E+400"), -1, 10.01]
)
def test_refused_rates(given: Any) -> None:
    with pytest.raises(ValidationError):
        Figures(rate=given)


def test_each_month_is_named_once() -> None:
    assert Figures(months=(1, 12)).months == (1, 12)
    with pytest.raises(ValidationError, match="Name each month of the year once"):
        Figures(months=(1, 1))
    with pytest.raises(ValidationError, match="at least 1 item"):
        Figures(months=())


def test_an_integer_longer_than_python_prints_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="The number is too large"):
        exact_decimal(10**5000)
