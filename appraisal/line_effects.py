"""What each line changes in the plant: use before and after, and the carbon that goes with it.

Only savings and added costs of tiers 1 and 2 that name an indicator, a quantity and a unit have
an effect here; a line that seems to have one and does not say it is named with the reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from appraisal.cost_inventory import Level, is_in
from appraisal.cost_lines import (
    CONTINGENT_TIER,
    CostLine,
    Evidence,
    ResultLine,
    RunningLine,
    SavingLine,
)
from appraisal.emission_factors import ELECTRICITY, FUELS, GJ, EmissionFactor, local_factor
from appraisal.full_years import full_years
from appraisal.indicator import Carbon, Indicator, Stream, read_indicator
from appraisal.proposal import Measure, Proposal
from appraisal.units import Dimension, Unit, converted, read_unit, symbols, unit_of

_KG_PER_TONNE = 1000
_CANONICAL = {
    Dimension.MASS: unit_of("t"),
    Dimension.VOLUME: unit_of("m3"),
    Dimension.COUNT: unit_of("pieces"),
}


class Gap(StrEnum):
    """What keeps a line out of the results, or its effect out of the carbon."""

    OUTPUT = "output"
    INDICATOR = "indicator"
    QUANTITY = "quantity"
    UNIT = "unit"
    FACTOR = "factor"


@dataclass(frozen=True)
class LeftOut:
    """A line that is left out, and what to enter."""

    measure: str
    line: str
    gap: Gap
    reason: str


@dataclass(frozen=True)
class Scale:
    """What one unit as written is worth in the canonical unit, and in kg of carbon dioxide."""

    written: Unit
    canonical: Unit
    size: Fraction
    factor: EmissionFactor | None
    carbon_kg: Fraction | None
    conversion: str | None = None
    """What turned a fuel into energy, where its published factor is used."""


@dataclass(frozen=True)
class Effect:
    """The effect of one line in a full year of normal operation, in the unit as written.

    ``before`` is None where the applicant states only the reduction. ``full_years`` is how many
    such years fall between commissioning and the horizon, after delay, ramp and seasons.
    """

    measure: str
    line: str
    indicator: Indicator
    substance: str
    reduction: Fraction
    before: Fraction | None
    full_years: Fraction
    evidence: Evidence
    counted_money: Fraction
    """The line's counted saving a year, negative for an added cost; 0 where none is counted."""

    scale: Scale
    is_stated: bool
    """A result that the applicant states, beside what follows from the lines."""

    @property
    def carbon_t(self) -> Fraction | None:
        """Tonnes of CO2 or CO2e a year, as the factor has it; None without a factor."""
        kg = self.scale.carbon_kg
        return None if kg is None else self.reduction * kg / _KG_PER_TONNE

    @property
    def is_biogenic(self) -> bool:
        """Whether its carbon is that of biomass, which is shown apart."""
        fuel = FUELS.get(self.indicator.code)
        return fuel is not None and fuel.is_biogenic

    @property
    def lacks_factor(self) -> bool:
        """Whether it avoids carbon that nothing on file or on the line puts a figure on."""
        needs = self.indicator.carbon in (Carbon.GRID, Carbon.LOCAL_ONLY)
        return needs and self.scale.factor is None


class _NotRead(Exception):
    """A line cannot be read; caught where the line is named."""

    def __init__(self, gap: Gap, reason: str) -> None:
        super().__init__(reason)
        self.gap, self.reason = gap, reason


def effects_of(proposal: Proposal) -> tuple[tuple[Effect, ...], tuple[LeftOut, ...]]:
    """Every effect of the financed measures, and the lines left out."""
    found = [
        item
        for measure in proposal.financed_measures
        for item in (*_from_lines(measure, proposal), *_from_results(measure, proposal))
    ]
    effects = tuple(item for item in found if isinstance(item, Effect))
    return effects, tuple(item for item in found if isinstance(item, LeftOut))


def _from_lines(measure: Measure, proposal: Proposal) -> Iterator[Effect | LeftOut]:
    lines: tuple[SavingLine | CostLine, ...] = (*measure.savings, *measure.added_costs)
    for line in lines:
        if line.tier >= CONTINGENT_TIER or _is_money_only(line):
            continue
        try:
            yield _line_effect(line, measure, proposal)
        except _NotRead as refusal:
            yield LeftOut(measure.code, line.code, refusal.gap, refusal.reason)


def _from_results(measure: Measure, proposal: Proposal) -> Iterator[Effect | LeftOut]:
    for number, result in enumerate(measure.results, start=1):
        name = f"result {number}"
        try:
            yield _stated_effect(result, name, measure, proposal)
        except _NotRead as refusal:
            yield LeftOut(measure.code, name, refusal.gap, refusal.reason)


def _is_money_only(line: SavingLine | CostLine) -> bool:
    """Whether nothing on the line asks for a result: no indicator, no quantity of anything."""
    if isinstance(line, CostLine) or _before_and_after(line) is None:
        return line.indicator is None
    return line.indicator is None and read_unit(line.unit or "") is None


