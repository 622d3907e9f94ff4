"""The appraisal of a proposal: everything an officer reads about its worth, as one value."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import accumulate

from appraisal.after_tax import after_tax
from appraisal.alternatives import alternatives_of
from appraisal.appraisal_result import Appraisal, LineResult, MeasureAppraisal, ProjectAppraisal
from appraisal.cash_flow import (
    MONTHS_PER_YEAR,
    CashFlow,
    cash_flow,
    eligible_investment_of,
    end_of_life_month,
    investment_of,
    monthly_net_savings,
    net_annual_saving_of,
    yearly,
)
from appraisal.cautions import cautions_on
from appraisal.conventions import conventions_of
from appraisal.cost_inventory import Level, is_in
from appraisal.discounting import (
    by_month,
    equivalent_annual_value,
    profitability_index_of,
    service_years,
    timed,
    without_empty_end,
)
from appraisal.indicators import (
    discounted_payback_years,
    modified_internal_rate_of_return,
    net_present_value,
    payback_years,
)
from appraisal.irr import internal_rate_of_return
from appraisal.measure_type import classify, payback_ratio
from appraisal.prices import nominal_run, nominal_savings
from appraisal.proposal import Measure, Proposal

__all__ = ["Appraisal", "LineResult", "MeasureAppraisal", "ProjectAppraisal", "appraise"]


def appraise(
    proposal: Proposal, *, minor_investment: Decimal, finance_rate: float | None
) -> Appraisal:
    """Appraise each measure by itself and the financed measures as one project.

    ``minor_investment`` (major units) separates types A and B; ``finance_rate`` is the loan's
    rate for the modified rate of return, which is None without it.

    Raises:
        ValueError: figures that make a result too large to state.
    """
    financed, assumed = proposal.financed_measures, proposal.assumptions
    financed_codes = {measure.code for measure in financed}
    horizon_months = MONTHS_PER_YEAR * assumed.horizon_years
    last_month = max(horizon_months, *map(end_of_life_month, financed))
    flow = cash_flow(financed, horizon_months)
    savings = monthly_net_savings(financed, last_month)[1:]
    project = _project(proposal, flow, finance_rate)
    comparisons = alternatives_of(proposal)
    return Appraisal(
        measures=tuple(
            _measure(measure, minor_investment, financed=measure.code in financed_codes)
            for measure in proposal.measures
        ),
        project=project,
        monthly_net_savings=savings,
        nominal_monthly_net_savings=nominal_savings(savings, assumed.inflation),
        yearly_flows=without_empty_end(yearly(flow.monthly)),
        cumulative_flow=tuple(accumulate(flow.monthly_without_residual)),
        nominal=nominal_run(flow.monthly, assumed) if assumed.inflation else None,
        after_tax=after_tax(financed, flow, assumed, assumed.tax) if assumed.tax else None,
        alternatives=comparisons,
        conventions=conventions_of(proposal),
        cautions=tuple(cautions_on(proposal, project, flow, comparisons)),
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
    financed, assumed = proposal.financed_measures, proposal.assumptions
    rate, timing = assumed.discount_rate, assumed.timing
    lines = _lines(proposal, flow)
    direct = lines[Level.TIER_1]
    ratio = direct.payback_ratio
    delay_months = max(measure.implementation_months for measure in financed)
    modified = None
    if finance_rate is not None:
        flows, times = timed(flow.monthly, timing)
        modified = modified_internal_rate_of_return(flows, finance_rate, rate, times)
    years = service_years(financed, assumed)
    return ProjectAppraisal(
        investment=investment_of(financed),
        eligible_investment=eligible_investment_of(financed),
        net_annual_saving=direct.net_annual_saving,
        lines=lines,
        payback_ratio=ratio,
        implementation_months=delay_months,
        roi_period_months=None if ratio is None else delay_months + MONTHS_PER_YEAR * ratio,
        cumulative_payback_years=payback_years(*by_month(flow.monthly_without_residual)),
        discounted_payback_years=discounted_payback_years(
            rate, *timed(flow.monthly_without_residual, timing)
        ),
        net_present_value=direct.net_present_value,
        internal_rate_of_return=direct.internal_rate_of_return,
        modified_internal_rate_of_return=modified,
        profitability_index=profitability_index_of(flow, assumed),
        service_years=years,
        equivalent_annual_value=equivalent_annual_value(direct.net_present_value, rate, years),
    )


def _lines(proposal: Proposal, direct: CashFlow) -> Mapping[Level, LineResult]:
    """The three lines of results; one that counts no further row is the one before."""
    financed = proposal.financed_measures
    horizon_months = MONTHS_PER_YEAR * proposal.assumptions.horizon_years
    rows = [row for measure in financed for row in (*measure.savings, *measure.added_costs)]
    results = {Level.TIER_1: _line(proposal, direct, Level.TIER_1)}
    before = Level.TIER_1
    for level in (Level.TIERS_1_2, Level.WITH_TIER_3):
        results[level] = results[before]
        if any(is_in(row, level) and not is_in(row, before) for row in rows):
            flow = cash_flow(financed, horizon_months, level=level)
            results[level] = _line(proposal, flow, level)
        before = level
    return results


def _line(proposal: Proposal, flow: CashFlow, level: Level) -> LineResult:
    financed, assumed = proposal.financed_measures, proposal.assumptions
    saving = net_annual_saving_of(financed, level=level)
    flows, times = timed(flow.monthly, assumed.timing)
    return LineResult(
        net_annual_saving=saving,
        payback_ratio=payback_ratio(investment_of(financed), saving),
        net_present_value=net_present_value(assumed.discount_rate, flows, times),
        internal_rate_of_return=internal_rate_of_return(flows, times),
    )
