import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calculators import MOST_ROWS, Calculator, answer
from tests.app.appraised import RICH
from tests.app.test_calculators import PROPOSAL

TAXED = {
    **PROPOSAL["assumptions"],
    "inflation": 0.03,
    "tax": {"rate": "0.20", "depreciation_years": 5},
}


def appraised(**changes: Any) -> dict[str, Any]:
    found = answer(Calculator.APPRAISE, json.loads(json.dumps(PROPOSAL | changes, default=str)))
    assert isinstance(found, dict)
    assert "error" not in found, found
    return found


def numbers(value: object) -> Iterator[float]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif isinstance(value, float):
        yield value


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    return appraised()


@pytest.fixture(scope="module")
def rich() -> dict[str, Any]:
    both = [PROPOSAL["measures"][0], RICH]
    return appraised(measures=both, finance={}, assumptions=TAXED)


def test_every_key_of_the_interface_is_there(golden: dict[str, Any]) -> None:
    promised = {
        "measures",
        "ladder",
        "appraisal",
        "offer",
        "findings",
        "environment",
        "conventions",
        "explanations",
    }
    assert promised <= golden.keys()
    lines = golden["appraisal"]["lines"]
    assert list(lines) == ["tier_1", "tiers_1_2", "with_tier_3"]
    assert lines["tier_1"]["net_annual_saving"] == "60000.00"
    assert lines["with_tier_3"]["net_present_value"] == pytest.approx(107_447.21, abs=0.005)


def test_the_three_lines_count_ever_more(rich: dict[str, Any]) -> None:
    lines = rich["appraisal"]["lines"].values()
    savings = [Decimal(line["net_annual_saving"]) for line in lines]
    worths = [line["net_present_value"] for line in lines]
    assert savings[1] - savings[0] == 12_000
    assert worths == sorted(worths)
    assert worths[2] > worths[1]


def test_the_inventory_says_of_every_line_how_far_it_counts(rich: dict[str, Any]) -> None:
    lines = rich["inventory"]
    assert len(lines) == sum(
        len(measure.get(kind, ()))
        for measure in (PROPOSAL["measures"][0], RICH)
        for kind in ("investment", "savings", "added_costs")
    )
    assert [line["tier"] for line in lines] == sorted(line["tier"] for line in lines)
    assert {line["counted"] for line in lines} >= {"counted", "provisional", "second_line"}
    (contingent,) = [line for line in lines if line["counted"] == "scenario"]
    assert Decimal(contingent["expected"]) == Decimal(contingent["amount"]) * Decimal(
        str(contingent["probability"])
    )
    assert all(line["reason"] for line in lines)


def test_sensitivity_and_switching_values_speak_of_the_same_inputs(golden: dict[str, Any]) -> None:
    appraisal = golden["appraisal"]
    switching = appraisal["switching_values"]
    bars = {bar["input"]: bar for bar in appraisal["sensitivity"]}
    assert set(bars) <= set(switching)
    swings = [bar["swing"] for bar in appraisal["sensitivity"]]
    assert swings == sorted(swings, reverse=True)
    assert bars["price M1.R04"]["base"] == "0.20"
    assert bars["price M1.R04"]["unit"] == "EUR per m3"
    assert bars["price M1.R04"]["low"]["value"] == "0.160"
    assert bars["investment"]["low"]["value"] == "96000.00"
    assert bars["delay"]["low"] is None


def test_switching_values_of_the_golden_case(golden: dict[str, Any]) -> None:
    switching = golden["appraisal"]["switching_values"]
    # 120,000 + NPV 107,447.21: with so much investment nothing is gained.
    assert switching["investment"]["npv_zero"]["value"] == "227447.21"
    assert float(switching["discount_rate"]["npv_zero"]["value"]) == pytest.approx(
        0.41041, abs=1e-5
    )
    # 4,143.06 of payment x 12 = the net saving a year that just covers it.
    assert switching["net_saving"]["cover_one"]["value"] == "49716.72"
    assert switching["delay"]["payback_limit"]["note"]
    assert all(one["npv_zero"]["holds"] for one in switching.values())


