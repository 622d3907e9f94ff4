"""Three scenarios side by side: as entered, and both ways in which a project usually turns out."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from appraisal.changed_proposal import Adjustment


class ScenarioName(StrEnum):
    """Which of the three."""

    PESSIMISTIC = "pessimistic"
    BASE = "base"
    OPTIMISTIC = "optimistic"


@dataclass(frozen=True)
class Scenario:
    """What is assumed to turn out otherwise, in words and in figures."""

    name: ScenarioName
    words: str
    adjustment: Adjustment


SCENARIOS = (
    Scenario(
        ScenarioName.PESSIMISTIC,
        "Investment 10 % higher, savings 20 % lower, added costs 10 % higher, everything running "
        "6 months later, life 2 years shorter (at least 1 year).",
        Adjustment(
            investment=Decimal("1.1"),
            savings=Decimal("0.8"),
            added_costs=Decimal("1.1"),
            delay_months=6,
            life_change_years=-2,
        ),
    ),
    Scenario(ScenarioName.BASE, "As entered.", Adjustment()),
    Scenario(
        ScenarioName.OPTIMISTIC,
        "Investment 10 % lower, savings 10 % higher; added costs, start and life as entered.",
        Adjustment(investment=Decimal("0.9"), savings=Decimal("1.1")),
    ),
)
"""Savings fall short more often, and by more, than they exceed what was promised."""
