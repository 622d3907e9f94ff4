from decimal import Decimal
from typing import Any

import pytest

from appraisal.cost_inventory import CountedAs, Entry, Level, counted, inventory, is_in, why_counted
from appraisal.cost_lines import Evidence, InvestmentLine, SavingLine
from tests.appraisal.proposals import measure

DOCUMENTED = ("meter", "invoice", "contract", "quote", "calculation")


def _saving(**changes: Any) -> SavingLine:
    return SavingLine.model_validate({"code": "R1", "annual_amount": "100", **changes})


@pytest.mark.parametrize("evidence", Evidence)
def test_direct_money_counts_and_without_a_document_provisionally(evidence: Evidence) -> None:
    expected = CountedAs.COUNTED if evidence in DOCUMENTED else CountedAs.PROVISIONAL
    assert counted(_saving(evidence=evidence)) is expected
    outlay = InvestmentLine(code="I1", amount=Decimal(5), evidence=evidence)
    assert counted(outlay) is expected
    assert ("provisionally" in why_counted(outlay)) == (expected is CountedAs.PROVISIONAL)


@pytest.mark.parametrize(
    ("changes", "expected", "words"),
    [
        ({"evidence": "meter"}, CountedAs.COUNTED, "Direct, and shown by meter readings."),
        ({"tier": 2, "evidence": "invoice"}, CountedAs.SECOND_LINE, "by a bill: in the second"),
        ({"tier": 2, "evidence": "estimate"}, CountedAs.SHOWN_ONLY, "Indirect, and estimated"),
        ({"tier": 2}, CountedAs.SHOWN_ONLY, "Indirect, and without evidence"),
        ({"tier": 3, "probability": "0.1"}, CountedAs.SCENARIO, "probability x amount"),
        ({"tier": 3, "evidence": "meter"}, CountedAs.SHOWN_ONLY, "Enter how likely it is"),
        ({"tier": 4, "evidence": "meter"}, CountedAs.SHOWN_ONLY, "never in money"),
        ({"counts_as_output": True, "evidence": "meter"}, CountedAs.SHOWN_ONLY, "extra output"),
        (
            {"counts_as_output": True, "tier": 3, "probability": "1"},
            CountedAs.SHOWN_ONLY,
            "extra output",
        ),
    ],
)
def test_what_counts_and_why(changes: dict[str, Any], expected: CountedAs, words: str) -> None:
    line = _saving(**changes)
    assert counted(line) is expected
    assert words in why_counted(line)


def test_each_line_of_results_holds_the_one_before() -> None:
    lines = [
        _saving(),
        _saving(tier=2, evidence="contract"),
        _saving(tier=3, probability="0.5"),
        _saving(tier=4, annual_amount=None),
    ]
    found = {level: [is_in(line, level) for line in lines] for level in Level}
    assert found == {
        Level.TIER_1: [True, False, False, False],
        Level.TIERS_1_2: [True, True, False, False],
        Level.WITH_TIER_3: [True, True, True, False],
    }


def test_the_inventory_shows_every_line_in_its_tier() -> None:
    one = measure(
        savings=[
            {"code": "R04", "annual_amount": "900", "evidence": "invoice"},
            {"code": "C01", "annual_amount": "500", "tier": 3, "probability": "0.02", "year": 4},
            {"code": "L01", "label": "Fewer complaints", "tier": 4, "score": 2},
        ],
        added_costs=[
            {"code": "H01", "quantity": "12", "unit_price": "15", "tier": 2, "evidence": "quote"}
        ],
    )
    tiers = inventory([one])
    assert {tier: [line.code for line in lines] for tier, lines in tiers.items()} == {
        1: ["I01", "R04"],
        2: ["H01"],
        3: ["C01"],
        4: ["L01"],
    }
    outlay, _ = tiers[1]
    assert (outlay.measure, outlay.entry, outlay.amount) == (
        "M1",
        Entry.INVESTMENT,
        Decimal(120000),
    )
    (cost,) = tiers[2]
    assert (cost.entry, cost.amount, cost.expected) == (
        Entry.ADDED_COST,
        Decimal(180),
        Decimal(180),
    )
    (accident,) = tiers[3]
    assert (accident.amount, accident.expected, accident.year) == (Decimal(500), Decimal(10), 4)
    assert accident.counted is CountedAs.SCENARIO
    (image,) = tiers[4]
    assert (image.amount, image.expected, image.score) == (None, None, 2)
    assert image.reason.startswith("Less tangible")
