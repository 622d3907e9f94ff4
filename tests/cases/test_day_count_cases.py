"""Published date pairs: ISDA's 30/360 examples and QuantLib's actual/actual tests."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from loans.schedules.day_count import DayCount, year_fraction

CASES = json.loads((Path(__file__).parent / "data" / "day_counts.json").read_text())["cases"]
PAIRS = [
    (case["convention"], *pair, expected)
    for case in CASES
    for pair, expected in zip(case["inputs"]["pairs"], case["expected"], strict=True)
]


@pytest.mark.parametrize(("convention", "start", "end", "expected"), PAIRS)
def test_published_pair(convention: str, start: str, end: str, expected: Any) -> None:
    exact = year_fraction(DayCount(convention), date.fromisoformat(start), date.fromisoformat(end))
    if isinstance(expected, int):
        assert exact * 360 == expected
    else:
        # Published to ten decimal places and padded with zeros.
        assert abs(exact - Fraction(expected)) < Fraction(1, 10**10)
