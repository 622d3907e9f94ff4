"""Environmental results of a proposal: per indicator what is saved a year, and what it costs.

Results are for the first full year of normal operation, at unchanged output. Tonnes of different
substances are never added; carbon from biomass is a memo beside fossil carbon.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from appraisal.cost_lines import Evidence
from appraisal.emission_factors import EmissionFactor
from appraisal.indicator import CO2_BIOGENIC, CO2E, INDICATORS, Indicator
from appraisal.line_effects import Effect, Gap, LeftOut, effects_of
from appraisal.proposal import Proposal
from appraisal.unit_cost import MeasureMoney, UnitCost, measure_money, unit_cost

_CONVENTIONS = {
    "year": "A full year of normal operation after ramp-up, at unchanged output.",
    "reduction": (
        "Before less after, as the lines say it; where a measure states a result and no line "
        "shows it, the stated one."
    ),
    "carbon": (
        "Quantity x emission factor. Fuels on net calorific value, CO2 only; electricity CO2e of "
        "the country's average generation. A local factor on the line wins. Carbon from biomass "
        "is a memo and in no sum."
    ),
    "lifetime": "Up to the horizon of the appraisal, with delay, ramp, seasons and life.",
    "unit_cost": (
        "(annualised investment + added operating cost - other savings) / units saved a year, "
        "over the measures that save them; below zero it pays without counting them."
    ),
    "left_out": "Extra output, contingent and less tangible items are in no result.",
}


@dataclass(frozen=True)
class CarbonLine:
    """The carbon of one effect, with the factor that it rests on."""

    measure: str
    line: str
    indicator: str
    reduction: Fraction
    """In the unit written on the line."""

    unit: str
    factor: EmissionFactor
    conversion: str | None
    """Density and calorific value behind it, with their sources; None where none was needed."""

    tonnes_a_year: Fraction
    is_biogenic: bool


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator (or one substance of it) over all financed measures, in ``unit`` a year."""

    indicator: Indicator
    substance: str
    unit: str
    before: Fraction | None
    """Use or emission of the baseline, over the lines that give it."""

    after: Fraction | None
    from_lines: Fraction | None
    stated: Fraction | None
    """What the applicant states; shown beside the other and never added to it."""

    reduction: Fraction
    lifetime_reduction: Fraction
    funded_reduction: Fraction | None
    """The part of the reduction that the loan pays for."""

    lines: tuple[str, ...]
    """Measure and line, such as ``M1 R04``."""

    evidence: Evidence
    """The weakest of the lines."""

    cost: UnitCost | None
    partial: str | None = None
    """Which lines the figure leaves out, so that it has no unit cost; None where it is whole."""

    @property
    def label(self) -> str:
        """The indicator, with its substance where it has one."""
        return self.indicator.label + (f": {self.substance}" if self.substance else "")


@dataclass(frozen=True)
class EnvironmentReport:
    """Everything that a page, an officer or a monitoring report needs of the expected results."""

    results: tuple[IndicatorResult, ...]
    carbon: tuple[CarbonLine, ...]
    left_out: tuple[LeftOut, ...]
    effects: tuple[Effect, ...]
    conventions: dict[str, str]

    def of(self, code: str) -> IndicatorResult | None:
        """The first result of the indicator ``code``."""
        return next((one for one in self.results if one.indicator.code == code), None)

    @property
    def carbon_is_complete(self) -> bool:
        """Whether every saving of energy has its emission factor."""
        return all(gap.gap is not Gap.FACTOR for gap in self.left_out)


@dataclass(frozen=True)
class _Share:
    """What one effect adds to a row; ``size`` turns its reduction into the row's unit."""

    effect: Effect
    size: Fraction
    is_stated: bool

    @property
    def reduction(self) -> Fraction:
        return self.effect.reduction * self.size


@dataclass(frozen=True)
class _Row:
    indicator: Indicator
    substance: str
    unit: str
    shares: tuple[_Share, ...]


def environment_report(
    proposal: Proposal, *, funded_share: Fraction | None = None
) -> EnvironmentReport:
    """The expected environmental results of the financed measures.

    ``funded_share`` is loan / investment; the fund's share of each result is that part of it.
    """
    effects, unread = effects_of(proposal)
    gaps = _without_factor(effects)
    rows = (*_rows(effects), *_carbon_rows(effects))
    order = list(INDICATORS)
    rate = proposal.assumptions.discount_rate
    money = {m.code: measure_money(m, rate) for m in proposal.financed_measures}
    ordered = sorted(rows, key=lambda row: (order.index(row.indicator.code), row.substance))
    return EnvironmentReport(
        results=tuple(_named(_result(row, money, funded_share), gaps) for row in ordered),
        carbon=tuple(_carbon_lines(effects)),
        left_out=(*unread, *gaps),
        effects=effects,
        conventions=dict(_CONVENTIONS),
    )


def _rows(effects: Iterable[Effect]) -> list[_Row]:
    """One row for each indicator, substance and canonical unit; carbon itself has its own."""
    groups: dict[tuple[str, str, str], list[Effect]] = {}
    for effect in effects:
        if effect.indicator not in (CO2E, CO2_BIOGENIC):
            substance = effect.substance.casefold()
            key = (effect.indicator.code, substance, effect.scale.canonical.symbol)
            groups.setdefault(key, []).append(effect)
    return [_row(group) for group in groups.values()]


