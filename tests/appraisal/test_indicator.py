import pytest

from appraisal.emission_factors import FUELS
from appraisal.indicator import INDICATORS, Carbon, Stream, read_indicator
from appraisal.units import unit_of


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("fresh_water", "water"),
        ("Fresh water", "water"),
        ("water", "water"),
        ("water to public sewer", "wastewater"),
        ("Electricity", "electricity"),
        ("district heating", "heat"),
        ("diesel", "gas_diesel_oil"),
        ("Mazut", "residual_fuel_oil"),
        ("LPG", "lpg"),
        ("Natural gas", "natural_gas"),
        ("brown coal", "lignite"),
        ("COD", "cod"),
        ("Chemical oxygen demand (COD)", "cod"),
        ("total N", "nitrogen"),
        ("CO2", "co2e"),
        ("solid waste, hazardous", "hazardous_waste"),
        ("solid waste, non-hazardous", "other_waste"),
    ],
)
def test_indicators_are_read_by_their_usual_names(written: str, code: str) -> None:
    found = read_indicator(written)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("written", ["gas", "coal", "oil", "", "profit"])
def test_a_name_of_several_things_is_not_guessed(written: str) -> None:
    assert read_indicator(written) is None


def test_every_indicator_is_found_by_code_and_label_and_has_a_unit_of_its_own() -> None:
    for indicator in INDICATORS.values():
        assert read_indicator(indicator.code) == indicator
        assert read_indicator(indicator.label) == indicator
        assert unit_of(indicator.unit).dimension in indicator.dimensions


def test_the_catalogue_holds_what_a_fund_follows() -> None:
    assert set(INDICATORS) == set(FUELS) | {
        *("electricity", "heat", "energy", "water", "wastewater", "bod", "cod"),
        *("suspended_solids", "nitrogen", "phosphorus", "so2", "nox", "dust", "voc", "co2e"),
        *("co2_biogenic", "hazardous_waste", "other_waste", "raw_materials", "chemicals"),
        "output",
    }


def test_carbon_comes_from_energy_only() -> None:
    giving = {i.stream for i in INDICATORS.values() if i.carbon in (Carbon.GRID, Carbon.FUEL)}
    assert giving == {Stream.ENERGY}
    assert INDICATORS["heat"].carbon is Carbon.LOCAL_ONLY


def test_energy_and_water_are_bought() -> None:
    assert INDICATORS["peat"].is_bought
    assert INDICATORS["water"].is_bought
    assert not INDICATORS["chemicals"].is_bought
