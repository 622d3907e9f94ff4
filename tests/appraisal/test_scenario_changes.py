from appraisal.scenario_changes import line_keys
from tests.appraisal.proposals import measure


def test_every_line_has_a_key_of_its_own() -> None:
    savings = [{"code": code, "annual_amount": "1"} for code in ("R1", "R1", "R1 #2", "R2")]
    costs = [{"code": code, "annual_amount": "1"} for code in ("R2", "C1")]
    keys = line_keys(measure("M7", savings=savings, added_costs=costs))
    assert [code for _, code in keys] == ["R1", "R1 #2", "R1 #2 #2", "R2", "R2 #2", "C1"]
    assert {code for code, _ in keys} == {"M7"}