def test_the_scenarios_stand_side_by_side(golden: dict[str, Any]) -> None:
    worse, base, better = golden["appraisal"]["scenarios"]
    assert [one["name"] for one in (worse, base, better)] == ["pessimistic", "base", "optimistic"]
    assert base["net_present_value"] == golden["appraisal"]["net_present_value"]
    assert base["minimum_cover"] == golden["offer"]["minimum_cover"]
    assert worse["net_present_value"] < base["net_present_value"] < better["net_present_value"]
    assert worse["investment"] == "132000.00"


def test_nominal_and_after_tax_are_null_unless_asked_for(
    golden: dict[str, Any], rich: dict[str, Any]
) -> None:
    assert golden["appraisal"]["nominal"] is None
    assert golden["appraisal"]["after_tax"] is None
    appraisal = rich["appraisal"]
    assert appraisal["nominal"]["discount_rate"] == pytest.approx(1.1 * 1.03 - 1)
    assert appraisal["nominal"]["net_present_value"] == pytest.approx(
        appraisal["net_present_value"]
    )
    taxed = appraisal["after_tax"]
    assert taxed["tax_rate"] == "0.20"
    assert taxed["net_present_value"] < appraisal["net_present_value"]
    for year in taxed["years"][1:]:
        taxable = sum(Decimal(year[name]) for name in ("net_saving", "disposal_gain")) - Decimal(
            year["depreciation"]
        )
        assert abs(taxable - Decimal(year["taxable"])) <= Decimal("0.02")


def test_the_offer_names_every_limit_and_cover(golden: dict[str, Any]) -> None:
    offer = golden["offer"]
    assert {limit["rule"]: limit["amount"] for limit in offer["limits"]}["financed_share"] == (
        "108000.00"
    )
    smallest = min(offer["limits"], key=lambda limit: Decimal(limit["amount"]))
    assert smallest["amount"] == offer["maximum_amount"]
    assert min(limit["months"] for limit in offer["maturity_limits"]) == 28
    assert len(offer["covers"]) == 28
    assert min(offer["covers"]) == offer["minimum_cover"]
    # 5,000 a month for 28 months at 0.5 %, divided by 108,000.
    assert offer["loan_life_cover"] == pytest.approx(1.20683, abs=1e-5)
    assert Decimal(offer["debt_capacity"]) <= Decimal(offer["maximum_amount"])


def test_the_environment_has_results_carbon_and_checks(golden: dict[str, Any]) -> None:
    water = golden["environment"][0]
    assert (water["indicator"], water["unit"], water["reduction"]) == ("water", "m3", 300_000)
    assert (water["before"], water["after"]) == (400_000, 100_000)
    assert water["lines"] == ["M1.R04"]
    assert water["funded_reduction"] == pytest.approx(270_000)
    assert golden["carbon"] == []
    assert {check["verdict"] for check in golden["plausibility"]} == {"plausible"}


def test_the_carbon_of_a_line_has_its_factor_and_source() -> None:
    saving = PROPOSAL["measures"][0]["savings"][0] | {"indicator": "electricity", "unit": "kWh"}
    found = appraised(measures=[PROPOSAL["measures"][0] | {"savings": [saving]}])
    carbon = found["carbon"][0]
    assert carbon["line"] == "M1.R04"
    assert carbon["tonnes_a_year"] == pytest.approx(300 * carbon["factor_kg_per_unit"])
    assert carbon["source"]
    assert carbon["country"] == "LT"
    assert {one["indicator"] for one in found["environment"]} >= {"electricity", "co2e"}


