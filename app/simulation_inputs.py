"""How each input of a simulation was drawn, in words, and why so."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.rendering import amount, count, percent
from appraisal.distributions import (
    AnyDistribution,
    Constant,
    Normal,
    Triangular,
    WholeConstant,
    WholeDiscrete,
)
from appraisal.simulation_assumptions import DEFAULT_REASONS, SimulationAssumptions

_INPUTS = {
    "investment": "Investment",
    "savings": "Quantities saved",
    "added_costs": "Added costs",
    "price_growth": "Prices a year, beyond inflation",
    "delay_months": "Delay of the installation",
    "life_change_years": "Life",
}
_USUAL = dict(SimulationAssumptions().inputs())


@dataclass(frozen=True)
class InputRow:
    """One input as it was drawn, and why so."""

    name: str
    spread: str
    reason: str


def input_rows(assumptions: SimulationAssumptions) -> tuple[InputRow, ...]:
    """Every input in the order in which they are drawn, then what moves together."""
    return tuple(_rows(assumptions))


def _rows(assumptions: SimulationAssumptions) -> Iterator[InputRow]:
    for name, distribution in assumptions.inputs():
        is_usual = distribution == _USUAL.get(name)
        reason = DEFAULT_REASONS[name] if is_usual else "As entered on this page."
        label = _INPUTS.get(name, f"Price of line {name}")
        yield InputRow(label, _spread(name, distribution), reason)
    correlation = assumptions.correlation
    if correlation is not None and "savings" in correlation.inputs:
        closeness = correlation.matrix[0][1]
        yield InputRow(
            "Savings and prices together",
            f"Coefficient {amount(closeness)}",
            "1 means fully together, -1 fully against each other, 0 not at all.",
        )


def _spread(name: str, distribution: AnyDistribution) -> str:
    match distribution:
        case WholeDiscrete():
            shares = zip(distribution.values, distribution.probabilities, strict=True)
            return "; ".join(
                f"{_whole(name, value)} {percent(share, 0)}" for value, share in shares
            )
        case WholeConstant():
            return f"Always {_whole(name, distribution.value)}"
        case Constant():
            return "As entered" if not distribution.value else f"{percent(distribution.value)}"
        case Normal():
            low, high = distribution.bounds()
            return (
                f"Bell curve, standard deviation {percent(distribution.standard_deviation)}, "
                f"from {percent(low)} to {percent(high)}"
            )
        case Triangular():
            return (
                f"From {percent(distribution.low)} to {percent(distribution.high)}, most likely "
                f"{percent(distribution.mode)}"
            )
        case _:
            return "From {} to {}".format(*(percent(end) for end in distribution.bounds()))


def _whole(name: str, value: int) -> str:
    if not value:
        return "on the day" if name == "delay_months" else "as expected"
    unit = "month" if name == "delay_months" else "year"
    words = count(abs(value), unit)
    return f"{words} {'late' if unit == 'month' else 'more' if value > 0 else 'less'}"
