from typing import Any

import pytest

from appraisal.carbon_checks import factor_year, factors_on_file, stated_carbon
from appraisal.check import Check, Verdict
from appraisal.environment import environment_report
from tests.appraisal.environments import added, project, result, saving, saving_measure

POWER = saving("R1", "electricity", "MWh", "100", "40")
HEAT = saving("R2", "heat", "Gcal", "1000", "400")


def carbon_check(tonnes: str, *savings: dict[str, Any], **more: Any) -> Check:
    stated = result("CO2", "t", tonnes)
    figures = project(saving_measure(*savings, results=[stated], **more))
    found = stated_carbon(figures, environment_report(figures))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("tonnes", "verdict"),
    [
        ("12", "plausible"),
        ("12.1", "look_again"),
        ("7.2", "plausible"),
        ("7.1", "look_again"),
        ("240", "look_again"),
    ],
)
def test_stated_carbon_lies_within_a_quarter_of_what_the_energy_explains(
    tonnes: str, verdict: str
) -> None:
    found = carbon_check(tonnes, POWER)
    assert found.verdict == verdict
    assert found.limit == "the energy of M1 explains 9.6 t, give or take 25 %"
    assert "LT, 2023" in found.source


def test_heat_of_unknown_origin_sets_an_upper_limit_only() -> None:
    """600 Gcal = 697.8 MWh, at most 0.821 t each."""
    assert carbon_check("1", HEAT).verdict is Verdict.PLAUSIBLE
    assert carbon_check("716", HEAT).verdict is Verdict.PLAUSIBLE
    found = carbon_check("717", HEAT)
    assert found.verdict is Verdict.LOOK_AGAIN
    assert found.limit.startswith("the energy of M1 explains at most 573 t")
    assert "KZ, 2023" in found.source
    assert "KZ, 2023" in carbon_check("1", HEAT, POWER).source


def test_a_local_factor_decides() -> None:
    local = POWER | {"emission_factor_kg": "900", "emission_factor_source": "Supplier"}
    assert carbon_check("54", local).verdict is Verdict.PLAUSIBLE
    assert carbon_check("9.6", local).verdict is Verdict.LOOK_AGAIN


def test_carbon_that_grows_is_checked_alike() -> None:
    more = [added("C1", "electricity", "MWh", "100")]
    assert carbon_check("-16", added_costs=more).verdict is Verdict.PLAUSIBLE
    assert carbon_check("16", added_costs=more).verdict is Verdict.LOOK_AGAIN
    heat = [added("C1", "heat", "MWh", "100")]
    assert carbon_check("5", added_costs=heat).verdict is Verdict.LOOK_AGAIN


def test_carbon_of_biomass_explains_no_fossil_carbon() -> None:
    wood = saving("R1", "wood", "t", "100", "10")
    assert carbon_check("157", wood).verdict is Verdict.LOOK_AGAIN


def test_without_energy_nothing_is_decided() -> None:
    found = carbon_check("240", saving("R1", "water", "m3", "9", "5"))
    assert found.verdict is Verdict.UNKNOWN
    assert found.limit == "M1 states no energy to check it against"


def test_each_measure_answers_for_its_own_carbon() -> None:
    one = saving_measure(POWER, results=[result("CO2", "t", "9.6")])
    other = saving_measure(POWER, code="M2", results=[result("CO2", "kg", "96000")])
    figures = project(one, other)
    found = stated_carbon(figures, environment_report(figures))
    assert found is not None
    assert found.value == "M2: 96 t stated"


def test_nothing_stated_is_nothing_to_check() -> None:
    figures = project(saving_measure(POWER))
    assert stated_carbon(figures, environment_report(figures)) is None


def test_a_missing_factor_is_asked_for_once_the_line_has_none() -> None:
    figures = project(saving_measure(HEAT))
    found = factors_on_file(figures, environment_report(figures))
    assert found is not None
    assert (found.verdict, found.value) == (Verdict.UNKNOWN, "M1 R2")
    assert "kg of CO2e per unit" in (found.what_would_pass or "")
    local = HEAT | {"emission_factor_kg": "250"}
    stated = saving_measure(local, results=[result("heat", "Gcal", "600")])
    report = environment_report(project(stated))
    assert factors_on_file(figures, report) is None


@pytest.mark.parametrize(
    ("baseline_year", "verdict"), [(2023, "plausible"), (2025, "look_again"), (None, None)]
)
def test_the_electricity_factor_is_of_the_baselines_year(
    baseline_year: int | None, verdict: str | None
) -> None:
    figures = project(saving_measure(POWER), baseline_year=baseline_year)
    found = factor_year(figures, environment_report(figures))
    assert (found and found.verdict) == verdict
    if found:
        assert found.value == "the electricity factor of LT is of 2023"


def test_fuels_have_no_year_of_their_own() -> None:
    gas = saving("R1", "natural gas", "m3", "100", "50")
    figures = project(saving_measure(gas), baseline_year=2025)
    assert factor_year(figures, environment_report(figures)) is None
