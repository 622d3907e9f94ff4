"""The charts of one appraisal: recovery of the investment, covers, NPV over the rate."""

from fractions import Fraction

from app.cash_flow_table import CashFlowTable
from app.charts import Chart, Heading, Table
from app.column_chart import Limit, columns
from app.cover_table import CoverRow
from app.curve_chart import Curve, Mark, curves
from app.rendering import amount, count, percent, years
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.money import minor_digits
from appraisal.npv_profile import NpvProfile
from loans.cases.assessment import Assessment

_MOST_POINTS = 120
_COVER_PLACES = 2
_EVERY_SO_MANY = 2
"""Of the points of the NPV profile as many are enough for a smooth curve."""


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
        Curve("Sum of flows", by_month(assessment.appraisal.cumulative_flow)),
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


def by_month(levels: tuple[Fraction, ...]) -> tuple[tuple[float, float], ...]:
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


def profile_chart(profile: NpvProfile, currency: str) -> Chart:
    """The net present value over the discount rate, with every internal rate and the one asked."""
    heading = Heading(
        "At which discount rate does the project stop gaining?",
        _profile_words(profile, currency),
        currency,
        places=0,
    )
    named = {
        profile.hurdle.rate: "The discount rate",
        **{point.rate: "Internal rate of return (IRR)" for point in profile.internal_rates},
    }
    drawn = [
        point
        for place, point in enumerate(profile.points)
        if place % _EVERY_SO_MANY == 0 or point.rate in named or point == profile.points[-1]
    ]
    curve = Curve("NPV", tuple((100 * one.rate, one.net_present_value) for one in drawn))
    marks = (
        Mark(
            f"at {percent(profile.hurdle.rate)}",
            100 * profile.hurdle.rate,
            profile.hurdle.net_present_value,
        ),
        *(
            Mark(f"IRR {percent(one.rate)}", 100 * one.rate, one.net_present_value)
            for one in profile.internal_rates
        ),
    )
    table = Table(
        heading.title,
        ("Discount rate a year", f"NPV, {currency}", "What it is"),
        tuple(
            (
                percent(one.rate),
                amount(one.net_present_value, places=0),
                named.get(one.rate, ""),
            )
            for one in drawn
        ),
    )
    return curves(heading, "Discount rate, % a year", (curve,), marks, table)


def _profile_words(profile: NpvProfile, currency: str) -> str:
    rates = sorted((*(one.rate for one in profile.internal_rates), *profile.rates_beyond))
    asked = (
        f"at {percent(profile.hurdle.rate)}, the rate asked, it is "
        f"{amount(profile.hurdle.net_present_value, currency, 0)}"
    )
    if not rates:
        return f"The net present value (NPV) is zero at no rate; {asked}."
    where = " and ".join(percent(rate) for rate in rates)
    several = ", so that no single rate of return decides" if len(rates) > 1 else ""
    return f"The net present value (NPV) is zero at {where} a year{several}; {asked}."
