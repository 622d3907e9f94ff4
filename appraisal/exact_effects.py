"""What each line of a project brings, exact: so that a value can be solved for, not searched.

Net present value, yearly saving and the savings that cover a loan are all linear in the money of
every line; only delay, life and the discount rate are not.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from itertools import accumulate, repeat
from operator import mul

from appraisal.cash_flow import (
    MONTHS_PER_YEAR,
    cash_flow,
    investment_of,
    monthly_net_savings,
    yearly,
)
from appraisal.cost_inventory import Level, is_in
from appraisal.cost_lines import CostLine, SavingLine
from appraisal.prices import nominal_savings
from appraisal.proposal import Assumptions, Measure, Timing
from appraisal.scenario_changes import LineKey, line_keys
from appraisal.scenario_model import LevelLoan

_ENOUGH_DIGITS = Context(prec=60)

Line = SavingLine | CostLine
Chosen = Callable[[LineKey, Line], bool]
"""Whether a line is among those that vary."""


@dataclass(frozen=True)
class Effect:
    """What some of the money of a project amounts to, in major units; savings are positive."""

    annual_amount: Fraction
    """Of a full year, at today's prices."""

    present_value: Fraction
    by_instalment: tuple[Fraction, ...]
    """Of each month in which the loan repays principal, in money of the day."""

    def __add__(self, other: "Effect") -> "Effect":
        return Effect(
            self.annual_amount + other.annual_amount,
            self.present_value + other.present_value,
            tuple(a + b for a, b in zip(self.by_instalment, other.by_instalment, strict=True)),
        )

    def times(self, factor: Fraction) -> "Effect":
        """The effect of so many times the money."""
        return Effect(
            self.annual_amount * factor,
            self.present_value * factor,
            tuple(money * factor for money in self.by_instalment),
        )


@dataclass(frozen=True)
class _Alike:
    """Lines that run alike: what one unit of money a year of them brings, and how much each has."""

    unit: Effect
    amounts: tuple[tuple[LineKey, Line, Fraction], ...]

    def chosen(self, wanted: Chosen) -> Effect | None:
        chosen = [amount for key, line, amount in self.amounts if wanted(key, line)]
        return self.unit.times(sum(chosen, Fraction(0))) if chosen else None


@dataclass(frozen=True)
class ProjectEffects:
    """The financed measures taken apart into what their lines bring."""

    initial_investment: Fraction
    investment_value: Fraction
    """Present value of all outlays less that of the working capital that comes back."""

    residual_value: Fraction
    """Present value of the residual values."""

    nothing: Effect
    alike: tuple[_Alike, ...]

    def of_lines(self, wanted: Chosen) -> Effect:
        """What the chosen lines bring together, costs as negative amounts."""
        found = (group.chosen(wanted) for group in self.alike)
        return sum((effect for effect in found if effect), self.nothing)

    @property
    def net_present_value(self) -> Fraction:
        """Of the whole project, exact with the timing ``annual``."""
        running = self.of_lines(lambda _key, _line: True).present_value
        return running + self.residual_value - self.investment_value


def project_effects(
    measures: Sequence[Measure], assumptions: Assumptions, loan: LevelLoan | None
) -> ProjectEffects:
    """Take the financed measures apart; lines of tier 1, as ``appraise`` counts them.

    With the timing ``monthly`` the discount factors are irrational and taken to 60 digits.
    """
    basis = _Basis(assumptions, loan)
    idle = [m.model_copy(update={"savings": (), "added_costs": ()}) for m in measures]
    outlays = [m.model_copy(update={"residual_value": Decimal(0)}) for m in idle]
    remains = [m.model_copy(update={"investment": ()}) for m in idle]
    paid = cash_flow(outlays, basis.horizon_months)
    left = cash_flow(remains, basis.horizon_months)
    return ProjectEffects(
        initial_investment=Fraction(investment_of(measures)),
        investment_value=basis.value(paid.investment) - basis.value(paid.residual_value),
        residual_value=basis.value(left.residual_value),
        nothing=Effect(Fraction(0), Fraction(0), (Fraction(0),) * basis.instalments),
        alike=tuple(_groups(measures, basis)),
    )


