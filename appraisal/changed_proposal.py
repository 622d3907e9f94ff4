"""The same proposal with other figures, exact: what the scenarios and the what-if page appraise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import TypeVar

from appraisal.cost_lines import CostLine, InvestmentLine, SavingLine
from appraisal.money import from_minor, minor_digits, round_half_up
from appraisal.proposal import Assumptions, Measure, Proposal
from appraisal.scenario_changes import LONGEST_LIFE_YEARS, Changes, LineKey, line_keys

_EXACT = Context(prec=400)
_ONE = Decimal(1)

Line = TypeVar("Line", SavingLine, CostLine)


@dataclass(frozen=True)
class Adjustment:
    """What is other than in the proposal, exact; the defaults change nothing.

    The fields mean what they mean in ``scenario_changes.Changes``: factors multiply,
    ``price_growth`` (a fraction a year), ``delay_months`` and ``life_change_years`` are added,
    ``discount_rate`` takes the place of the proposal's.
    """

    investment: Decimal = _ONE
    savings: Decimal = _ONE
    prices: Mapping[LineKey, Decimal] = field(default_factory=dict)
    added_costs: Decimal = _ONE
    price_growth: float = 0.0
    delay_months: int = 0
    life_change_years: int = 0
    discount_rate: float | None = None

    def as_changes(self) -> Changes:
        """The same for the scenario model, in floating point."""
        return Changes(
            investment=float(self.investment),
            savings=float(self.savings),
            prices={key: float(factor) for key, factor in self.prices.items()},
            added_costs=float(self.added_costs),
            price_growth=self.price_growth,
            delay_months=self.delay_months,
            life_change_years=self.life_change_years,
            discount_rate=self.discount_rate,
        )


def changed_proposal(proposal: Proposal, adjustment: Adjustment) -> Proposal:
    """The proposal with the adjustment put into every measure's figures.

    An outlay is rounded half up to the minor unit; quantities, prices and amounts a year stay
    exact. A line that a delay moves beyond the horizon stays, and earns nothing up to there. A
    life stays between 1 and 40 years.

    Raises:
        ValueError: a negative factor or delay, a growth or discount rate of -100 % or less.
    """
    adjustment.as_changes().check(1, _lowest_growth(proposal))
    measures = tuple(_measure(each, adjustment, proposal.currency) for each in proposal.measures)
    assumptions = _assumptions(proposal.assumptions, adjustment)
    return proposal.model_copy(update={"measures": measures, "assumptions": assumptions})


def _lowest_growth(proposal: Proposal) -> float:
    lines = [line for m in proposal.measures for line in (*m.savings, *m.added_costs)]
    return min((line.growth for line in lines), default=0.0)


def _assumptions(assumptions: Assumptions, adjustment: Adjustment) -> Assumptions:
    if adjustment.discount_rate is None:
        return assumptions
    return assumptions.model_copy(update={"discount_rate": adjustment.discount_rate})


def _measure(measure: Measure, adjustment: Adjustment, currency: str) -> Measure:
    life_years = measure.life_years + adjustment.life_change_years
    prices = (adjustment.prices.get(key, _ONE) for key in line_keys(measure))
    return measure.model_copy(
        update={
            "investment": tuple(
                _outlay(line, adjustment.investment, currency) for line in measure.investment
            ),
            "savings": tuple(
                _running(line, adjustment.savings, price, adjustment.price_growth)
                for line, price in zip(measure.savings, prices, strict=False)
            ),
            "added_costs": tuple(
                _running(line, adjustment.added_costs, price, adjustment.price_growth)
                for line, price in zip(measure.added_costs, prices, strict=False)
            ),
            "implementation_months": measure.implementation_months + adjustment.delay_months,
            "life_years": min(max(life_years, 1), LONGEST_LIFE_YEARS),
        }
    )


def _outlay(line: InvestmentLine, factor: Decimal, currency: str) -> InvestmentLine:
    minor = _EXACT.multiply(line.amount, factor).scaleb(minor_digits(currency), _EXACT)
    return line.model_copy(update={"amount": from_minor(round_half_up(minor), currency)})


def _running(line: Line, volume: Decimal, price: Decimal, growth: float) -> Line:
    """The line with other quantities, price and growth; an amount a year takes both factors."""
    factors = {
        "quantity": volume,
        "quantity_before": volume,
        "quantity_after": volume,
        "unit_price": price,
        "annual_amount": _EXACT.multiply(volume, price),
    }
    changed = {
        name: _EXACT.multiply(value, factor)
        for name, factor in factors.items()
        if (value := getattr(line, name, None)) is not None
    }
    return line.model_copy(update={**changed, "growth": line.growth + growth})
