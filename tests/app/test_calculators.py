import json
import math
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app import calculators
from app.api.calculators import LARGEST_REQUEST_BYTES, router
from app.calculators import MOST_REQUESTS, Calculator, answer, is_refused
from app.json_text import Unreadable, read_json

FLOWS = [-120_000, 60_000, 60_000, 60_000, 60_000, 60_000]
INDICATORS: dict[str, Any] = {"flows": FLOWS, "rate": 0.10}
SCHEDULE: dict[str, Any] = {
    "principal": "108000.00",
    "currency": "EUR",
    "annual_rate": "0.06",
    "day_count": "monthly-nominal",
    "method": "level",
    "first_disbursement": "2026-01-15",
    "first_due": "2026-02-15",
    "instalments": 28,
}
PROPOSAL: dict[str, Any] = {
    "facility": "nefco-1998",
    "title": "White-water and fibre reuse",
    "currency": "EUR",
    "enterprise": {"name": "Example Mill", "country": "LT", "ownership": "local_private"},
    "assumptions": {"discount_rate": 0.10, "horizon_years": 5, "timing": "annual"},
    "measures": [
        {
            "code": "M1",
            "title": "Filters",
            "technique": "on_site_recovery",
            "investment": [{"code": "I01", "amount": "120000.00", "evidence": "quote"}],
            "savings": [
                {
                    "code": "R04",
                    "unit": "m3",
                    "quantity_before": "400000",
                    "quantity_after": "100000",
                    "unit_price": "0.20",
                    "evidence": "invoice",
                }
            ],
            "life_years": 5,
            "expands_capacity": False,
            "adds_production_equipment": False,
        }
    ],
    "finance": {"measures": ["M1"], "requested_amount": None},
}
GOOD = {
    Calculator.INDICATORS: INDICATORS,
    Calculator.SCHEDULE: SCHEDULE,
    Calculator.APPRAISE: PROPOSAL,
}


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    app.include_router(router, prefix="/api/v1")
    return TestClient(app)


def ask(calculator: str, document: object) -> dict[str, Any]:
    given = answer(Calculator(calculator), document)
    assert isinstance(given, dict)
    return given


def fields(refusal: dict[str, Any]) -> dict[str, str]:
    return {one["field"]: one["message"] for one in refusal["error"]["fields"]}


def test_the_indicators_of_the_golden_case() -> None:
    golden = ask("indicators", INDICATORS | {"finance_rate": 0.06, "reinvestment_rate": 0.10})
    assert golden["net_present_value"] == pytest.approx(107_447.21, abs=0.005)
    assert golden["profitability_index"] == pytest.approx(1.8954, abs=5e-5)
    assert golden["internal_rate_of_return"]["status"] == "unique"
    assert golden["internal_rate_of_return"]["rate"] == pytest.approx(0.41041, abs=5e-6)
    assert golden["internal_rate_of_return"]["reason"] is None
    assert golden["modified_internal_rate_of_return"] == pytest.approx(0.2501, abs=5e-5)
    assert golden["payback_years"] == 2.0
    assert golden["discounted_payback_years"] == pytest.approx(2.352, abs=5e-4)
    assert golden["convention"]


def test_dated_flows_and_what_never_comes_is_null() -> None:
    dated = ask(
        "indicators",
        {"flows": [-100, 50], "rate": 0, "dates": ["2026-01-15", "2027-01-15"]},
    )
    assert dated["payback_years"] is None
    assert dated["modified_internal_rate_of_return"] is None
    assert dated["net_present_value"] == -50
    assert dated["internal_rate_of_return"]["rate"] == pytest.approx(-0.5)


def test_the_schedule_of_the_golden_case() -> None:
    golden = ask("schedule", SCHEDULE)
    assert golden["instalments"][0] == {
        "number": 1,
        "due_on": "2026-02-15",
        "principal": "3603.06",
        "interest": "540.00",
        "total": "4143.06",
        "balance": "104396.94",
    }
    assert golden["principal"] == "108000.00"
    assert golden["instalments"][-1]["balance"] == "0.00"
    assert "cover" not in golden
    assert "divisor" not in golden


