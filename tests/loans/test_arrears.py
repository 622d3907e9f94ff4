from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.allocation import OpenInstalment
from loans.arrears import (
    AGE_BANDS,
    PORTFOLIO_AT_RISK_DAYS,
    LoanAtDay,
    arrears,
    arrears_by_age,
    days_past_due,
    portfolio_at_risk,
)
from loans.component import Component

DUE_ON = date(2026, 3, 15)
LOANS = st.lists(st.builds(LoanAtDay, st.integers(0, 10**9), st.integers(0, 400)), max_size=20)


def owing(principal: int, due_on: date = DUE_ON, interest: int = 0) -> OpenInstalment:
    amounts = {Component.PRINCIPAL: principal, Component.INTEREST: interest}
    return OpenInstalment(due_on.toordinal(), due_on, amounts)


@pytest.mark.parametrize(("days", "expected"), [(-1, 0), (0, 0), (1, 1), (31, 31)])
def test_the_day_after_the_due_date_is_the_first_day_past_due(days: int, expected: int) -> None:
    as_of = DUE_ON + timedelta(days=days)
    assert days_past_due(DUE_ON, as_of) == expected
    assert arrears([owing(100)], as_of).days_past_due == expected


def test_amounts_overdue_are_summed_and_the_oldest_day_counts() -> None:
    later = DUE_ON + timedelta(days=31)
    late = arrears([owing(300, later), owing(100, interest=5)], later + timedelta(days=2))
    assert (late.overdue_minor, late.overdue_principal_minor) == (405, 400)
    assert late.days_past_due == 33


def test_amounts_within_the_tolerance_do_not_start_the_count() -> None:
    later = DUE_ON + timedelta(days=31)
    as_of = later + timedelta(days=5)
    assert arrears([owing(100)], as_of, tolerance_minor=100).days_past_due == 0
    assert arrears([owing(101)], as_of, tolerance_minor=100).days_past_due == 36
    both = arrears([owing(60), owing(60, later)], as_of, tolerance_minor=100)
    assert both.days_past_due == 5


@given(
    st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 300)), max_size=12),
    st.integers(0, 300),
)
def test_no_days_past_due_exactly_when_nothing_is_overdue(
    owed: list[tuple[int, int]], days: int
) -> None:
    instalments = [owing(amount, DUE_ON + timedelta(days=due)) for amount, due in owed]
    late = arrears(instalments, DUE_ON + timedelta(days=days))
    assert (late.days_past_due == 0) == (late.overdue_minor == 0)


@given(
    st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 300)), max_size=12),
    st.integers(0, 600),
)
def test_the_bands_add_up_to_what_is_overdue(owed: list[tuple[int, int]], days: int) -> None:
    instalments = [owing(amount, DUE_ON + timedelta(days=due)) for amount, due in owed]
    as_of = DUE_ON + timedelta(days=days)
    bands = arrears_by_age(instalments, as_of)
    total = sum(band.overdue_minor for band in bands)
    assert total == arrears(instalments, as_of).overdue_minor
    assert [(band.first_day, band.last_day) for band in bands] == list(AGE_BANDS)


def test_each_age_falls_into_its_band() -> None:
    ages = [1, 30, 31, 60, 61, 90, 91, 180, 181, 1_000]
    as_of = DUE_ON + timedelta(days=2_000)
    bands = arrears_by_age([owing(1, as_of - timedelta(days=age)) for age in ages], as_of)
    assert {band.label: band.overdue_minor for band in bands} == {
        "1-30": 2,
        "31-60": 2,
        "61-90": 2,
        "91-180": 2,
        "over 180": 2,
    }


def test_portfolio_at_risk_counts_the_whole_principal() -> None:
    loans = [LoanAtDay(p, d) for p, d in ((400, 0), (300, 10), (200, 45), (100, 120))]
    shares = [portfolio_at_risk(loans, days) for days in PORTFOLIO_AT_RISK_DAYS]
    assert shares == [Fraction(3, 10), Fraction(1, 10), Fraction(1, 10)]


def test_more_than_thirty_days_is_strict() -> None:
    assert portfolio_at_risk([LoanAtDay(1, 30)], 30) == 0
    assert portfolio_at_risk([LoanAtDay(1, 31)], 30) == 1


@given(LOANS)
def test_longer_lateness_is_never_a_larger_share(loans: list[LoanAtDay]) -> None:
    shares = [portfolio_at_risk(loans, days) or Fraction(0) for days in PORTFOLIO_AT_RISK_DAYS]
    assert shares == sorted(shares, reverse=True)


def test_without_outstanding_principal_there_is_no_share() -> None:
    assert portfolio_at_risk([], 30) is None
