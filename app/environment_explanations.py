"""The results for the environment, from the rows of the form to tonnes and the cost of a unit."""

from collections.abc import Iterator
from fractions import Fraction

from app.case_words import EVIDENCE_NAMES
from app.rendering import amount, lower_first
from app.row_explanations import Explanation, form_rows
from appraisal.environment import CarbonLine, EnvironmentReport, IndicatorResult, counted_effects
from appraisal.indicator import CO2_BIOGENIC, CO2E
from appraisal.line_effects import Effect
from loans.cases.assessment import Assessment

_MOST_PLACES = 4


def environment_explanations(
    assessment: Assessment, report: EnvironmentReport
) -> Iterator[Explanation]:
    """Stated results, the carbon of each line, each result, and what a saved unit costs."""
    figures = assessment.figures
    codes = {row.code for row in form_rows(figures.measures)}
    effects = counted_effects(report.effects)
    for effect in dict.fromkeys(_code(one) for one in effects if _code(one) not in codes):
        yield from _stated(effect, effects)
    yield from {one.code: one for one in map(_carbon, report.carbon)}.values()
    for result in report.results:
        parts = [effect for effect in effects if _belongs(effect, result)]
        carbon = [line for line in report.carbon if _is_carbon_of(line, result)]
        measures = [*(one.measure for one in carbon), *(one.measure for one in parts)]
        yield _result(result, parts, carbon)
        yield from _cost(assessment, result, tuple(dict.fromkeys(measures)))
        yield from _funded(assessment, result)


def _code(effect: Effect) -> str:
    return f"{effect.measure}.{effect.line}"


def result_code(result: IndicatorResult) -> str:
    """The code of a result: its indicator, with the substance where it has one."""
    substance = f".{result.substance.casefold()}" if result.substance else ""
    return f"environment.{result.indicator.code}{substance}.{result.unit}"


def _belongs(effect: Effect, result: IndicatorResult) -> bool:
    """Whether the effect is of the indicator, the substance and the kind of unit of a result."""
    if effect.indicator.code != result.indicator.code:
        return False
    same = effect.substance.casefold() == result.substance.casefold()
    return same and f"{effect.measure} {effect.line}" in result.lines


def _stated(code: str, effects: list[Effect]) -> Iterator[Explanation]:
    """A result that the applicant states is a leaf, as a row of the form is."""
    for effect in [one for one in effects if _code(one) == code][:1]:
        said = _quantity(effect.reduction)
        yield Explanation(
            code=code,
            name=f"{effect.measure}: {effect.line}",
            formula="Result as stated, a year",
            with_numbers=f"{said} {effect.scale.written.symbol}",
            result=f"{said} {effect.scale.written.symbol}",
            note=f"Evidence: {lower_first(EVIDENCE_NAMES[effect.evidence])}.",
        )


def _carbon(line: CarbonLine) -> Explanation:
    row = f"{line.measure}.{line.line}"
    conversion = f" Conversion: {line.conversion}." if line.conversion else ""
    return Explanation(
        code=f"carbon.{row}",
        name=f"Carbon of {line.measure} {line.line}",
        formula="Quantity saved a year, in the unit of the factor, x emission factor / 1,000",
        with_numbers=f"{_quantity(line.reduction)} {line.unit} x {line.factor}",
        result=f"{_quantity(line.tonnes_a_year)} t a year",
        rests_on=(row,),
        note=("From biomass: a memo, in no sum." if line.is_biogenic else "") + conversion,
    )


def _result(result: IndicatorResult, parts: list[Effect], carbon: list[CarbonLine]) -> Explanation:
    addends = [
        *(f"{line.measure} {line.line} {_quantity(line.tonnes_a_year)}" for line in carbon),
        *(f"{one.measure} {one.line} {_quantity(_in_unit(one, result))}" for one in parts),
    ]
    codes = [
        *(f"carbon.{line.measure}.{line.line}" for line in carbon),
        *(_code(one) for one in parts),
    ]
    return Explanation(
        code=result_code(result),
        name=f"{result.label} saved a year",
        formula="Sum over the lines of what is saved in a full year of normal operation",
        with_numbers=" + ".join(addends),
        result=f"{_quantity(result.reduction)} {result.unit}",
        rests_on=tuple(dict.fromkeys(codes)),
        note=f"Up to the horizon: {_quantity(result.lifetime_reduction)} {result.unit}.",
    )


def _is_carbon_of(line: CarbonLine, result: IndicatorResult) -> bool:
    if result.indicator == CO2E:
        return not line.is_biogenic
    return result.indicator == CO2_BIOGENIC and line.is_biogenic


def _in_unit(effect: Effect, result: IndicatorResult) -> Fraction:
    """The reduction in the unit of the result, which is that of the line or the canonical one."""
    if effect.scale.written.symbol == result.unit:
        return effect.reduction
    return effect.reduction * effect.scale.size


def _cost(
    assessment: Assessment, result: IndicatorResult, measures: tuple[str, ...]
) -> Iterator[Explanation]:
    """What a saved unit costs over the life of the measures that save it."""
    cost = result.cost
    if cost is None:
        return
    yield Explanation(
        code=f"{result_code(result)}.cost",
        name=f"Cost of a saved unit: {lower_first(result.label)}",
        formula="(Annualised investment + added costs - other savings) / units saved a year",
        with_numbers=(
            f"({amount(cost.annualised_investment)} + {amount(cost.added_cost)} - "
            f"{amount(cost.other_savings)}) / {_quantity(cost.saved_a_year)}"
        ),
        result=f"{amount(cost.levelised)} {assessment.figures.currency} per {result.unit}",
        rests_on=(
            result_code(result),
            *(f"{code}.investment" for code in measures),
            *(f"{code}.net_annual_saving" for code in measures),
        ),
        note="Below zero it pays without counting this saving." if cost.levelised < 0 else "",
    )


def _funded(assessment: Assessment, result: IndicatorResult) -> Iterator[Explanation]:
    """The part of a result that the loan pays for."""
    lent, invested = assessment.offer.maximum_amount, assessment.appraisal.project.investment
    if result.funded_reduction is not None:
        yield Explanation(
            code=f"{result_code(result)}.funded",
            name=f"{result.label} that the loan pays for",
            formula="Saved a year x loan / investment",
            with_numbers=f"{_quantity(result.reduction)} x {amount(lent)} / {amount(invested)}",
            result=f"{_quantity(result.funded_reduction)} {result.unit}",
            rests_on=(result_code(result), "maximum_amount", "investment"),
        )


def _quantity(value: Fraction) -> str:
    """Whole where it is, else with as many decimals as are needed, at most four."""
    places = next(
        (digits for digits in range(_MOST_PLACES) if (value * 10**digits).denominator == 1),
        _MOST_PLACES,
    )
    return amount(value, places=places)
