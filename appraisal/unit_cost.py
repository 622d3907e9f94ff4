"""What a saved unit costs: of a resource, or a tonne of a pollutant that is avoided.

(annualised investment + added operating cost - other savings) / units saved a year, at real prices
and before tax. Other savings are all counted ones except those of the saved thing itself, so that
a result below zero means that the measure pays without counting it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.cash_flow import MONTHS_PER_YEAR, investment_of
from appraisal.cost_inventory import Level, is_in
from appraisal.cost_lines import InvestmentKind
from appraisal.proposal import Measure


@dataclass(frozen=True)
class MeasureMoney:
    """The counted money of one measure, in major units a year."""

    annualised_investment: float | None
    """None where the discount rate is so near -100 % that no figure comes out."""

    investment: Fraction
    savings: Fraction
    added_cost: Fraction


@dataclass(frozen=True)
class UnitCost:
    """The parts of the quotient, in major units; ``saved_a_year`` is above zero."""

    annualised_investment: float
    added_cost: Fraction
    other_savings: Fraction
    investment: Fraction
    saved_a_year: Fraction

    @property
    def levelised(self) -> float:
        """Money for each unit saved, over the life of the measures."""
        yearly = self.annualised_investment + float(self.added_cost - self.other_savings)
        return yearly / float(self.saved_a_year)

    @property
    def investment_per_unit(self) -> Fraction:
        """Initial investment for each unit saved a year."""
        return self.investment / self.saved_a_year


def measure_money(measure: Measure, discount_rate: float) -> MeasureMoney:
    """What a measure costs and saves a year, counted as in the first line of results."""
    savings = (line.annual_saving for line in measure.savings if is_in(line, Level.TIER_1))
    costs = (line.annual_cost for line in measure.added_costs if is_in(line, Level.TIER_1))
    try:
        annualised = annualised_investment(measure, discount_rate)
    except OverflowError:
        annualised = None
    return MeasureMoney(
        annualised_investment=annualised,
        investment=Fraction(investment_of([measure])),
        savings=sum(map(Fraction, savings), Fraction(0)),
        added_cost=sum(map(Fraction, costs), Fraction(0)),
    )


def unit_cost(
    measures: Sequence[MeasureMoney], own_money: Iterable[Fraction], saved_a_year: Fraction
) -> UnitCost | None:
    """The cost of a unit that ``measures`` save.

    ``own_money`` is the counted money of the lines of that unit itself, added costs negative. None
    where nothing is saved or an annualised investment is not known.
    """
    annualised = [money.annualised_investment for money in measures]
    known = [amount for amount in annualised if amount is not None]
    if saved_a_year <= 0 or len(known) < len(annualised):
        return None
    own = list(own_money)
    own_savings = sum((money for money in own if money > 0), Fraction(0))
    own_costs = sum((-money for money in own if money < 0), Fraction(0))
    return UnitCost(
        annualised_investment=sum(known),
        added_cost=sum((money.added_cost for money in measures), Fraction(0)) - own_costs,
        other_savings=sum((money.savings for money in measures), Fraction(0)) - own_savings,
        investment=sum((money.investment for money in measures), Fraction(0)),
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
