"""What ``appraise`` answers: measures, appraisal, offer and findings as plain data."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

from pydantic import Field

from app.calculator_answers import AnswerModel, IrrAnswer, finite, major_text
from appraisal.appraise import Appraisal, MeasureAppraisal, ProjectAppraisal
from appraisal.cost_inventory import Level
from appraisal.measure_type import payback_ratio
from appraisal.money import minor_digits, round_half_up
from loans.assessment import Assessment
from loans.finding import Finding, Outcome
from loans.offer import AmountRule, MaturityRule, Offer


class MeasureAnswer(AnswerModel):
    """One measure by itself; without a type, ``reason`` says why."""

    code: str
    type: str | None
    investment: str
    net_annual_saving: str
    payback_years: float | None
    reason: str | None

    @classmethod
    def of(cls, measure: MeasureAppraisal, currency: str) -> Self:
        """The measure with amounts to the minor unit."""
        return cls(
            code=measure.code,
            type=measure.type,
            investment=money_text(measure.investment, currency),
            net_annual_saving=money_text(measure.net_annual_saving, currency),
            payback_years=_number(measure.payback_ratio),
            reason=measure.reason,
        )


class AppraisalAnswer(AnswerModel):
    """The financed measures together."""

    investment: str
    net_annual_saving: str
    payback_years: float | None
    roi_period_months: float | None
    cumulative_payback_years: float | None
    discounted_payback_years: float | None
    net_present_value: float
    internal_rate_of_return: IrrAnswer
    modified_internal_rate_of_return: float | None
    profitability_index: float | None
    lines: dict[str, dict[str, str | float | None]]
    sensitivity: tuple[dict[str, Any], ...] = ()
    switching_values: dict[str, float | None] = Field(default_factory=dict)
    cautions: tuple[str, ...]

    @classmethod
    def of(cls, appraisal: Appraisal, currency: str) -> Self:
        """The project's figures."""
        project = appraisal.project
        return cls(
            investment=money_text(project.investment, currency),
            net_annual_saving=money_text(project.net_annual_saving, currency),
            payback_years=_number(project.payback_ratio),
            roi_period_months=_number(project.roi_period_months),
            cumulative_payback_years=project.cumulative_payback_years,
            discounted_payback_years=project.discounted_payback_years,
            net_present_value=project.net_present_value,
            internal_rate_of_return=IrrAnswer.of(project.internal_rate_of_return),
            modified_internal_rate_of_return=finite(project.modified_internal_rate_of_return),
            profitability_index=finite(project.profitability_index),
            lines=_lines(project, currency),
            cautions=appraisal.cautions,
        )


class OfferAnswer(AnswerModel):
    """The largest loan for the longest time, what limits each, and why nothing is offered."""

    eligible: bool
    maximum_amount: str | None
    amount_rule: AmountRule | None
    maximum_maturity_months: int | None
    maturity_rule: MaturityRule | None
    indicative_level_payment: str | None
    minimum_cover: float | None
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """The offer as plain data."""
        return cls(
            eligible=offer.eligible,
            maximum_amount=_text(offer.maximum_amount),
            amount_rule=offer.amount_rule,
            maximum_maturity_months=offer.maximum_maturity_months,
            maturity_rule=offer.maturity_rule,
            indicative_level_payment=_text(offer.indicative_level_payment),
            minimum_cover=_number(offer.minimum_cover),
            reasons=offer.reasons,
        )


class FindingAnswer(AnswerModel):
    """How one rule comes out."""

    code: str
    outcome: Outcome
    rule: str
    value: str
    limit: str
    source: str
    what_would_pass: str | None

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """The finding as plain data."""
        return cls(
            code=finding.code,
            outcome=finding.outcome,
            rule=finding.rule,
            value=finding.value,
            limit=finding.limit,
            source=finding.source,
            what_would_pass=finding.what_would_pass,
        )


class AppraiseAnswer(AnswerModel):
    """Everything that follows from a proposal; what is not worked out yet is empty."""

    measures: tuple[MeasureAnswer, ...]
    ladder: tuple[dict[str, Any], ...] = ()
    appraisal: AppraisalAnswer
    offer: OfferAnswer
    findings: tuple[FindingAnswer, ...]
    environment: tuple[dict[str, Any], ...] = ()
    conventions: dict[str, str]

    @classmethod
    def of(cls, assessment: Assessment) -> Self:
        """The assessment as plain data."""
        currency, appraisal = assessment.figures.currency, assessment.appraisal
        return cls(
            measures=tuple(MeasureAnswer.of(measure, currency) for measure in appraisal.measures),
            appraisal=AppraisalAnswer.of(appraisal, currency),
            offer=OfferAnswer.of(assessment.offer),
            findings=tuple(FindingAnswer.of(found) for found in assessment.findings),
            conventions=appraisal.conventions,
        )


def _lines(project: ProjectAppraisal, currency: str) -> dict[str, dict[str, str | float | None]]:
    """The two lines of results that are counted; the scenario of tier 3 is not worked out yet."""
    savings: Sequence[tuple[str, Decimal]] = (
        ("tier_1", project.net_annual_saving),
        ("tiers_1_2", project.lines[Level.TIERS_1_2].net_annual_saving),
    )
    lines: dict[str, dict[str, str | float | None]] = {
        name: {
            "net_annual_saving": money_text(saving, currency),
            "payback_years": _number(payback_ratio(project.investment, saving)),
        }
        for name, saving in savings
    }
    return lines | {"with_tier_3": {}}


def money_text(amount: Decimal, currency: str) -> str:
    """An amount that quantities and prices gave, rounded half-up to the minor unit for display."""
    return major_text(round_half_up(Fraction(amount) * 10 ** minor_digits(currency)), currency)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _number(exact: Fraction | None) -> float | None:
    return None if exact is None else float(exact)
