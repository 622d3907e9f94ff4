from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.loan_cover import (
    covers_by_period,
    debt_capacity,
    equal_periods,
    loan_life_cover,
    present_value_of_savings,
)
from appraisal.savings_cover import exact_level_payment, level_payment, savings_cover
from tests.appraisal.proposals import numbers

SIX_PERCENT = Decimal("0.06")
SAVINGS = st.lists(st.fractions(-1000, 10_000, max_denominator=1200), min_size=1, max_size=40)
RATES = st.decimals(0, "0.5", places=4)


@given(SAVINGS, RATES, st.integers(0, 6), st.integers(1, 30))
def test_present_value_is_the_sum_of_discounted_savings(
    savings: list[Fraction], rate: Decimal, grace: int, months: int
) -> None:
    factor = 1 / (1 + Fraction(rate) / 12)
    window = savings[grace : grace + months]
    expected = sum(saving * factor ** (place + 1) for place, saving in enumerate(window))
    worth = present_value_of_savings(savings, rate, grace_months=grace, instalments=months)
    assert worth == expected


@pytest.mark.parametrize(
    ("payback_years", "months", "expected"),
    [
        (1, 14, 1.25),
        (2, 28, 1.21),
        (2.5, 36, 1.22),
        (2.75, 36, 1.11),
        (3, 36, 1.01),
        (3.5, 36, 0.87),
    ],
)
def test_loan_life_cover_of_flat_savings_is_their_cover(
    payback_years: float, months: int, expected: float
) -> None:
    savings = [Fraction(120000) / Fraction(payback_years) / 12] * 60
    life = loan_life_cover(
        savings, Decimal(108000), SIX_PERCENT, grace_months=0, instalments=months
    )
    assert round(float(life), 2) == expected
    assert life == savings[0] / (108000 * exact_level_payment(SIX_PERCENT, months))


@given(SAVINGS, st.decimals("0.5", 3, places=2), RATES, st.integers(0, 6), st.integers(1, 30))
def test_debt_capacity_reaches_the_target_over_the_loan_s_life_and_a_cent_more_does_not(
    savings: list[Fraction], target: Decimal, rate: Decimal, grace: int, months: int
) -> None:
    debt = debt_capacity(savings, target, rate, "EUR", grace_months=grace, instalments=months)

    def life(balance: Decimal) -> Fraction:
        return loan_life_cover(savings, balance, rate, grace_months=grace, instalments=months)

    assert debt == 0 or life(debt) >= Fraction(target)
    assert life(debt + Decimal("0.01")) < Fraction(target)


def test_golden_debt_capacity() -> None:
    savings = [Fraction(5000)] * 60
    debt = debt_capacity(
        savings, Decimal("1.2"), SIX_PERCENT, "EUR", grace_months=0, instalments=28
    )
    payment = level_payment(debt, SIX_PERCENT, 28, "EUR")
    assert str(debt) == "108615.37"
    assert float(payment) == pytest.approx(5000 / 1.2, abs=0.01)


def test_by_period_the_savings_of_a_quarter_pay_its_instalments() -> None:
    savings = [Fraction(value) for value in (100, 0, 200, 300, 300, 300, 50)]
    due = [Decimal(50)] * 7
    monthly = covers_by_period(savings, due, equal_periods(7, 1))
    assert monthly.minimum == 0
    quarterly = covers_by_period(savings, due, equal_periods(7, 3), first_month=4)
    assert [(p.first_month, p.last_month) for p in quarterly.periods] == [(4, 6), (7, 9), (10, 10)]
    assert [p.cover for p in quarterly.periods] == [2, 6, 1]
    assert quarterly.minimum == 1
    assert quarterly.average == 3


def test_a_month_by_itself_has_the_cover_of_its_instalment() -> None:
    savings = [Fraction(5000 + 10 * month) for month in range(28)]
    payment = level_payment(Decimal(108000), SIX_PERCENT, 28, "EUR")
    single = savings_cover(savings, payment, grace_months=0, instalments=28)
    by_month = covers_by_period(savings, [payment] * 28, equal_periods(28, 1))
    assert tuple(period.cover for period in by_month.periods) == single.per_instalment
    assert (by_month.minimum, by_month.average) == (single.minimum, single.average)


def test_periods_in_which_nothing_is_due_have_no_cover() -> None:
    covers = covers_by_period([Fraction(10)] * 3, [Decimal(0), Decimal(0), Decimal(5)], (2, 1, 1))
    assert [period.cover for period in covers.periods] == [None, 2, None]
    assert covers.minimum == 2
    assert covers.average == 2
    nothing = covers_by_period([], [], ())
    assert (nothing.periods, nothing.minimum, nothing.average) == ((), None, None)


def test_the_last_period_may_be_shorter() -> None:
    assert equal_periods(28, 3) == (3,) * 9 + (1,)
    assert equal_periods(12, 12) == (12,)
    assert equal_periods(0, 3) == ()


def test_nothing_to_repay_is_worth_nothing() -> None:
    nothing = present_value_of_savings([], SIX_PERCENT, grace_months=0, instalments=0)
    later = present_value_of_savings([], SIX_PERCENT, grace_months=0, instalments=3)
    assert numbers((nothing, later)) == [0, 0]


def test_refusals() -> None:
    with pytest.raises(ValueError, match="loan above zero"):
        loan_life_cover([], Decimal(0), SIX_PERCENT, grace_months=0, instalments=1)
    with pytest.raises(ValueError, match="rate is negative"):
        present_value_of_savings([], Decimal("-0.1"), grace_months=0, instalments=1)
    with pytest.raises(ValueError, match="cover is not above zero"):
        debt_capacity([], Decimal(0), SIX_PERCENT, "EUR", grace_months=0, instalments=1)
    with pytest.raises(ValueError, match="at least 1 month"):
        equal_periods(3, 0)
    with pytest.raises(ValueError, match="at least 1 month"):
        equal_periods(-1, 3)
    with pytest.raises(ValueError, match="no month"):
        covers_by_period([], [], (1, 0))
