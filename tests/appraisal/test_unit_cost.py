from fractions import Fraction

import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.unit_cost import annualised_investment, unit_cost
from tests.appraisal.proposals import measure

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
    annuity = -float(npf.pmt(rate, life_years, 120_000))
    assert annualised_investment(measure(life_years=life_years), rate) == pytest.approx(annuity)


def test_without_a_rate_it_is_the_straight_line() -> None:
    assert annualised_investment(measure(), 0.0) == 24_000


def test_residual_value_and_released_working_capital_come_back_at_the_end() -> None:
    stocks = {"code": "I2", "amount": "11000", "kind": "working_capital"}
    equipment = {"code": "I1", "amount": "120000"}
    whole = annualised_investment(
        measure(investment=[equipment, stocks], residual_value="5000"), 0.1
    )
    expected = -float(npf.pmt(0.1, 5, 131_000, -16_000))
    assert whole == pytest.approx(expected)


def test_a_replacement_is_discounted_from_its_month() -> None:
    renewed = {"code": "I2", "amount": "12100", "kind": "replacement", "month": 24}
    equipment = {"code": "I1", "amount": "120000"}
    found = annualised_investment(measure(investment=[equipment, renewed]), 0.1)
    assert found == pytest.approx(-float(npf.pmt(0.1, 5, 130_000)))


def test_the_saved_thing_itself_is_not_among_the_other_savings() -> None:
    cost = unit_cost([HEAT_AND_WATER], {("M1", "W"), ("M1", "P")}, Fraction(10_000), 0.0)
    assert cost is not None
    assert (cost.added_cost, cost.other_savings) == (3000, 15_000)
    assert cost.levelised == pytest.approx((24_000 + 3000 - 15_000) / 10_000)
    assert cost.investment_per_unit == 12


def test_below_zero_it_pays_without_counting_the_unit() -> None:
    cost = unit_cost([measure()], set(), Fraction(100), 0.1)
    assert cost is not None
    assert cost.levelised < 0


@pytest.mark.parametrize("saved", [Fraction(0), Fraction(-3)])
def test_nothing_saved_has_no_cost(saved: Fraction) -> None:
    assert unit_cost([measure()], set(), saved, 0.1) is None


def test_a_rate_beside_minus_one_has_no_cost() -> None:
    assert unit_cost([measure(life_years=40)], set(), Fraction(1), -1 + 1e-12) is None
