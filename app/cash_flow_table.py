"""The cash flow of a project by year, with what each year is worth today, and its chart."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.charts import Chart, Heading, Series, lines
from app.rendering import years
from appraisal.cash_flow import MONTHS_PER_YEAR, CashFlow, cash_flow, yearly
from appraisal.money import from_minor, minor_digits, round_half_up
from appraisal.proposal import Timing
from loans.assessment import Assessment


@dataclass(frozen=True)
class CashFlowYear:
    """One year in major units; ``cumulative`` is without residual value, as payback counts it."""

    name: str
    investment: Fraction
    net_saving: Fraction
    residual_value: Fraction
    net_flow: Fraction
    cumulative: Fraction
    present_value: float


@dataclass(frozen=True)
class CashFlowTable:
    """All years to the horizon; ``present_value`` sums to the net present value."""

    years: tuple[CashFlowYear, ...]
    investment: Fraction
    net_saving: Fraction
    residual_value: Fraction
    net_flow: Fraction
    present_value: float


def cash_flow_table(assessment: Assessment) -> CashFlowTable:
    """The flows that the appraisal rests on, month 0 by itself and then year by year."""
    figures = assessment.figures
    horizon_months = MONTHS_PER_YEAR * figures.assumptions.horizon_years
    flow = cash_flow(figures.financed_measures, horizon_months)
    series = zip(
        yearly(flow.investment),
        yearly(flow.net_savings),
        yearly(flow.residual_value),
        yearly(flow.monthly),
        assessment.appraisal.cumulative_flow[::MONTHS_PER_YEAR],
        _present_values(flow, assessment),
        strict=True,
    )
    rows = tuple(
        CashFlowYear(f"Year {number}" if number else "At the start", *values)
        for number, values in enumerate(series)
    )
    return CashFlowTable(
        rows,
        sum(flow.investment, Fraction(0)),
        sum(flow.net_savings, Fraction(0)),
        sum(flow.residual_value, Fraction(0)),
        sum(flow.monthly, Fraction(0)),
        sum(row.present_value for row in rows),
    )


def _present_values(flow: CashFlow, assessment: Assessment) -> list[float]:
    """Present value of each year's flows, discounted as the appraisal discounts them."""
    assumed = assessment.figures.assumptions
    worth = [0.0] * (assumed.horizon_years + 1)
    for month, money in enumerate(flow.monthly):
        year = -(-month // MONTHS_PER_YEAR)
        time_years = year if assumed.timing is Timing.ANNUAL else month / MONTHS_PER_YEAR
        worth[year] += float(money) * (1 + assumed.discount_rate) ** -time_years
    return worth


def cumulative_chart(assessment: Assessment) -> Chart:
    """How the sum of the flows grows year by year, and when it becomes and stays positive."""
    figures, project = assessment.figures, assessment.appraisal.project
    levels = assessment.appraisal.cumulative_flow[::MONTHS_PER_YEAR]
    recovered = project.cumulative_payback_years
    sentence = (
        f"The savings do not recover the investment within {figures.assumptions.horizon_years} "
        "years."
        if recovered is None
        else f"The savings have recovered the investment after {years(recovered)}."
    )
    digits = minor_digits(figures.currency)
    heading = Heading(
        "When do the savings recover the investment?", sentence, figures.currency, digits
    )
    values = tuple(_in_major(level, figures.currency) for level in levels)
    names = tuple(f"Year {number}" for number in range(len(levels)))
    return lines(heading, names, (Series("Cumulative", values),))


def _in_major(value: Fraction, currency: str) -> Decimal:
    return from_minor(round_half_up(value * 10 ** minor_digits(currency)), currency)
