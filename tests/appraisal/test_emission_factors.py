import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from appraisal.emission_factors import (
    ELECTRICITY,
    FUELS,
    GENERATION_BASIS,
    NET_BASIS,
    highest_energy_factor,
    local_factor,
)
from appraisal.units import unit_of

PUBLISHED = json.loads(
    (Path(__file__).parents[1] / "cases" / "data" / "emission_factors.json").read_text("utf-8")
)


def carbon_t(fuel: str, quantity: int, unit: str) -> float:
    energy_gj = FUELS[fuel].energy_gj(Decimal(quantity), unit_of(unit))
    assert energy_gj is not None
    return float(energy_gj * FUELS[fuel].factor.value / 1000)


def test_every_published_fuel_is_carried_over() -> None:
    assert [
        {
            "fuel": fuel.code,
            "ncv_gj_per_t": float(fuel.ncv_gj_per_t),
            "co2_kg_per_tj": fuel.co2_kg_per_tj,
            "biogenic": fuel.is_biogenic,
        }
        for fuel in FUELS.values()
    ] == PUBLISHED["fuels"]


def test_every_published_grid_is_carried_over() -> None:
    assert {
        country: {"value": float(factor.value * 1000), "year": factor.year}
        for country, factor in ELECTRICITY.items()
    } == PUBLISHED["electricity_g_co2e_per_kwh"]


def test_every_factor_says_what_it_rests_on() -> None:
    fuels = [fuel.factor for fuel in FUELS.values()]
    assert {factor.basis for factor in fuels} == {NET_BASIS}
    assert {factor.basis for factor in ELECTRICITY.values()} == {GENERATION_BASIS}
    assert all(factor.source and factor.year for factor in (*fuels, *ELECTRICITY.values()))
    assert all(
        fuel.volume_source
        for fuel in FUELS.values()
        if fuel.density_kg_per_l is not None or fuel.ncv_gj_per_m3 is not None
    )


def test_a_hundred_tonnes_of_heavy_fuel_oil() -> None:
    assert carbon_t("residual_fuel_oil", 100, "t") == pytest.approx(312.7, abs=0.05)


def test_litres_of_diesel_agree_with_the_published_tonnes() -> None:
    assert carbon_t("gas_diesel_oil", 260_000, "l") == pytest.approx(704, rel=0.01)
    assert carbon_t("gas_diesel_oil", 260, "m3") == carbon_t("gas_diesel_oil", 260_000, "l")


def test_natural_gas_by_volume_weight_and_energy() -> None:
    """1.154 t of coal equivalent for 1,000 m3 at 20 °C, near 0.7 kg of 48 GJ/t a m3."""
    assert carbon_t("natural_gas", 1, "1,000 m3") == pytest.approx(1.8974, abs=1e-4)
    assert carbon_t("natural_gas", 1, "Nm3") == pytest.approx(
        carbon_t("natural_gas", 1, "m3") * 293.15 / 273.15
    )
    assert carbon_t("natural_gas", 1, "t") == pytest.approx(2.6928)
    assert carbon_t("natural_gas", 1, "MWh") == pytest.approx(0.20196)


@pytest.mark.parametrize(
    ("fuel", "unit"), [("wood", "m3"), ("biogas", "Nm3"), ("lpg", "m3"), ("lignite", "pieces")]
)
def test_a_volume_that_nothing_converts_is_not_guessed(fuel: str, unit: str) -> None:
    assert FUELS[fuel].energy_gj(Decimal(1), unit_of(unit)) is None


def test_liquefied_gas_is_liquid_by_the_litre() -> None:
    assert carbon_t("lpg", 1000, "l") == pytest.approx(0.53 * 47.3 * 0.0631)


@pytest.mark.parametrize(
    ("fuel", "unit", "words"),
    [
        ("gas_diesel_oil", "l", ["0.845 kg per l", "EN 590", "43 GJ per t"]),
        ("gas_diesel_oil", "t", ["43 GJ per t", "IPCC 2006"]),
        ("natural_gas", "1,000 m3", ["33.82 MJ per m3", "1.154 t of coal"]),
        ("natural_gas", "t", ["48 GJ per t"]),
    ],
)
def test_the_figures_of_a_conversion_are_cited(fuel: str, unit: str, words: list[str]) -> None:
    cited = FUELS[fuel].conversion(unit_of(unit))
    assert cited is not None
    assert all(word in cited for word in words)


def test_energy_needs_no_conversion() -> None:
    assert FUELS["natural_gas"].conversion(unit_of("MWh")) is None


def test_a_local_factor_keeps_its_source() -> None:
    given = local_factor(Decimal(250), unit_of("Gcal"), "Boiler house, 2025")
    assert (given.value, given.unit, given.is_local) == (Fraction(250), "Gcal", True)
    assert str(given) == "250 kg CO2e per Gcal (as stated on the line; Boiler house, 2025)"
    assert "source not stated" in str(local_factor(Decimal(1), unit_of("t"), None))


def test_the_highest_factor_of_any_energy_is_that_of_coal_power() -> None:
    highest = highest_energy_factor()
    assert (highest.country, highest.value) == ("KZ", Fraction(821, 1000))