def _line_effect(line: SavingLine | CostLine, measure: Measure, proposal: Proposal) -> Effect:
    if isinstance(line, SavingLine) and line.counts_as_output:
        raise _NotRead(Gap.OUTPUT, "Extra output is in no result.")
    if line.indicator is None:
        raise _NotRead(Gap.INDICATOR, "Say what is saved: choose an indicator for the line.")
    indicator = _indicator(line.indicator)
    quantities = _before_and_after(line)
    if quantities is None:
        raise _NotRead(Gap.QUANTITY, "Enter quantities and a price; money alone shows no result.")
    before, after = quantities
    unit = _unit(line.unit or "", indicator)
    return Effect(
        measure=measure.code,
        line=line.code,
        indicator=indicator,
        substance=line.label.strip() if indicator.is_by_substance else "",
        reduction=before - after,
        before=before,
        full_years=full_years(measure, proposal.assumptions.horizon_years, line),
        evidence=line.evidence,
        counted_money=_counted_money(line),
        scale=_scale(indicator, unit, proposal.enterprise.country, line),
        is_stated=indicator.carbon is Carbon.ITSELF,
    )


def _stated_effect(result: ResultLine, name: str, measure: Measure, proposal: Proposal) -> Effect:
    indicator = _indicator(result.indicator)
    unit = _unit(result.unit, indicator)
    return Effect(
        measure=measure.code,
        line=name,
        indicator=indicator,
        substance=result.label.strip() if indicator.is_by_substance else "",
        reduction=Fraction(result.reduction),
        before=None,
        full_years=full_years(measure, proposal.assumptions.horizon_years),
        evidence=result.evidence,
        counted_money=Fraction(0),
        scale=_scale(indicator, unit, proposal.enterprise.country, None),
        is_stated=True,
    )


def _before_and_after(line: SavingLine | CostLine) -> tuple[Fraction, Fraction] | None:
    """Quantities of the line; an added cost uses nothing before. None where it gives money only."""
    if isinstance(line, CostLine):
        return None if line.quantity is None else (Fraction(0), Fraction(line.quantity))
    if line.quantity_before is None or line.quantity_after is None:
        return None
    return Fraction(line.quantity_before), Fraction(line.quantity_after)


def _indicator(written: str) -> Indicator:
    indicator = read_indicator(written)
    if indicator is None:
        reason = "The indicator is not one of the list. Choose one from it."
        raise _NotRead(Gap.INDICATOR, reason)
    if indicator.stream is Stream.OUTPUT:
        reason = "Output is what results are measured against, and no result itself."
        raise _NotRead(Gap.OUTPUT, reason)
    return indicator


def _unit(written: str, indicator: Indicator) -> Unit:
    unit = read_unit(written)
    if unit is None or unit.dimension not in indicator.dimensions:
        known = symbols(indicator.dimensions)
        reason = f"The unit does not measure this. {indicator.label}: enter one of {known}."
        raise _NotRead(Gap.UNIT, reason)
    return unit


def _scale(indicator: Indicator, unit: Unit, country: str, line: RunningLine | None) -> Scale:
    """How the written unit converts; a local factor on the line wins over the published one."""
    canonical, size = _canonical(indicator, unit)
    if line is not None and line.emission_factor_kg is not None:
        local = local_factor(line.emission_factor_kg, unit, line.emission_factor_source)
        return Scale(unit, canonical, size, local, local.value)
    if indicator.carbon is Carbon.FUEL:
        fuel = FUELS[indicator.code]
        carbon_kg = size * fuel.factor.value
        return Scale(unit, canonical, size, fuel.factor, carbon_kg, fuel.conversion(unit))
    grid = ELECTRICITY.get(country) if indicator.carbon is Carbon.GRID else None
    if grid is not None:
        kwh = converted(Decimal(1), unit, unit_of(grid.unit))
        return Scale(unit, canonical, size, grid, kwh * grid.value)
    return Scale(unit, canonical, size, None, None)


def _canonical(indicator: Indicator, unit: Unit) -> tuple[Unit, Fraction]:
    """The unit in which lines of one indicator are added, and the size of the written one in it."""
    if indicator.carbon is Carbon.FUEL:
        energy_gj = FUELS[indicator.code].energy_gj(Decimal(1), unit)
        if energy_gj is None:
            reason = (
                f"Nothing on file turns {unit.symbol} of {indicator.label.lower()} into energy. "
                "Enter tonnes, or the energy in MWh or GJ."
            )
            raise _NotRead(Gap.UNIT, reason)
        return GJ, energy_gj
    shown = unit_of(indicator.unit)
    target = shown if shown.dimension is unit.dimension else _CANONICAL[unit.dimension]
    return target, converted(Decimal(1), unit, target)


def _counted_money(line: SavingLine | CostLine) -> Fraction:
    if not is_in(line, Level.TIER_1):
        return Fraction(0)
    money = line.annual_saving if isinstance(line, SavingLine) else -line.annual_cost
    return Fraction(money)
