from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from appraisal.money import LARGEST_MINOR
from loans.refusal import WrongValue
from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import due_dates
from loans.schedules.schedule import Method, build_schedule
from tests.loans.schedules.test_schedule import PAID_OUT_ON, schedule

WRONG: list[tuple[str, dict[str, Any]]] = [
    ("instalments", {"due_on": ()}),
    ("instalments", {"due_on": due_dates(date(2026, 2, 1), 1_201)}),
    ("first_due", {"due_on": (PAID_OUT_ON,)}),
    ("due_dates", {"due_on": (date(2026, 3, 1), date(2026, 3, 1))}),
    ("grace_instalments", {"grace_instalments": 24}),
    ("grace_instalments", {"grace_instalments": -1}),
    (
        "disbursements",
        {"parts": [BalanceChange(PAID_OUT_ON, 1), BalanceChange(date(2026, 3, 1), 1)]},
    ),
    ("principal", {"principal": 0}),
    ("principal", {"principal": LARGEST_MINOR + 1}),
    ("annual_rate", {"rate": "-0.01"}),
    ("annual_rate", {"rate": "6"}),
    ("annual_rate", {"rate": "NaN"}),
    ("rounding_step", {"rounding_step_minor": 0}),
    ("balloon", {"balloon_minor": 9_000_000}),
    ("balloon", {"method": Method.BULLET, "balloon_minor": 1}),
    ("savings", {"method": Method.SAVINGS_MATCHED}),
    ("savings", {"savings_minor": [1]}),
    ("savings", {"savings_minor": [-1] * 24}),
    ("savings", {"savings_minor": [1] * 23 + [0], "grace_instalments": 23}),
]


@pytest.mark.parametrize(("field", "terms"), WRONG)
def test_what_cannot_be_scheduled_is_refused_at_its_field(
    field: str, terms: dict[str, Any]
) -> None:
    with pytest.raises(WrongValue) as refused:
        schedule(**terms)
    assert refused.value.field == field
    assert refused.value.message.endswith(".")


def test_a_schedule_needs_money_paid_out() -> None:
    with pytest.raises(WrongValue, match="what is paid out") as refused:
        build_schedule(disbursements=[], annual_rate=Decimal(0), due_on=[PAID_OUT_ON])
    assert refused.value.field == "disbursements"
