from typing import Any

import pytest

from appraisal.check import Check, Verdict
from appraisal.environment import environment_report
from appraisal.plausibility import plausibility_checks
from tests.appraisal.environments import project, result, saving, saving_measure
from tests.appraisal.proposals import simple_measure

WATER = saving("R1", "fresh_water", "m3", "400000", "100000", unit_price="0.20")


def checks(*measures: dict[str, Any], **more: Any) -> dict[str, Check]:
    figures = project(*measures, **more)
    found = plausibility_checks(figures, environment_report(figures))
    return {check.code: check for check in found}


def test_a_sound_measure_is_plausible_everywhere() -> None:
    found = checks(saving_measure(WATER), annual_turnover="2400000")
    assert set(found) == {
        *("saved_beyond_baseline", "saved_share", "payback_range", "part_of_turnover"),
    }
    assert {check.verdict for check in found.values()} == {Verdict.PLAUSIBLE}
    assert all(check.value and check.limit and check.source for check in found.values())


def test_lines_that_cannot_be_read_are_asked_for() -> None:
    found = checks(saving_measure(saving("R1", None, "m3", "9", "5")))["results_readable"]
    assert (found.verdict, found.value) == (Verdict.UNKNOWN, "M1 R1")
    assert "choose an indicator" in (found.what_would_pass or "")


def test_extra_output_is_not_asked_for() -> None:
    line = saving("R1", "water", "m3", "9", "5", counts_as_output=True)
    assert "results_readable" not in checks(saving_measure(WATER | {"code": "R0"}, line))


@pytest.mark.parametrize(
    ("stated", "verdict"), [("270", "plausible"), ("330", "plausible"), ("331", "look_again")]
)
def test_a_stated_result_agrees_with_the_lines_to_a_tenth(stated: str, verdict: str) -> None:
    line = result("water", "1,000 m3", stated)
    found = checks(saving_measure(WATER, results=[line]))["stated_results"]
    assert found.verdict == verdict
    assert found.limit == "the lines give 300,000 m3, give or take 10 %"


def test_measures_on_one_meter_share_its_baseline() -> None:
    again = WATER | {"quantity_after": "350000"}
    fine = checks(saving_measure(WATER), saving_measure(again, code="M2"))
    assert fine["saved_beyond_baseline"].verdict is Verdict.PLAUSIBLE
    too_much = WATER | {"quantity_after": "299999"}
    found = checks(saving_measure(WATER), saving_measure(too_much, code="M2"))
    assert found["saved_beyond_baseline"].verdict is Verdict.LOOK_AGAIN
    assert found["saved_beyond_baseline"].value == "Water (M1 R1, M2 R1): 400,001 m3 saved"
    other_meter = WATER | {"quantity_before": "500000", "quantity_after": "0"}
    apart = checks(saving_measure(WATER), saving_measure(other_meter, code="M2"))
    assert apart["saved_beyond_baseline"].verdict is Verdict.PLAUSIBLE


def test_no_more_can_be_stated_than_was_used() -> None:
    found = checks(saving_measure(WATER, results=[result("water", "m3", "400001")]))
    assert found["saved_beyond_baseline"].verdict is Verdict.LOOK_AGAIN
    assert found["saved_beyond_baseline"].limit == "400,000 m3 used before"
    elsewhere = saving_measure(code="M2", results=[result("water", "m3", "400001")])
    apart = checks(saving_measure(WATER), elsewhere)
    assert apart["saved_beyond_baseline"].verdict is Verdict.PLAUSIBLE


@pytest.mark.parametrize(
    ("indicator", "unit", "after", "verdict"),
    [
        ("water", "m3", "20", "plausible"),
        ("water", "m3", "19", "look_again"),
        ("electricity", "kWh", "0", "look_again"),
    ],
)
def test_saving_most_of_an_input_is_rare(
    indicator: str, unit: str, after: str, verdict: str
) -> None:
    line = saving("R1", indicator, unit, "100", after)
    assert checks(saving_measure(line))["saved_share"].verdict == verdict


def test_waste_may_vanish_and_one_input_replace_another() -> None:
    waste = saving("R1", "hazardous_waste", "t", "100", "0")
    assert "saved_share" not in checks(saving_measure(waste))
    oil = saving("R1", "mazut", "t", "100", "0")
    replaced = saving_measure(oil, technique="input_substitution")
    assert "saved_share" not in checks(replaced)
    assert checks(saving_measure(oil))["saved_share"].value == (
        "M1 R1: 100 % of the heavy fuel oil is saved"
    )


@pytest.mark.parametrize(("saving", "verdict"), [("600000", "plausible"), ("600001", "look_again")])
def test_a_payback_of_weeks_is_looked_at(saving: str, verdict: str) -> None:
    found = checks(simple_measure("120000", saving))["payback_range"]
    assert found.verdict == verdict
    assert found.limit.startswith("0.2 years or more")


def test_without_payback_or_turnover_neither_is_judged() -> None:
    assert checks(simple_measure("120000", "0")) == {}
    assert checks(simple_measure("0", "100")) == {}


@pytest.mark.parametrize(
    ("turnover", "verdict"), [("200000", "plausible"), ("199999", "look_again")]
)
def test_the_saving_beside_the_turnover(turnover: str, verdict: str) -> None:
    found = checks(simple_measure("120000", "60000"), annual_turnover=turnover)
    assert found["part_of_turnover"].verdict == verdict
    assert "276 of 280" in found["part_of_turnover"].limit
