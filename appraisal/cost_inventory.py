"""Which lines are counted, and why: it follows from tier and evidence, not from the applicant.

Three lines of results rest on it: direct money (tier 1), direct and documented indirect money
(tiers 1 and 2), and both with the expected value of what may happen (tier 3).
"""

from collections.abc import Mapping
from enum import StrEnum

from appraisal.cost_lines import (
    CONTINGENT_TIER,
    INTANGIBLE_TIER,
    Evidence,
    InvestmentLine,
    RunningLine,
    SavingLine,
)

INDIRECT_TIER = 2
_WITHOUT_DOCUMENT = (Evidence.ESTIMATE, Evidence.NONE)


class Level(StrEnum):
    """The three lines of results, each with everything of the one before."""

    TIER_1 = "tier_1"
    """Direct money: it decides type, amount and maturity."""

    TIERS_1_2 = "tiers_1_2"
    """Also indirect money that a document supports."""

    WITH_TIER_3 = "with_tier_3"
    """Also probability x amount of contingent items: a scenario."""


class CountedAs(StrEnum):
    """How far a line is counted."""

    COUNTED = "counted"
    """In all three lines of results."""

    PROVISIONAL = "provisional"
    """In all three, until a document shows the figure."""

    SECOND_LINE = "second_line"
    """In the second and third line of results."""

    SCENARIO = "scenario"
    """In the third line only, with its probability."""

    SHOWN_ONLY = "shown_only"
    """In no figure."""


_IN_LEVEL: Mapping[Level, frozenset[CountedAs]] = {
    Level.TIER_1: frozenset({CountedAs.COUNTED, CountedAs.PROVISIONAL}),
    Level.TIERS_1_2: frozenset({CountedAs.COUNTED, CountedAs.PROVISIONAL, CountedAs.SECOND_LINE}),
    Level.WITH_TIER_3: frozenset(CountedAs) - {CountedAs.SHOWN_ONLY},
}


def counted(line: RunningLine | InvestmentLine) -> CountedAs:
    """How far a line is counted, by its tier and evidence; extra output is counted nowhere."""
    documented = line.evidence not in _WITHOUT_DOCUMENT
    if isinstance(line, InvestmentLine) or (line.tier < INDIRECT_TIER and not is_output(line)):
        return CountedAs.COUNTED if documented else CountedAs.PROVISIONAL
    if is_output(line) or line.tier == INTANGIBLE_TIER:
        return CountedAs.SHOWN_ONLY
    if line.tier == CONTINGENT_TIER:
        return CountedAs.SHOWN_ONLY if line.probability is None else CountedAs.SCENARIO
    return CountedAs.SECOND_LINE if documented else CountedAs.SHOWN_ONLY


def is_in(line: RunningLine, level: Level) -> bool:
    """Whether a saving or added cost is in this line of results."""
    return counted(line) in _IN_LEVEL[level]


def is_output(line: RunningLine) -> bool:
    """Whether a saving comes from extra output."""
    return isinstance(line, SavingLine) and line.counts_as_output
