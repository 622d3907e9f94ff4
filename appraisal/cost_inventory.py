"""Which lines are counted, and why: it follows from tier and evidence, not from the applicant.

Three lines of results rest on it: direct money (tier 1), direct and documented indirect money
(tiers 1 and 2), and both with the expected value of what may happen (tier 3).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum

from appraisal.cost_lines import (
    CONTINGENT_TIER,
    INTANGIBLE_TIER,
    Evidence,
    InvestmentLine,
    RunningLine,
    SavingLine,
)
from appraisal.proposal import Measure

INDIRECT_TIER = 2

_EXACT = Context(prec=200)
"""Room for the product of a probability and an amount without rounding."""


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


_SUPPORT: Mapping[Evidence, str] = {
    Evidence.METER: "meter readings",
    Evidence.INVOICE: "a bill",
    Evidence.CONTRACT: "a contract",
    Evidence.QUOTE: "a quotation",
    Evidence.CALCULATION: "a calculation",
}
_WEAK: Mapping[Evidence, str] = {
    Evidence.ESTIMATE: "estimated",
    Evidence.NONE: "without evidence",
}


def counted(line: RunningLine | InvestmentLine) -> CountedAs:
    """How far a line is counted, by its tier and evidence; extra output is counted nowhere."""
    documented = line.evidence in _SUPPORT
    if isinstance(line, InvestmentLine) or (line.tier < INDIRECT_TIER and not is_output(line)):
        return CountedAs.COUNTED if documented else CountedAs.PROVISIONAL
    if is_output(line) or line.tier == INTANGIBLE_TIER:
        return CountedAs.SHOWN_ONLY
    if line.tier == CONTINGENT_TIER:
        return CountedAs.SHOWN_ONLY if line.probability is None else CountedAs.SCENARIO
    return CountedAs.SECOND_LINE if documented else CountedAs.SHOWN_ONLY


def why_counted(line: RunningLine | InvestmentLine) -> str:
    """Why the line is counted as it is, and what would change it, in a sentence."""
    if isinstance(line, RunningLine) and is_output(line):
        return "From extra output, which the facility does not pay for: shown, and in no figure."
    match counted(line):
        case CountedAs.COUNTED:
            return f"Direct, and shown by {_SUPPORT[line.evidence]}."
        case CountedAs.PROVISIONAL:
            return (
                f"Direct, but {_WEAK[line.evidence]}: counted provisionally. "
                "Add meter readings, a bill, a contract, a quotation or a calculation."
            )
        case CountedAs.SECOND_LINE:
            return (
                f"Indirect, and shown by {_SUPPORT[line.evidence]}: in the second line of results."
            )
        case CountedAs.SCENARIO:
            return "Contingent: probability x amount, in the third line of results only."
        case CountedAs.SHOWN_ONLY:
            return _why_shown_only(line)


def _why_shown_only(line: RunningLine | InvestmentLine) -> str:
    tier = line.tier if isinstance(line, RunningLine) else INDIRECT_TIER
    if tier == INTANGIBLE_TIER:
        return "Less tangible: told in words and by its score, never in money."
    if tier == CONTINGENT_TIER:
        return "Contingent, without a probability: in no figure. Enter how likely it is."
    return (
        f"Indirect, and {_WEAK[line.evidence]}: in no figure. "
        "Add meter readings, a bill, a contract, a quotation or a calculation."
    )


class Entry(StrEnum):
    """Where in a measure a line stands."""

    INVESTMENT = "investment"
    SAVING = "saving"
    ADDED_COST = "added_cost"


@dataclass(frozen=True)
class InventoryLine:
    """One line of the inventory; amounts in major units, all of them positive."""

    measure: str
    entry: Entry
    code: str
    label: str
    tier: int
    amount: Decimal | None
    """The outlay, or the money of a full year; None where a line tells no money."""

    probability: Decimal | None
    year: int | None
    expected: Decimal | None
    """Probability x amount of a contingent item; else the amount."""

    score: int | None
    evidence: Evidence
    counted: CountedAs
    reason: str


def inventory(measures: Iterable[Measure]) -> Mapping[int, tuple[InventoryLine, ...]]:
    """Every line of the measures by tier, 1 to 4, in the order of the form; outlays are direct."""
    lines = [line for measure in measures for line in _lines_of(measure)]
    return {
        tier: tuple(line for line in lines if line.tier == tier)
        for tier in range(1, INTANGIBLE_TIER + 1)
    }


def _lines_of(measure: Measure) -> Iterator[InventoryLine]:
    for outlay in measure.investment:
        yield InventoryLine(
            measure=measure.code,
            entry=Entry.INVESTMENT,
            code=outlay.code,
            label=outlay.label,
            tier=1,
            amount=outlay.amount,
            probability=None,
            year=None,
            expected=outlay.amount,
            score=None,
            evidence=outlay.evidence,
            counted=counted(outlay),
            reason=why_counted(outlay),
        )
    for saving in measure.savings:
        yield _running(measure, saving, Entry.SAVING, saving.annual_saving)
    for cost in measure.added_costs:
        yield _running(measure, cost, Entry.ADDED_COST, cost.annual_cost)


def _running(measure: Measure, line: RunningLine, entry: Entry, amount: Decimal) -> InventoryLine:
    is_told = line.annual_amount is not None or line.unit_price is not None
    return InventoryLine(
        measure=measure.code,
        entry=entry,
        code=line.code,
        label=line.label,
        tier=line.tier,
        amount=amount if is_told else None,
        probability=line.probability,
        year=line.year,
        expected=expected_amount(line, amount) if is_told else None,
        score=line.score,
        evidence=line.evidence,
        counted=counted(line),
        reason=why_counted(line),
    )


def expected_amount(line: RunningLine, amount: Decimal) -> Decimal:
    """The amount of a line; of a contingent item with a probability, probability x amount."""
    if line.probability is None:
        return amount
    return _EXACT.multiply(line.probability, amount)


def is_in(line: RunningLine, level: Level) -> bool:
    """Whether a saving or added cost is in this line of results."""
    return counted(line) in _IN_LEVEL[level]


def is_output(line: RunningLine) -> bool:
    """Whether a saving comes from extra output."""
    return isinstance(line, SavingLine) and line.counts_as_output
