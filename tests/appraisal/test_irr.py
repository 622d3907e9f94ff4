import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appraisal.indicators import extended_net_present_value
from appraisal.irr import IrrStatus, extended_internal_rate_of_return, internal_rate_of_return

CENTS = st.integers(1, 10**9).map(lambda cents: cents / 100)
SIGNED_CENTS = st.integers(-(10**8), 10**8).map(lambda cents: cents / 100)


def _relative_value(log_rate: float, flows: list[float]) -> float:
    """Present value / present value of the amounts without sign; from ln(1 + rate)."""
    size = sum(abs(flow) * math.exp(-log_rate * time) for time, flow in enumerate(flows))
    return math.fsum(flow * math.exp(-log_rate * time) for time, flow in enumerate(flows)) / size


@given(CENTS, st.lists(CENTS, min_size=1, max_size=20))
def test_an_investment_has_one_rate_at_which_npv_is_zero(
    outlay: float, income: list[float]
) -> None:
    flows = [-outlay, *income]
    result = internal_rate_of_return(flows)
    assert result.status is IrrStatus.UNIQUE
    assert result.rate is not None
    assert abs(_relative_value(result.log_roots[0], flows)) < 1e-12
    assert (result.rate > 0) == (sum(map(Fraction, flows)) > 0) or abs(result.rate) < 1e-12


@given(st.lists(CENTS, min_size=1, max_size=6), st.lists(CENTS, min_size=1, max_size=12))
def test_several_outlays_before_all_income(outlays: list[float], income: list[float]) -> None:
    flows = [-flow for flow in outlays] + income
    result = internal_rate_of_return(flows)
    assert len(result.roots) == 1
    assert abs(_relative_value(result.log_roots[0], flows)) < 1e-12


@given(st.lists(SIGNED_CENTS, min_size=2, max_size=12))
def test_npv_is_zero_at_every_root_and_positive_only_inside_the_intervals(
    flows: list[float],
) -> None:
    result = internal_rate_of_return(flows)
    assert list(result.roots) == sorted(result.roots)
    assert len(result.roots) <= result.sign_changes
    for root in result.log_roots:
        assert abs(_relative_value(root, flows)) < 1e-12
    for rate in (-0.5, 0.03, 0.17, 2.0):
        value = _relative_value(math.log1p(rate), flows) if any(flows) else 0.0
        assume(abs(value) > 1e-9)
        assert any(low < rate < high for low, high in result.npv_positive) == (value > 0)


@given(
    st.lists(st.integers(-8, 30).map(lambda step: step / 10), min_size=2, max_size=4, unique=True)
)
def test_every_planted_root_is_found(planted: list[float]) -> None:
    polynomial = [Fraction(-1000)]
    for rate in planted:
        factor = 1 + Fraction(str(rate))
        shifted = [Fraction(0), *polynomial]
        unshifted = [*polynomial, Fraction(0)]
        polynomial = [a - factor * b for a, b in zip(unshifted, shifted, strict=True)]
    result = internal_rate_of_return(polynomial)
    assert len(result.roots) == len(planted)
    assert result.roots == pytest.approx(sorted(planted), abs=1e-7)


@given(CENTS, st.lists(SIGNED_CENTS, min_size=1, max_size=8), st.integers(-60, 60))
def test_a_power_of_two_changes_nothing(outlay: float, later: list[float], power: int) -> None:
    flows = [-outlay, *later]
    scaled = [math.ldexp(flow, power) for flow in flows]
    assert internal_rate_of_return(flows) == internal_rate_of_return(scaled)


@given(CENTS, st.lists(CENTS, min_size=1, max_size=8))
def test_turning_all_signs_keeps_the_rate(outlay: float, income: list[float]) -> None:
    lent = internal_rate_of_return([-outlay, *income])
    borrowed = internal_rate_of_return([outlay, *(-flow for flow in income)])
    assert borrowed.status is IrrStatus.COST_OF_FINANCE
    assert borrowed.rate == lent.rate
    assert borrowed.reason == (
        "Money comes in first, so the rate is a cost of finance: lower is better."
    )


@pytest.mark.parametrize(
    ("flows", "reason"),
    [
        ([0, 0], "All flows are zero."),
        ([5, 0, 3], "There is no outlay, so no rate can be stated."),
        ([-5, -3], "Nothing comes back, so no rate can be stated."),
        ([100, -200, 150], "The net present value is zero at no rate."),
    ],
)
def test_no_rate_has_a_reason(flows: list[float], reason: str) -> None:
    result = internal_rate_of_return(flows)
    assert (result.status, result.rate, result.roots) == (IrrStatus.NONE, None, ())
    assert result.reason == reason


def test_several_rates_and_none_meant() -> None:
    result = internal_rate_of_return([-100, 230, -132])
    assert result.status is IrrStatus.MULTIPLE
    assert result.rate is None
    assert result.roots == pytest.approx([0.1, 0.2])
    assert result.reason is not None
    assert "2 rates" in result.reason
    assert result.npv_positive == (result.roots,)
    assert result.certified


def test_the_only_rate_that_is_not_negative_is_meant_when_the_flows_gain() -> None:
    result = internal_rate_of_return([-1000, 200, -50, 900, 700, -100])
    assert result.status is IrrStatus.MULTIPLE
    assert result.rate == pytest.approx(0.179479973849637)
    assert result.reason == "The only rate that is not negative; 1 more below zero."


