"""From the ranges that a person enters to the distributions that a simulation draws from."""

from collections.abc import Sequence
from decimal import Decimal

from app.simulation_form import PriceRange, SimulationForm
from appraisal.distributions import (
    ChangeDistribution,
    Constant,
    Normal,
    Triangular,
    WholeConstant,
    WholeDiscrete,
)
from appraisal.simulation_assumptions import Correlation, PriceInput, SimulationAssumptions

USUAL_ASSUMPTIONS = SimulationAssumptions()
_BOUND_DEVIATIONS = 3
"""Standard deviations of the price growth beyond which nothing is drawn."""

MOST_TOGETHER = 20
"""Inputs of a simulation that may move together."""

_ON_THE_DAY = Decimal("0.4")
_LATEST_MONTHS = 6
_LIVES_AS_EXPECTED, _LIVES_SHORTER = 0.6, 0.3


def assumptions_of(wanted: SimulationForm, prices: Sequence[PriceRange]) -> SimulationAssumptions:
    """What the form says, as the simulation takes it.

    Raises:
        ValueError: too many lines share the prices that are given a range.
    """
    return SimulationAssumptions(
        investment=_triangle(wanted, "investment"),
        savings=_triangle(wanted, "savings"),
        added_costs=_triangle(wanted, "added_costs"),
        price_growth=_drift(wanted.price_drift),
        delay_months=_delay(wanted.on_the_day, wanted.latest_months),
        life_change_years=_life(wanted.shorter_years, wanted.longer_years),
        prices=tuple(_price_inputs(prices)),
        correlation=_correlation(wanted.together, prices),
    )


def _triangle(wanted: SimulationForm, name: str) -> ChangeDistribution:
    low, likely, high = (float(one) for one in wanted.range_of(name))
    if low == high:
        return Constant(value=low)
    return Triangular(low=low, mode=likely, high=high)


def _drift(drift: Decimal | None) -> ChangeDistribution:
    if drift is None:
        return USUAL_ASSUMPTIONS.price_growth
    reach = _BOUND_DEVIATIONS * float(drift)
    return Normal(standard_deviation=float(drift), low=-reach, high=reach)


def _delay(on_the_day: Decimal | None, latest_months: int | None) -> WholeConstant | WholeDiscrete:
    """Ready on the day or later, each month less likely than the one before."""
    if on_the_day is None and latest_months is None:
        return USUAL_ASSUMPTIONS.delay_months
    latest = _LATEST_MONTHS if latest_months is None else latest_months
    prompt = float(_ON_THE_DAY if on_the_day is None else on_the_day)
    if latest == 0 or prompt == 1:
        return WholeConstant()
    return WholeDiscrete(
        values=tuple(range(latest + 1)), probabilities=(prompt, *_falling(latest, 1 - prompt))
    )


def _life(shorter: int | None, longer: int | None) -> WholeConstant | WholeDiscrete:
    """Three in five as expected, three in ten shorter and one in ten longer, less so far away."""
    if shorter is None and longer is None:
        return USUAL_ASSUMPTIONS.life_change_years
    lowest, highest = USUAL_ASSUMPTIONS.life_change_years.bounds()
    below = -lowest if shorter is None else shorter
    above = highest if longer is None else longer
    under = _falling(below, _LIVES_SHORTER)[::-1]
    over = _falling(above, 1 - _LIVES_AS_EXPECTED - _LIVES_SHORTER)
    expected = 1 - sum(under) - sum(over)
    return WholeDiscrete(
        values=tuple(range(-below, above + 1)), probabilities=(*under, expected, *over)
    )


def _falling(count: int, total: float) -> tuple[float, ...]:
    """Probabilities that fall in a straight line to zero just beyond ``count``."""
    weights = range(count, 0, -1)
    return tuple(total * weight / sum(weights) for weight in weights)


def _ranged(prices: Sequence[PriceRange]) -> list[tuple[PriceRange, ChangeDistribution]]:
    """The prices with a range, most likely as entered where that is inside it."""
    ranged: list[tuple[PriceRange, ChangeDistribution]] = []
    for price in prices:
        given = price.form.value
        if given is not None and (given.low or given.high):
            low, high = float(given.low or 0), float(given.high or 0)
            mode = min(max(0.0, low), high)
            ranged.append((price, Triangular(low=low, mode=mode, high=high)))
    return ranged


def _price_inputs(prices: Sequence[PriceRange]) -> list[PriceInput]:
    """One input for each line of each price that is given a range."""
    return [
        PriceInput(measure=measure, line=line, change=change)
        for price, change in _ranged(prices)
        for measure, line in price.varied.lines
    ]


def _correlation(together: Decimal | None, prices: Sequence[PriceRange]) -> Correlation | None:
    """Savings with the drift of prices; lines that share a price move as one.

    Raises:
        ValueError: too many lines share the prices that are given a range.
    """
    pair = [{"savings": float(together), "price_growth": float(together)}] if together else []
    shared = [
        {f"{measure}/{line}": 1.0 for measure, line in price.varied.lines}
        for price, _ in _ranged(prices)
        if len(price.varied.lines) > 1
    ]
    blocks = [*pair, *shared]
    names = [name for block in blocks for name in block]
    if len(names) > MOST_TOGETHER:
        message = (
            f"More than {MOST_TOGETHER} lines share these prices. Leave some of the ranges of "
            "single prices empty."
        )
        raise ValueError(message)
    if not names:
        return None
    rows = [
        tuple(1.0 if name == other else block.get(other, 0.0) for other in names)
        for block in blocks
        for name in block
    ]
    return Correlation(inputs=tuple(names), matrix=tuple(rows))
