"""Arrears by age: every overdue amount is in exactly one band."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.arrears import AGE_BANDS, arrears_by_age
from loans.subledger.state import Amounts, DueItem

DUE_ON = date(2026, 3, 15)


def owing(principal: int, due_on: date = DUE_ON, until: date | None = None) -> DueItem:
    due = Amounts(principal=principal)
    return DueItem(1, None, due_on, until or due_on, due, Amounts(), None)


@pytest.mark.parametrize(
    ("days", "band"), [(1, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (181, 4)]
)
def test_each_age_has_its_band(days: int, band: int) -> None:
    found = arrears_by_age([owing(100)], DUE_ON + timedelta(days=days))
    assert [one.overdue_minor for one in found] == [100 if n == band else 0 for n in range(5)]


def test_nothing_is_late_on_the_due_day_nor_until_the_next_business_day() -> None:
    assert not any(one.overdue_minor for one in arrears_by_age([owing(100)], DUE_ON))
    monday = DUE_ON + timedelta(days=2)
    waits = [owing(100, until=monday)]
    assert not any(one.overdue_minor for one in arrears_by_age(waits, monday))
    assert arrears_by_age(waits, monday + timedelta(days=1))[0].overdue_minor == 100


def test_the_bands_are_named_by_their_days() -> None:
    labels = [one.label for one in arrears_by_age([], DUE_ON)]
    assert labels == ["1-30", "31-60", "61-90", "91-180", "over 180"]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(-50, 500)), max_size=20))
def test_the_bands_add_up_to_what_is_late(lots: list[tuple[int, int]]) -> None:
    as_of = DUE_ON
    items = [owing(amount, as_of - timedelta(days=days)) for amount, days in lots]
    late = sum(amount for amount, days in lots if days > 0)
    assert sum(band.overdue_minor for band in arrears_by_age(items, as_of)) == late
    assert len(AGE_BANDS) == 5
