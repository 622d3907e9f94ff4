from fractions import Fraction
from typing import Any

import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.unit_cost import annualised_investment, measure_money, unit_cost
from tests.appraisal.proposals import measure

LIBRARY: Any = numpy_financial
HEAT_AND_WATER = measure(
    savings=[
        {"code": "W", "annual_amount": "20000"},
        {"code": "H", "annual_amount": "15000"},
        {"code": "X", "annual_amount": "7000", "tier": 2, "evidence": "none"},
    ],
    added_costs=[
        {"code": "C", "annual_amount": "3000"},
        {"code": "P", "annual_amount": "1000"},
    ],
)


@given(st.floats(min_value=0.001, max_value=0.5), st.integers(min_value=1, max_value=40))
def test_the_annualised_investment_is_the_annuity(rate: float, life_years: int) -> None:
    annuity = -float(LIBRARY.pmt(rate, life_years, 120_000))
    assert annualised_investment(measure(life_years=life_years), rate) == pytest.approx(annuity)


def test_without_a_rate_it_is_the_straight_line() -> None:
    assert annualised_investment(measure(), 0.0) == 24_000


def test_residual_value_and_released_working_capital_come_back_at_the_end() -> None:
    stocks = {"code": "I2", "amount": "11000", "kind": "working_capital"}
    equipment = {"code": "I1", "amount": "120000"}
    whole = annualised_investment(
        measure(investment=[equipment, stocks], residual_value="5000"), 0.1
    )
    expected = -float(LIBRARY.pmt(0.1, 5, 131_000, -16_000))
    assert whole == pytest.approx(expected)


def test_a_replacement_is_discounted_from_its_month() -> None:
    renewed = {"code": "I2", "amount": "12100", "kind": "replacement", "month": 24}
    equipment = {"code": "I1", "amount": "120000"}
    found = annualised_investment(measure(investment=[equipment, renewed]), 0.1)
    assert found == pytest.approx(-float(LIBRARY.pmt(0.1, 5, 130_000)))


def test_the_saved_thing_itself_is_not_among_the_other_savings() -> None:
    """Water saves 20,000 and the water pump costs 1,000: both are the water's own."""
    money = measure_money(HEAT_AND_WATER, 0.0)
    cost = unit_cost([money], [Fraction(20_000), Fraction(-1000)], Fraction(10_000))
    assert cost is not None
    assert [cost.added_cost, cost.other_savings] == [3000, 15_000]
    assert cost.levelised == pytest.approx((24_000 + 3000 - 15_000) / 10_000)
    assert cost.investment_per_unit == 12


def test_several_measures_are_added() -> None:
    money = measure_money(HEAT_AND_WATER, 0.0)
    cost = unit_cost([money, measure_money(measure(), 0.0)], [], Fraction(1))
    assert cost is not None
    assert [cost.investment, cost.annualised_investment] == [240_000, 48_000]
    assert [cost.other_savings, cost.added_cost] == [95_000, 4000]


def test_below_zero_it_pays_without_counting_the_unit() -> None:
    cost = unit_cost([measure_money(measure(), 0.1)], [], Fraction(100))
    assert cost is not None
    assert cost.levelised < 0


@pytest.mark.parametrize("saved", [Fraction(0), Fraction(-3)])
def test_nothing_saved_has_no_cost(saved: Fraction) -> None:
    assert unit_cost([measure_money(measure(), 0.1)], [], saved) is None


def test_a_rate_beside_minus_one_has_no_cost() -> None:
    money = measure_money(measure(life_years=40), -1 + 1e-12)
    assert money.annualised_investment is None
    assert unit_cost([money], [], Fraction(1)) is None
