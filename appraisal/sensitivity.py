"""The tornado: how far each input moves the result when it turns out lower or higher.

Twenty per cent either way on investment, quantities, each price and added costs; three and six
months of delay; two points of the discount rate; one year of life less. Everything else stays.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from appraisal.changed_proposal import Adjustment
from appraisal.proposal import Proposal
from appraisal.scenario_changes import Changes
from appraisal.scenario_model import Figure, LevelLoan, ScenarioModel, ScenarioResults
from appraisal.varied_inputs import (
    InputKind,
    VariedInput,
    delay_input,
    discount_rate_input,
    life_input,
    scalable_inputs,
)

SPREAD = Decimal("0.2")
"""Part of an input's value by which it is lower and higher."""

DELAYS_MONTHS = (3, 6)
RATE_POINTS = Decimal("0.02")
_FIGURES = (
    Figure.NET_PRESENT_VALUE,
    Figure.INTERNAL_RATE_OF_RETURN,
    Figure.SIMPLE_PAYBACK,
    Figure.CUMULATIVE_PAYBACK,
    Figure.MINIMUM_COVER,
)


@dataclass(frozen=True)
class VariedResult:
    """The figures of the project with one input at ``value``, in the input's own unit.

    Money in major units, rates as fractions a year, paybacks in years; None where there is no
    such figure: no single rate, not recovered, no loan.
    """

    value: Decimal
    net_present_value: float
    internal_rate_of_return: float | None
    simple_payback_years: float | None
    cumulative_payback_years: float | None
    minimum_cover: float | None


@dataclass(frozen=True)
class TornadoBar:
    """One input with the results when it is lower and when it is higher; one side may be absent."""

    input: VariedInput
    low: VariedResult | None
    high: VariedResult | None
    swing: float
    """From the lowest to the highest net present value of low, base and high."""


@dataclass(frozen=True)
class Sensitivity:
    """The result as entered, and the bars of all inputs, the widest swing first."""

    base: VariedResult
    bars: tuple[TornadoBar, ...]


@dataclass(frozen=True)
class _Side:
    value: Decimal
    adjustment: Adjustment


@dataclass(frozen=True)
class _Varied:
    input: VariedInput
    low: _Side | None
    high: _Side | None


def sensitivity(proposal: Proposal, loan: LevelLoan | None) -> Sensitivity:
    """Vary one input of the financed measures at a time, all others as entered.

    ``loan`` is the instalment that the savings must cover; it stays as it is, whatever varies.
    """
    varied = tuple(_varied(proposal))
    sides = [side for each in varied for side in (each.low, each.high) if side]
    model = ScenarioModel.of(proposal.financed_measures, proposal.assumptions, loan)
    changes = together([Adjustment(), *(side.adjustment for side in sides)], proposal)
    results = model.results(changes, len(sides) + 1, _FIGURES)
    base = _result(results, 0, Decimal(0))
    answers = (_result(results, n, side.value) for n, side in enumerate(sides, start=1))
    bars = [
        _bar(
            each.input,
            base,
            next(answers) if each.low else None,
            next(answers) if each.high else None,
        )
        for each in varied
    ]
    return Sensitivity(base, tuple(sorted(bars, key=lambda bar: -bar.swing)))


def together(adjustments: Sequence[Adjustment], proposal: Proposal) -> Changes:
    """One scenario for each adjustment."""
    each = [adjustment.as_changes() for adjustment in adjustments]
    own_rate = proposal.assumptions.discount_rate
    rates = [own_rate if c.discount_rate is None else c.discount_rate for c in each]
    keys = {key for changes in each for key in changes.prices}
    return Changes(
        investment=np.array([changes.investment for changes in each]),
        savings=np.array([changes.savings for changes in each]),
        prices={key: np.array([c.prices.get(key, 1.0) for c in each]) for key in keys},
        added_costs=np.array([changes.added_costs for changes in each]),
        price_growth=np.array([changes.price_growth for changes in each]),
        delay_months=np.array([changes.delay_months for changes in each]),
        life_change_years=np.array([changes.life_change_years for changes in each]),
        discount_rate=np.array(rates),
    )


def _varied(proposal: Proposal) -> Iterator[_Varied]:
    for each in scalable_inputs(proposal):
        if each.kind is not InputKind.NET_SAVING:
            yield _Varied(each, _scaled(each, 1 - SPREAD), _scaled(each, 1 + SPREAD))
    for months in DELAYS_MONTHS:
        later = _Side(Decimal(months), Adjustment(delay_months=months))
        yield _Varied(delay_input(), None, later)
    rate = discount_rate_input(proposal)
    yield _Varied(rate, _at_rate(rate.base - RATE_POINTS), _at_rate(rate.base + RATE_POINTS))
    life = life_input(proposal)
    if life.base > 1:
        yield _Varied(life, _Side(life.base - 1, Adjustment(life_change_years=-1)), None)


def _scaled(each: VariedInput, factor: Decimal) -> _Side:
    return _Side(each.base * factor, each.scaled(factor))


def _at_rate(rate: Decimal) -> _Side | None:
    return _Side(rate, Adjustment(discount_rate=float(rate))) if rate > -1 else None


def _bar(
    varied: VariedInput, base: VariedResult, low: VariedResult | None, high: VariedResult | None
) -> TornadoBar:
    values = [each.net_present_value for each in (base, low, high) if each]
    return TornadoBar(varied, low, high, max(values) - min(values))


def _result(results: ScenarioResults, number: int, value: Decimal) -> VariedResult:
    def finite(figure: Figure) -> float | None:
        found = float(results[figure][number])
        return found if math.isfinite(found) else None

    return VariedResult(
        value=value,
        net_present_value=float(results[Figure.NET_PRESENT_VALUE][number]),
        internal_rate_of_return=finite(Figure.INTERNAL_RATE_OF_RETURN),
        simple_payback_years=finite(Figure.SIMPLE_PAYBACK),
        cumulative_payback_years=finite(Figure.CUMULATIVE_PAYBACK),
        minimum_cover=None if results.minimum_cover is None else finite(Figure.MINIMUM_COVER),
    )
