"""The charts of one appraisal: recovery of the investment, and cover of each instalment."""

from fractions import Fraction

from app.cash_flow_table import CashFlowTable
from app.charts import Chart, Heading, Table
from app.column_chart import Limit, columns
from app.cover_table import CoverRow
from app.curve_chart import Curve, Mark, curves
from app.rendering import amount, count, years
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.money import minor_digits
from loans.assessment import Assessment

_MOST_POINTS = 120
_COVER_PLACES = 2


def recovery_chart(assessment: Assessment, flows: CashFlowTable) -> Chart:
    """How the sum of the flows grows, plain and discounted, and when it has recovered the outlay.

    The plain curve goes by months; the discounted one by years.
    """
    project = assessment.appraisal.project
    currency = assessment.figures.currency
    heading = Heading(
        "When do the savings recover the investment?",
        _recovery_words(assessment),
        currency,
        minor_digits(currency),
    )
    moments = (
        ("After", project.cumulative_payback_years),
        ("Discounted", project.discounted_payback_years),
    )
    lines = (
        Curve("Sum of flows", _by_month(assessment.appraisal.cumulative_flow)),
        Curve(
            "Discounted",
            tuple((float(n), row.discounted_cumulative) for n, row in enumerate(flows.years)),
        ),
    )
    marks = tuple(Mark(f"{words} {years(at)}", at, 0.0) for words, at in moments if at is not None)
    table = Table(
        heading.title,
        ("By the end of", f"Sum of flows, {currency}", f"Discounted, {currency}"),
        tuple(
            (
                row.name,
                amount(row.cumulative, places=heading.places),
                amount(row.discounted_cumulative, places=heading.places),
            )
            for row in flows.years
        ),
    )
    return curves(heading, "Years from the first pay-out", lines, marks, table)


def _recovery_words(assessment: Assessment) -> str:
    project = assessment.appraisal.project
    plain, discounted = project.cumulative_payback_years, project.discounted_payback_years
    horizon = count(assessment.figures.assumptions.horizon_years, "year")
    if plain is None:
        return f"The savings do not recover the investment within {horizon}."
    begun = f"The savings have recovered the investment after {years(plain)}"
    if discounted is None:
        return f"{begun}; discounted, not within {horizon}."
    return f"{begun}; discounted, after {years(discounted)}."


def _by_month(levels: tuple[Fraction, ...]) -> tuple[tuple[float, float], ...]:
    """The levels over years; of long horizons every few months, and always the last."""
    step = -(-(len(levels) - 1) // _MOST_POINTS)
    last = len(levels) - 1
    months = sorted({*range(0, last, step), last})
    return tuple((month / MONTHS_PER_YEAR, float(levels[month])) for month in months)


def cover_chart(assessment: Assessment, rows: tuple[CoverRow, ...]) -> Chart:
    """The cover of each instalment against the target and the smallest that is allowed."""
    terms = assessment.profile.terms
    target, least = Fraction(terms.target_cover.required), Fraction(terms.minimum_cover.required)
    short = sum(row.cover < target for row in rows)
    months = count(len(rows), "instalment")
    wanted = amount(target, places=1)
    sentence = (
        f"Each of {months} is covered at least {wanted} times."
        if not short
        else f"{short} of {months} are covered less than {wanted} times."
    )
    heading = Heading(
        "Do the savings carry each instalment?", sentence, "times covered", _COVER_PLACES
    )
    return columns(
        heading,
        tuple(str(row.month) for row in rows),
        tuple(row.cover for row in rows),
        (
            Limit(f"target {wanted}", target),
            Limit(f"least {amount(least, places=1)}", least),
        ),
        "Month of the loan",
    )
