from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.money import (
    LARGEST_MINOR,
    MoneyError,
    as_text,
    currencies,
    from_minor,
    minor_digits,
    round_half_up,
    to_minor,
)


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("USD", 2)])
def test_minor_digits(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


def test_currencies_are_sorted_codes() -> None:
    assert list(currencies()) == sorted(currencies())
    assert all(len(code) == 3 and code.isupper() for code in currencies())


@pytest.mark.parametrize("code", ["EURO", "eur", "", "ABC"])
def test_unknown_currency(code: str) -> None:
    with pytest.raises(MoneyError, match="three-letter code such as EUR"):
        minor_digits(code)


@given(st.integers(-LARGEST_MINOR, LARGEST_MINOR), st.sampled_from(currencies()))
def test_there_and_back(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


@pytest.mark.parametrize("amount", ["0.001", "1E-30", "12.345"])
def test_part_of_a_minor_unit_is_refused(amount: str) -> None:
    with pytest.raises(MoneyError, match="more than 2 decimal places"):
        to_minor(Decimal(amount), "EUR")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "10000000000.01", "-1E+30", "1E+999999"])
def test_too_large_or_not_finite_is_refused(amount: str) -> None:
    with pytest.raises(MoneyError, match="too large"):
        to_minor(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("value", "step", "rounded"),
    [
        (Fraction(5, 2), 1, 3),
        (Fraction(-5, 2), 1, -3),
        (Decimal("2.4999999999999999999999999999999999"), 1, 2),
        (7, 5, 5),
        (Fraction(15, 2), 5, 10),
        (0, 1, 0),
    ],
)
def test_half_goes_away_from_zero(value: Fraction, step: int, rounded: int) -> None:
    assert round_half_up(value, step) == rounded


@given(st.fractions(-(10**6), 10**6), st.integers(1, 100))
def test_rounding_is_to_the_nearest_step(value: Fraction, step: int) -> None:
    rounded = round_half_up(value, step)
    assert rounded % step == 0
    assert abs(rounded - value) <= Fraction(step, 2)
    assert round_half_up(-value, step) == -rounded


def test_text_for_people() -> None:
    assert as_text(123450, "EUR") == "EUR 1,234.50"
    assert as_text(-5, "JPY") == "JPY \N{MINUS SIGN}5"
