import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import calculators
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
                    "indicator": "fresh_water",
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
    assert (
        golden["offer"].items()
        >= {
            "eligible": True,
            "maximum_amount": "108000.00",
            "amount_rule": "financed_share",
            "maximum_maturity_months": 28,
            "maturity_rule": "payback_plus_20_percent",
            "indicative_level_payment": "4143.06",
            "reasons": [],
        }.items()
    )
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
    assert "more than 60 instalments or explained figures" in answers[3]["error"]["message"]


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
