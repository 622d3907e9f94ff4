"""The catalogue of environmental indicators: label, unit, dimension, and how each gives carbon."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from appraisal.emission_factors import FUELS
from appraisal.units import Dimension


class Carbon(StrEnum):
    """How a saved quantity becomes CO2."""

    GRID = "grid"
    """The factor of the country's electricity, or a local one."""

    FUEL = "fuel"
    """The fuel's factor, or a local one."""

    LOCAL_ONLY = "local_only"
    """Only a local factor: nothing published holds for every site."""

    ITSELF = "itself"
    """It is carbon already: shown beside what is computed, never added to it."""

    NONE = "none"


class Stream(StrEnum):
    """Where in the plant an indicator lies."""

    ENERGY = "energy"
    WATER = "water"
    MATERIAL = "material"
    WASTEWATER = "wastewater"
    AIR = "air"
    WASTE = "waste"
    OUTPUT = "output"


@dataclass(frozen=True)
class Indicator:
    """One thing that a measure uses or emits less of."""

    code: str
    label: str
    stream: Stream
    unit: str
    """The canonical unit, in which quantities of different units are shown."""

    dimensions: tuple[Dimension, ...]
    carbon: Carbon = Carbon.NONE
    is_by_substance: bool = False
    """Tonnes of different substances are never added: each has a row of its own."""

    @property
    def is_bought(self) -> bool:
        """Whether it is bought by the meter, so that a plant rarely does without most of it."""
        return self.stream in (Stream.ENERGY, Stream.WATER)


_ENERGY = (Dimension.ENERGY,)
_AMOUNT = (Dimension.MASS, Dimension.VOLUME)
_FUEL_DIMENSIONS = (*_ENERGY, *_AMOUNT, Dimension.NORMAL_VOLUME)
_THINGS = (*_AMOUNT, Dimension.COUNT)

_FUEL_LABELS: Mapping[str, tuple[str, str]] = {
    "natural_gas": ("Natural gas", "pipeline gas|methane"),
    "gas_diesel_oil": ("Diesel and gas oil", "diesel|diesel oil|diesel fuel|gas oil|heating oil"),
    "residual_fuel_oil": ("Heavy fuel oil", "heavy fuel oil|residual oil|mazut|hfo"),
    "lpg": ("Liquefied petroleum gas", "liquefied gas|liquefied petroleum gas|propane"),
    "motor_gasoline": ("Petrol", "petrol|gasoline"),
    "other_kerosene": ("Kerosene", "kerosene"),
    "petroleum_coke": ("Petroleum coke", "petcoke|pet coke"),
    "anthracite": ("Anthracite", ""),
    "coking_coal": ("Coking coal", ""),
    "other_bituminous_coal": ("Hard coal", "hard coal|bituminous coal|steam coal|black coal"),
    "sub_bituminous_coal": ("Sub-bituminous coal", "subbituminous coal"),
    "lignite": ("Lignite", "brown coal"),
    "brown_coal_briquettes": ("Brown coal briquettes", "lignite briquettes"),
    "oil_shale": ("Oil shale", "shale"),
    "peat": ("Peat", ""),
    "coke": ("Coke", "coke oven coke|metallurgical coke"),
    "wood": ("Wood", "firewood|wood chips|woodchips|wood waste|pellets|wood pellets"),
    "biogas": ("Biogas", ""),
}


def _pollutant(code: str, label: str, stream: Stream) -> Indicator:
    return Indicator(code, label, stream, "t", (Dimension.MASS,))


