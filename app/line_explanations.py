"""The second and the third line of results: what each counts beyond the line before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.project_explanations import irr_words
from app.rendering import amount, years
from app.row_explanations import Explanation, Row, flow_of, form_rows, summed
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.cost_inventory import Level, is_in
from appraisal.cost_lines import InvestmentLine
from appraisal.discounting import timed
from appraisal.indicators import net_present_value
from loans.cases.assessment import Assessment


@dataclass(frozen=True)
class _Line:
    """A line of results, with the one before it; ``before_prefix`` begins its codes."""

    level: Level
    before: Level
    prefix: str
    before_prefix: str
    words: str


_LINES = (
    _Line(Level.TIERS_1_2, Level.TIER_1, "tiers_1_2.", "", "with documented indirect money"),
    _Line(
        Level.WITH_TIER_3,
        Level.TIERS_1_2,
        "with_tier_3.",
        "tiers_1_2.",
        "with what may happen, as a scenario",
    ),
)


def line_explanations(assessment: Assessment) -> Iterator[Explanation]:
    """Saving, payback, present value and rate of both lines, down to the rows that they add."""
    for line in _LINES:
        rows = form_rows(assessment.figures.financed_measures)
        further = [row for row in rows if _adds(row, line)]
        yield _saving(assessment, line, further)
        yield _payback(assessment, line)
        yield _worth(assessment, line, further)
        yield _rate(assessment, line, further)


def _adds(row: Row, line: _Line) -> bool:
    if isinstance(row.line, InvestmentLine):
        return False
    return is_in(row.line, line.level) and not is_in(row.line, line.before)


def _saving(assessment: Assessment, line: _Line, further: list[Row]) -> Explanation:
    lines = assessment.appraisal.project.lines
    yearly = [
        row for row in further if not isinstance(row.line, InvestmentLine) and not row.line.year
    ]
    parts = [("the line before", Fraction(lines[line.before].net_annual_saving))]
    parts += [(row.line.code, row.worth) for row in yearly]
    return Explanation(
        code=f"{line.prefix}net_annual_saving",
        name=f"Net saving a year {line.words}",
        formula="Net saving of the line before + what this line adds every year",
        with_numbers=summed(iter(parts)),
        result=amount(lines[line.level].net_annual_saving, assessment.figures.currency),
        rests_on=(f"{line.before_prefix}net_annual_saving", *(row.code for row in yearly)),
        note="What is expected in one year only is in the present value, not here."
        if len(yearly) < len(further)
        else "",
    )


def _payback(assessment: Assessment, line: _Line) -> Explanation:
    project = assessment.appraisal.project
    found = project.lines[line.level]
    ratio = found.payback_ratio
    return Explanation(
        code=f"{line.prefix}payback_years",
        name=f"Simple payback {line.words}",
        formula="Investment / net saving a year",
        with_numbers=f"{amount(project.investment)} / {amount(found.net_annual_saving)}",
        result="Not recovered" if ratio is None else years(ratio),
        rests_on=("investment", f"{line.prefix}net_annual_saving"),
    )


def _worth(assessment: Assessment, line: _Line, further: list[Row]) -> Explanation:
    assumed, lines = assessment.figures.assumptions, assessment.appraisal.project.lines
    horizon_months = MONTHS_PER_YEAR * assumed.horizon_years
    parts = [("the line before", lines[line.before].net_present_value)]
    for row in further:
        flows, times = timed(flow_of(row, horizon_months, line.level), assumed.timing)
        parts.append((row.line.code, net_present_value(assumed.discount_rate, flows, times)))
    return Explanation(
        code=f"{line.prefix}net_present_value",
        name=f"Net present value {line.words}",
        formula="Present value of the line before + that of the rows that this line adds",
        with_numbers=summed(iter(parts)),
        result=amount(lines[line.level].net_present_value, assessment.figures.currency),
        rests_on=(f"{line.before_prefix}net_present_value", *(row.code for row in further)),
    )


def _rate(assessment: Assessment, line: _Line, further: list[Row]) -> Explanation:
    found = assessment.appraisal.project.lines[line.level].internal_rate_of_return
    added = ", ".join(row.line.code for row in further)
    return Explanation(
        code=f"{line.prefix}internal_rate_of_return",
        name=f"Internal rate of return {line.words}",
        formula="Every discount rate above -100 % at which the NPV of this line is zero",
        with_numbers=f"The flows of the line before with {added}"
        if further
        else "The flows of the line before: no row is added",
        result=irr_words(found),
        rests_on=(f"{line.before_prefix}internal_rate_of_return", *(row.code for row in further)),
        note=found.reason or "",
    )