def test_one_rate_that_is_not_negative_is_not_meant_when_the_flows_lose() -> None:
    flows = [1000, -200, 50, -900, -700, 100]
    result = internal_rate_of_return(flows)
    assert sum(flows) < 0
    assert [root >= 0 for root in result.roots] == [False, True]
    assert result.rate is None


def test_a_double_root_is_one_rate_and_says_that_npv_only_touches_zero() -> None:
    result = internal_rate_of_return([-100, 220, -121])
    assert result.status is IrrStatus.UNIQUE
    assert result.rate == pytest.approx(0.1)
    assert result.npv_positive == ()
    assert result.reason is not None
    assert "never positive" in result.reason
    assert result.certified


def test_a_double_root_of_a_positive_value_splits_the_interval() -> None:
    result = internal_rate_of_return([100, -220, 121])
    assert result.status is IrrStatus.COST_OF_FINANCE
    (root,) = result.roots
    assert result.npv_positive == ((-1.0, root), (root, math.inf))


def test_a_triple_root_is_one_rate() -> None:
    result = internal_rate_of_return([-1000, 3300, -3630, 1331])
    assert len(result.roots) == 1
    assert result.rate == pytest.approx(0.1, abs=1e-12)
    assert result.certified


def test_a_rate_beyond_floating_point_is_infinite_and_not_stated() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 2)]
    result = extended_internal_rate_of_return(days, [-1, 100])
    assert result.status is IrrStatus.UNIQUE
    assert result.rate is None
    assert result.roots == (math.inf,)
    assert result.log_roots[0] == pytest.approx(365 * math.log(100))
    assert result.reason == "The rate is too large to state as a number."
    borrowed = extended_internal_rate_of_return(days, [1, -100])
    assert borrowed.status is IrrStatus.COST_OF_FINANCE


def test_a_rate_next_to_minus_one_stays_above_it() -> None:
    result = internal_rate_of_return([-1e200, 1e-90])
    assert result.rate is not None
    assert result.rate > -1
    assert result.log_roots[0] == pytest.approx(-290 * math.log(10))


def test_income_whose_sum_is_beyond_floating_point() -> None:
    result = internal_rate_of_return([-1e10, 1e308, 1e308])
    assert result.status is IrrStatus.UNIQUE
    assert result.rate == pytest.approx(1e298)


def test_the_longest_list_that_turns_its_sign_each_time() -> None:
    """1 - x + x ** 2 - ... = (1 - x ** 1200) / (1 + x) is zero at x = 1 only."""
    result = internal_rate_of_return([(-1) ** time for time in range(1200)])
    assert result.sign_changes == 1199
    assert result.roots == pytest.approx([0], abs=1e-12)


def test_flows_of_one_day_are_netted_and_leave_no_residue() -> None:
    start = date(2026, 1, 1)
    days = [start, *[start + timedelta(730)] * 2, *[start + timedelta(1095)] * 3]
    result = extended_internal_rate_of_return(days, [-100, 100, 21, -0.1, -0.2, 0.3])
    assert result.sign_changes == 1
    assert result.rate == pytest.approx(0.1)


@given(
    CENTS,
    st.lists(st.tuples(st.integers(1, 5000), CENTS), min_size=1, max_size=10),
    st.randoms(use_true_random=False),
)
def test_dated_flows_in_any_order(
    outlay: float, later: list[tuple[int, float]], random: Random
) -> None:
    start = date(2026, 1, 31)
    rows = [(start, -outlay)] + [(start + timedelta(days), flow) for days, flow in later]
    rate = _dated_rate(rows)
    assume(rate is not None and -0.5 < rate < 1e6)
    assert rate is not None
    random.shuffle(rows)
    assert _dated_rate(rows) == pytest.approx(rate, rel=1e-9, abs=1e-12)
    days, flows = zip(*rows, strict=True)
    value = extended_net_present_value(rate, days, flows)
    assert abs(value) < 1e-6 * sum(map(abs, flows))


def _dated_rate(rows: list[tuple[date, float]]) -> float | None:
    days, flows = zip(*rows, strict=True)
    return extended_internal_rate_of_return(days, flows).rate


def test_exact_numbers_are_taken_too() -> None:
    result = internal_rate_of_return([Decimal("-100.00"), Fraction(110)])
    assert result.rate == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("flows", "words"),
    [
        ([], "Enter at least one amount"),
        ([math.nan, 1.0], "not a finite number"),
        ([math.inf, 1.0], "not a finite number"),
        ([1e308, 1e308, math.inf], "not a finite number"),
        ([10**400, -1], "not a finite number"),
        ([-1.0] + [1.0] * 1200, "at most 1,200"),
    ],
)
def test_refusals(flows: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        internal_rate_of_return(flows)


def test_dates_must_match_the_flows() -> None:
    with pytest.raises(ValueError, match="one date for each flow"):
        extended_internal_rate_of_return([date(2026, 1, 1)], [-1, 2])
    with pytest.raises(ValueError, match="one date for each flow"):
        extended_internal_rate_of_return([], [])
    with pytest.raises(ValueError, match="time is not a finite number"):
        internal_rate_of_return([-1, 2], [0, math.inf])
