import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.cash_flow import yearly
from appraisal.irr import internal_rate_of_return
from appraisal.prices import (
    nominal_flows,
    nominal_rate,
    nominal_rates,
    nominal_run,
    nominal_savings,
    price_levels,
    real_rate,
)
from appraisal.proposal import Assumptions, Timing
from tests.appraisal.proposals import numbers

RATES = st.floats(-0.5, 2).map(lambda rate: round(rate, 6))
AMOUNTS = st.integers(-(10**9), 10**9).map(lambda cents: Fraction(cents, 100))


def test_fisher() -> None:
    assert nominal_rate(0.03, 0.001) == pytest.approx(0.03103)
    assert nominal_rate(0.1, 0.05) == pytest.approx(0.155)
    assert real_rate(0.155, 0.05) == pytest.approx(0.1)


@given(RATES, RATES)
def test_there_and_back(real: float, inflation: float) -> None:
    assert real_rate(nominal_rate(real, inflation), inflation) == pytest.approx(real, abs=1e-12)


@pytest.mark.parametrize("wrong", [-1.0, -2.0, float("nan"), float("inf")])
def test_a_rate_at_which_nothing_is_left_is_refused(wrong: float) -> None:
    for call in (nominal_rate, real_rate):
        with pytest.raises(ValueError, match="not above -100 %"):
            call(0.1, wrong)
        with pytest.raises(ValueError, match="not above -100 %"):
            call(wrong, 0.1)
    with pytest.raises(ValueError, match="not above -100 %"):
        nominal_savings([Fraction(1)], wrong)
    with pytest.raises(ValueError, match="not above -100 %"):
        price_levels(12, Timing.ANNUAL, wrong)


def test_price_levels_at_the_end_of_each_year_are_exact() -> None:
    levels = price_levels(25, Timing.ANNUAL, 0.1)
    assert levels[0] == 1
    assert set(levels[1:13]) == {Fraction(11, 10)}
    assert set(levels[13:25]) == {Fraction(121, 100)}
    assert levels[25] == Fraction(1331, 1000)


def test_price_levels_by_month_rise_evenly() -> None:
    levels = price_levels(24, Timing.MONTHLY, 0.1)
    assert [levels[month] for month in (0, 12, 24)] == [1, Fraction(11, 10), Fraction(121, 100)]
    assert float(levels[6]) == pytest.approx(1.1**0.5)
    assert float(levels[19]) == pytest.approx(1.1 ** (19 / 12))


def test_savings_that_cover_a_loan_rise_after_each_full_year() -> None:
    savings = nominal_savings([Fraction(100)] * 25, 0.1)
    assert numbers([savings[0], savings[11], savings[12], savings[24]]) == [100, 100, 110, 121]
    assert savings[24] == 121
    assert nominal_savings([Fraction(100)] * 25, 0.0) == (Fraction(100),) * 25


def test_the_nominal_run_of_a_small_project() -> None:
    """By hand: 110 a year for 2 years at real 10 %, inflation 5 %: 115.5 and 121.275 at 15.5 %."""
    monthly = [Fraction(-150), *[Fraction(110, 12)] * 24]
    run = nominal_run(tuple(monthly), Assumptions(discount_rate=0.1, inflation=0.05))
    assert numbers(run.yearly_flows) == [-150, 115.5, 121.275]
    assert run.discount_rate == pytest.approx(0.155)
    assert run.inflation == 0.05
    expected = -150 + 115.5 / 1.155 + 121.275 / 1.155**2
    assert run.net_present_value == pytest.approx(expected)
    assert run.net_present_value == pytest.approx(-150 + 110 / 1.1 + 110 / 1.21)


@given(
    st.lists(AMOUNTS, min_size=13, max_size=61),
    RATES,
    st.floats(-0.2, 0.5).map(lambda rate: round(rate, 6)),
    st.sampled_from(Timing),
)
def test_real_and_nominal_are_worth_the_same(
    flows: list[Fraction], rate: float, inflation: float, timing: Timing
) -> None:
    monthly = tuple(flows)
    real = nominal_run(monthly, Assumptions(discount_rate=rate, timing=timing))
    nominal = nominal_run(
        monthly, Assumptions(discount_rate=rate, timing=timing, inflation=inflation)
    )
    size = sum(float(abs(flow)) * max(1, (1 + rate) ** -5.1) for flow in flows)
    assert nominal.net_present_value == pytest.approx(
        real.net_present_value, rel=1e-12, abs=1e-12 * size
    )


@given(
    st.lists(st.integers(-(10**6), 10**6), min_size=24, max_size=60),
    st.floats(-0.2, 0.5).map(lambda rate: round(rate, 6)),
)
def test_the_nominal_rates_of_return_are_those_of_the_nominal_flows(
    flows: list[int], inflation: float
) -> None:
    monthly = tuple(map(Fraction, flows))
    run = nominal_run(monthly, Assumptions(inflation=inflation)).internal_rate_of_return
    solved = internal_rate_of_return(yearly(nominal_flows(monthly, Timing.ANNUAL, inflation)))
    assert solved.status is run.status
    assert run.roots == pytest.approx(solved.roots, rel=1e-7, abs=1e-9)
    assert run.log_roots == pytest.approx(solved.log_roots, rel=1e-7, abs=1e-7)
    assert len(run.npv_positive) == len(solved.npv_positive)
    for found, expected in zip(run.npv_positive, solved.npv_positive, strict=True):
        assert found == pytest.approx(expected, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("timing", list(Timing))
@pytest.mark.parametrize("inflation", [0.03, -0.02, 0.12])
def test_inflation_neither_makes_nor_unmakes_a_rate(timing: Timing, inflation: float) -> None:
    """Roots of 1 % and 40 %, then of -1 % and 40 %; at 3 or -2 % each has another sign."""
    for first, is_meant in ((Fraction(101, 100), False), (Fraction(99, 100), True)):
        second = Fraction(7, 5)
        yearly_flows = [Fraction(-1), first + second, -first * second]
        monthly = [Fraction(0)] * 25
        monthly[0], monthly[12], monthly[24] = (
            1000 * flow * (1 if is_meant else -1) for flow in yearly_flows
        )
        found = nominal_run(
            tuple(monthly), Assumptions(timing=timing, inflation=inflation)
        ).internal_rate_of_return
        assert len(found.roots) == 2
        assert found.roots == pytest.approx(
            [nominal_rate(float(rate) - 1, inflation) for rate in (first, second)]
        )
        assert (found.rate is not None) is is_meant


def test_a_rate_beyond_floating_point_stays_there() -> None:
    real = internal_rate_of_return([-1.0, 1e30], [0.0, 1 / 12])
    found = nominal_rates(real, 0.1)
    assert found.rate is None
    assert found.roots == (math.inf,)
    assert found.log_roots == pytest.approx([real.log_roots[0] + math.log(1.1)])
    assert found.npv_positive == ((-1.0, math.inf),)


def test_nominal_flows_keep_what_is_nothing() -> None:
    flows = nominal_flows([Fraction(0), Fraction(100)], Timing.ANNUAL, 0.1)
    assert flows == (Fraction(0), Fraction(110))