def _row(effects: Sequence[Effect]) -> _Row:
    """Shown in the unit as written where all lines agree, else in the canonical one."""
    scale = effects[0].scale
    agreed = all(effect.scale.written == scale.written for effect in effects)
    unit = scale.written if agreed else scale.canonical
    shares = tuple(
        _Share(effect, Fraction(1) if agreed else effect.scale.size, effect.is_stated)
        for effect in effects
    )
    return _Row(effects[0].indicator, effects[0].substance, unit.symbol, shares)


def _carbon_rows(effects: Sequence[Effect]) -> list[_Row]:
    """Fossil carbon, and that of biomass: what follows from the energy beside what is stated."""
    rows = []
    for indicator, is_biogenic in ((CO2E, False), (CO2_BIOGENIC, True)):
        computed = tuple(
            _Share(effect, Fraction(effect.scale.carbon_kg or 0) / 1000, is_stated=False)
            for effect in carbon_effects(effects)
            if effect.is_biogenic is is_biogenic
        )
        stated = tuple(
            _Share(effect, effect.scale.size, is_stated=True)
            for effect in effects
            if effect.indicator == indicator
        )
        if computed or stated:
            rows.append(_Row(indicator, "", indicator.unit, (*computed, *stated)))
    return rows


def counted_effects(effects: Iterable[Effect]) -> list[Effect]:
    """The lines, and what a measure states where none of its lines shows it."""
    effects = list(effects)
    shown = {(e.measure, e.indicator.code) for e in effects if not e.is_stated}
    return [e for e in effects if not e.is_stated or (e.measure, e.indicator.code) not in shown]


def carbon_effects(effects: Iterable[Effect]) -> list[Effect]:
    """The counted effects whose carbon is known."""
    return [effect for effect in counted_effects(effects) if effect.carbon_t is not None]


def _carbon_lines(effects: Sequence[Effect]) -> Iterable[CarbonLine]:
    for effect in counted_effects(effects):
        factor, tonnes = effect.scale.factor, effect.carbon_t
        if factor is not None and tonnes is not None:
            yield CarbonLine(
                measure=effect.measure,
                line=effect.line,
                indicator=effect.indicator.code,
                reduction=effect.reduction,
                unit=effect.scale.written.symbol,
                factor=factor,
                conversion=effect.scale.conversion,
                tonnes_a_year=tonnes,
                is_biogenic=effect.is_biogenic,
            )


def _without_factor(effects: Iterable[Effect]) -> list[LeftOut]:
    return [
        LeftOut(
            effect.measure,
            effect.line,
            Gap.FACTOR,
            f"No emission factor of {effect.indicator.label.lower()} is on file for this site, so "
            "its carbon is in no figure. Enter the supplier's kg of CO2e per unit and the source.",
        )
        for effect in counted_effects(effects)
        if effect.lacks_factor
    ]


def _named(result: IndicatorResult, gaps: Sequence[LeftOut]) -> IndicatorResult:
    """Carbon without every factor is of the named lines only: no cost rests on such a part."""
    if not gaps or result.indicator not in (CO2E, CO2_BIOGENIC):
        return result
    missing = ", ".join(f"{gap.measure} {gap.line}" for gap in gaps)
    words = f"of {', '.join(result.lines)} only; no emission factor: {missing}"
    return replace(result, cost=None, partial=words)


def _result(
    row: _Row, money: Mapping[str, MeasureMoney], funded_share: Fraction | None
) -> IndicatorResult:
    lines = [share for share in row.shares if not share.is_stated]
    stated = [share for share in row.shares if share.is_stated]
    counted = _expected(row.shares)
    reduction = _sum(counted)
    before = [one.effect.before * one.size for one in lines if one.effect.before is not None]
    known = before and len(before) == len(lines)
    return IndicatorResult(
        indicator=row.indicator,
        substance=row.substance,
        unit=row.unit,
        before=sum(before, Fraction(0)) if known else None,
        after=sum(before, Fraction(0)) - _sum(lines) if known else None,
        from_lines=_sum(lines) if lines else None,
        stated=_sum(stated) if stated else None,
        reduction=reduction,
        lifetime_reduction=sum((s.reduction * s.effect.full_years for s in counted), Fraction(0)),
        funded_reduction=None if funded_share is None else reduction * funded_share,
        lines=tuple(f"{share.effect.measure} {share.effect.line}" for share in row.shares),
        evidence=_weakest(share.effect.evidence for share in counted),
        cost=_cost(row, counted, money, reduction),
    )


def _expected(shares: Sequence[_Share]) -> list[_Share]:
    """Of each measure the lines where it has any, else what it states."""
    shown = {share.effect.measure for share in shares if not share.is_stated}
    return [share for share in shares if not share.is_stated or share.effect.measure not in shown]


def _cost(
    row: _Row, counted: Sequence[_Share], money: Mapping[str, MeasureMoney], reduction: Fraction
) -> UnitCost | None:
    """Over the measures that save it; the money of the row's own lines is left out of the rest."""
    codes = dict.fromkeys(share.effect.measure for share in counted)
    own = (s.effect.counted_money for s in row.shares if s.effect.indicator == row.indicator)
    return unit_cost([money[code] for code in codes], own, reduction)


def _sum(shares: Iterable[_Share]) -> Fraction:
    return sum((share.reduction for share in shares), Fraction(0))


def _weakest(grades: Iterable[Evidence]) -> Evidence:
    order = list(Evidence)
    return max(grades, key=order.index)
