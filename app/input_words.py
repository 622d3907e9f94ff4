"""How an uncertain input is written: its value in its own unit, and how far it moved."""

from decimal import Decimal

from app.amounts import MINUS, shown_number
from app.rendering import amount, count, percent
from appraisal.money import round_half_up
from appraisal.varied_inputs import InputKind, VariedInput

_PRICE_PLACES = 4
_MONEY_PLACES = 2
_SMALLEST_SHARE = Decimal("0.0005")
"""What percent() rounds to something."""


def short_words(varied: VariedInput, value: Decimal) -> str:
    """The value beside a bar, without its unit: "96,000", "0.16", "3 months", "8.0 %"."""
    match varied.kind:
        case InputKind.DISCOUNT_RATE:
            return percent(value)
        case InputKind.DELAY:
            return count(int(value), "month") if value else "No delay"
        case InputKind.LIFE:
            return count(int(value), "year")
        case InputKind.PRICE if _is_unit_price(varied):
            steps = round_half_up(value.scaleb(_PRICE_PLACES))
            return shown_number(Decimal(steps).scaleb(-_PRICE_PLACES))
        case _:
            return amount(value, places=0)


def full_words(varied: VariedInput, value: Decimal) -> str:
    """The value in a table, to the cent: "EUR 96,000.00 a year", "EUR 0.16 per m3"."""
    if varied.kind is InputKind.DELAY and value:
        return f"{short_words(varied, value)} later"
    if varied.kind in (InputKind.DISCOUNT_RATE, InputKind.DELAY, InputKind.LIFE):
        return short_words(varied, value)
    currency, _, per = varied.unit.partition(" ")
    if _is_unit_price(varied):
        return f"{currency} {shown_number(value, _price_places(value))} {per}"
    return f"{amount(value, currency, varied.digits)} {per}".strip()


def change_words(varied: VariedInput, value: Decimal) -> str:
    """How far the value is from the input as entered: "+25.0 %", "+3.5 points", "2 years less"."""
    change = value - varied.base
    match varied.kind:
        case InputKind.DELAY:
            return ""
        case InputKind.LIFE:
            years = count(abs(int(change)), "year")
            return f"{years} {'more' if change > 0 else 'less'}" if change else ""
        case InputKind.DISCOUNT_RATE:
            return f"{_signed(amount(100 * change, places=1))} points"
        case _:
            return _share_words(change / varied.base)


def _share_words(change: Decimal) -> str:
    """A change in per cent; one that would round to nothing is said to be small, not zero."""
    if not change:
        return "as entered"
    if abs(change) < _SMALLEST_SHARE:
        return "less than 0.1 %"
    return _signed(percent(change))


def _price_places(price: Decimal) -> int:
    """As many as the price has, and at least those of money."""
    return max(_MONEY_PLACES, -int(price.normalize().as_tuple().exponent))


def _is_unit_price(varied: VariedInput) -> bool:
    return varied.kind is InputKind.PRICE and " per " in varied.unit


def _signed(words: str) -> str:
    return words if words.startswith(MINUS) else f"+{words}"
