"""Measures that exclude one another, held side by side: which one is worth most, and why.

All figures are before tax, in constant prices, on the first line of results. Where the lives
differ, the equivalent annual value decides, as if each could be repeated on the same terms.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from appraisal.cash_flow import (
    MONTHS_PER_YEAR,
    CashFlow,
    cash_flow,
    investment_of,
    net_annual_saving_of,
)
from appraisal.discounting import (
    equivalent_annual_value,
    profitability_index_of,
    service_years,
    timed,
)
from appraisal.indicators import net_present_value
from appraisal.irr import internal_rate_of_return
from appraisal.irr_result import IrrResult
from appraisal.measure_type import payback_ratio
from appraisal.proposal import Assumptions, Measure, Proposal


class DecidedBy(StrEnum):
    """Which figure ranks the alternatives."""

    NET_PRESENT_VALUE = "net_present_value"
    EQUIVALENT_ANNUAL_VALUE = "equivalent_annual_value"


@dataclass(frozen=True)
class Alternative:
    """One of several ways; amounts in major units, payback in years, rates as fractions a year."""

    code: str
    title: str
    financed: bool
    investment: Decimal
    net_annual_saving: Decimal
    payback_ratio: Fraction | None
    net_present_value: float
    internal_rate_of_return: IrrResult
    profitability_index: float | None
    service_years: float
    """From month 0 to the end of its life, at most the horizon."""

    equivalent_annual_value: float
    compared_with: str | None = None
    """The next cheaper alternative, None for the cheapest."""

    incremental_internal_rate_of_return: IrrResult | None = None
    """On what this one costs more than the next cheaper one."""


@dataclass(frozen=True)
class AlternativeComparison:
    """The alternatives of one group, the cheapest first."""

    group: str
    alternatives: tuple[Alternative, ...]
    decided_by: DecidedBy
    best: str | None
    """Code of the one that is worth most; None when doing nothing is worth more."""

    reason: str


def alternatives_of(proposal: Proposal) -> tuple[AlternativeComparison, ...]:
    """A comparison for each group of two or more alternatives, in the order of the proposal.

    Raises:
        ValueError: figures that make a result too large to state.
    """
    groups: dict[str, list[Measure]] = {}
    for measure in proposal.measures:
        if measure.alternative_group is not None:
            groups.setdefault(measure.alternative_group, []).append(measure)
    financed = frozenset(measure.code for measure in proposal.financed_measures)
    return tuple(
        _compare(group, rivals, proposal.assumptions, financed)
        for group, rivals in groups.items()
        if len(rivals) > 1
    )


def _compare(
    group: str, rivals: Sequence[Measure], assumptions: Assumptions, financed: frozenset[str]
) -> AlternativeComparison:
    by_cost = sorted(rivals, key=lambda measure: investment_of([measure]))
    last_month = MONTHS_PER_YEAR * assumptions.horizon_years
    flows = [cash_flow([measure], last_month) for measure in by_cost]
    single = [
        _alternative(measure, flow, assumptions, financed=measure.code in financed)
        for measure, flow in zip(by_cost, flows, strict=True)
    ]
    increments = [
        replace(
            dearer,
            compared_with=cheaper.code,
            incremental_internal_rate_of_return=_incremental(*pair, assumptions),
        )
        for (cheaper, dearer), pair in zip(pairwise(single), pairwise(flows), strict=True)
    ]
    ranked = (single[0], *increments)
    decided_by, best = _decide(ranked)
    return AlternativeComparison(
        group=group,
        alternatives=ranked,
        decided_by=decided_by,
        best=None if best is None else best.code,
        reason=_reason(decided_by, best),
    )


def _alternative(
    measure: Measure, flow: CashFlow, assumptions: Assumptions, *, financed: bool
) -> Alternative:
    rate = assumptions.discount_rate
    investment, saving = investment_of([measure]), net_annual_saving_of([measure])
    flows, times = timed(flow.monthly, assumptions.timing)
    value = net_present_value(rate, flows, times)
    years = service_years([measure], assumptions)
    return Alternative(
        code=measure.code,
        title=measure.title,
        financed=financed,
        investment=investment,
        net_annual_saving=saving,
        payback_ratio=payback_ratio(investment, saving),
        net_present_value=value,
        internal_rate_of_return=internal_rate_of_return(flows, times),
        profitability_index=profitability_index_of(flow, assumptions),
        service_years=years,
        equivalent_annual_value=equivalent_annual_value(value, rate, years),
    )


def _incremental(cheaper: CashFlow, dearer: CashFlow, assumptions: Assumptions) -> IrrResult:
    extra = tuple(more - less for less, more in zip(cheaper.monthly, dearer.monthly, strict=True))
    return internal_rate_of_return(*timed(extra, assumptions.timing))


def _decide(ranked: Sequence[Alternative]) -> tuple[DecidedBy, Alternative | None]:
    """The figure that decides and the best alternative; of equal ones the cheapest."""
    if len({one.service_years for one in ranked}) > 1:
        best = max(ranked, key=lambda one: one.equivalent_annual_value)
        decided_by = DecidedBy.EQUIVALENT_ANNUAL_VALUE
    else:
        best = max(ranked, key=lambda one: one.net_present_value)
        decided_by = DecidedBy.NET_PRESENT_VALUE
    return decided_by, best if best.net_present_value >= 0 else None


def _reason(decided_by: DecidedBy, best: Alternative | None) -> str:
    if best is None:
        return "The net present value of each is below zero: doing none of them is worth more."
    if decided_by is DecidedBy.NET_PRESENT_VALUE:
        return (
            "All are in service equally long up to the horizon, so the net present value decides: "
            f"that of {best.code} is the highest. A higher rate of return on a smaller outlay "
            "does not outweigh it."
        )
    return (
        "Their lives differ, so the equivalent annual value decides, as if each were repeated "
        f"on the same terms: that of {best.code} is the highest."
    )