class _Basis:
    """What values are counted by: discount factors, horizon, and the months of the loan."""

    def __init__(self, assumptions: Assumptions, loan: LevelLoan | None) -> None:
        self.horizon_months = MONTHS_PER_YEAR * assumptions.horizon_years
        self.instalments = loan.instalments if loan else 0
        self._grace_months = loan.grace_months if loan else 0
        self._inflation = assumptions.inflation
        self._annual = assumptions.timing is Timing.ANNUAL
        factors = _discount_factors(assumptions)
        self._unit = math.lcm(*(factor.denominator for factor in factors))
        self._weights = [int(factor * self._unit) for factor in factors]

    def value(self, monthly: Sequence[Fraction]) -> Fraction:
        """Present value of monthly money from month 0 to the horizon."""
        flows = yearly(monthly) if self._annual else monthly
        unit = math.lcm(*{flow.denominator for flow in flows})
        pairs = zip(flows, self._weights, strict=True)
        # Whole numbers over one denominator: adding fractions of 60 digits takes far longer.
        total = sum(flow.numerator * (unit // flow.denominator) * weight for flow, weight in pairs)
        return Fraction(total, unit * self._unit)

    def effect(self, measure: Measure, line: Line) -> Effect:
        """What one unit of money a year of such a line brings."""
        unit = SavingLine.model_construct(
            **{name: getattr(line, name) for name in _RUN_FIELDS}, annual_amount=Decimal(1)
        )
        alone = measure.model_copy(update={"savings": (unit,), "added_costs": ()})
        matures = self._grace_months + self.instalments
        monthly = monthly_net_savings([alone], max(self.horizon_months, matures))
        nominal = nominal_savings(monthly[1 : matures + 1], self._inflation)
        value = self.value(monthly[: self.horizon_months + 1])
        return Effect(Fraction(1), value, nominal[self._grace_months :])


def _discount_factors(assumptions: Assumptions) -> list[Fraction]:
    """Of every year or month to the horizon; an irrational one is rounded to 60 digits by itself.

    Powers of a rounded one would be exact to no purpose, and 60 digits longer with every month.
    """
    growth = 1 + Decimal(repr(assumptions.discount_rate))
    if assumptions.timing is Timing.ANNUAL:
        step = 1 / Fraction(growth)
        return list(accumulate(repeat(step, assumptions.horizon_years), mul, initial=Fraction(1)))
    month = _ENOUGH_DIGITS.divide(-growth.ln(_ENOUGH_DIGITS), MONTHS_PER_YEAR)
    return [
        Fraction(_ENOUGH_DIGITS.multiply(month, number).exp(_ENOUGH_DIGITS))
        for number in range(MONTHS_PER_YEAR * assumptions.horizon_years + 1)
    ]


_RUN_FIELDS = ("code", "growth", "start_month", "ramp_months", "active_months")


def _groups(measures: Sequence[Measure], basis: _Basis) -> Iterator[_Alike]:
    groups: dict[tuple[object, ...], list[tuple[Measure, LineKey, Line, Fraction]]] = {}
    for measure in measures:
        for key, line, amount in _signed(measure):
            run = (line.growth, line.start_month, line.ramp_months, line.active_months)
            life = (measure.implementation_months, measure.life_years)
            groups.setdefault((*life, *run), []).append((measure, key, line, amount))
    for group in groups.values():
        measure, _, line, _ = group[0]
        yield _Alike(basis.effect(measure, line), tuple(each[1:] for each in group))


def _signed(measure: Measure) -> Iterator[tuple[LineKey, Line, Fraction]]:
    keys = iter(line_keys(measure))
    for saving, key in zip(measure.savings, keys, strict=False):
        if is_in(saving, Level.TIER_1):
            yield key, saving, Fraction(saving.annual_saving)
    for cost, key in zip(measure.added_costs, keys, strict=False):
        if is_in(cost, Level.TIER_1):
            yield key, cost, -Fraction(cost.annual_cost)
