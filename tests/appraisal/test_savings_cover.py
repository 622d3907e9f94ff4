from decimal import Decimal
from fractions import Fraction
from typing import Any

import mortgagemath
import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.savings_cover import exact_level_payment, largest_loan, level_payment, savings_cover

SIX_PERCENT = Decimal("0.06")
LIBRARY: Any = numpy_financial
RATES = st.decimals(0, "0.5", places=4)
MONTHS = st.integers(1, 60)


def test_golden_payment_and_cover() -> None:
    payment = level_payment(Decimal(108000), SIX_PERCENT, 28, "EUR")
    cover = savings_cover([Fraction(5000)] * 60, payment, grace_months=0, instalments=28)
    assert payment == Decimal("4143.06")
    assert float(cover.minimum) == pytest.approx(1.2068, abs=5e-5)
    assert cover.average == cover.minimum
    assert len(cover.per_instalment) == 28


@pytest.mark.parametrize(
    ("payback_years", "maturity_months", "expected"),
    [
        (1, 14, 1.25),
        (2, 28, 1.21),
        (2.5, 36, 1.22),
        (2.75, 36, 1.11),
        (3, 36, 1.01),
        (3.5, 36, 0.87),
    ],
)
def test_cover_of_ninety_percent_at_six(
    payback_years: float, maturity_months: int, expected: float
) -> None:
    saving = Fraction(120000) / Fraction(payback_years) / 12
    payment = level_payment(Decimal(108000), SIX_PERCENT, maturity_months, "EUR")
    cover = savings_cover([saving] * 60, payment, grace_months=0, instalments=maturity_months)
    assert round(float(cover.minimum), 2) == expected


@given(st.integers(1, 10**9), RATES, MONTHS)
def test_payment_is_the_exact_one_to_half_a_cent(cents: int, rate: Decimal, months: int) -> None:
    payment = level_payment(Decimal(cents).scaleb(-2), rate, months, "EUR")
    exact = Fraction(cents, 100) * exact_level_payment(rate, months)
    assert abs(Fraction(payment) - exact) <= Fraction(1, 200)
    assert payment == round(payment, 2)


@given(RATES, MONTHS)
def test_payments_of_one_discount_back_to_one(rate: Decimal, months: int) -> None:
    factor = 1 / (1 + Fraction(rate) / 12)
    worth = sum(factor**month for month in range(1, months + 1))
    assert worth * exact_level_payment(rate, months) == 1
    by_library = -LIBRARY.pmt(float(rate) / 12, months, 1)
    assert float(exact_level_payment(rate, months)) == pytest.approx(by_library)


def test_payment_agrees_with_a_second_program() -> None:
    loan = mortgagemath.LoanParams(
        principal=Decimal(108000), annual_rate=Decimal(6), term_months=28
    )
    assert mortgagemath.periodic_payment(loan) == Decimal("4143.06")


@given(
    st.lists(st.integers(0, 10**7), min_size=40, max_size=40),
    st.decimals("0.5", 3, places=2),
    RATES,
    st.integers(0, 12),
    st.integers(1, 28),
)
def test_largest_loan_reaches_the_cover_and_one_cent_more_does_not(
    savings_cents: list[int], wanted: Decimal, rate: Decimal, grace: int, months: int
) -> None:
    savings = [Fraction(cents, 100) for cents in savings_cents]
    loan = largest_loan(savings, wanted, rate, "EUR", grace_months=grace, instalments=months)

    def minimum(principal: Decimal) -> Fraction:
        payment = level_payment(principal, rate, months, "EUR")
        if payment == 0:
            return Fraction(wanted)
        return savings_cover(savings, payment, grace_months=grace, instalments=months).minimum

    assert minimum(loan) >= Fraction(wanted)
    if loan > 0:
        assert minimum(loan + Decimal("0.01")) < Fraction(wanted)


def test_grace_months_are_left_out_and_missing_months_have_no_saving() -> None:
    savings = [Fraction(0), Fraction(0), Fraction(30), Fraction(50)]
    cover = savings_cover(savings, Decimal(20), grace_months=2, instalments=2)
    assert cover.per_instalment == (Fraction(3, 2), Fraction(5, 2))
    assert (cover.minimum, cover.average) == (Fraction(3, 2), Fraction(2))
    longer = savings_cover(savings, Decimal(20), grace_months=2, instalments=3)
    assert longer.minimum == 0
    assert largest_loan(
        savings, Decimal(1), SIX_PERCENT, "EUR", grace_months=0, instalments=4
    ) == Decimal("0.00")


def test_currencies_without_cents() -> None:
    assert level_payment(Decimal(108000), SIX_PERCENT, 28, "JPY") == Decimal(4143)


def test_refusals() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        exact_level_payment(SIX_PERCENT, 0)
    with pytest.raises(ValueError, match="rate is negative"):
        exact_level_payment(Decimal("-0.01"), 12)
    with pytest.raises(ValueError, match="loan is negative"):
        level_payment(Decimal(-1), SIX_PERCENT, 12, "EUR")
    with pytest.raises(ValueError, match="no instalment to cover"):
        savings_cover([], Decimal(0), grace_months=0, instalments=1)
    with pytest.raises(ValueError, match="cover is not above zero"):
        largest_loan([], Decimal(0), SIX_PERCENT, "EUR", grace_months=0, instalments=1)
