"""What burning a fuel or using a kWh emits, each figure with its basis, country, year and source.

Fuels: IPCC 2006, net basis, complete oxidation, CO2 only; carbon from biomass is kept apart.
Electricity: the average of a country's generation in one year. Heat from a network has no
published factor here: it depends on the boiler house, so that a local figure is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.units import Dimension, Unit, converted, unit_of

NET_BASIS = "net calorific value"
GENERATION_BASIS = "generation, average of the country"
LOCAL_BASIS = "as stated on the line"

_IPCC = "IPCC 2006 Guidelines, volume 2, chapter 1, tables 1.2 and 1.4"
_GRID = "Our World in Data / Ember, generation-based"
_LOCAL = "local figure, source not stated"
_EN_590 = "EN 590: 0.820 to 0.845 kg/l at 15 °C, upper limit"
_CBS = "Statistics Netherlands, weight of oil products"
_GAS_VOLUME = (
    "statistical equivalent of 1.154 t of coal per 1,000 m3, the m3 at 20 °C and 101.325 kPa"
)

GJ = unit_of("GJ")
_KWH = unit_of("kWh")
_TONNE = unit_of("t")
_LITRE = unit_of("l")
_M3 = unit_of("m3")
_NORMAL_M3 = unit_of("Nm3")
_NORMAL_IN_M3_AT_20_C = Fraction(27315, 29315)
_KG_PER_TONNE = 1000
_LIQUEFIED_GAS = "lpg"


@dataclass(frozen=True)
class EmissionFactor:
    """How many kg of ``gas`` each ``unit`` emits."""

    value: Fraction
    unit: str
    gas: str
    basis: str
    source: str
    country: str | None = None
    year: int | None = None
    is_biogenic: bool = False
    is_local: bool = False

    def __str__(self) -> str:
        """The factor with everything that it rests on, to cite beside a figure."""
        where = ", ".join(str(part) for part in (self.country, self.year) if part is not None)
        basis = "; ".join(part for part in (self.basis, where, self.source) if part)
        return f"{float(self.value):g} kg {self.gas} per {self.unit} ({basis})"


@dataclass(frozen=True)
class Fuel:
    """A fuel: net calorific value, CO2, and how a volume of it becomes energy where known."""

    code: str
    ncv_gj_per_t: Fraction
    co2_kg_per_tj: int
    is_biogenic: bool = False
    density_kg_per_l: Fraction | None = None
    ncv_gj_per_m3: Fraction | None = None
    """Of a gas, the m3 measured at 20 °C."""

    volume_source: str | None = None
    may_be_metered_as_gas: bool = False
    """Whether a m3 may be liquid or vapour, so that only smaller volumes are surely liquid."""

    def energy_gj(self, quantity: Decimal | Fraction, unit: Unit) -> Fraction | None:
        """Net energy in ``quantity`` of ``unit``; None where nothing on file converts it."""
        match unit.dimension:
            case Dimension.ENERGY:
                return converted(quantity, unit, GJ)
            case Dimension.MASS:
                return converted(quantity, unit, _TONNE) * self.ncv_gj_per_t
            case Dimension.VOLUME if self.density_kg_per_l is not None and self._is_liquid(unit):
                weight_kg = converted(quantity, unit, _LITRE) * self.density_kg_per_l
                return weight_kg / _KG_PER_TONNE * self.ncv_gj_per_t
            case Dimension.VOLUME if self.ncv_gj_per_m3 is not None:
                return converted(quantity, unit, _M3) * self.ncv_gj_per_m3
            case Dimension.NORMAL_VOLUME if self.ncv_gj_per_m3 is not None:
                volume_m3 = converted(quantity, unit, _NORMAL_M3) / _NORMAL_IN_M3_AT_20_C
                return volume_m3 * self.ncv_gj_per_m3
            case _:
                return None

    def conversion(self, unit: Unit) -> str | None:
        """The figures that turn ``unit`` into energy, with their sources; None for energy."""
        weight = f"{float(self.ncv_gj_per_t):g} GJ per t ({_IPCC})"
        if unit.dimension is Dimension.ENERGY:
            return None
        if self.ncv_gj_per_m3 is not None and unit.dimension is not Dimension.MASS:
            return f"{float(self.ncv_gj_per_m3) * 1000:.2f} MJ per m3 ({self.volume_source})"
        if self.density_kg_per_l is not None and unit.dimension is Dimension.VOLUME:
            return f"{float(self.density_kg_per_l):g} kg per l ({self.volume_source}); {weight}"
        return weight

    def _is_liquid(self, unit: Unit) -> bool:
        return unit.size < _M3.size or not self.may_be_metered_as_gas

    @property
    def factor(self) -> EmissionFactor:
        """CO2 of each GJ of net energy."""
        return EmissionFactor(
            value=Fraction(self.co2_kg_per_tj, 1000),
            unit=GJ.symbol,
            gas="CO2",
            basis=NET_BASIS,
            source=_IPCC,
            year=2006,
            is_biogenic=self.is_biogenic,
        )


def _liquid(code: str, ncv: str, co2_kg_per_tj: int, kg_per_l: str, source: str = _CBS) -> Fuel:
    return Fuel(
        code,
        Fraction(ncv),
        co2_kg_per_tj,
        density_kg_per_l=Fraction(kg_per_l),
        volume_source=source,
        may_be_metered_as_gas=code == _LIQUEFIED_GAS,
    )


_NATURAL_GAS = Fuel(
    "natural_gas",
    Fraction("48.0"),
    56_100,
    ncv_gj_per_m3=Fraction("1.154") * unit_of("t coal equivalent").size / GJ.size / 1000,
    volume_source=_GAS_VOLUME,
)
FUELS: Mapping[str, Fuel] = {
    fuel.code: fuel
    for fuel in (
        _NATURAL_GAS,
        _liquid("gas_diesel_oil", "43.0", 74_100, "0.845", _EN_590),
        _liquid("residual_fuel_oil", "40.4", 77_400, "0.96"),
        _liquid(_LIQUEFIED_GAS, "47.3", 63_100, "0.53"),
        _liquid("motor_gasoline", "44.3", 69_300, "0.745"),
        _liquid("other_kerosene", "43.8", 71_900, "0.79"),
        Fuel("petroleum_coke", Fraction("32.5"), 97_500),
        Fuel("anthracite", Fraction("26.7"), 98_300),
        Fuel("coking_coal", Fraction("28.2"), 94_600),
        Fuel("other_bituminous_coal", Fraction("25.8"), 94_600),
        Fuel("sub_bituminous_coal", Fraction("18.9"), 96_100),
        Fuel("lignite", Fraction("11.9"), 101_000),
        Fuel("brown_coal_briquettes", Fraction("20.7"), 97_500),
        Fuel("oil_shale", Fraction("8.9"), 107_000),
        Fuel("peat", Fraction("9.76"), 106_000),
        Fuel("coke", Fraction("28.2"), 107_000),
        Fuel("wood", Fraction("15.6"), 112_000, is_biogenic=True),
        Fuel("biogas", Fraction("50.4"), 54_600, is_biogenic=True),
    )
}
_GRID_G_PER_KWH: Mapping[str, tuple[int, int]] = {
    "LT": (160, 2023),
    "LV": (123, 2023),
    "EE": (417, 2023),
    "RU": (441, 2023),
    "UA": (260, 2022),
    "BY": (442, 2022),
    "PL": (662, 2023),
    "FI": (79, 2023),
    "SE": (41, 2023),
    "NO": (30, 2023),
    "DK": (152, 2023),
    "DE": (381, 2023),
    "KZ": (821, 2023),
    "CN": (582, 2023),
    "IN": (713, 2023),
    "ID": (676, 2022),
    "LK": (510, 2022),
    "TW": (642, 2023),
    "TH": (550, 2023),
    "KR": (431, 2023),
    "VN": (475, 2023),
    "MX": (507, 2023),
    "BO": (532, 2023),
    "PE": (266, 2023),
    "EC": (150, 2023),
    "CO": (260, 2023),
    "US": (369, 2023),
}
"""Grams CO2e for each kWh, and the year of the data."""

ELECTRICITY: Mapping[str, EmissionFactor] = {
    country: EmissionFactor(
        value=Fraction(grams, 1000),
        unit=_KWH.symbol,
        gas="CO2e",
        basis=GENERATION_BASIS,
        source=_GRID,
        country=country,
        year=year,
    )
    for country, (grams, year) in _GRID_G_PER_KWH.items()
}
"""One factor a country: the year is that of the data on file."""


def local_factor(kg_per_unit: Decimal, unit: Unit, source: str | None) -> EmissionFactor:
    """The factor that the applicant states, kg CO2e for each unit as written on the line."""
    return EmissionFactor(
        value=Fraction(kg_per_unit),
        unit=unit.symbol,
        gas="CO2e",
        basis=LOCAL_BASIS,
        source=source or _LOCAL,
        is_local=True,
    )


def highest_energy_factor() -> EmissionFactor:
    """The highest fossil factor on file for a GJ of energy of any kind, electricity included.

    What a saving of energy of unknown origin can avoid at the most.
    """
    kwh_in_gj = converted(Fraction(1), _KWH, GJ)
    known = [(f.factor.value, f.factor) for f in FUELS.values() if not f.is_biogenic]
    known += [(factor.value / kwh_in_gj, factor) for factor in ELECTRICITY.values()]
    return max(known, key=lambda pair: pair[0])[1]
