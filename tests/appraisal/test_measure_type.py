from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.measure_type import MeasureType, classify, payback_ratio

MINOR = Decimal(5000)
AMOUNTS = st.decimals(0, 10**9, places=2)


@pytest.mark.parametrize(
    ("investment", "saving", "expected"),
    [
        ("0", "0.01", MeasureType.A),
        ("5000", "5000.01", MeasureType.A),
        ("5000.01", "6000", MeasureType.B),
        ("15000", "18000", MeasureType.B),
        ("18000", "18000", MeasureType.C),
        ("4000", "4000", MeasureType.C),
        ("120000", "60000", MeasureType.C),
        ("120000", "0", None),
        ("0", "0", None),
        ("120000", "-1", None),
    ],
)
def test_types(investment: str, saving: str, expected: MeasureType | None) -> None:
    assert classify(Decimal(investment), Decimal(saving), MINOR) is expected


def test_payback_is_exact() -> None:
    assert payback_ratio(Decimal(62500), Decimal(36000)) == Fraction(125, 72)
    assert payback_ratio(Decimal("0.01"), Fraction(1, 3)) == Fraction(3, 100)


def test_negative_investment_is_refused() -> None:
    with pytest.raises(ValueError, match="Enter zero or more"):
        payback_ratio(Decimal(-1), Decimal(1))


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_type_is_monotone_in_saving(investment: Decimal, less: Decimal, more: Decimal) -> None:
    less, more = sorted((less, more))
    worse, better = (classify(investment, saving, MINOR) for saving in (less, more))
    order: list[MeasureType | None] = [MeasureType.A, MeasureType.B, MeasureType.C, None]
    assert order.index(better) <= order.index(worse)


@given(AMOUNTS, st.decimals("0.01", 10**9, places=2))
def test_one_year_divides_the_types(investment: Decimal, saving: Decimal) -> None:
    measure_type = classify(investment, saving, MINOR)
    assert (measure_type is MeasureType.C) == (investment >= saving)
    assert payback_ratio(investment, saving) == Fraction(investment) / Fraction(saving)
