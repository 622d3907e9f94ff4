from typing import Any

from loans.assessing.environment_rules import environment_findings
from loans.assessing.finding import Finding, Outcome
from tests.appraisal.environments import project, result, saving, saving_measure
from tests.loans.proposals import NEFCO

POWER = saving("R1", "electricity", "MWh", "100", "40")


def findings(*measures: dict[str, Any]) -> dict[str, Finding]:
    return {found.code: found for found in environment_findings(project(*measures), NEFCO)}


def test_a_stated_result_passes_with_its_figures() -> None:
    found = findings(saving_measure(POWER))["environmental_result"]
    assert found.outcome is Outcome.PASS
    assert found.value == "Electricity 60 MWh; CO2e, fossil 9.6 t"
    assert found.source
    assert found.what_would_pass is None


def test_carbon_of_some_lines_only_says_which() -> None:
    heat = saving("R2", "heat", "Gcal", "1000", "400")
    found = findings(saving_measure(POWER, heat))["environmental_result"]
    assert "CO2e, fossil 9.6 t (of M1 R1 only; no emission factor: M1 R2)" in found.value


def test_no_result_stated_is_not_known() -> None:
    found = findings(saving_measure({"code": "R1", "annual_amount": "60000"}))
    assert found["environmental_result"].outcome is Outcome.UNKNOWN
    assert "expected result" in (found["environmental_result"].what_would_pass or "")


def test_checks_become_findings_that_never_fail() -> None:
    """The margarine factory of NEFCO: 4 t for each MWh."""
    factory = saving_measure(
        results=[result("energy", "kWh", "60000"), result("CO2", "t", "240")],
    )
    found = findings(factory)
    assert found["stated_co2"].outcome is Outcome.WARN
    assert found["stated_co2"].what_would_pass
    assert found["emission_factors"].outcome is Outcome.UNKNOWN
    assert findings(saving_measure(POWER))["payback_range"].outcome is Outcome.PASS
    assert Outcome.FAIL not in {one.outcome for one in found.values()}
