"""What could change the result: the tornado, and the values at which the answer switches."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.charts import Chart, Heading
from app.input_words import change_words, input_words, with_unit
from app.rendering import NOT_KNOWN, amount, count, percent, years
from app.tornado_chart import Swing, tornado
from appraisal.sensitivity import Sensitivity, TornadoBar, VariedResult
from appraisal.switching_values import SwitchingValue, Target

_TARGETS = (Target.NET_PRESENT_VALUE, Target.MINIMUM_COVER, Target.PAYBACK)


@dataclass(frozen=True)
class VariedRow:
    """One input at another value, and the figures of the project then."""

    name: str
    becomes: str
    net_present_value: str
    rate_of_return: str
    payback: str
    cover: str


@dataclass(frozen=True)
class Switch:
    """Where one result reaches its limit: the value, how far that is, and a note."""

    value: str
    change: str
    note: str


@dataclass(frozen=True)
class SwitchRow:
    """One input as entered, and where it brings NPV, cover and payback to their limits."""

    name: str
    entered: str
    switches: tuple[Switch, ...]


def tornado_chart(found: Sensitivity, currency: str) -> Chart:
    """The widest swings of the net present value."""
    base = Decimal(repr(found.base.net_present_value))
    swings = tuple(
        Swing(bar.input.label, *_ends(bar), *_words(bar)) for bar in found.bars
    )
    heading = Heading(
        "What moves the net present value (NPV) most?",
        _finding(found, currency),
        currency,
        places=0,
    )
    return tornado(heading, base, swings)


def varied_rows(found: Sensitivity, currency: str) -> tuple[VariedRow, ...]:
    """The figures as entered, then those with each input lower and higher."""
    return (
        _row("As entered", "", found.base, currency),
        *(
            _row(bar.input.label, with_unit(bar.input, side.value), side, currency)
            for bar in found.bars
            for side in (bar.low, bar.high)
            if side is not None
        ),
    )


def switch_rows(values: Sequence[SwitchingValue]) -> tuple[SwitchRow, ...]:
    """One row an input, with its value for NPV = 0, cover = 1 and payback at the limit."""
    found = {(one.input, one.target): one for one in values}
    inputs = dict.fromkeys(one.input for one in values)
    return tuple(
        SwitchRow(
            varied.label,
            with_unit(varied, varied.base),
            tuple(_switch(found.get((varied, target))) for target in _TARGETS),
        )
        for varied in inputs
    )


def _ends(bar: TornadoBar) -> tuple[Decimal | None, Decimal | None]:
    low, high = (
        None if side is None else Decimal(repr(side.net_present_value))
        for side in (bar.low, bar.high)
    )
    return low, high


def _words(bar: TornadoBar) -> tuple[str, str]:
    low, high = (
        "" if side is None else input_words(bar.input, side.value) for side in (bar.low, bar.high)
    )
    return low, high


def _finding(found: Sensitivity, currency: str) -> str:
    if not found.bars:
        return "There is nothing to vary."
    widest = found.bars[0]
    sides = [side for side in (widest.low, widest.high) if side is not None]
    ends = " or ".join(amount(side.net_present_value, currency, 0) for side in sides)
    begun = f"{widest.input.label} moves it most: to {ends}."
    if found.base.net_present_value < 0:
        return begun
    losses = sum(
        side is not None and side.net_present_value < 0
        for bar in found.bars
        for side in (bar.low, bar.high)
    )
    if not losses:
        return f"{begun} None of these changes by itself takes it below zero."
    return f"{begun} {count(losses, 'change', 'changes')} of these below take it below zero."


def _row(name: str, becomes: str, result: VariedResult, currency: str) -> VariedRow:
    rate = result.internal_rate_of_return
    payback = result.simple_payback_years
    return VariedRow(
        name,
        becomes,
        amount(result.net_present_value, currency, 0),
        "No single rate" if rate is None else percent(rate),
        "Not recovered" if payback is None else years(payback),
        NOT_KNOWN if result.minimum_cover is None else amount(result.minimum_cover),
    )


def _switch(one: SwitchingValue | None) -> Switch:
    if one is None:
        return Switch("", "", "")
    value = "" if one.value is None else with_unit(one.input, one.value)
    return Switch(value, change_words(one.change), one.note or "")
