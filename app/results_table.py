"""Results side by side: three lines of counted money, bases of prices and tax, alternatives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.project_explanations import irr_words
from app.rendering import amount, count, percent
from appraisal.alternatives import Alternative, AlternativeComparison
from appraisal.cost_inventory import Level
from appraisal.irr_result import IrrResult
from loans.cases.assessment import Assessment

_LINES = {
    Level.TIER_1: "Direct money (tier 1)",
    Level.TIERS_1_2: "And documented indirect money (tiers 1 and 2)",
    Level.WITH_TIER_3: "And what may happen (tier 3), as a scenario",
}


@dataclass(frozen=True)
class ResultRow:
    """One figure: its name, and its value in each column, in words."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class ResultTable:
    """Figures as rows, the cases that are compared as columns."""

    columns: tuple[str, ...]
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True)
class AlternativesTable:
    """Measures that exclude one another, side by side, and which is worth most and why."""

    names: str
    reason: str
    table: ResultTable


def three_lines(assessment: Assessment) -> ResultTable:
    """Net saving, payback, NPV and IRR with ever more counted; the first line decides."""
    currency = assessment.figures.currency
    lines = [assessment.appraisal.project.lines[level] for level in _LINES]
    return ResultTable(
        tuple(_LINES.values()),
        (
            ResultRow(
                "Net saving a year",
                tuple(amount(line.net_annual_saving, currency) for line in lines),
            ),
            ResultRow("Payback", tuple(payback_words(line.payback_ratio) for line in lines)),
            ResultRow(
                "Net present value (NPV)",
                tuple(amount(line.net_present_value, currency, 0) for line in lines),
            ),
            ResultRow(
                "Internal rate of return (IRR)",
                tuple(irr_words(line.internal_rate_of_return) for line in lines),
            ),
        ),
    )


def price_bases(assessment: Assessment) -> ResultTable | None:
    """The project in constant prices, in money of the day, after tax; None unless asked for."""
    bases = [_constant(assessment), *_of_the_day(assessment), *_after_tax(assessment)]
    if len(bases) == 1:
        return None
    names = (
        "Discount rate a year",
        "Net present value (NPV)",
        "Internal rate of return (IRR)",
        "Cumulative payback",
        "Discounted payback",
    )
    values = zip(*(figures for _, figures in bases), strict=True)
    return ResultTable(
        tuple(name for name, _ in bases),
        tuple(ResultRow(name, row) for name, row in zip(names, values, strict=True)),
    )


def _constant(assessment: Assessment) -> tuple[str, tuple[str, ...]]:
    project = assessment.appraisal.project
    return "Constant prices, before tax", _figures(
        assessment,
        assessment.figures.assumptions.discount_rate,
        project.net_present_value,
        project.internal_rate_of_return,
        (project.cumulative_payback_years, project.discounted_payback_years),
    )


def _of_the_day(assessment: Assessment) -> Iterator[tuple[str, tuple[str, ...]]]:
    run = assessment.appraisal.nominal
    if run is not None:
        yield (
            f"Money of the day (prices rise {percent(run.inflation)} a year), before tax",
            _figures(
                assessment, run.discount_rate, run.net_present_value, run.internal_rate_of_return
            ),
        )


def _after_tax(assessment: Assessment) -> Iterator[tuple[str, tuple[str, ...]]]:
    run, tax = assessment.appraisal.after_tax, assessment.figures.assumptions.tax
    if run is not None and tax is not None:
        yield (
            f"Money of the day, after {percent(tax.rate)} tax on profit",
            _figures(
                assessment,
                run.discount_rate,
                run.net_present_value,
                run.internal_rate_of_return,
                (run.payback_years, run.discounted_payback_years),
            ),
        )


def _figures(
    assessment: Assessment,
    rate: float,
    worth: float,
    internal: IrrResult,
    paybacks: tuple[float | None, float | None] | None = None,
) -> tuple[str, ...]:
    within = f"Not within {count(assessment.figures.assumptions.horizon_years, 'year')}"
    recovered = (
        ("", "")
        if paybacks is None
        else tuple(within if each is None else payback_words(each) for each in paybacks)
    )
    return (
        percent(rate),
        amount(worth, assessment.figures.currency, 0),
        irr_words(internal),
        *recovered,
    )


def alternatives_tables(assessment: Assessment) -> tuple[AlternativesTable, ...]:
    """Each group of measures that exclude one another, the cheapest first."""
    return tuple(
        AlternativesTable(
            names=", ".join(one.code for one in comparison.alternatives),
            reason=comparison.reason,
            table=_alternatives(comparison, assessment.figures.currency),
        )
        for comparison in assessment.appraisal.alternatives
    )


def _alternatives(comparison: AlternativeComparison, currency: str) -> ResultTable:
    ways = comparison.alternatives

    def row(name: str, show: Callable[[Alternative], str]) -> ResultRow:
        return ResultRow(name, tuple(show(way) for way in ways))

    return ResultTable(
        tuple(f"{way.code} {way.title}" for way in ways),
        (
            row("Chosen for the loan", lambda way: "Yes" if way.financed else "No"),
            row("Worth most", lambda way: "Yes" if way.code == comparison.best else "No"),
            row("Investment", lambda way: amount(way.investment, currency)),
            row("Net saving a year", lambda way: amount(way.net_annual_saving, currency)),
            row("Payback", lambda way: payback_words(way.payback_ratio)),
            row("Net present value (NPV)", lambda way: amount(way.net_present_value, currency, 0)),
            row("Years in service", lambda way: amount(way.service_years, places=2)),
            row(
                "NPV spread over those years (equivalent annual value)",
                lambda way: amount(way.equivalent_annual_value, currency, 0),
            ),
            row(
                "Internal rate of return (IRR)", lambda way: irr_words(way.internal_rate_of_return)
            ),
            row("IRR on what it costs more than the one before", _incremental),
            row("Profitability index", lambda way: amount(way.profitability_index)),
        ),
    )


def _incremental(way: Alternative) -> str:
    internal = way.incremental_internal_rate_of_return
    return "" if internal is None else irr_words(internal)


def payback_words(payback: Fraction | float | None) -> str:
    """A payback in years, to be held against others, or that there is none."""
    return "Not recovered" if payback is None else f"{amount(payback, places=2)} years"
