from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.depreciation import (
    declining_balance,
    depreciation,
    straight_line,
    sum_of_years_digits,
)
from appraisal.proposal import Depreciation, Tax
from tests.appraisal.proposals import numbers

COSTS = st.fractions(0, 10**9, max_denominator=100)
YEARS = st.integers(1, 40)
FACTORS = st.fractions(1, 4, max_denominator=100)


def test_straight_line() -> None:
    assert numbers(straight_line(Fraction(30000), 10, Fraction(7500))) == [2250] * 10


def test_declining_balance_switches_to_equal_parts() -> None:
    """200 % over five years: 40 % of the book value until half of the rest is more."""
    assert numbers(declining_balance(Fraction(10000), 5)) == [4000, 2400, 1440, 1080, 1080]


def test_declining_balance_without_a_switch_leaves_a_rest() -> None:
    amounts = declining_balance(Fraction(10000), 5, switch=False)
    assert numbers(amounts) == [4000, 2400, 1440, 864, 518.4]


def test_declining_balance_stops_at_the_salvage_value() -> None:
    amounts = declining_balance(Fraction(10000), 5, salvage=Fraction(3000), switch=False)
    assert numbers(amounts) == [4000, 2400, 600, 0, 0]


def test_a_factor_above_the_years_writes_everything_off_at_once() -> None:
    assert numbers(declining_balance(Fraction(100), 2, Fraction(4))) == [100, 0]


def test_sum_of_years_digits() -> None:
    assert numbers(sum_of_years_digits(Fraction(600), 3)) == [300, 200, 100]


@pytest.mark.parametrize(
    ("method", "first"),
    [
        (Depreciation.STRAIGHT_LINE, 250),
        (Depreciation.DECLINING_BALANCE, 375),
        (Depreciation.SUM_OF_YEARS_DIGITS, 400),
    ],
)
def test_the_method_of_the_tax(method: Depreciation, first: int) -> None:
    tax = Tax(
        rate=Decimal("0.2"),
        depreciation=method,
        depreciation_years=4,
        declining_factor=Decimal("1.5"),
    )
    assert depreciation(Fraction(1000), tax)[0] == first


@given(COSTS, YEARS, FACTORS, st.fractions(0, 1, max_denominator=20))
def test_every_method_writes_off_cost_less_salvage(
    cost: Fraction, years: int, factor: Fraction, kept: Fraction
) -> None:
    salvage = cost * kept
    for amounts in (
        straight_line(cost, years, salvage),
        declining_balance(cost, years, factor, salvage),
        sum_of_years_digits(cost, years, salvage),
    ):
        assert len(amounts) == years
        assert sum(amounts) == cost - salvage
        assert all(amount >= 0 for amount in amounts)
        assert list(amounts) == sorted(amounts, reverse=True)


@pytest.mark.parametrize(
    ("cost", "years", "salvage", "words"),
    [
        (100, 0, 0, "at least 1"),
        (100, 5, 101, "smaller one"),
        (100, 5, -1, "smaller one"),
        (-1, 5, 0, "smaller one"),
    ],
)
def test_refusals(cost: int, years: int, salvage: int, words: str) -> None:
    for method in (straight_line, declining_balance, sum_of_years_digits):
        with pytest.raises(ValueError, match=words):
            method(Fraction(cost), years, salvage=Fraction(salvage))


def test_a_factor_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="double declining"):
        declining_balance(Fraction(100), 5, Fraction(0))