_OTHERS: tuple[tuple[Indicator, str], ...] = (
    (
        Indicator("electricity", "Electricity", Stream.ENERGY, "MWh", _ENERGY, Carbon.GRID),
        "power|electric power|electrical energy|electric energy",
    ),
    (
        Indicator("heat", "Purchased heat", Stream.ENERGY, "MWh", _ENERGY, Carbon.LOCAL_ONLY),
        "heating|district heat|district heating|steam|thermal energy|hot water",
    ),
    (
        Indicator("energy", "Energy", Stream.ENERGY, "MWh", _ENERGY, Carbon.LOCAL_ONLY),
        "other energy",
    ),
    (
        Indicator("water", "Water", Stream.WATER, "m3", (Dimension.VOLUME,)),
        "fresh water|tap water|process water|drinking water|cooling water|water consumption",
    ),
    (
        Indicator("wastewater", "Wastewater", Stream.WASTEWATER, "m3", (Dimension.VOLUME,)),
        "waste water|effluent|sewage|water to public sewer",
    ),
    (
        _pollutant("bod", "Biochemical oxygen demand (BOD)", Stream.WASTEWATER),
        "bod5|bod7|biochemical oxygen demand",
    ),
    (
        _pollutant("cod", "Chemical oxygen demand (COD)", Stream.WASTEWATER),
        "chemical oxygen demand",
    ),
    (
        _pollutant("suspended_solids", "Suspended solids", Stream.WASTEWATER),
        "ss|tss|total suspended solids",
    ),
    (_pollutant("nitrogen", "Nitrogen", Stream.WASTEWATER), "n|total n|total nitrogen|tot n"),
    (_pollutant("phosphorus", "Phosphorus", Stream.WASTEWATER), "p|total p|total phosphorus|tot p"),
    (_pollutant("so2", "Sulphur dioxide", Stream.AIR), "sulphur dioxide|sulfur dioxide|sox"),
    (_pollutant("nox", "Nitrogen oxides", Stream.AIR), "nitrogen oxides|no2"),
    (_pollutant("dust", "Dust", Stream.AIR), "particulates|particulate matter|pm|pm10"),
    (
        _pollutant("voc", "Volatile organic compounds", Stream.AIR),
        "nmvoc|volatile organic compounds",
    ),
    (
        Indicator("co2e", "CO2e, fossil", Stream.AIR, "t", (Dimension.MASS,), Carbon.ITSELF),
        "co2|co2 fossil|fossil co2|carbon dioxide|co2 eq|co2 equivalent|greenhouse gases|ghg",
    ),
    (
        Indicator(
            "co2_biogenic", "CO2 from biomass", Stream.AIR, "t", (Dimension.MASS,), Carbon.ITSELF
        ),
        "biogenic co2|co2 from biomass",
    ),
    (
        Indicator("hazardous_waste", "Hazardous waste", Stream.WASTE, "t", _AMOUNT),
        "solid waste hazardous|liquid waste hazardous",
    ),
    (
        Indicator("other_waste", "Waste, not hazardous", Stream.WASTE, "t", _AMOUNT),
        "waste|solid waste|non hazardous waste|solid waste non hazardous|landfill waste",
    ),
    (
        Indicator(
            "raw_materials", "Raw material", Stream.MATERIAL, "t", _THINGS, is_by_substance=True
        ),
        "raw material|primary raw material|materials|material|ancillary material",
    ),
    (
        Indicator("chemicals", "Chemicals", Stream.MATERIAL, "t", _THINGS, is_by_substance=True),
        "chemical|solvents|solvent",
    ),
    (
        Indicator("output", "Output", Stream.OUTPUT, "t", _THINGS, is_by_substance=True),
        "product|production|products",
    ),
)


def _fuel(code: str) -> Indicator:
    label, _ = _FUEL_LABELS[code]
    return Indicator(code, label, Stream.ENERGY, "GJ", _FUEL_DIMENSIONS, Carbon.FUEL)


INDICATORS: Mapping[str, Indicator] = {
    indicator.code: indicator
    for indicator in (*(_fuel(code) for code in FUELS), *(other for other, _ in _OTHERS))
}
CO2E, CO2_BIOGENIC = INDICATORS["co2e"], INDICATORS["co2_biogenic"]


def _folded(written: str) -> str:
    return re.sub(r"[^\w]|_", "", written.casefold())


def _by_name() -> Mapping[str, Indicator]:
    synonyms = {code: words for code, (_, words) in _FUEL_LABELS.items()}
    synonyms |= {indicator.code: words for indicator, words in _OTHERS}
    return {
        _folded(name): indicator
        for code, indicator in INDICATORS.items()
        for name in (code, indicator.label, *filter(None, synonyms[code].split("|")))
    }


_BY_NAME = _by_name()


def read_indicator(written: str) -> Indicator | None:
    """The indicator that ``written`` names, by its code, its label or another usual name.

    None when it is not known for certain: "gas" and "coal" may each be several fuels.
    """
    return _BY_NAME.get(_folded(written))
