from decimal import Decimal

from appraisal.changed_proposal import Adjustment
from appraisal.scenarios import SCENARIOS, ScenarioName


def test_the_figures_are_those_of_the_words() -> None:
    worse, base, better = SCENARIOS
    assert [each.name for each in SCENARIOS] == list(ScenarioName)
    assert base.adjustment == Adjustment()
    assert "Investment 10 % higher, savings 20 % lower, added costs 10 % higher" in worse.words
    assert "6 months later, life 2 years shorter" in worse.words
    assert worse.adjustment == Adjustment(
        investment=Decimal("1.1"),
        savings=Decimal("0.8"),
        added_costs=Decimal("1.1"),
        delay_months=6,
        life_change_years=-2,
    )
    assert "Investment 10 % lower, savings 10 % higher" in better.words
    assert better.adjustment == Adjustment(investment=Decimal("0.9"), savings=Decimal("1.1"))
