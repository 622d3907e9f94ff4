"""What ``appraise`` says of the financed measures together, and of each case beside the first."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Self

from app.calculator_answers import AnswerModel, IrrAnswer, finite, major_text
from app.rendering import open_words
from appraisal.after_tax import AfterTax, TaxYear
from appraisal.alternatives import Alternative, AlternativeComparison, DecidedBy
from appraisal.appraise import Appraisal, LineResult
from appraisal.cost_inventory import Level
from appraisal.money import minor_digits, round_half_up
from appraisal.prices import NominalRun


class LineAnswer(AnswerModel):
    """One line of results; without a payback the saving does not recover the investment."""

    net_annual_saving: str
    payback_years: float | None
    net_present_value: float
    internal_rate_of_return: IrrAnswer

    @classmethod
    def of(cls, line: LineResult, currency: str) -> Self:
        """The line as plain data."""
        return cls(
            net_annual_saving=money_text(line.net_annual_saving, currency),
            payback_years=number(line.payback_ratio),
            net_present_value=line.net_present_value,
            internal_rate_of_return=IrrAnswer.of(line.internal_rate_of_return),
        )


class LinesAnswer(AnswerModel):
    """The three lines of results: ever more is counted, and the first one decides."""

    tier_1: LineAnswer
    tiers_1_2: LineAnswer
    with_tier_3: LineAnswer

    @classmethod
    def of(cls, lines: Mapping[Level, LineResult], currency: str) -> Self:
        """The lines as plain data."""
        return cls(
            tier_1=LineAnswer.of(lines[Level.TIER_1], currency),
            tiers_1_2=LineAnswer.of(lines[Level.TIERS_1_2], currency),
            with_tier_3=LineAnswer.of(lines[Level.WITH_TIER_3], currency),
        )


class NominalAnswer(AnswerModel):
    """The project in money of the day; ``yearly_flows`` begin with month 0."""

    inflation: float
    discount_rate: float
    net_present_value: float
    internal_rate_of_return: IrrAnswer
    yearly_flows: tuple[str, ...]

    @classmethod
    def of(cls, run: NominalRun, currency: str) -> Self:
        """The run as plain data."""
        return cls(
            inflation=run.inflation,
            discount_rate=run.discount_rate,
            net_present_value=run.net_present_value,
            internal_rate_of_return=IrrAnswer.of(run.internal_rate_of_return),
            yearly_flows=tuple(money_text(flow, currency) for flow in run.yearly_flows),
        )


class TaxYearAnswer(AnswerModel):
    """One project year in money of the day; year 0 is the first disbursement."""

    year: int
    investment: str
    net_saving: str
    residual_value: str
    depreciation: str
    disposal_gain: str
    taxable: str
    tax: str
    flow: str

    @classmethod
    def of(cls, row: TaxYear, currency: str) -> Self:
        """The year as plain data."""
        amounts = {
            name: money_text(getattr(row, name), currency)
            for name in cls.model_fields
            if name != "year"
        }
        return cls(year=row.year, **amounts)


class AfterTaxAnswer(AnswerModel):
    """The project after tax, in money of the day unless named real."""

    tax_rate: str
    discount_rate: float
    net_present_value: float
    internal_rate_of_return: IrrAnswer
    real_internal_rate_of_return: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    years: tuple[TaxYearAnswer, ...]

    @classmethod
    def of(cls, run: AfterTax, rate: Decimal, currency: str) -> Self:
        """The run as plain data."""
        return cls(
            tax_rate=f"{rate:f}",
            discount_rate=run.discount_rate,
            net_present_value=run.net_present_value,
            internal_rate_of_return=IrrAnswer.of(run.internal_rate_of_return),
            real_internal_rate_of_return=finite(run.real_internal_rate_of_return),
            payback_years=run.payback_years,
            discounted_payback_years=run.discounted_payback_years,
            years=tuple(TaxYearAnswer.of(row, currency) for row in run.years),
        )


class AlternativeAnswer(AnswerModel):
    """One of several ways; ``incremental_...`` is on what it costs more than the cheaper one."""

    code: str
    financed: bool
    investment: str
    net_annual_saving: str
    payback_years: float | None
    net_present_value: float
    internal_rate_of_return: IrrAnswer
    profitability_index: float | None
    service_years: float
    equivalent_annual_value: float
    compared_with: str | None
    incremental_internal_rate_of_return: IrrAnswer | None

    @classmethod
    def of(cls, way: Alternative, currency: str) -> Self:
        """The alternative as plain data."""
        extra = way.incremental_internal_rate_of_return
        return cls(
            code=way.code,
            financed=way.financed,
            investment=money_text(way.investment, currency),
            net_annual_saving=money_text(way.net_annual_saving, currency),
            payback_years=number(way.payback_ratio),
            net_present_value=way.net_present_value,
            internal_rate_of_return=IrrAnswer.of(way.internal_rate_of_return),
            profitability_index=finite(way.profitability_index),
            service_years=way.service_years,
            equivalent_annual_value=way.equivalent_annual_value,
            compared_with=way.compared_with,
            incremental_internal_rate_of_return=None if extra is None else IrrAnswer.of(extra),
        )


class AlternativesAnswer(AnswerModel):
    """Measures that exclude one another; ``best`` is null when doing none is worth more."""

    group: str
    best: str | None
    decided_by: DecidedBy
    reason: str
    alternatives: tuple[AlternativeAnswer, ...]

    @classmethod
    def of(cls, comparison: AlternativeComparison, currency: str) -> Self:
        """The comparison as plain data."""
        return cls(
            group=comparison.group,
            best=comparison.best,
            decided_by=comparison.decided_by,
            reason=comparison.reason,
            alternatives=tuple(
                AlternativeAnswer.of(way, currency) for way in comparison.alternatives
            ),
        )


class ProjectAnswer(AnswerModel):
    """The figures of the project by itself; ``reasons`` says of each null why it is one."""

    investment: str
    eligible_investment: str
    net_annual_saving: str
    payback_years: float | None
    roi_period_months: float | None
    cumulative_payback_years: float | None
    discounted_payback_years: float | None
    net_present_value: float
    internal_rate_of_return: IrrAnswer
    modified_internal_rate_of_return: float | None
    profitability_index: float | None
    service_years: float
    equivalent_annual_value: float
    reasons: dict[str, str]
    lines: LinesAnswer
    yearly_flows: tuple[str, ...]
    cautions: tuple[str, ...]


def project_figures(
    appraisal: Appraisal, currency: str, open_terms: tuple[str, ...]
) -> dict[str, object]:
    """The fields of ``ProjectAnswer``; ``open_terms`` is the rate of the loan while it is open."""
    project = appraisal.project
    figures: dict[str, object] = {
        "payback_years": number(project.payback_ratio),
        "roi_period_months": number(project.roi_period_months),
        "cumulative_payback_years": project.cumulative_payback_years,
        "discounted_payback_years": project.discounted_payback_years,
        "modified_internal_rate_of_return": finite(project.modified_internal_rate_of_return),
        "profitability_index": finite(project.profitability_index),
    }
    return figures | {
        "investment": money_text(project.investment, currency),
        "eligible_investment": money_text(project.eligible_investment, currency),
        "net_annual_saving": money_text(project.net_annual_saving, currency),
        "net_present_value": project.net_present_value,
        "internal_rate_of_return": IrrAnswer.of(project.internal_rate_of_return),
        "service_years": project.service_years,
        "equivalent_annual_value": project.equivalent_annual_value,
        "reasons": _reasons(figures, open_terms),
        "lines": LinesAnswer.of(project.lines, currency),
        "yearly_flows": tuple(money_text(flow, currency) for flow in appraisal.yearly_flows),
        "cautions": appraisal.cautions,
    }


def _reasons(figures: Mapping[str, object], open_terms: tuple[str, ...]) -> dict[str, str]:
    """Why a figure is null."""
    found = {name: _WITHOUT[name] for name, value in figures.items() if value is None}
    if open_terms:
        found["modified_internal_rate_of_return"] = open_words(open_terms)
    return found


_WITHOUT: Mapping[str, str] = {
    "payback_years": "The net yearly saving is not above zero.",
    "roi_period_months": "The net yearly saving is not above zero.",
    "cumulative_payback_years": "The flows do not recover the outlay within the horizon.",
    "discounted_payback_years": "The discounted flows do not recover the outlay in the horizon.",
    "modified_internal_rate_of_return": (
        "There are not both an outlay and income, or the rate is beyond floating point."
    ),
    "profitability_index": "No money is invested, or the index is beyond floating point.",
}


def money_text(amount: Decimal | Fraction, currency: str) -> str:
    """An amount that quantities and prices gave, rounded half-up to the minor unit for display."""
    return major_text(round_half_up(Fraction(amount) * 10 ** minor_digits(currency)), currency)


def number(exact: Fraction | None) -> float | None:
    """An exact figure as a number of JSON."""
    return None if exact is None else float(exact)
