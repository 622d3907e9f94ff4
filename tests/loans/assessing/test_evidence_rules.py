from typing import Any

import pytest

from loans.assessing.finding import Outcome, Subject
from tests.loans.sheets import GOOD, of


def lines(*extra: dict[str, Any], costs: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return GOOD | {"savings": [*GOOD["savings"], *extra], "added_costs": list(costs)}


def test_direct_lines_without_a_document_count_provisionally() -> None:
    guess = {"code": "S2", "annual_amount": "9000", "evidence": "estimate"}
    cost = {"code": "K1", "annual_amount": "1000"}
    found = of(lines(guess, costs=(cost,)))["baseline_evidence"]
    assert (found.outcome, found.subject) == (Outcome.WARN, Subject.EVIDENCE)
    assert found.value == (
        "no evidence: K1; not enough: S2; EUR 10,000.00 of EUR 70,000.00 a year counts "
        "provisionally"
    )


def test_lines_that_count_nowhere_need_no_document() -> None:
    output = {"code": "S2", "annual_amount": "9000", "counts_as_output": True}
    image = {"code": "S3", "tier": 4, "score": 1}
    assert of(lines(output, image))["baseline_evidence"].outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("evidence", "outcome"), [("quote", "pass"), ("estimate", "warn"), ("none", "unknown")]
)
def test_the_investment_rests_on_quotations(evidence: str, outcome: str) -> None:
    outlay = {"code": "I1", "amount": "120000", "evidence": evidence}
    found = of(GOOD | {"investment": [outlay]})["investment_evidence"]
    assert found.outcome == outcome
    assert found.source == "NEFCO's terms of 1998, rule N9"
    assert ("I1" in found.value) == (outcome != "pass")


def test_an_outlay_of_nothing_needs_no_quotation() -> None:
    free = {"code": "I2", "amount": "0"}
    sheet = of(GOOD | {"investment": [*GOOD["investment"], free]})
    assert sheet["investment_evidence"].outcome is Outcome.PASS


def test_indirect_lines_count_in_the_second_line_when_a_document_shows_them() -> None:
    permits = {"code": "S2", "annual_amount": "4000", "tier": 2, "evidence": "invoice"}
    training = {"code": "K1", "annual_amount": "500", "tier": 2, "evidence": "estimate"}
    kept = of(lines(permits))["indirect_evidence"]
    assert kept.outcome is Outcome.PASS
    assert kept.value == "S2 of EUR 4,000.00 a year in the second line of results"
    left_out = of(lines(permits, costs=(training,)))["indirect_evidence"]
    assert left_out.outcome is Outcome.WARN
    assert left_out.value == "K1 of EUR 500.00 a year left out"
    assert "indirect_evidence" not in of(GOOD)


def test_contingent_lines_need_a_probability() -> None:
    spill = {"code": "S2", "annual_amount": "40000", "tier": 3}
    without = of(lines(spill))["contingent_probability"]
    assert (without.outcome, without.value) == (Outcome.WARN, "S2 of EUR 40,000.00 left out")
    likely = of(lines(spill | {"probability": "0.05"}))["contingent_probability"]
    assert (likely.outcome, likely.value) == (Outcome.PASS, "S2 in the scenario")
    assert "contingent_probability" not in of(GOOD)
