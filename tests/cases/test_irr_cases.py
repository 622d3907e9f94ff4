"""Published and constructed flows with all their roots, from high-precision arithmetic."""

import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appraisal.indicators import modified_internal_rate_of_return
from appraisal.irr import IrrResult, extended_internal_rate_of_return, internal_rate_of_return

CASES = json.loads((Path(__file__).parent / "data" / "irr.json").read_text())

TOLERANCES = {"ten_roots": 1e-5}
"""Ten roots 10 % apart: a change in the last digit of a flow moves them by this much."""


def _names(cases: list[dict[str, Any]]) -> list[str]:
    return [case["id"] for case in cases]


def _check(case: dict[str, Any], result: IrrResult) -> None:
    expected = case["roots"]
    assert len(result.roots) == len(expected)
    tolerance = TOLERANCES.get(case["id"], 1e-12)
    for root, wanted in zip(result.roots, expected, strict=True):
        assert root == wanted or abs(root - wanted) <= tolerance * (1 + wanted)
    assert result.certified
    assert (result.status.value == "none") == (not expected)
    assert (result.status.value == "multiple") == (len(expected) > 1)


@pytest.mark.parametrize("case", CASES["periodic"], ids=_names(CASES["periodic"]))
def test_periodic(case: dict[str, Any]) -> None:
    _check(case, internal_rate_of_return(case["flows"]))


@pytest.mark.parametrize("case", CASES["dated"], ids=_names(CASES["dated"]))
def test_dated(case: dict[str, Any]) -> None:
    days = [date.fromisoformat(day) for day in case["dates"]]
    result = extended_internal_rate_of_return(days, case["flows"])
    _check(case, result)
    if math.inf in case["roots"]:
        assert result.log_roots[-1] > 709


@pytest.mark.parametrize("case", CASES["mirr"])
def test_modified(case: dict[str, Any]) -> None:
    rate = modified_internal_rate_of_return(
        case["values"], case["finance_rate"], case["reinvest_rate"]
    )
    if case["reference"] is None:
        assert rate is None
    else:
        assert rate == pytest.approx(float(case["reference"]), rel=1e-13)
