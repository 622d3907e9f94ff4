from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from loans.assessing.maturity import longest_installation, maturity_limits, roi_period
from loans.assessing.offer_result import OfferFigures
from tests.loans.proposals import NEFCO
from tests.loans.sheets import with_terms

TWO_YEARS = OfferFigures("EUR", Decimal(120_000), Fraction(2), 6, ())


def test_the_roi_period_runs_from_the_first_pay_out_unless_the_profile_says_otherwise() -> None:
    assert roi_period(TWO_YEARS, NEFCO) == 30
    assert roi_period(TWO_YEARS, with_terms(roi_period_from="commissioning")) == 24
    assert roi_period(replace(TWO_YEARS, payback_ratio=None), NEFCO) is None


def test_limits_are_whole_months_rounded_down() -> None:
    figures = replace(TWO_YEARS, requested_maturity_months=20)
    assert [limit.months for limit in maturity_limits(Fraction(62, 3), figures, NEFCO)] == [
        *(24, 36, 20),
    ]
    assert maturity_limits(Fraction(0), TWO_YEARS, NEFCO)[0].months == 1


@pytest.mark.parametrize(
    ("planned", "payback", "asked", "longest"),
    [(36, 2, None, 35), (40, 2, None, 35), (12, 2, 10, 9), (3, 0, 1, 0), (0, 2, None, 0)],
)
def test_the_longest_installation_leaves_a_month_to_repay(
    planned: int, payback: int, asked: int | None, longest: int
) -> None:
    figures = replace(
        TWO_YEARS,
        implementation_months=planned,
        payback_ratio=Fraction(payback),
        requested_maturity_months=asked,
    )
    assert longest_installation(figures, NEFCO) == longest
