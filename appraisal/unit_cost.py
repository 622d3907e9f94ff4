"""What a saved unit costs: of a resource, or a tonne of a pollutant that is avoided.

(annualised investment + added operating cost - other savings) / units saved a year, at real prices
and before tax. Other savings are all counted ones except those of the saved thing itself, so that
a result below zero means that the measure pays without counting it.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.cash_flow import MONTHS_PER_YEAR, investment_of
from appraisal.cost_inventory import Level, is_in
from appraisal.cost_lines import InvestmentKind
from appraisal.proposal import Measure


@dataclass(frozen=True)
class UnitCost:
    """The parts of the quotient, in major units; ``saved_a_year`` is above zero."""

    annualised_investment: float
    added_cost: Fraction
    other_savings: Fraction
    investment: Decimal
    saved_a_year: Fraction

    @property
    def levelised(self) -> float:
        """Money for each unit saved, over the life of the measures."""
        yearly = self.annualised_investment + float(self.added_cost - self.other_savings)
        return yearly / float(self.saved_a_year)

    @property
    def investment_per_unit(self) -> Fraction:
        """Initial investment for each unit saved a year."""
        return Fraction(self.investment) / self.saved_a_year


def unit_cost(
    measures: Sequence[Measure],
    own_lines: Container[tuple[str, str]],
    saved_a_year: Fraction,
    discount_rate: float,
) -> UnitCost | None:
    """The cost of a unit that ``measures`` save; ``own_lines`` are (measure, line) of that unit.

    None where nothing is saved, or the discount rate is so near -100 % that no figure comes out.
    """
    if saved_a_year <= 0:
        return None
    try:
        annualised = sum(annualised_investment(measure, discount_rate) for measure in measures)
    except OverflowError:
        return None
    savings = (
        Fraction(line.annual_saving)
        for measure in measures
        for line in measure.savings
        if is_in(line, Level.TIER_1) and (measure.code, line.code) not in own_lines
    )
    costs = (
        Fraction(line.annual_cost)
        for measure in measures
        for line in measure.added_costs
        if is_in(line, Level.TIER_1) and (measure.code, line.code) not in own_lines
    )
    return UnitCost(
        annualised_investment=annualised,
        added_cost=sum(costs, Fraction(0)),
        other_savings=sum(savings, Fraction(0)),
        investment=investment_of(measures),
        saved_a_year=saved_a_year,
    )


def annualised_investment(measure: Measure, discount_rate: float) -> float:
    """Equal yearly amount over the life whose present value is that of the investment.

    Outlays in their month, replacements too, less residual value and released working capital at
    the end of the life; present value / sum of (1 + r) ** -k for k = 1 to life.

    Raises:
        OverflowError: a discount rate so near -100 % that the figures leave the range.
    """
    growth = 1 + discount_rate
    outlays: float = sum(
        float(line.amount) * growth ** (-line.month / MONTHS_PER_YEAR)
        for line in measure.investment
    )
    released = sum(
        float(line.amount)
        for line in measure.investment
        if line.kind is InvestmentKind.WORKING_CAPITAL
    )
    end: float = (released + float(measure.residual_value)) * growth**-measure.life_years
    annuity: float = sum(growth**-year for year in range(1, measure.life_years + 1))
    return (outlays - end) / annuity
