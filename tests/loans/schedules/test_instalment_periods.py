"""Periods, stubs, listed days: identities that hold for all of them."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.schedules.day_count import month_after
from loans.schedules.instalment_periods import (
    LastPeriod,
    WrongDueDays,
    check_listed_days,
    grace_instalments,
    months_passed,
    period_lengths,
    savings_of_periods,
    spaced_days,
)

MONTHS = st.integers(1, 120)
FREQUENCIES = st.integers(1, 12)
LAST = st.sampled_from(LastPeriod)
STARTS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(MONTHS, FREQUENCIES, LAST)
def test_periods_sum_to_the_maturity(maturity: int, frequency: int, last: LastPeriod) -> None:
    lengths = period_lengths(maturity, frequency, last)
    assert sum(lengths) == maturity
    assert all(length == frequency for length in lengths[:-1])
    assert 1 <= lengths[-1] < 2 * frequency


@given(STARTS, MONTHS, FREQUENCIES, LAST)
def test_the_last_day_is_the_end_of_the_maturity(
    start: date, maturity: int, frequency: int, last: LastPeriod
) -> None:
    lengths = period_lengths(maturity, frequency, last)
    due_on = spaced_days(month_after(start, lengths[0]), lengths, start=start)
    assert due_on[-1] == month_after(start, maturity)
    assert all(before < after for before, after in pairwise((start, *due_on)))
    assert months_passed(start, due_on) == tuple(accumulate(lengths))


@given(STARTS, MONTHS, FREQUENCIES, LAST, st.integers(1, 400))
def test_an_earlier_first_day_ends_inside_the_maturity(
    start: date, maturity: int, frequency: int, last: LastPeriod, later: int
) -> None:
    lengths = period_lengths(maturity, frequency, last)
    first = min(start + timedelta(later), month_after(start, lengths[0]))
    assert spaced_days(first, lengths, start=start)[-1] <= month_after(start, maturity)


@given(
    st.lists(st.fractions(-100, 1000), max_size=60), MONTHS, FREQUENCIES, LAST, st.integers(0, 60)
)
def test_no_saving_is_lost_between_periods(
    monthly: list[Fraction], maturity: int, frequency: int, last: LastPeriod, months: int
) -> None:
    ends = tuple(accumulate(period_lengths(maturity, frequency, last)))
    savings = [abs(saving) for saving in monthly]
    found = savings_of_periods(savings, ends)
    assert len(found) == len(ends)
    assert sum(found) == sum(savings[:maturity], Fraction(0))
    assert all(saving >= 0 for saving in savings_of_periods(monthly, ends))
    grace = grace_instalments(ends, months)
    assert 0 <= grace < len(ends)
    assert not grace or ends[grace - 1] <= months


def test_stubs_by_hand() -> None:
    assert period_lengths(28, 3) == (3,) * 9 + (1,)
    assert period_lengths(28, 3, LastPeriod.LONGER) == (3,) * 8 + (4,)
    assert period_lengths(27, 3, LastPeriod.LONGER) == (3,) * 9
    assert period_lengths(2, 3, LastPeriod.LONGER) == (2,)


def test_no_day_and_too_many_are_refused() -> None:
    start = date(2026, 1, 15)
    for listed in ((), tuple(start + timedelta(day) for day in range(1, 1_202))):
        with pytest.raises(WrongDueDays, match="Enter from 1 to"):
            check_listed_days(listed, start=start, maturity_months=60, longest_gap_months=3)
