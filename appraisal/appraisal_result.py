"""What an appraisal answers: frozen values, from one measure to the whole proposal."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.after_tax import AfterTax
from appraisal.alternatives import AlternativeComparison
from appraisal.cost_inventory import Level
from appraisal.irr_result import IrrResult
from appraisal.measure_type import MeasureType
from appraisal.prices import NominalRun


@dataclass(frozen=True)
class MeasureAppraisal:
    """One measure by itself; amounts in major units, payback in years."""

    code: str
    title: str
    financed: bool
    type: MeasureType | None
    investment: Decimal
    """Equipment and working capital, without replacements."""

    net_annual_saving: Decimal
    payback_ratio: Fraction | None
    reason: str | None
    """Why the measure has no type."""


@dataclass(frozen=True)
class LineResult:
    """One line of results; the saving in major units, payback in years."""

    net_annual_saving: Decimal
    """Without contingent items that are expected in one year only."""

    payback_ratio: Fraction | None
    net_present_value: float
    internal_rate_of_return: IrrResult


@dataclass(frozen=True)
class ProjectAppraisal:
    """The financed measures together; amounts in major units, rates as fractions a year."""

    investment: Decimal
    """Initial: equipment and working capital; replacements are in the flows only."""

    eligible_investment: Decimal
    """What a loan can finance: equipment only."""

    net_annual_saving: Decimal
    lines: Mapping[Level, LineResult]
    """The three lines of results: tier 1, tiers 1 and 2, and both with the tier 3 scenario."""

    payback_ratio: Fraction | None
    implementation_months: int
    roi_period_months: Fraction | None
    """From first disbursement: implementation months + 12 x payback, never rounded."""

    cumulative_payback_years: float | None
    discounted_payback_years: float | None
    net_present_value: float
    internal_rate_of_return: IrrResult
    modified_internal_rate_of_return: float | None
    profitability_index: float | None
    service_years: float
    """From month 0 to the end of the longest life, at most the horizon."""

    equivalent_annual_value: float
    """The net present value spread evenly over the service years."""


@dataclass(frozen=True)
class Appraisal:
    """What a proposal is worth, with the flows behind it."""

    measures: tuple[MeasureAppraisal, ...]
    project: ProjectAppraisal
    monthly_net_savings: tuple[Fraction, ...]
    """From month 1 to the end of the longest life, at least to the horizon."""

    nominal_monthly_net_savings: tuple[Fraction, ...]
    """The same in money of the day: what covers a loan."""

    yearly_flows: tuple[Fraction, ...]
    """Month 0, then each year to the last one in which money falls, residual value included."""

    cumulative_flow: tuple[Fraction, ...]
    """Sum of the monthly flows at each month from 0 to the horizon, without residual value."""

    nominal: NominalRun | None
    """In money of the day; None when no inflation is assumed."""

    after_tax: AfterTax | None
    """None when no tax is assumed."""

    alternatives: tuple[AlternativeComparison, ...]
    conventions: Mapping[str, str]
    cautions: tuple[str, ...]
