"""How an uncertain input is written: its value in its own unit, and how far it moved."""

from decimal import Decimal

from app.amounts import MINUS, shown_number
from app.rendering import amount, count, percent
from appraisal.money import round_half_up
from appraisal.varied_inputs import InputKind, VariedInput

_PRICE_PLACES = 4


def input_words(varied: VariedInput, value: Decimal) -> str:
    """The value as a person would say it: "EUR 96,000", "0.16", "3 months later", "8.0 %"."""
    match varied.kind:
        case InputKind.DISCOUNT_RATE:
            return percent(value)
        case InputKind.DELAY:
            months = int(value)
            return f"{count(months, 'month')} later" if months else "As planned"
        case InputKind.LIFE:
            return count(int(value), "year")
        case InputKind.PRICE if " per " in varied.unit:
            steps = round_half_up(value.scaleb(_PRICE_PLACES))
            return shown_number(Decimal(steps).scaleb(-_PRICE_PLACES))
        case _:
            return amount(value, places=0)


def with_unit(varied: VariedInput, value: Decimal) -> str:
    """The value with its unit, for a table: "EUR 96,000", "0.16 EUR per m3"."""
    words = input_words(varied, value)
    if varied.kind in (InputKind.DISCOUNT_RATE, InputKind.DELAY, InputKind.LIFE):
        return words
    return f"{words} {varied.unit}"


def change_words(change: float | None) -> str:
    """A change as a part of the base: "+25.0 %"; without one, nothing."""
    if change is None:
        return ""
    words = percent(change)
    return words if words.startswith(MINUS) or not change else f"+{words}"
