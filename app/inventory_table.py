"""The cost inventory as the page shows it: every line by tier, its evidence, and what counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.case_words import EVIDENCE_NAMES
from app.explanation_groups import Explained
from app.rendering import count, percent
from app.row_explanations import FormLine, Row, form_rows
from appraisal.cost_inventory import CountedAs, counted, is_output, why_counted
from appraisal.cost_lines import CostLine, InvestmentLine, RunningLine
from loans.cases.assessment import Assessment

_INVESTMENT = 0
_GROUPS = {
    _INVESTMENT: ("Investment", "What is bought, built or renewed."),
    1: ("Direct money (tier 1)", "On the plant's own bills: it decides type, amount and maturity."),
    2: (
        "Indirect money (tier 2)",
        (
            "Usually hidden in overheads, such as permits, monitoring or waste handling. With a "
            "document it is in the second line of results."
        ),
    ),
    3: (
        "What may happen (tier 3)",
        "Accidents, fines, clean-up: probability times amount, in the third line of results only.",
    ),
    4: (
        "Not in money (tier 4)",
        (
            "Image, working conditions, market access: told in words and scored from "
            "\N{MINUS SIGN}2 to +2, never counted."
        ),
    ),
}
_BADGES = {
    CountedAs.COUNTED: ("Counted", "good"),
    CountedAs.PROVISIONAL: ("Provisional", "warn"),
    CountedAs.SECOND_LINE: ("Second line", "info"),
    CountedAs.SCENARIO: ("Third line", "info"),
    CountedAs.SHOWN_ONLY: ("Shown only", "plain"),
}


@dataclass(frozen=True)
class InventoryRow:
    """One line of the form: where it stands, how its money is worked out, and what counts."""

    anchor: str
    measure: str
    name: str
    worked_out: str
    timing: str
    result: str
    evidence: str
    badge: tuple[str, str]
    why: str


@dataclass(frozen=True)
class InventoryGroup:
    """The lines of one tier, or the investment, with a sentence about what belongs there."""

    title: str
    sentence: str
    rows: tuple[InventoryRow, ...]


def inventory_table(
    assessment: Assessment, explained: tuple[Explained, ...]
) -> tuple[InventoryGroup, ...]:
    """All lines of the proposal by tier; tiers without a line are left out."""
    rows = tuple(zip(form_rows(assessment.figures.measures), explained, strict=True))
    return tuple(
        InventoryGroup(
            title,
            sentence,
            tuple(_row(row, words) for row, words in rows if _tier(row.line) == tier),
        )
        for tier, (title, sentence) in _GROUPS.items()
        if any(_tier(row.line) == tier for row, _ in rows)
    )


def _tier(line: FormLine) -> int:
    return _INVESTMENT if isinstance(line, InvestmentLine) else line.tier


def _row(row: Row, explained: Explained) -> InventoryRow:
    line = row.line
    return InventoryRow(
        anchor=explained.anchor,
        measure=row.measure.code,
        name=explained.name + (" (added cost)" if isinstance(line, CostLine) else ""),
        worked_out=_worked_out(line, explained),
        timing="; ".join(_timing(line)),
        result=_result(line, explained),
        evidence=EVIDENCE_NAMES[line.evidence],
        badge=_badge(line),
        why=why_counted(line),
    )


def _badge(line: FormLine) -> tuple[str, str]:
    if isinstance(line, RunningLine) and is_output(line):
        return "Extra output", "plain"
    return _BADGES[counted(line)]


def _result(line: FormLine, explained: Explained) -> str:
    """The money of the line; of what is not in money, its score."""
    if isinstance(line, InvestmentLine) or line.score is None:
        return explained.result
    return f"Score {line.score:+d}".replace("-", "\N{MINUS SIGN}")


def _worked_out(line: FormLine, explained: Explained) -> str:
    """The formula with its numbers; a line that tells no money has none."""
    if isinstance(line, RunningLine) and line.annual_amount is None and line.unit_price is None:
        return "Told in words, not in money"
    return f"{explained.formula}: {explained.with_numbers}"


def _timing(line: FormLine) -> Iterator[str]:
    """When a running line earns or costs, where it is not evenly from the beginning."""
    if not isinstance(line, RunningLine):
        return
    if line.growth:
        yield f"price grows {percent(line.growth)} a year beyond inflation"
    if line.start_month:
        yield f"begins {count(line.start_month, 'month')} after commissioning"
    if line.ramp_months:
        yield f"rises to all of it over {count(line.ramp_months, 'month')}"
    if line.active_months is not None:
        yield f"in months {', '.join(map(str, line.active_months))} of each project year"
