from collections import Counter

from appraisal.cost_catalogue import STANDARD_ITEMS, ItemGroup
from appraisal.cost_lines import InvestmentKind
from appraisal.indicator import INDICATORS
from appraisal.proposal import SavingLine


def test_every_item_has_a_code_of_its_own_and_words() -> None:
    assert max(Counter(item.code for item in STANDARD_ITEMS).values()) == 1
    assert max(Counter(item.label for item in STANDARD_ITEMS).values()) == 1
    assert all(item.label and item.hint.endswith(".") for item in STANDARD_ITEMS)


def test_every_tier_and_kind_of_outlay_is_offered() -> None:
    recurring = {item.tier for item in STANDARD_ITEMS if item.group is ItemGroup.RECURRING}
    assert recurring == {1, 2, 3, 4}
    outlays = [item for item in STANDARD_ITEMS if item.group is ItemGroup.INVESTMENT]
    assert {item.kind for item in outlays} == set(InvestmentKind)
    assert {item.tier for item in outlays} == {1}


def test_the_usual_indicators_are_those_that_are_reported() -> None:
    named = {item.indicator for item in STANDARD_ITEMS if item.indicator is not None}
    assert named <= set(INDICATORS)
    assert {"electricity", "heat", "water", "natural_gas"} <= named


def test_every_recurring_item_makes_a_line() -> None:
    for item in STANDARD_ITEMS:
        if item.group is ItemGroup.RECURRING:
            line = SavingLine.model_validate(
                {
                    "code": item.code,
                    "label": item.label,
                    "tier": item.tier,
                    "indicator": item.indicator,
                    "annual_amount": "1",
                }
            )
            assert line.annual_saving == 1
