"""The appraisal of a proposal: everything an officer reads about its worth, as one value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from appraisal.cash_flow import (
    MONTHS_PER_YEAR,
    CashFlow,
    cash_flow,
    eligible_investment_of,
    end_of_life_month,
    investment_of,
    net_annual_saving_of,
    yearly,
)
from appraisal.cost_inventory import Level
from appraisal.indicators import (
    discounted_payback_years,
    modified_internal_rate_of_return,
    net_present_value,
    payback_years,
    recovery_count,
)
from appraisal.irr import IrrResult, IrrStatus, internal_rate_of_return
from appraisal.measure_type import MeasureType, classify, payback_ratio
from appraisal.prices import in_money_of_the_day
from appraisal.proposal import Measure, Proposal, Timing

_NOTABLE_DIFFERENCE = 0.1


@dataclass(frozen=True)
class MeasureAppraisal:
    """One measure by itself; amounts in major units, payback in years."""

    code: str
    title: str
    financed: bool
    type: MeasureType | None
    investment: Decimal
    net_annual_saving: Decimal
    payback_ratio: Fraction | None
    reason: str | None
    """Why the measure has no type."""


@dataclass(frozen=True)
class LineResult:
    """One line of results; the saving in major units, payback in years."""

    net_annual_saving: Decimal
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

    @property
    def net_annual_saving_with_indirect(self) -> Decimal:
        """Tiers 1 and 2: also indirect savings and costs that a document supports."""
        return self.lines[Level.TIERS_1_2].net_annual_saving


@dataclass(frozen=True)
class Appraisal:
    """What a proposal is worth, with the flows behind it."""

    measures: tuple[MeasureAppraisal, ...]
    project: ProjectAppraisal
    monthly_net_savings: tuple[Fraction, ...]
    """From month 1 to the end of the longest life; the horizon limits the appraisal only."""

    nominal_monthly_net_savings: tuple[Fraction, ...]
    """The same in money of the day: what covers a loan."""

    yearly_flows: tuple[Fraction, ...]
    """Month 0, then each year to the last one in which money falls, residual value included."""

    cumulative_flow: tuple[Fraction, ...]
    """Sum of the monthly flows at each month from 0 to the horizon, without residual value."""

    conventions: dict[str, str]
    cautions: tuple[str, ...]


def appraise(
    proposal: Proposal, *, minor_investment: Decimal, finance_rate: float | None
) -> Appraisal:
    """Appraise each measure by itself and the financed measures as one project.

    ``minor_investment`` (major units) separates types A and B; ``finance_rate`` is the loan's
    rate for the modified rate of return, which is None without it.

    Raises:
        ValueError: figures that make a result too large to state.
    """
    financed = proposal.financed_measures
    financed_codes = {measure.code for measure in financed}
    horizon_months = MONTHS_PER_YEAR * proposal.assumptions.horizon_years
    flow = cash_flow(financed, horizon_months)
    whole_life = cash_flow(financed, max(horizon_months, *map(end_of_life_month, financed)))
    project = _project(proposal, flow, finance_rate)
    return Appraisal(
        measures=tuple(
            _measure(measure, minor_investment, financed=measure.code in financed_codes)
            for measure in proposal.measures
        ),
        project=project,
        monthly_net_savings=whole_life.net_savings[1:],
        nominal_monthly_net_savings=in_money_of_the_day(
            whole_life.net_savings[1:], proposal.assumptions.inflation
        ),
        yearly_flows=_without_empty_end(yearly(flow.monthly)),
        cumulative_flow=tuple(accumulate(flow.monthly_without_residual)),
        conventions=_conventions(proposal),
        cautions=tuple(_cautions(proposal, project, flow)),
    )


def _measure(measure: Measure, minor_investment: Decimal, *, financed: bool) -> MeasureAppraisal:
    investment = investment_of([measure])
    saving = net_annual_saving_of([measure])
    measure_type = classify(investment, saving, minor_investment)
    reason = None if measure_type else "Not recovered: the net yearly saving is not above zero."
    return MeasureAppraisal(
        code=measure.code,
        title=measure.title,
        financed=financed,
        type=measure_type,
        investment=investment,
        net_annual_saving=saving,
        payback_ratio=payback_ratio(investment, saving),
        reason=reason,
    )


def _project(proposal: Proposal, flow: CashFlow, finance_rate: float | None) -> ProjectAppraisal:
    financed = proposal.financed_measures
    rate = proposal.assumptions.discount_rate
    timing = proposal.assumptions.timing
    investment, saving = investment_of(financed), net_annual_saving_of(financed)
    ratio = payback_ratio(investment, saving)
    delay_months = max(measure.implementation_months for measure in financed)
    flows, years = _timed(flow.monthly, timing)
    modified = None
    if finance_rate is not None:
        modified = modified_internal_rate_of_return(flows, finance_rate, rate, years)
    return ProjectAppraisal(
        investment=investment,
        eligible_investment=eligible_investment_of(financed),
        net_annual_saving=saving,
        lines={level: _line(proposal, level) for level in Level},
        payback_ratio=ratio,
        implementation_months=delay_months,
        roi_period_months=None if ratio is None else delay_months + MONTHS_PER_YEAR * ratio,
        cumulative_payback_years=payback_years(*_by_month(flow.monthly_without_residual)),
        discounted_payback_years=discounted_payback_years(
            rate, *_timed(flow.monthly_without_residual, timing)
        ),
        net_present_value=net_present_value(rate, flows, years),
        internal_rate_of_return=internal_rate_of_return(flows, years),
        modified_internal_rate_of_return=modified,
        profitability_index=_profitability_index(flow, rate, timing),
    )


def _line(proposal: Proposal, level: Level) -> LineResult:
    financed, assumed = proposal.financed_measures, proposal.assumptions
    flow = cash_flow(financed, MONTHS_PER_YEAR * assumed.horizon_years, level=level)
    saving = net_annual_saving_of(financed, level=level)
    flows, years = _timed(flow.monthly, assumed.timing)
    return LineResult(
        net_annual_saving=saving,
        payback_ratio=payback_ratio(investment_of(financed), saving),
        net_present_value=net_present_value(assumed.discount_rate, flows, years),
        internal_rate_of_return=internal_rate_of_return(flows, years),
    )


def _profitability_index(flow: CashFlow, rate: float, timing: Timing) -> float | None:
    """Present value of net savings and residual value / present value of the investment."""
    invested = net_present_value(rate, *_timed(flow.investment, timing))
    if invested == 0:
        return None
    return net_present_value(rate, *_timed(flow.returns, timing)) / invested


def _timed(
    monthly: tuple[Fraction, ...], timing: Timing
) -> tuple[tuple[Fraction, ...], list[float]]:
    """Flows and their times in years as the timing has them, up to the last month with money."""
    if timing is Timing.MONTHLY:
        return _by_month(_without_empty_end(monthly))
    flows = _without_empty_end(yearly(monthly))
    return flows, [float(year) for year in range(len(flows))]


def _by_month(monthly: tuple[Fraction, ...]) -> tuple[tuple[Fraction, ...], list[float]]:
    return monthly, [month / MONTHS_PER_YEAR for month in range(len(monthly))]


def _without_empty_end(flows: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    last = max((number for number, flow in enumerate(flows) if flow), default=0)
    return flows[: last + 1]


def _conventions(proposal: Proposal) -> dict[str, str]:
    annual = proposal.assumptions.timing is Timing.ANNUAL
    return {
        "discounting": (
            "Month 0, the first disbursement, is not discounted; every other flow counts at the "
            "end of the year in which it falls."
            if annual
            else "Each flow counts in its month, at (1 + rate) ** (-months / 12)."
        ),
        "horizon": (
            "Savings run for the life of each measure from commissioning, and are cut at the "
            f"horizon, counted from month 0 (years: {proposal.assumptions.horizon_years}). "
            "Savings cover follows the whole life."
        ),
        "savings": (
            "With the measure less the baseline, before tax and loan cost. A saving is received "
            "at the end of its month. Prices rise by their growth after each full year from "
            "month 0; a ramp is a straight line."
        ),
        "counted": (
            "Direct savings and costs (tier 1). Documented indirect ones (tier 2) are in the "
            "second figure only; extra output and tiers 3 and 4 count nowhere."
        ),
        "payback": (
            "Simple payback = investment / net saving of a full year, exact; it decides type and "
            "maturity. Cumulative payback runs by months from the first outlay. Residual value "
            "is in no payback."
        ),
        "profitability_index": (
            "Present value of net savings and residual value / present value of the investment."
        ),
        "modified_internal_rate_of_return": (
            "Outlays financed at the loan's rate, income reinvested at the discount rate, up to "
            "the last flow."
        ),
    }


def _cautions(proposal: Proposal, project: ProjectAppraisal, flow: CashFlow) -> Iterator[str]:
    simple, cumulative = project.payback_ratio, project.cumulative_payback_years
    if simple is not None and cumulative is None:
        yield (
            f"Simple payback is {float(simple):.2f} years, but the investment is not recovered "
            f"within the horizon (years: {proposal.assumptions.horizon_years})."
        )
    if simple and cumulative is not None and _differs_notably(simple, cumulative):
        yield (
            f"Simple payback is {float(simple):.2f} years and cumulative payback "
            f"{cumulative:.2f} years, more than 10 % apart: look at delay, ramp and seasons."
        )
    if recovery_count(flow.monthly_without_residual) > 1:
        yield "The investment is recovered more than once; payback is the last time."
    if project.internal_rate_of_return.status is IrrStatus.MULTIPLE:
        yield str(project.internal_rate_of_return.reason)
    if any(line.counts_as_output for m in proposal.financed_measures for line in m.savings):
        yield "Savings from extra output are shown and counted nowhere."


def _differs_notably(simple: Fraction, cumulative: float) -> bool:
    return abs(cumulative / float(simple) - 1) > _NOTABLE_DIFFERENCE
