"""Units as they stand on bills: what they measure, and exactly how they convert.

A unit is read as people write it, in Latin or Cyrillic letters, with or without "1,000" or
"million" before it. One that is not known is not guessed: the caller says so.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Dimension(StrEnum):
    """What a unit measures; only units of one dimension convert into one another."""

    ENERGY = "energy"
    MASS = "mass"
    VOLUME = "volume"
    NORMAL_VOLUME = "volume of a gas at 0 °C"
    COUNT = "count"


@dataclass(frozen=True)
class Unit:
    """A unit: ``size`` of the dimension's base unit (MJ, kg, m3, normal m3, one piece)."""

    symbol: str
    dimension: Dimension
    size: Fraction


class UnitMismatch(ValueError):
    """Two units that measure different things."""


_WHOLE_FROM = 100
_GAS_AT_15_C = Fraction(27315, 28815)
"""Normal m3 in a m3 of gas measured at 15 °C and the same pressure (ideal gas)."""

_TABLE: tuple[tuple[str, Dimension, str | Fraction, str], ...] = (
    ("kWh", Dimension.ENERGY, "3.6", "kilowatthour kilowatthours квтч"),
    ("MWh", Dimension.ENERGY, "3600", "megawatthour megawatthours мвтч"),
    ("GWh", Dimension.ENERGY, "3600000", "gigawatthour gigawatthours гвтч"),
    ("MJ", Dimension.ENERGY, "1", "megajoule megajoules мдж"),
    ("GJ", Dimension.ENERGY, "1000", "gigajoule gigajoules гдж"),
    ("TJ", Dimension.ENERGY, "1000000", "terajoule terajoules тдж"),
    ("Mcal", Dimension.ENERGY, "4.1868", "mkal мкал megacalorie megacalories"),
    ("Gcal", Dimension.ENERGY, "4186.8", "gkal гкал gigacalorie gigacalories"),
    ("toe", Dimension.ENERGY, "41868", "tne тнэ toilequivalent tonneofoilequivalent"),
    ("t coal equivalent", Dimension.ENERGY, "29307.6", "tce тут tonneofcoalequivalent"),
    ("Btu", Dimension.ENERGY, "0.001055056", ""),
    ("MMBtu", Dimension.ENERGY, "1055.056", ""),
    ("therm", Dimension.ENERGY, "105.5056", "therms"),
    ("g", Dimension.MASS, "0.001", "gram grams gramme grammes г"),  # noqa: RUF001  # a Russian gram
    ("kg", Dimension.MASS, "1", "kilogram kilograms kilogramme kilogrammes кг"),
    ("t", Dimension.MASS, "1000", "tonne tonnes metricton metrictons т"),
    ("kt", Dimension.MASS, "1000000", "kilotonne kilotonnes"),
    ("lb", Dimension.MASS, "0.45359237", "lbs pound pounds"),
    ("short ton", Dimension.MASS, "907.18474", "shorttons"),
    ("l", Dimension.VOLUME, "0.001", "litre litres liter liters dm3 л"),
    ("hl", Dimension.VOLUME, "0.1", "hectolitre hectolitres hectoliter hectoliters гл"),
    ("m3", Dimension.VOLUME, "1", "cbm cum cubicmetre cubicmetres cubicmeter cubicmeters м3 кубм"),
    ("US gallon", Dimension.VOLUME, "0.003785411784", "usgallons usgal"),
    ("Nm3", Dimension.NORMAL_VOLUME, "1", "normalm3 normalcubicmetre normalcubicmetres нм3"),
    ("Sm3", Dimension.NORMAL_VOLUME, _GAS_AT_15_C, "standardm3 standardcubicmetre"),
    ("pieces", Dimension.COUNT, "1", "piece pcs pc шт vnt"),
)
_MULTIPLES: tuple[tuple[re.Pattern[str], int, str], ...] = (
    (re.compile(r"(1[ ,.']?000[ ,.']?000|million|mln\.?|млн\.?)\s*(?=\D)"), 1_000_000, "million "),
    (re.compile(r"(1[ ,.']?000|thousand|tys\.?|tūkst\.?|тыс\.?)\s*(?=\D)"), 1_000, "1,000 "),
)


def _folded(written: str) -> str:
    """Lower case, one kind of digit and space, no marks between letters."""
    plain = unicodedata.normalize("NFKC", written).casefold()
    return re.sub(r"[\s.·⋅*^_'-]", "", plain)


def _by_name() -> Mapping[str, Unit]:
    return {
        name: Unit(symbol, dimension, Fraction(size))
        for symbol, dimension, size, synonyms in _TABLE
        for name in (_folded(symbol), *synonyms.split())
    }


_UNITS = _by_name()


def read_unit(written: str) -> Unit | None:
    """The unit that ``written`` means; None when it is not known for certain.

    Case, spaces, dots and raised figures do not matter; "1,000", "thousand", "tys." or "million"
    before the unit multiply it. A bare "ton" is not read, since three units have that name.
    """
    text = " ".join(unicodedata.normalize("NFKC", written).casefold().split())
    for pattern, multiple, prefix in _MULTIPLES:
        if found := pattern.match(text):
            single = _UNITS.get(_folded(text[found.end() :]))
            return single and Unit(prefix + single.symbol, single.dimension, multiple * single.size)
    return _UNITS.get(_folded(text))


def unit_of(symbol: str) -> Unit:
    """The unit that this program itself names.

    Raises:
        KeyError: no such unit, a mistake in the program.
    """
    found = read_unit(symbol)
    if found is None:
        raise KeyError(symbol)
    return found


def converted(quantity: Decimal | Fraction, unit: Unit, target: Unit) -> Fraction:
    """``quantity`` of ``unit`` in ``target``, exact.

    Raises:
        UnitMismatch: the two measure different things.
    """
    if unit.dimension is not target.dimension:
        message = f"{unit.symbol} measures {unit.dimension}, not {target.dimension}."
        raise UnitMismatch(message)
    return Fraction(quantity) * unit.size / target.size


def symbols(dimensions: Iterable[Dimension]) -> str:
    """The units of these dimensions, to name in a message."""
    wanted = set(dimensions)
    return ", ".join(symbol for symbol, dimension, _, _ in _TABLE if dimension in wanted)


def quantity_text(quantity: Fraction, symbol: str) -> str:
    """A quantity in words, whole from one hundred on and to three figures below: 1,163 MWh."""
    number = f"{float(quantity):,.0f}" if abs(quantity) >= _WHOLE_FROM else f"{float(quantity):.3g}"
    return f"{number} x {symbol}" if symbol[0].isdigit() else f"{number} {symbol}"
