"""Checks of the carbon: factors on file, their year, and stated CO2 against the energy."""

from collections.abc import Iterable
from fractions import Fraction

from appraisal.check import Case, Check, Verdict, judged, missing
from appraisal.emission_factors import GJ, EmissionFactor, highest_energy_factor
from appraisal.environment import EnvironmentReport, carbon_effects, counted_effects
from appraisal.indicator import CO2E
from appraisal.line_effects import Effect, Gap, LeftOut
from appraisal.proposal import Proposal
from appraisal.units import converted, quantity_text, unit_of

_TOLERANCE = Fraction(1, 4)
"""National and local factors lie this far from the published ones, seldom farther."""

_KG_PER_TONNE = 1000


def factors_on_file(_: Proposal, report: EnvironmentReport) -> Check | None:
    """Savings of energy whose carbon no factor puts a figure on."""
    return missing(
        "emission_factors",
        "Every saving of energy has its emission factor",
        [(f"{gap.measure} {gap.line}", gap.reason) for gap in _factor_gaps(report)],
        limit="a published factor, or a local one with its source",
        source="IPCC 2006; national electricity factors",
    )


def _factor_gaps(report: EnvironmentReport) -> list[LeftOut]:
    """The effects on energy without an emission factor."""
    return [gap for gap in report.left_out if gap.gap is Gap.FACTOR]


def factor_year(proposal: Proposal, report: EnvironmentReport) -> Check | None:
    """Electricity changes from year to year; fuels burn as they always did."""
    wanted = proposal.assumptions.baseline_year
    factors = dict.fromkeys(line.factor for line in report.carbon)
    dated = [factor for factor in factors if factor.country is not None]
    if wanted is None or not dated:
        return None
    cases = [
        Case(
            Verdict.PLAUSIBLE if factor.year == wanted else Verdict.LOOK_AGAIN,
            f"the electricity factor of {factor.country} is of {factor.year}",
            f"the baseline's year, {wanted}",
        )
        for factor in dated
    ]
    return judged(
        "factor_year",
        "The electricity factor is of the baseline's year",
        cases,
        source=_sources(dated),
        needed=f"Enter the factor of {wanted} on the line, with its source.",
    )


def stated_carbon(_: Proposal, report: EnvironmentReport) -> Check | None:
    """Stated CO2 against the most that the energy of the same measure explains."""
    stated: dict[str, Fraction] = {}
    for effect in report.effects:
        if effect.indicator == CO2E:
            stated.setdefault(effect.measure, Fraction(0))
            stated[effect.measure] += effect.reduction * effect.scale.size
    if not stated:
        return None
    cases = [_carbon_case(code, tonnes, report.effects) for code, tonnes in stated.items()]
    factors = [line.factor for line in report.carbon if line.measure in stated]
    if not factors or any(gap.measure in stated for gap in _factor_gaps(report)):
        factors.append(highest_energy_factor())
    return judged(
        "stated_co2",
        "The stated CO2 agrees with the energy saved",
        cases,
        source=_sources(factors),
        needed=(
            "Enter the energy that is saved and the CO2 on the measure they belong to, with the "
            "calculation where other gases or other sources are counted."
        ),
    )


def _carbon_case(code: str, stated_t: Fraction, effects: Iterable[Effect]) -> Case:
    own = counted_effects(effect for effect in effects if effect.measure == code)
    known = sum(
        (
            effect.carbon_t or Fraction(0)
            for effect in carbon_effects(own)
            if not effect.is_biogenic
        ),
        Fraction(0),
    )
    is_open = any(effect.lacks_factor for effect in own)
    value = f"{code}: {quantity_text(stated_t, 't')} stated"
    if not is_open and all(effect.carbon_t is None for effect in own):
        return Case(Verdict.UNKNOWN, value, f"{code} states no energy to check it against")
    most = known + max(_most_carbon_t(own), Fraction(0))
    too_much = stated_t > most + abs(most) * _TOLERANCE
    too_little = not is_open and stated_t < known - abs(known) * _TOLERANCE
    explained = ("at most " if is_open else "") + quantity_text(most, "t")
    limit = f"the energy of {code} explains {explained}, give or take 25 %"
    return Case(Verdict.LOOK_AGAIN if too_much or too_little else Verdict.PLAUSIBLE, value, limit)


def _most_carbon_t(effects: Iterable[Effect]) -> Fraction:
    """The most CO2 that energy without a factor can avoid, by the highest factor on file."""
    factor = highest_energy_factor()
    per_gj = converted(Fraction(1), GJ, unit_of(factor.unit)) * factor.value / _KG_PER_TONNE
    return sum(
        (
            converted(effect.reduction, effect.scale.written, GJ) * per_gj
            for effect in effects
            if effect.lacks_factor
        ),
        Fraction(0),
    )


def _sources(factors: Iterable[EmissionFactor]) -> str:
    return "; ".join(dict.fromkeys(str(factor) for factor in factors))
