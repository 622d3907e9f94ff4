"""What a measure comes to while it is typed: payback and type, worth, and which lines count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.appraise import appraise
from appraisal.cash_flow import investment_of, net_annual_saving_of
from appraisal.cost_inventory import CountedAs, Level, counted
from appraisal.measure_type import MeasureType, classify, payback_ratio
from appraisal.proposal import Measure
from loans.cases.proposal_figures import figures_so_far
from loans.draft import Draft
from loans.profile import Profile


@dataclass(frozen=True)
class MeasureWorth:
    """What the figures of a measure give: money in major units, payback in years."""

    investment: Decimal
    net_annual_saving: Decimal
    """Direct money, the first line of results."""

    saving_with_indirect: Decimal
    """With indirect money that a document supports, the second line."""

    payback_ratio: Fraction | None
    type: MeasureType | None


@dataclass(frozen=True)
class MeasureOutlook:
    """What a measure is worth over the years that the appraisal looks at."""

    net_present_value: float
    discount_rate: float
    horizon_years: int


def worth(measure: Measure | None, minor_investment: Decimal) -> MeasureWorth:
    """Investment, saving, payback and type of a measure by itself; of none, nothing."""
    measures = [measure] if measure else []
    investment, saving = investment_of(measures), net_annual_saving_of(measures)
    return MeasureWorth(
        investment,
        saving,
        net_annual_saving_of(measures, level=Level.TIERS_1_2),
        payback_ratio(investment, saving),
        classify(investment, saving, minor_investment),
    )


def outlook(
    measure: Measure | None, profile: Profile, minor_investment: Decimal
) -> MeasureOutlook | None:
    """Net present value of a measure by itself at the fund's rate; None where it has none yet."""
    figures = figures_so_far(Draft(measures=(measure,)), profile) if measure else None
    if figures is None:
        return None
    assumed = figures.assumptions
    try:
        found = appraise(figures, minor_investment=minor_investment, finance_rate=None)
    except ValueError:
        # So large that no result can be stated; the check page names it.
        return None
    return MeasureOutlook(
        found.project.net_present_value, assumed.discount_rate, assumed.horizon_years
    )


def how_counted(measure: Measure | None) -> Counter[CountedAs]:
    """How many savings and added costs are counted in each way."""
    lines: Iterable[CountedAs] = (
        map(counted, (*measure.savings, *measure.added_costs)) if measure else ()
    )
    return Counter(lines)
