"""The cash flow of a project by year, with what each year is worth today."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from appraisal.cash_flow import MONTHS_PER_YEAR, cash_flow, yearly
from appraisal.proposal import Timing
from loans.cases.assessment import Assessment


@dataclass(frozen=True)
class CashFlowYear:
    """One year in major units; the two sums are without residual value, as payback counts."""

    name: str
    investment: Fraction
    net_saving: Fraction
    residual_value: Fraction
    net_flow: Fraction
    cumulative: Fraction
    present_value: float
    discounted_cumulative: float


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
        _present_values(flow.monthly, assessment),
        accumulate(_present_values(flow.monthly_without_residual, assessment)),
        strict=True,
    )
    rows = tuple(CashFlowYear(year_name(number), *values) for number, values in enumerate(series))
    return CashFlowTable(
        rows,
        sum(flow.investment, Fraction(0)),
        sum(flow.net_savings, Fraction(0)),
        sum(flow.residual_value, Fraction(0)),
        sum(flow.monthly, Fraction(0)),
        sum(row.present_value for row in rows),
    )


def year_name(number: int) -> str:
    """The name of a row: month 0 by itself, then the years."""
    return f"Year {number}" if number else "At the start"


def _present_values(monthly: Sequence[Fraction], assessment: Assessment) -> list[float]:
    """Present value of each year's flows, discounted as the appraisal discounts them."""
    assumed = assessment.figures.assumptions
    worth = [0.0] * (assumed.horizon_years + 1)
    for month, money in enumerate(monthly):
        if money:
            year = -(-month // MONTHS_PER_YEAR)
            time_years = year if assumed.timing is Timing.ANNUAL else month / MONTHS_PER_YEAR
            worth[year] += float(money) * (1 + assumed.discount_rate) ** -time_years
    return worth
