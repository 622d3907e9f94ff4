"""What the calculators answer: money as decimal strings, results as numbers or null."""

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from appraisal.appraise import Appraisal, MeasureAppraisal, ProjectAppraisal
from appraisal.indicators import Indicators
from appraisal.irr import IrrResult, IrrStatus
from appraisal.measure_type import payback_ratio
from appraisal.money import from_minor, minor_digits, round_half_up
from loans.assessment import Assessment
from loans.finding import Finding, Outcome
from loans.offer import AmountRule, MaturityRule, Offer
from loans.schedule import Cover, Instalment, Schedule


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class IrrAnswer(_Answer):
    """The internal rate of return: what the roots amount to, and all of them."""

    status: IrrStatus
    rate: float | None
    roots: tuple[float | None, ...]
    reason: str | None

    @classmethod
    def of(cls, result: IrrResult) -> Self:
        """The result; a rate beyond floating point is null."""
        return cls(
            status=result.status,
            rate=_finite(result.rate),
            roots=tuple(_finite(root) for root in result.roots),
            reason=result.reason,
        )


class IndicatorsAnswer(_Answer):
    """The indicators of one list of flows."""

    net_present_value: float
    profitability_index: float | None
    internal_rate_of_return: IrrAnswer
    modified_internal_rate_of_return: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    convention: str

    @classmethod
    def of(cls, result: Indicators) -> Self:
        """The indicators as plain data."""
        return cls(
            net_present_value=result.net_present_value,
            profitability_index=_finite(result.profitability_index),
            internal_rate_of_return=IrrAnswer.of(result.internal_rate_of_return),
            modified_internal_rate_of_return=_finite(result.modified_internal_rate_of_return),
            payback_years=result.payback_years,
            discounted_payback_years=result.discounted_payback_years,
            convention=result.convention,
        )


class InstalmentAnswer(_Answer):
    """One instalment. Interest that is added to the loan shows as negative principal."""

    number: int
    due_on: date
    principal: str
    interest: str
    total: str
    balance: str

    @classmethod
    def of(cls, row: Instalment, currency: str) -> Self:
        """The instalment in major units."""
        return cls(
            number=row.number,
            due_on=row.due_on,
            principal=_major(row.principal_minor - row.capitalised_minor, currency),
            interest=_major(row.interest_minor + row.capitalised_minor, currency),
            total=_major(row.total_minor, currency),
            balance=_major(row.balance_minor, currency),
        )


class CoverAnswer(_Answer):
    """Savings / debt service after the grace, and over the life of the loan."""

    minimum: float
    average: float
    loan_life: float

    @classmethod
    def of(cls, cover: Cover) -> Self:
        """The cover as numbers."""
        return cls(
            minimum=float(cover.minimum),
            average=float(cover.average),
            loan_life=float(cover.loan_life),
        )


class ScheduleAnswer(_Answer):
    """The schedule, its totals and, where savings are given, their cover."""

    instalments: tuple[InstalmentAnswer, ...]
    principal: str
    interest: str
    total: str
    cover: CoverAnswer | None
    debt_capacity: str | None
    divisor: float | None

    @classmethod
    def of(cls, schedule: Schedule, currency: str, target_cover: Decimal | None) -> Self:
        """The schedule in major units."""
        capacity = None if target_cover is None else schedule.debt_capacity_minor(target_cover)
        return cls(
            instalments=tuple(InstalmentAnswer.of(row, currency) for row in schedule.instalments),
            principal=_major(schedule.disbursed_minor, currency),
            interest=_major(schedule.interest_minor, currency),
            total=_major(schedule.total_minor, currency),
            cover=None if schedule.cover is None else CoverAnswer.of(schedule.cover),
            debt_capacity=None if capacity is None else _major(capacity, currency),
            divisor=None if schedule.divisor is None else float(schedule.divisor),
        )


class MeasureAnswer(_Answer):
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
            investment=_money(measure.investment, currency),
            net_annual_saving=_money(measure.net_annual_saving, currency),
            payback_years=_number(measure.payback_ratio),
            reason=measure.reason,
        )


class AppraisalAnswer(_Answer):
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
    switching_values: dict[str, float | None] = {}
    cautions: tuple[str, ...]

    @classmethod
    def of(cls, appraisal: Appraisal, currency: str) -> Self:
        """The project's figures."""
        project = appraisal.project
        return cls(
            investment=_money(project.investment, currency),
            net_annual_saving=_money(project.net_annual_saving, currency),
            payback_years=_number(project.payback_ratio),
            roi_period_months=_number(project.roi_period_months),
            cumulative_payback_years=project.cumulative_payback_years,
            discounted_payback_years=project.discounted_payback_years,
            net_present_value=project.net_present_value,
            internal_rate_of_return=IrrAnswer.of(project.internal_rate_of_return),
            modified_internal_rate_of_return=_finite(project.modified_internal_rate_of_return),
            profitability_index=_finite(project.profitability_index),
            lines=_lines(project, currency),
            cautions=appraisal.cautions,
        )


class OfferAnswer(_Answer):
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


class FindingAnswer(_Answer):
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


class AppraiseAnswer(_Answer):
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
        ("tiers_1_2", project.net_annual_saving_with_indirect),
    )
    lines: dict[str, dict[str, str | float | None]] = {
        name: {
            "net_annual_saving": _money(saving, currency),
            "payback_years": _number(payback_ratio(project.investment, saving)),
        }
        for name, saving in savings
    }
    return lines | {"with_tier_3": {}}


def _major(minor: int, currency: str) -> str:
    return f"{from_minor(minor, currency):f}"


def _money(amount: Decimal, currency: str) -> str:
    """An amount that quantities and prices gave, rounded half-up to the minor unit for display."""
    return _major(round_half_up(Fraction(amount) * 10 ** minor_digits(currency)), currency)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _number(exact: Fraction | None) -> float | None:
    return None if exact is None else float(exact)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
