from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.units import (
    Dimension,
    UnitMismatch,
    converted,
    quantity_text,
    read_unit,
    symbols,
    unit_of,
)

SYMBOLS = symbols(Dimension).split(", ")


def in_unit(quantity: str, unit: str, target: str) -> Fraction:
    return converted(Decimal(quantity), unit_of(unit), unit_of(target))


@pytest.mark.parametrize(
    ("quantity", "unit", "target", "expected"),
    [
        ("1", "Gcal", "MWh", "1.163"),
        ("1000", "Gcal", "MWh", "1163"),
        ("1", "toe", "GJ", "41.868"),
        ("1", "t coal equivalent", "GJ", "29.3076"),
        ("7", "Gcal", "t coal equivalent", "1"),
        ("1", "MMBtu", "GJ", "1.055056"),
        ("10", "therm", "MMBtu", "1"),
        ("1", "GWh", "TJ", "3.6"),
        ("3", "1,000 m3", "m3", "3000"),
        ("1", "hl", "l", "100"),
        ("1", "short ton", "lb", "2000"),
        ("5", "g", "kg", "0.005"),
    ],
)
def test_conversions_are_exact(quantity: str, unit: str, target: str, expected: str) -> None:
    assert in_unit(quantity, unit, target) == Fraction(expected)


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("kWh", "kWh"),
        ("KWH", "kWh"),
        (" kW·h ", "kWh"),
        ("кВт·ч", "kWh"),
        ("GCal", "Gcal"),
        ("Gkal", "Gcal"),
        ("Гкал", "Gcal"),
        ("t c.e.", "t coal equivalent"),
        ("т у.т.", "t coal equivalent"),  # noqa: RUF001  # as Russian bills have it
        ("t coal equivalent", "t coal equivalent"),
        ("T.O.E.", "toe"),
        ("million Btu", "million Btu"),
        ("m³", "m3"),
        ("m^3", "m3"),
        ("cu. m", "m3"),
        ("1,000 m3", "1,000 m3"),
        ("1000 m3", "1,000 m3"),
        ("1 000 m³", "1,000 m3"),
        ("thousand m3", "1,000 m3"),
        ("tys. m3", "1,000 m3"),
        ("тыс. м3", "1,000 m3"),
        ("tūkst. m3", "1,000 m3"),
        ("mln m3", "million m3"),
        ("1,000,000 kWh", "million kWh"),
        ("Nm³", "Nm3"),
        ("normal m3", "Nm3"),
        ("litres", "l"),
        ("Tonnes", "t"),
        ("pcs.", "pieces"),
    ],
)
def test_units_are_read_as_people_write_them(written: str, symbol: str) -> None:
    found = read_unit(written)
    assert found is not None
    assert found.symbol == symbol


@pytest.mark.parametrize(
    "written", ["", "ton", "tons", "10.00 m3", "10000 m3", "hours", "tank lorries", "gallon", "m2"]
)
def test_what_is_not_certain_is_not_read(written: str) -> None:
    assert read_unit(written) is None


def test_a_normal_cubic_metre_holds_more_gas_than_one_at_15_degrees() -> None:
    assert float(in_unit("1", "Nm3", "Sm3")) == pytest.approx(1.0549, abs=1e-4)


def test_a_unit_of_another_dimension_is_refused() -> None:
    with pytest.raises(UnitMismatch, match="kWh measures energy, not mass"):
        in_unit("1", "kWh", "t")


def test_the_program_may_name_only_units_that_exist() -> None:
    with pytest.raises(KeyError):
        unit_of("furlong")


@given(
    st.fractions(min_value=-(10**9), max_value=10**9),
    st.sampled_from(SYMBOLS),
    st.sampled_from(SYMBOLS),
)
def test_converting_there_and_back_changes_nothing(
    quantity: Fraction, one: str, other: str
) -> None:
    first, second = unit_of(one), unit_of(other)
    if first.dimension is second.dimension:
        assert converted(converted(quantity, first, second), second, first) == quantity


@given(st.text(max_size=20))
def test_reading_never_fails(written: str) -> None:
    found = read_unit(written)
    assert found is None or read_unit(found.symbol) == found


@pytest.mark.parametrize(
    ("quantity", "symbol", "words"),
    [
        (Fraction(1163), "MWh", "1,163 MWh"),
        (Fraction(-2, 3), "t", "-0.667 t"),
        (Fraction(300), "1,000 m3", "300 x 1,000 m3"),
    ],
)
def test_quantities_in_words(quantity: Fraction, symbol: str, words: str) -> None:
    assert quantity_text(quantity, symbol) == words
