import json
import math
from decimal import Decimal
from typing import Any

import pytest

from app.calculators import Calculator
from tests.app.test_calculators import GOOD, INDICATORS, SCHEDULE, ask, fields

WRONG: list[tuple[str, str, object]] = [
    ("indicators", "rate", "0.10"),
    ("indicators", "rate", True),
    ("indicators", "rate", math.nan),
    ("indicators", "rate", Decimal("1e400")),
    ("indicators", "rate", -1),
    ("indicators", "flows", []),
    ("indicators", "flows", [1] * 1_201),
    ("indicators", "flows", "text"),
    ("indicators", "flows.0", [True]),
    ("indicators", "flows.0", [None]),
    ("indicators", "flows.0", [math.inf]),
    ("indicators", "flows.0", [10**5_000]),
    ("indicators", "dates.0", ["2026-02-30"]),
    ("indicators", "dates.0", [20_260_101]),
    ("indicators", "dates.0", ["0001-01-01"]),
    ("indicators", "request", None),
    ("schedule", "principal", "1e5"),
    ("schedule", "principal", "0"),
    ("schedule", "principal", "-1"),
    ("schedule", "principal", "1.001"),
    ("schedule", "principal", "9" * 5_000),
    ("schedule", "principal", True),
    ("schedule", "principal", "1\x00"),
    ("schedule", "principal", "\u0661"),
    ("schedule", "currency", "XXX"),
    ("schedule", "currency", "eur"),
    ("schedule", "currency", "\ud800"),
    ("schedule", "annual_rate", "6"),
    ("schedule", "day_count", "30/360 US"),
    ("schedule", "day_count", 360),
    ("schedule", "method", "annuity"),
    ("schedule", "instalments", 1_201),
    ("schedule", "instalments", 28.0),
    ("schedule", "instalments", True),
    ("schedule", "grace_instalments", 28),
    ("schedule", "first_due", "2026-01-15"),
    ("schedule", "rounding_step", "0.001"),
    ("schedule", "balloon", "108000.00"),
    ("schedule", "savings", ["1"]),
    ("schedule", "savings", ["0"] * 28),
    ("schedule", "target_cover", "0"),
    ("appraise", "measures", []),
    ("appraise", "currency", None),
    ("appraise", "title", "\ud800"),
    ("appraise", "enterprise.country", {"name": "n", "country": "Lt", "ownership": "state"}),
    ("appraise", "enterprise.ownership", {"name": "n", "country": "LT", "ownership": "crown"}),
    ("appraise", "assumptions.discount_rate", {"discount_rate": math.inf}),
    ("appraise", "finance.requested_amount", {"requested_amount": "1,000"}),
]


@pytest.mark.parametrize(("calculator", "field", "value"), WRONG)
def test_a_wrong_value_is_refused_at_its_field(calculator: str, field: str, value: object) -> None:
    name = field.partition(".")[0]
    document = value if name == "request" else GOOD[Calculator(calculator)] | {name: value}
    refusal = ask(calculator, document)
    assert refusal["error"]["code"] == "wrong_value"
    assert field in fields(refusal)
    assert len(json.dumps(refusal)) < 2_000
    for message in fields(refusal).values():
        assert message.endswith(".")
        assert not {"please", "invalid"} & set(message.lower().split())


@pytest.mark.parametrize(
    ("left_out", "added", "sentence"),
    [
        ("principal", {}, "or disbursements."),
        ("first_due", {}, "or due_dates."),
        ("", {"disbursements": [{"on": "2026-01-15", "amount": "1"}]}, "not both."),
        ("", {"due_dates": ["2026-02-15"]}, "not both."),
    ],
)
def test_a_loan_is_stated_in_one_way(left_out: str, added: dict[str, Any], sentence: str) -> None:
    document = {k: v for k, v in (SCHEDULE | added).items() if k != left_out}
    refusal = ask("schedule", document)
    assert refusal["error"]["message"].endswith(sentence)


def test_part_of_a_cent_paid_out_is_refused_at_the_disbursements() -> None:
    document = {k: v for k, v in SCHEDULE.items() if k not in ("principal", "first_disbursement")}
    parts = [{"on": "2026-01-15", "amount": "0.001"}]
    assert "disbursements" in fields(ask("schedule", document | {"disbursements": parts}))


def test_an_unknown_field_is_refused_without_naming_it() -> None:
    refusal = ask("indicators", INDICATORS | {"<script>": 1})
    assert fields(refusal) == {"request": "A field here is not known. Leave it out."}
    assert "script" not in json.dumps(refusal)


def test_every_wrong_field_is_named_at_once() -> None:
    refusal = ask("schedule", SCHEDULE | {"currency": "x", "method": "y", "instalments": 0})
    assert set(fields(refusal)) == {"currency", "method", "instalments"}
    assert refusal["error"]["message"].startswith("3 values cannot be used.")


def test_a_result_beyond_floating_point_is_refused_in_words() -> None:
    refusal = ask("indicators", {"flows": [1e308] * 3, "rate": -0.999})
    assert refusal["error"]["message"].endswith(".")