def test_money_has_the_digits_of_its_currency() -> None:
    yen = ask("schedule", SCHEDULE | {"currency": "JPY", "principal": "108000"})
    assert yen["instalments"][0]["total"] == "4143"
    dinar = ask("schedule", SCHEDULE | {"currency": "KWD", "principal": "108000"})
    assert dinar["instalments"][0]["total"] == "4143.060"


def test_disbursements_and_due_dates_replace_the_generated_ones() -> None:
    plain = {k: v for k, v in SCHEDULE.items() if k not in ("principal", "first_disbursement")}
    parts = [{"on": "2026-02-01", "amount": "8000.00"}, {"on": "2026-01-15", "amount": "100000"}]
    tranches = ask("schedule", plain | {"disbursements": parts})
    assert tranches["principal"] == "108000.00"
    dates = [row["due_on"] for row in ask("schedule", SCHEDULE)["instalments"]]
    dated = {k: v for k, v in SCHEDULE.items() if k != "first_due"} | {"due_dates": dates}
    assert ask("schedule", dated) == ask("schedule", SCHEDULE)


def test_capitalised_interest_shows_as_negative_principal() -> None:
    built = ask("schedule", SCHEDULE | {"grace_instalments": 1, "grace_interest": "capitalised"})
    first = built["instalments"][0]
    assert (first["principal"], first["interest"], first["total"]) == ("-540.00", "540.00", "0.00")
    assert first["balance"] == "108540.00"
    principal = sum(Decimal(row["principal"]) for row in built["instalments"])
    assert str(principal) == built["principal"] == "108000.00"


def test_savings_matched_gives_divisor_cover_and_capacity() -> None:
    savings = ["5200.00"] * 28
    matched = SCHEDULE | {"method": "savings-matched", "savings": savings, "target_cover": "1.2"}
    built = ask("schedule", matched)
    assert built["divisor"] == pytest.approx(5200 / 4143.06, rel=1e-5)
    assert built["cover"]["loan_life"] == pytest.approx(built["divisor"])
    assert Decimal(built["debt_capacity"]) > 108_000


def test_a_principal_beyond_its_cover_is_answered_with_its_capacity() -> None:
    thin = SCHEDULE | {"savings": ["4200.00"] * 28, "target_cover": "1.20"}
    built = ask("schedule", thin)
    assert built["cover"]["minimum"] < 1.2
    assert Decimal(built["debt_capacity"]) < 108_000


def test_the_appraisal_of_the_golden_case() -> None:
    golden = ask("appraise", PROPOSAL)
    assert golden["measures"][0]["type"] == "C"
    assert golden["appraisal"]["net_annual_saving"] == "60000.00"
    assert golden["appraisal"]["roi_period_months"] == 24.0
    assert golden["offer"] | {"minimum_cover": None} == {
        "eligible": True,
        "maximum_amount": "108000.00",
        "amount_rule": "financed_share",
        "maximum_maturity_months": 28,
        "maturity_rule": "payback_plus_20_percent",
        "indicative_level_payment": "4143.06",
        "minimum_cover": None,
        "reasons": [],
    }
    assert golden["offer"]["minimum_cover"] == pytest.approx(1.2068, abs=5e-5)
    assert {found["outcome"] for found in golden["findings"]} == {"pass"}
    assert golden["conventions"]


def test_an_unknown_facility_is_a_wrong_value() -> None:
    assert list(fields(ask("appraise", PROPOSAL | {"facility": "moon"}))) == ["facility"]


def test_a_list_is_answered_in_order_and_one_bad_request_spoils_nothing() -> None:
    answers = answer(Calculator.INDICATORS, [INDICATORS, {"flows": [1]}, 7, INDICATORS])
    assert isinstance(answers, list)
    assert [("error" in one) for one in answers] == [False, True, True, False]
    assert answers[0] == answers[3]
    assert not is_refused(answers)


def test_too_many_requests_are_refused_in_words() -> None:
    refusal = ask("indicators", [INDICATORS] * (MOST_REQUESTS + 1))
    assert "at most 1000" in refusal["error"]["message"]


