"""Whether the stated results can be true: each check as value, limit, source and what would pass.

A check is made only where there are grounds for it. Prices are not judged: the projects on file
are of other years, countries and currencies.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from appraisal.carbon_checks import factor_year, factors_on_file, stated_carbon
from appraisal.cash_flow import investment_of, net_annual_saving_of
from appraisal.check import DECIDED_HERE, Case, Check, Verdict, judged, missing, percent
from appraisal.environment import EnvironmentReport
from appraisal.indicator import CO2E
from appraisal.line_effects import Effect, Gap
from appraisal.measure_type import payback_ratio
from appraisal.proposal import Proposal, Technique
from appraisal.units import quantity_text

_PUBLISHED = "285 implemented measures of the US Industrial Assessment Centers, reported by clients"
_RESULT_TOLERANCE = Fraction(1, 10)
_LARGEST_SHARE = Fraction(8, 10)
_SHORTEST_PAYBACK_YEARS = Fraction(2, 10)
"""Of the published measures 14 of 285, one in twenty, paid back faster."""

_LARGEST_PART_OF_TURNOVER = Fraction(3, 10)
"""Of the published measures 276 of 280 with a known turnover saved less than this part of it."""


def plausibility_checks(proposal: Proposal, report: EnvironmentReport) -> tuple[Check, ...]:
    """Every check that the figures give grounds for, each with its worst case first."""
    checks: tuple[Callable[[Proposal, EnvironmentReport], Check | None], ...] = (
        _read,
        factors_on_file,
        factor_year,
        stated_carbon,
        _stated_results,
        _beyond_baseline,
        _saved_share,
        _payback,
        _part_of_turnover,
    )
    made = (check(proposal, report) for check in checks)
    return tuple(check for check in made if check is not None)


def _read(_: Proposal, report: EnvironmentReport) -> Check | None:
    gaps = [gap for gap in report.left_out if gap.gap not in (Gap.OUTPUT, Gap.FACTOR)]
    return missing(
        "results_readable",
        "Every quantity has its indicator and unit",
        [(f"{gap.measure} {gap.line}", gap.reason) for gap in gaps],
        limit="the indicators and units of the list",
        source=DECIDED_HERE,
    )


def _stated_results(_: Proposal, report: EnvironmentReport) -> Check | None:
    """A stated result against the lines of the same measure, where both are there."""
    cases = [
        Case(
            Verdict.PLAUSIBLE if _agree(stated, computed) else Verdict.LOOK_AGAIN,
            f"{name}: {quantity_text(stated, unit)} stated",
            f"the lines give {quantity_text(computed, unit)}, give or take 10 %",
        )
        for (name, unit), (stated, computed) in _stated_and_computed(report).items()
    ]
    return judged(
        "stated_results",
        "The stated results agree with the lines",
        cases,
        source=DECIDED_HERE,
        needed="Correct the result or the quantities on the lines; the lines are counted.",
    )


def _agree(stated: Fraction, computed: Fraction) -> bool:
    return abs(stated - computed) <= abs(computed) * _RESULT_TOLERANCE


def _stated_and_computed(
    report: EnvironmentReport,
) -> Mapping[tuple[str, str], tuple[Fraction, Fraction]]:
    groups: dict[tuple[str, str], dict[bool, Fraction]] = {}
    for effect in report.effects:
        if effect.indicator != CO2E:
            sums = groups.setdefault((_name(effect), effect.scale.canonical.symbol), {})
            so_far = sums.get(effect.is_stated, Fraction(0))
            sums[effect.is_stated] = so_far + _canonical(effect)
    both = {key: sums for key, sums in groups.items() if len(sums) == len((True, False))}
    return {key: (sums[True], sums[False]) for key, sums in both.items()}


def _beyond_baseline(_: Proposal, report: EnvironmentReport) -> Check | None:
    """No more can be saved than was used; lines with one baseline share one meter."""
    cases = [
        Case(
            Verdict.LOOK_AGAIN if saved > before else Verdict.PLAUSIBLE,
            f"{name}: {quantity_text(saved, unit)} saved",
            f"{quantity_text(before, unit)} used before",
        )
        for name, unit, before, saved in _against_baseline(report)
    ]
    return judged(
        "saved_beyond_baseline",
        "No more is saved than was used before",
        cases,
        source="definition of the baseline: the last twelve months",
        needed="Correct the quantities, so that measures on one meter share its baseline.",
    )


def _against_baseline(report: EnvironmentReport) -> Iterator[tuple[str, str, Fraction, Fraction]]:
    """Name, unit, baseline and saving: of lines on one meter, and of stated results."""
    meters: dict[tuple[str, str, str, Fraction], list[Effect]] = {}
    for effect in report.effects:
        if effect.before and not effect.is_stated:
            amount = effect.before * effect.scale.size
            key = (effect.indicator.label, effect.substance, effect.scale.canonical.symbol, amount)
            meters.setdefault(key, []).append(effect)
    for (label, substance, unit, before), effects in meters.items():
        names = ", ".join(f"{effect.measure} {effect.line}" for effect in effects)
        saved = sum(map(_canonical, effects), Fraction(0))
        yield f"{label} {substance}".strip() + f" ({names})", unit, before, saved
    yield from _stated_against_baseline(report)


def _stated_against_baseline(
    report: EnvironmentReport,
) -> Iterator[tuple[str, str, Fraction, Fraction]]:
    """Of each measure that states a result, the baseline on its lines of the same thing."""
    used: dict[str, Fraction] = {}
    for line in report.effects:
        if line.before is not None:
            used[_name(line)] = used.get(_name(line), Fraction(0)) + line.before * line.scale.size
    for stated in report.effects:
        before = used.get(_name(stated))
        if stated.is_stated and before:
            unit = stated.scale.canonical.symbol
            yield f"{stated.line} of {_name(stated)}", unit, before, _canonical(stated)


def _canonical(effect: Effect) -> Fraction:
    return effect.reduction * effect.scale.size


def _name(effect: Effect) -> str:
    """Measure, indicator and substance in words: what may be compared."""
    return f"{effect.measure} {effect.indicator.label} {effect.substance}".strip()


def _saved_share(proposal: Proposal, report: EnvironmentReport) -> Check | None:
    """Most of an input saved is rare, unless another input takes its place."""
    substituting = {
        measure.code
        for measure in proposal.financed_measures
        if measure.technique is Technique.INPUT_SUBSTITUTION
    }
    cases = [
        Case(
            Verdict.LOOK_AGAIN if share > _LARGEST_SHARE else Verdict.PLAUSIBLE,
            f"{effect.measure} {effect.line}: {percent(share)} of the "
            f"{effect.indicator.label.lower()} is saved",
            f"at most {percent(_LARGEST_SHARE)}",
        )
        for effect in report.effects
        if effect.before and effect.indicator.is_bought and effect.measure not in substituting
        for share in (effect.reduction / effect.before,)
    ]
    return judged(
        "saved_share",
        "A measure seldom saves most of what was used",
        cases,
        source=DECIDED_HERE,
        needed="Meter readings or a calculation of what is left; or say what takes its place.",
    )


def _payback(proposal: Proposal, _: EnvironmentReport) -> Check | None:
    investment = investment_of(proposal.financed_measures)
    ratio = payback_ratio(investment, net_annual_saving_of(proposal.financed_measures))
    if not ratio:
        return None
    case = Case(
        Verdict.LOOK_AGAIN if ratio < _SHORTEST_PAYBACK_YEARS else Verdict.PLAUSIBLE,
        f"payback {float(ratio):.2f} years",
        f"{float(_SHORTEST_PAYBACK_YEARS):g} years or more, as nineteen in twenty measures",
    )
    return judged(
        "payback_range",
        "The payback is not shorter than usual",
        [case],
        source=_PUBLISHED,
        needed="Show all of the investment, and the bills behind the saving.",
    )


def _part_of_turnover(proposal: Proposal, _: EnvironmentReport) -> Check | None:
    turnover = proposal.enterprise.annual_turnover
    if not turnover:
        return None
    part = Fraction(net_annual_saving_of(proposal.financed_measures)) / Fraction(turnover)
    case = Case(
        Verdict.LOOK_AGAIN if part > _LARGEST_PART_OF_TURNOVER else Verdict.PLAUSIBLE,
        f"the yearly saving is {percent(part)} of the turnover",
        f"at most {percent(_LARGEST_PART_OF_TURNOVER)}, as 276 of 280 measures",
    )
    return judged(
        "part_of_turnover",
        "The saving is small beside the turnover",
        [case],
        source=_PUBLISHED,
        needed="Correct the turnover or the saving, or show the accounts of both.",
    )
