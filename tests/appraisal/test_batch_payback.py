import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.batch_payback import payback_of_columns
from appraisal.indicators import payback_years

FLOWS = st.lists(st.integers(-50, 50), min_size=1, max_size=12)


def columns_payback(*columns: list[float], times: list[float] | None = None) -> list[float]:
    flows = np.array(columns, dtype=float).T
    moments = np.arange(len(flows), dtype=float) if times is None else np.array(times)
    found: list[float] = payback_of_columns(flows, moments).tolist()
    return found


def test_one_column_each() -> None:
    assert columns_payback([-100, 60, 60], [-100, 40, 40], [-10, 10, 0]) == [
        pytest.approx(5 / 3),
        math.inf,
        1.0,
    ]


def test_the_time_runs_from_the_first_outlay_to_the_last_crossing() -> None:
    assert columns_payback([0, -100, 200, -150, 100]) == [pytest.approx(2.5)]
    assert columns_payback([-12, 6, 12], times=[0.0, 0.5, 2.0]) == [pytest.approx(1.25)]


def test_nothing_to_recover() -> None:
    assert columns_payback([0, 0], [0, 5], [5, -5]) == [math.inf, 0.0, 0.0]


def test_what_is_left_of_rounding_is_not_a_debt() -> None:
    tenths = [-1.0, *[0.1] * 10, 0.0]
    assert columns_payback(tenths) == [pytest.approx(10.0)]


@given(st.lists(FLOWS, min_size=1, max_size=4))
def test_each_column_is_as_for_one_list(rows: list[list[int]]) -> None:
    longest = max(map(len, rows))
    columns = [[float(flow) for flow in row] + [0.0] * (longest - len(row)) for row in rows]
    for found, column in zip(columns_payback(*columns), columns, strict=True):
        expected = payback_years(column)
        assert found == pytest.approx(math.inf if expected is None else expected)
