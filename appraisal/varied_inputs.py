"""The inputs of a proposal that may turn out otherwise: what they are called, and what they are.

Sensitivity, switching values and the what-if page vary the same inputs under the same names.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import NamedTuple

from appraisal.cash_flow import investment_of, net_annual_saving_of
from appraisal.changed_proposal import Adjustment
from appraisal.cost_inventory import Level, is_in
from appraisal.cost_lines import CostLine, SavingLine
from appraisal.money import minor_digits
from appraisal.proposal import Measure, Proposal
from appraisal.scenario_changes import LineKey, line_keys

_EXACT = Context(prec=400)
MOST_PRICES = 40
_MORE_PRICE_DIGITS = 4
_RATE_DIGITS = 6


class InputKind(StrEnum):
    """What sort of input it is; the first five can be scaled by a factor."""

    INVESTMENT = "investment"
    NET_SAVING = "net_saving"
    VOLUME = "volume"
    PRICE = "price"
    ADDED_COSTS = "added_costs"
    DELAY = "delay"
    LIFE = "life"
    DISCOUNT_RATE = "discount_rate"


@dataclass(frozen=True)
class VariedInput:
    """One input with its value in the proposal, in its own unit.

    A delay is in months beyond the installation as entered, so that its base is 0. A life is in
    years, and its base the longest of the financed measures; all lives change by as many years.
    A discount rate is a fraction a year.
    """

    kind: InputKind
    label: str
    unit: str
    base: Decimal
    digits: int
    """Decimal places to which a value of it is stated: of a price, four beyond its own."""

    lines: tuple[LineKey, ...] = ()
    """The lines that have this price."""

    def scaled(self, factor: Decimal) -> Adjustment:
        """The adjustment that multiplies the input.

        Raises:
            ValueError: a kind that is added to and not multiplied.
        """
        match self.kind:
            case InputKind.INVESTMENT:
                return Adjustment(investment=factor)
            case InputKind.NET_SAVING:
                return Adjustment(savings=factor, added_costs=factor)
            case InputKind.VOLUME:
                return Adjustment(savings=factor)
            case InputKind.PRICE:
                return Adjustment(prices=dict.fromkeys(self.lines, factor))
            case InputKind.ADDED_COSTS:
                return Adjustment(added_costs=factor)
            case _:
                message = f"The input {self.kind} has no factor. Give a number to add."
                raise ValueError(message)


class _Priced(NamedTuple):
    key: LineKey
    line: SavingLine | CostLine


def scalable_inputs(proposal: Proposal) -> tuple[VariedInput, ...]:
    """Investment, net saving, volume, each price and added costs, those that are not zero.

    Of very many prices the forty that stand for the most money a year.
    """
    financed, currency = proposal.financed_measures, proposal.currency
    yearly, cents = f"{currency} a year", minor_digits(currency)
    saved = _sum_of([line for measure in financed for line in measure.savings])
    spent = _sum_of([line for measure in financed for line in measure.added_costs])
    net = net_annual_saving_of(financed)
    inputs = (
        VariedInput(InputKind.INVESTMENT, "Investment", currency, investment_of(financed), cents),
        VariedInput(InputKind.NET_SAVING, "Net saving", yearly, net, cents),
        VariedInput(InputKind.VOLUME, "Quantities saved", yearly, saved, cents),
        *_prices(financed, currency),
        VariedInput(InputKind.ADDED_COSTS, "Added operating costs", yearly, spent, cents),
    )
    return tuple(each for each in inputs if each.base != 0)


def delay_input() -> VariedInput:
    """Months by which everything runs later than entered."""
    return VariedInput(InputKind.DELAY, "Delay", "months", Decimal(0), 0)


def life_input(proposal: Proposal) -> VariedInput:
    """The longest life of the financed measures."""
    longest = max(measure.life_years for measure in proposal.financed_measures)
    return VariedInput(InputKind.LIFE, "Life", "years", Decimal(longest), 0)


def discount_rate_input(proposal: Proposal) -> VariedInput:
    """The real discount rate."""
    rate = Decimal(repr(proposal.assumptions.discount_rate))
    return VariedInput(InputKind.DISCOUNT_RATE, "Discount rate", "a year", rate, _RATE_DIGITS)


def _prices(measures: Sequence[Measure], currency: str) -> Iterator[VariedInput]:
    """Each price once: lines of one resource, unit and price share it; an amount has its own."""
    groups: dict[tuple[object, ...], list[_Priced]] = {}
    for measure in measures:
        lines: tuple[SavingLine | CostLine, ...] = (*measure.savings, *measure.added_costs)
        for key, line in zip(line_keys(measure), lines, strict=True):
            if is_in(line, Level.TIER_1):
                shared = (_resource(line).casefold(), line.unit, line.unit_price)
                identity = key if line.unit_price is None else shared
                groups.setdefault(identity, []).append(_Priced(key, line))
    chosen = _weightiest(list(groups.values()))
    times = Counter(map(_name, chosen))
    for group in chosen:
        name = _name(group)
        # Of two prices of one name each is told apart by the first of its lines.
        yield _price(
            group, name if times[name] == 1 else f"{' '.join(group[0].key)} {name}", currency
        )


def _weightiest(groups: list[list[_Priced]]) -> list[list[_Priced]]:
    """The groups with the most money a year, in the order given."""
    money = [sum(abs(_annual(each.line)) for each in group) for group in groups]
    chosen = sorted(range(len(groups)), key=lambda number: -money[number])[:MOST_PRICES]
    return [groups[number] for number in sorted(chosen)]


def _price(group: Sequence[_Priced], name: str, currency: str) -> VariedInput:
    line, keys = group[0].line, tuple(each.key for each in group)
    if line.unit_price is None:
        yearly, cents = f"{currency} a year", minor_digits(currency)
        return VariedInput(InputKind.PRICE, name, yearly, _annual(line), cents, keys)
    unit = f"{currency} per {line.unit or 'unit'}"
    digits = max(0, -int(line.unit_price.as_tuple().exponent)) + _MORE_PRICE_DIGITS
    return VariedInput(InputKind.PRICE, f"Price: {name}", unit, line.unit_price, digits, keys)


def _name(group: Sequence[_Priced]) -> str:
    """Its resource; of a line by itself its own words, or else its measure and code."""
    line, key = group[0].line, group[0].key
    if len(group) > 1:
        return _resource(line)
    return line.label or (_resource(line) if line.indicator else " ".join(key))


def _resource(line: SavingLine | CostLine) -> str:
    return (line.indicator or line.label or line.code).replace("_", " ")


def _annual(line: SavingLine | CostLine) -> Decimal:
    return line.annual_saving if isinstance(line, SavingLine) else line.annual_cost


def _sum_of(lines: Sequence[SavingLine] | Sequence[CostLine]) -> Decimal:
    total = Decimal(0)
    for line in lines:
        if is_in(line, Level.TIER_1):
            total = _EXACT.add(total, _annual(line))
    return total