def test_the_ladder_is_its_steps_and_the_loan_that_is_left(rich: dict[str, Any]) -> None:
    quick = {**PROPOSAL["measures"][0], "code": "M0", "title": "Leaks"}
    quick["investment"] = [{"code": "I01", "amount": "500.00", "evidence": "quote"}]
    found = appraised(
        measures=[quick, PROPOSAL["measures"][0]], finance={"own_contribution": "500.00"}
    )
    assert [step["code"] for step in found["ladder"]] == ["M0", "M1"]
    assert Decimal(found["ladder_loan"]["loan"]) < Decimal(found["ladder_loan"]["loan_at_once"])
    assert {step["code"] for step in rich["ladder"]} | set(rich["ladder_loan"]["out_of_reach"]) == {
        "M1",
        "M2",
    }


def test_alternatives_are_compared() -> None:
    first = PROPOSAL["measures"][0] | {"alternative_group": "filters"}
    second = first | {"code": "M2", "life_years": 4}
    found = appraised(measures=[first, second])
    (group,) = found["appraisal"]["alternatives"]
    assert {way["code"]: way["financed"] for way in group["alternatives"]} == {
        "M1": True,
        "M2": False,
    }
    assert group["best"] == "M1"
    assert group["reason"]


def test_every_null_of_a_project_that_never_pays_has_its_reason() -> None:
    saving = PROPOSAL["measures"][0]["savings"][0] | {"quantity_after": "400000"}
    found = appraised(measures=[PROPOSAL["measures"][0] | {"savings": [saving]}])
    appraisal = found["appraisal"]
    assert appraisal["internal_rate_of_return"]["reason"]
    nulls = {name for name, value in appraisal.items() if value is None}
    assert nulls - {"nominal", "after_tax"} == set(appraisal["reasons"])
    assert {"payback_years", "discounted_payback_years"} <= nulls
    assert found["offer"]["reasons"]
    assert found["offer"]["limits"] == []


@pytest.mark.parametrize("which", ["golden", "rich"])
def test_every_explanation_rests_on_figures_that_are_explained(
    which: str, request: pytest.FixtureRequest
) -> None:
    explained = request.getfixturevalue(which)["explanations"]
    codes = [one["code"] for one in explained]
    assert len(set(codes)) == len(codes)
    assert {part for one in explained for part in one["rests_on"]} <= set(codes)


RATES = st.floats(min_value=-1, max_value=10, exclude_min=True)
MONEY = st.decimals(min_value=0, max_value=10**15, places=2).map(str)


@given(
    RATES,
    st.integers(1, 30),
    RATES,
    MONEY,
    st.decimals(min_value=0, max_value=10**15, places=4).map(str),
)
def test_no_figures_break_the_answer(
    rate: float, years: int, inflation: float, investment: str, price: str
) -> None:
    measure = PROPOSAL["measures"][0]
    document = PROPOSAL | {
        "assumptions": {
            "discount_rate": rate,
            "horizon_years": years,
            "inflation": inflation,
            "tax": {"rate": "0.2"},
        },
        "measures": [
            measure
            | {
                "investment": [measure["investment"][0] | {"amount": investment}],
                "savings": [measure["savings"][0] | {"unit_price": price}],
            }
        ],
    }
    found = answer(Calculator.APPRAISE, document)
    json.dumps(found, allow_nan=False)


def test_a_long_list_of_large_proposals_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.calculators.MOST_ROWS", 40)
    answers = answer(Calculator.APPRAISE, [PROPOSAL] * 4)
    assert isinstance(answers, list)
    assert "explained figures" in answers[-1]["error"]["message"]
    assert 1_000 * len(appraised()["explanations"]) <= MOST_ROWS


def test_figures_beyond_floating_point_are_refused_in_words() -> None:
    assumptions = {"discount_rate": -1 + 2**-52, "horizon_years": 30}
    found = answer(Calculator.APPRAISE, PROPOSAL | {"assumptions": assumptions})
    assert isinstance(found, dict)
    assert "too large" in found["error"]["message"]
