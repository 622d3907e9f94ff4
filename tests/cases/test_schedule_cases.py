"""Published schedules and constant-cover loans, reproduced to the cent."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.calculators import schedule
from appraisal.money import round_half_up, to_minor
from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import DayCount, due_dates
from loans.schedules.schedule import Method, build_schedule

DATA = Path(__file__).parent / "data"
SCHEDULES = json.loads((DATA / "schedules.json").read_text())["cases"]
SAVINGS_MATCHED = json.loads((DATA / "savings_matched.json").read_text())["cases"]
ROWS = [case for case in SAVINGS_MATCHED if "rows" in case["expected"]]
ANNUAL = next(case for case in SAVINGS_MATCHED if case["id"] == "SAM-SCULPT-1")


@pytest.mark.parametrize("case", SCHEDULES, ids=lambda case: case["id"])
def test_published_schedule(case: dict[str, Any]) -> None:
    rows = schedule(case["request"])["instalments"]
    for row, expected in zip(rows, case["expected"], strict=False):
        assert {key: row[key] for key in expected} == expected
    assert len(rows) >= len(case["expected"])


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case["id"])
def test_savings_matched_example(case: dict[str, Any]) -> None:
    given, expected = case["inputs"], case["expected"]
    grace = given["grace_months"]
    answer = schedule(
        {
            "principal": given["principal"],
            "currency": "EUR",
            "annual_rate": given["annual_rate"],
            "day_count": "monthly-nominal",
            "method": "savings-matched",
            "first_disbursement": "2026-01-15",
            "first_due": "2026-02-15",
            "instalments": grace + len(given["savings"]),
            "grace_instalments": grace,
            "savings": ["0"] * grace + given["savings"],
            "target_cover": given["target_dscr"],
        }
    )
    for row, wanted in zip(answer["instalments"], expected["rows"], strict=True):
        assert {key: row[key] for key in wanted} == wanted
    assert answer["divisor"] == pytest.approx(float(expected["constant_dscr"]), abs=5e-7)
    assert answer["cover"]["loan_life"] == pytest.approx(float(expected["llcr"]), abs=5e-7)
    assert answer["cover"]["minimum"] == pytest.approx(float(expected["min_dscr"]), abs=5e-5)
    assert answer["debt_capacity"] == expected["debt_capacity_at_target"]


def test_published_constant_cover_loan() -> None:
    given, expected = ANNUAL["inputs"], ANNUAL["expected"]
    savings = [round_half_up(Decimal(str(flow)) * 100) for flow in given["cfads"]]
    built = build_schedule(
        disbursements=[BalanceChange(date(2021, 1, 1), to_minor(Decimal("52499952.30"), "EUR"))],
        annual_rate=Decimal(str(given["rate"])),
        due_on=due_dates(date(2022, 1, 1), given["tenor"], 12),
        day_count=DayCount.THIRTY_E_360,
        method=Method.SAVINGS_MATCHED,
        savings_minor=savings,
    )
    assert float(built.divisor or 0) == pytest.approx(given["dscr"], abs=1e-8)
    assert built.debt_capacity_minor(Decimal(str(given["dscr"]))) == 5_249_995_230
    for row, principal in zip(built.instalments[:-1], expected["principal"], strict=False):
        assert row.principal_minor == pytest.approx(100 * principal, abs=2)