def test_too_many_instalments_in_one_list_are_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calculators, "MOST_ROWS", 60)
    answers = answer(Calculator.SCHEDULE, [SCHEDULE] * 4)
    assert isinstance(answers, list)
    assert ["error" in one for one in answers] == [False, False, False, True]
    assert "more than 60 instalments" in answers[3]["error"]["message"]


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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.sampled_from(Calculator), st.data())
def test_whatever_is_put_into_a_field_is_answered(
    calculator: Calculator, data: st.DataObject
) -> None:
    document = dict(GOOD[calculator])
    field = data.draw(st.sampled_from(sorted(document)))
    document[field] = data.draw(JSON)
    json.dumps(answer(calculator, document), allow_nan=False)


@given(st.lists(st.floats(), max_size=8), st.floats())
def test_all_flows_are_answered_or_refused(flows: list[float], rate: float) -> None:
    json.dumps(ask("indicators", {"flows": flows, "rate": rate}), allow_nan=False)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        document = read_json(body)
    except Unreadable:
        return
    json.dumps(answer(Calculator.INDICATORS, document), allow_nan=False)


def test_numbers_with_a_point_are_read_exactly() -> None:
    assert read_json(b"[0.10000000000000000001]") == [Decimal("0.10000000000000000001")]


def test_a_number_without_end_spoils_only_its_own_request(client: TestClient) -> None:
    long = b'{"flows": [' + b"9" * 5_000 + b'], "rate": 0}'
    body = b"[" + long + b", " + json.dumps(INDICATORS).encode() + b"]"
    first, second = client.post("/api/v1/indicators", content=body).json()
    assert list(fields(first)) == ["flows.0"]
    assert second == ask("indicators", INDICATORS)


BAD_BODIES = [
    b"",
    b"{",
    b"\xff\xfe",
    b'{"flows": [1], "rate": 0.1',
    b"[" * 100_000,
    b'{"a":' * 50_000,
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_body_that_is_no_json_is_refused(client: TestClient, body: bytes) -> None:
    answered = client.post("/api/v1/indicators", content=body)
    assert answered.status_code == 422
    assert answered.json()["error"]["code"] == "unreadable"


HARD_VALUES = ["NaN", "-Infinity", "1e400", "9" * 5_000, "9223372036854775808", '"\\u0000"']


@pytest.mark.parametrize("value", [*HARD_VALUES, '"\\ud800"', "true", "null", "[]", "{}"])
@pytest.mark.parametrize("calculator", Calculator)
def test_hard_values_over_http_are_never_a_fault(
    client: TestClient, calculator: Calculator, value: str
) -> None:
    for field in GOOD[calculator]:
        rest = {k: v for k, v in GOOD[calculator].items() if k != field}
        body = json.dumps(rest)[:-1] + f', "{field}": {value}}}'
        answered = client.post(f"/api/v1/{calculator}", content=body)
        assert answered.status_code in (200, 422)
        assert "99999" not in answered.text
        assert "Traceback" not in answered.text


def test_a_field_named_with_half_a_character_is_refused(client: TestClient) -> None:
    answered = client.post("/api/v1/indicators", content=b'{"\\ud800": 1, "\\u0000": 2}')
    assert answered.status_code == 422


@pytest.mark.parametrize("calculator", Calculator)
def test_http_answers_as_the_function_does(client: TestClient, calculator: Calculator) -> None:
    answered = client.post(f"/api/v1/{calculator}", json=GOOD[calculator])
    assert answered.status_code == 200
    assert answered.json() == ask(calculator, GOOD[calculator])
    both = client.post(f"/api/v1/{calculator}", json=[GOOD[calculator], {}])
    assert both.status_code == 200
    assert "error" in both.json()[1]


def test_a_body_over_one_mebibyte_is_refused(client: TestClient) -> None:
    answered = client.post("/api/v1/indicators", content=b" " * (LARGEST_REQUEST_BYTES + 1))
    assert answered.status_code == 413
    assert answered.json()["error"]["message"] == (
        "The request is too large. Send at most 1 MiB at a time."
    )


def test_the_interface_description_states_requests_and_answers(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for calculator in Calculator:
        described = paths[f"/api/v1/{calculator}"]["post"]
        one, many = described["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
        assert set(GOOD[calculator]) <= set(one["properties"])
        assert many["items"] == one
        assert "$ref" not in json.dumps(one)
        assert {"200", "413", "422"} <= set(described["responses"])
