"""Many level loans of equal months in arrays, held against each of them alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.refusal import WrongValue
from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import DayCount, due_dates
from loans.schedules.level_rows import PARTS
from loans.schedules.repaying_rows import repaying_rows
from loans.schedules.repayment_shape import Method
from loans.schedules.schedule import build_schedule, level_schedules
from tests.loans.equal_months import equal_months

LOANS = st.lists(st.tuples(st.integers(1, 10**12), st.integers(0, PARTS)), min_size=1, max_size=12)


@given(LOANS, st.integers(1, 60))
def test_many_at_once_are_each_of_them_alone(
    loans: list[tuple[int, int]], instalments: int
) -> None:
    found = level_schedules([loan[0] for loan in loans], [loan[1] for loan in loans], instalments)
    for place, (principal_minor, ppm) in enumerate(loans):
        rows = zip(
            found.interest_minor[:, place],
            found.principal_minor[:, place],
            found.balance_minor[:, place],
            strict=True,
        )
        assert [tuple(map(int, row)) for row in rows] == repaying_rows(
            equal_months(principal_minor, ppm, instalments), Method.LEVEL
        )


@given(st.integers(1, 10**10), st.integers(0, 200_000), st.integers(1, 60))
def test_the_rows_are_those_of_a_schedule_of_equal_months(
    principal_minor: int, ppm: int, instalments: int
) -> None:
    built = build_schedule(
        disbursements=[BalanceChange(date(2026, 1, 15), principal_minor)],
        annual_rate=Decimal(ppm) / PARTS,
        due_on=due_dates(date(2026, 2, 15), instalments),
        day_count=DayCount.MONTHLY_NOMINAL,
    )
    rows = repaying_rows(equal_months(principal_minor, ppm, instalments), Method.LEVEL)
    count = len(built.instalments)
    assert rows[:count] == [
        (row.interest_minor, row.principal_minor, row.balance_minor) for row in built.instalments
    ]
    assert rows[count:] == [(0, 0, 0)] * (instalments - count)
    assert count == 1 or rows[count - 1] != (0, 0, 0)


def test_memory_of_an_earlier_answer_is_used_again() -> None:
    first = level_schedules([9_000_000], [60_000], 36)
    again = level_schedules([10_800_000], [60_000], 36, into=first)
    assert again.interest_minor is first.interest_minor
    assert int(again.principal_minor.sum()) == 10_800_000
    other = level_schedules([10_800_000], [60_000], 24, into=first)
    assert other.interest_minor.shape == (24, 1)


@pytest.mark.parametrize(
    ("principal_minor", "ppm", "instalments", "field"),
    [
        (0, 60_000, 12, "principal_minor"),
        (10**12 + 1, 60_000, 12, "principal_minor"),
        (100, -1, 12, "annual_rate_ppm"),
        (100, PARTS + 1, 12, "annual_rate_ppm"),
        (100, 60_000, 0, "instalments"),
        (100, 60_000, 1_201, "instalments"),
    ],
)
def test_what_no_schedule_can_have_is_refused(
    principal_minor: int, ppm: int, instalments: int, field: str
) -> None:
    with pytest.raises(WrongValue) as refusal:
        level_schedules(np.array([principal_minor]), np.array([ppm]), instalments)
    assert refusal.value.field == field
