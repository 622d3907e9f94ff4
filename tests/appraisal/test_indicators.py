import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy_financial
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appraisal.indicators import (
    discounted_payback_years,
    extended_net_present_value,
    indicators,
    modified_internal_rate_of_return,
    net_present_value,
    net_present_values,
    payback_years,
    profitability_index,
    recovery_count,
)
from appraisal.irr import internal_rate_of_return

LIBRARY: Any = numpy_financial
GOLDEN = [-120000, 60000, 60000, 60000, 60000, 60000]
CENTS = st.integers(1, 10**9).map(lambda cents: cents / 100)
SIGNED = st.integers(-(10**8), 10**8).map(lambda cents: cents / 100)
RATES = st.floats(0, 1)


def test_golden_case() -> None:
    result = indicators(GOLDEN, 0.10, finance_rate=0.06, reinvestment_rate=0.10)
    assert result.net_present_value == pytest.approx(107447.21, abs=0.005)
    assert result.profitability_index == pytest.approx(1.8954, abs=5e-5)
    assert result.internal_rate_of_return.rate == pytest.approx(0.41041, abs=5e-6)
    assert result.modified_internal_rate_of_return == pytest.approx(0.2501, abs=5e-5)
    assert result.payback_years == 2.0
    assert result.discounted_payback_years == pytest.approx(2.352, abs=5e-4)
    assert "first is at time 0" in result.convention


def test_dated_flows_use_actual_days_over_365() -> None:
    days = [date(2014, 1, 1), date(2014, 3, 1), date(2014, 10, 30)]
    result = indicators([-10000, 2750, 9000], 0.09, days)
    expected = -10000 + 2750 / 1.09 ** (59 / 365) + 9000 / 1.09 ** (302 / 365)
    assert result.net_present_value == pytest.approx(expected)
    assert result.modified_internal_rate_of_return is None
    assert result.payback_years == pytest.approx((59 + 243 * 7250 / 9000) / 365)
    assert "365 from the earliest date" in result.convention
    assert "within the year" not in result.convention


def test_flows_of_one_day_are_netted_before_payback() -> None:
    start = date(2026, 1, 1)
    days = [start, start + timedelta(365), start + timedelta(365)]
    assert indicators([-100, -50, 150], 0.1, days).payback_years == 1.0


@given(SIGNED, st.lists(SIGNED, max_size=15), RATES)
def test_npv_agrees_with_the_library(first: float, later: list[float], rate: float) -> None:
    flows = [first, *later]
    expected = LIBRARY.npv(rate, flows)
    assert net_present_value(rate, flows) == pytest.approx(
        expected, abs=1e-9 * sum(map(abs, flows))
    )


@given(st.lists(SIGNED, min_size=2, max_size=15), RATES, RATES)
def test_modified_rate_agrees_with_the_library(
    flows: list[float], finance_rate: float, reinvestment_rate: float
) -> None:
    rate = modified_internal_rate_of_return(flows, finance_rate, reinvestment_rate)
    if min(flows) >= 0 or max(flows) <= 0:
        assert rate is None
    else:
        expected = LIBRARY.mirr(flows, finance_rate, reinvestment_rate)
        assert rate == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(CENTS, st.lists(CENTS, min_size=1, max_size=15))
def test_npv_at_the_irr_is_zero(outlay: float, income: list[float]) -> None:
    flows = [-outlay, *income]
    rate = internal_rate_of_return(flows).rate
    assume(rate is not None and rate > -0.9)
    assert rate is not None
    size = sum(abs(flow) * (1 + rate) ** -time for time, flow in enumerate(flows))
    assert abs(net_present_value(rate, flows)) < 1e-11 * size


@given(CENTS, st.lists(CENTS, min_size=1, max_size=15), RATES)
def test_discounted_payback_is_never_before_the_simple_one(
    outlay: float, income: list[float], rate: float
) -> None:
    flows = [-outlay, *income]
    simple, discounted = payback_years(flows), discounted_payback_years(rate, flows)
    assert discounted is None or simple is None or discounted >= simple - 1e-9
    assert simple is not None or discounted is None


@given(st.lists(SIGNED, min_size=1, max_size=15), RATES)
def test_index_is_one_or_more_exactly_when_npv_is_not_negative(
    flows: list[float], rate: float
) -> None:
    index = profitability_index(rate, flows)
    value = net_present_value(rate, flows)
    assume(abs(value) > 1e-9 * sum(map(abs, flows)))
    assert index is None if min(flows) >= 0 else (index is not None and (index > 1) == (value > 0))


