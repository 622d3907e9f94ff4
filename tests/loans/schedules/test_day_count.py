from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.schedules.day_count import (
    DayCount,
    DayCountError,
    day_count_named,
    due_dates,
    due_day_of,
    month_after,
    year_fraction,
)

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(st.sampled_from(DayCount), st.lists(DAYS, min_size=3, max_size=3), st.integers(1, 31))
def test_two_parts_of_a_period_add_up_to_the_whole(
    day_count: DayCount, days: list[date], due_day: int
) -> None:
    first, middle, last = sorted(days)
    parts = year_fraction(day_count, first, middle, due_day=due_day)
    parts += year_fraction(day_count, middle, last, due_day=due_day)
    assert parts == year_fraction(day_count, first, last, due_day=due_day)


@given(st.sampled_from(DayCount), DAYS, st.integers(0, 800), st.integers(1, 31))
def test_more_days_are_never_a_smaller_part_of_a_year(
    day_count: DayCount, start: date, days: int, due_day: int
) -> None:
    end = start + timedelta(days=days)
    fraction = year_fraction(day_count, start, end, due_day=due_day)
    longer = year_fraction(day_count, start, end + timedelta(days=1), due_day=due_day)
    assert 0 <= fraction <= longer


@given(DAYS, st.integers(1, 60))
def test_a_nominal_month_is_one_twelfth_whatever_its_length(start: date, months: int) -> None:
    end = month_after(start, months)
    assert year_fraction(DayCount.MONTHLY_NOMINAL, start, end) == Fraction(months, 12)


def test_a_part_of_a_nominal_month_counts_its_days() -> None:
    fraction = year_fraction(
        DayCount.MONTHLY_NOMINAL, date(2026, 1, 15), date(2026, 1, 31), due_day=15
    )
    assert fraction == Fraction(16, 31) / 12


def test_actual_days_over_365_and_360() -> None:
    span = date(2024, 1, 1), date(2025, 1, 1)
    assert year_fraction(DayCount.ACT_365_FIXED, *span) == Fraction(366, 365)
    assert year_fraction(DayCount.ACT_360, *span) == Fraction(366, 360)
    assert year_fraction(DayCount.ACT_ACT_ISDA, *span) == 1


@pytest.mark.parametrize("name", ["30/360 US", "30/360", "bond basis", "30U/360"])
def test_bond_basis_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(DayCountError, match="do not add up") as refused:
        day_count_named(name)
    assert refused.value.field == "day_count"


def test_an_unknown_day_count_is_refused_with_what_is_offered() -> None:
    with pytest.raises(DayCountError, match=r"ACT/365F, ACT/360, .*monthly-nominal") as refused:
        day_count_named("BUS/252")
    assert "BUS" not in refused.value.message


@pytest.mark.parametrize("day_count", DayCount)
def test_each_offered_name_is_read(day_count: DayCount) -> None:
    assert day_count_named(str(day_count)) is day_count


@pytest.mark.parametrize("day_count", DayCount)
def test_time_does_not_run_backwards(day_count: DayCount) -> None:
    with pytest.raises(DayCountError, match="before the earlier"):
        year_fraction(day_count, date(2026, 2, 1), date(2026, 1, 31))


def test_due_days_are_clamped_to_the_end_of_a_month_and_return() -> None:
    dates = due_dates(date(2026, 1, 31), 4)
    assert dates == (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))


def test_a_first_due_date_clamped_from_the_disbursement_returns_to_its_day() -> None:
    dates = due_dates(date(2026, 2, 28), 3, start=date(2026, 1, 31))
    assert dates == (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))


def test_a_first_due_date_inside_a_month_keeps_its_own_day() -> None:
    dates = due_dates(date(2026, 2, 27), 2, start=date(2026, 1, 31))
    assert dates == (date(2026, 2, 27), date(2026, 3, 27))


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 120), st.integers(1, 12))
def test_due_dates_strictly_increase(first: date, instalments: int, frequency_months: int) -> None:
    dates = due_dates(first, instalments, frequency_months)
    assert len(dates) == instalments
    assert dates[0] == first
    assert list(dates) == sorted(set(dates))


def test_due_dates_end_before_the_calendar_does() -> None:
    with pytest.raises(DayCountError, match="Enter fewer instalments"):
        due_dates(date(2190, 1, 1), 1_200)


def test_the_due_day_is_the_disbursements_when_all_dates_follow_it() -> None:
    start = date(2025, 1, 31)
    assert due_day_of(start, due_dates(date(2025, 2, 28), 3, start=start)) == 31
    assert due_day_of(start, due_dates(date(2025, 2, 15), 3)) == 15