@given(CENTS, st.lists(SIGNED, min_size=1, max_size=10), RATES, st.integers(-20, 20))
def test_scaling_all_flows_changes_no_ratio(
    outlay: float, later: list[float], rate: float, power: int
) -> None:
    flows = [-outlay, *later]
    scaled = [math.ldexp(flow, power) for flow in flows]
    one, other = (indicators(f, rate, None, 0.06, 0.1) for f in (flows, scaled))
    assert other.net_present_value == math.ldexp(one.net_present_value, power)
    assert other.profitability_index == one.profitability_index
    modified = one.modified_internal_rate_of_return
    expected = None if modified is None else pytest.approx(modified, rel=1e-12, abs=1e-13)
    assert other.modified_internal_rate_of_return == expected
    assert other.internal_rate_of_return == one.internal_rate_of_return
    assert other.discounted_payback_years == one.discounted_payback_years


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=12), st.integers(2, 1000))
def test_payback_is_exact_in_decimals(cents: list[int], factor: int) -> None:
    typed = [cent / 100 for cent in cents]
    exact = [Fraction(cent * factor) for cent in cents]
    assert payback_years(typed) == pytest.approx(payback_years(exact))


def test_payback_of_decimals_that_binary_fractions_miss() -> None:
    assert payback_years([-1.1, *[0.1] * 11]) == 11.0
    assert payback_years([Decimal("-1.1"), *[Decimal("0.1")] * 11]) == 11.0
    assert discounted_payback_years(0, [-1.1, *[0.1] * 11]) == 11.0


@pytest.mark.parametrize(
    ("flows", "years"),
    [
        ([-100, 50, 50], 2.0),
        ([-100, 40, 40, 40], 2.5),
        ([0, -100, 40, 60], 2.0),
        ([-100, 150, -60, 20], 2.5),
        ([-100, 150, -60], None),
        ([-100, 50], None),
        ([5, 5], 0.0),
        ([100, -100], 0.0),
        ([0, 0], None),
    ],
)
def test_cumulative_payback(flows: list[float], years: float | None) -> None:
    assert payback_years(flows) == years


def test_recovery_count() -> None:
    assert recovery_count([-100, 150, -60, 20]) == 2
    assert recovery_count([-100, 150]) == 1
    assert recovery_count([100, 100]) == 0


@given(
    st.lists(st.floats(-0.5, 2), min_size=1, max_size=5),
    st.lists(st.lists(SIGNED, min_size=3, max_size=3), min_size=1, max_size=8),
)
def test_many_rates_and_scenarios_at_once(rates: list[float], periods: list[list[float]]) -> None:
    values = net_present_values(rates, periods)
    assert values.shape == (len(rates), 3)
    size = np.abs(periods).sum() * 2.0 ** len(periods)
    for row, rate in zip(values, rates, strict=True):
        for scenario in range(3):
            single = net_present_value(rate, [period[scenario] for period in periods])
            assert row[scenario] == pytest.approx(single, abs=1e-12 * size)
    assert net_present_values(rates, [p[0] for p in periods]) == pytest.approx(values[:, 0])


def test_no_index_and_no_modified_rate_without_an_outlay() -> None:
    result = indicators([0, 10], 0.1, None, 0.06, 0.1)
    assert result.profitability_index is None
    assert result.modified_internal_rate_of_return is None
    assert modified_internal_rate_of_return([-5, 5], 0.1, 0.1, [1.0, 1.0]) is None


@pytest.mark.parametrize(
    ("rate", "flows", "words"),
    [
        (-1.0, [1], "above -100 %"),
        (math.nan, [1], "above -100 %"),
        (0.1, [], "at least one amount"),
        (0.1, [math.inf], "not a finite number"),
        (0.1, [1] * 1201, "at most 1,200"),
        (-0.999, [1] * 1200, "too large to state"),
    ],
)
def test_refusals(rate: float, flows: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        net_present_value(rate, flows)
    with pytest.raises(ValueError, match=words):
        discounted_payback_years(rate, flows)


def test_more_refusals() -> None:
    with pytest.raises(ValueError, match="too large to state"):
        net_present_value(0.0, [1e308, 1e308])
    with pytest.raises(ValueError, match="too large to state"):
        net_present_value(-0.9, [1, 1e308])
    with pytest.raises(ValueError, match="one date for each flow"):
        extended_net_present_value(0.1, [date(2026, 1, 1)], [1, 2])
    with pytest.raises(ValueError, match="too large to state"):
        profitability_index(0.1, [-1e-300, 1e300])
    with pytest.raises(ValueError, match="too large to state"):
        modified_internal_rate_of_return([-1, 1e9], 0.1, 0.1, [0.0, 0.001])
    with pytest.raises(ValueError, match="not a finite number"):
        net_present_values([0.1], [1, math.nan])
    with pytest.raises(ValueError, match="above -100 %"):
        net_present_values([-1], [1, 2])
    with pytest.raises(ValueError, match="too large to state"):
        net_present_values([-0.999], [1.0] * 1200)


def test_a_high_rate_over_a_long_time_counts_as_nothing() -> None:
    assert net_present_value(10, [-1, *[1] * 1199]) == pytest.approx(-0.9)
