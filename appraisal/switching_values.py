"""Switching values: how far one input may move, all others as entered, before the answer changes.

The net present value reaches zero, the weakest month's saving just pays the instalment, or the
simple payback reaches its limit. Where the result is linear in the input the value is solved for
exactly; delay and life are whole numbers, searched; for the discount rate it is the internal rate.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

import numpy as np

from appraisal.exact_effects import project_effects
from appraisal.irr_result import IrrResult
from appraisal.linear_crossings import NO_EFFECT, STAYS_BAD, STAYS_GOOD, LinearResults, Target
from appraisal.money import round_half_up
from appraisal.proposal import Proposal
from appraisal.scenario_changes import LONGEST_DELAY_MONTHS, LONGEST_LIFE_YEARS, Changes
from appraisal.scenario_model import Figure, LevelLoan, ScenarioModel, ScenarioResults
from appraisal.varied_inputs import (
    VariedInput,
    delay_input,
    discount_rate_input,
    life_input,
    scalable_inputs,
)

_WHOLE = Context(prec=400)
_ROUNDING = 1e-9
"""Part of a result that may be left of rounding in floating point."""


@dataclass(frozen=True)
class PaybackLimit:
    """The longest simple payback that is wanted, and where it comes from in words."""

    years: Fraction
    words: str


@dataclass(frozen=True)
class SwitchingValue:
    """Where one input brings one result to its limit."""

    target: Target
    input: VariedInput
    holds: bool
    """Whether the result is on the good side as entered."""

    value: Decimal | None
    """In the input's unit, rounded half up to its digits.

    Delay and life: the last whole number with which the result is on the good side, or, where it
    is on the bad side as entered, the first.
    """

    exact: Fraction | None
    """The value before rounding."""

    change: float | None
    """(value - base) / base; None without a value, or from a base of zero."""

    note: str | None
    """Why there is no value, or what to bear in mind with it."""


def switching_values(
    proposal: Proposal,
    rates: IrrResult,
    loan: LevelLoan | None,
    payback_limit: PaybackLimit | None,
) -> tuple[SwitchingValue, ...]:
    """Every input against every target; no cover without a loan, no payback without a limit.

    ``rates`` are the project's internal rates of return. The instalment of ``loan`` stays as it
    is, whatever varies. A delay is searched up to 120 months, a life from 1 to 40 years; all
    lives change by as many years as the longest.
    """
    effects = project_effects(proposal.financed_measures, proposal.assumptions, loan)
    linear = LinearResults(effects, loan, payback_limit.years if payback_limit else None)
    model = ScenarioModel.of(proposal.financed_measures, proposal.assumptions, loan)
    scaled = (value for each in scalable_inputs(proposal) for value in _scaled(linear, each))
    return (*scaled, *_stepped(proposal, model, linear), *_of_rate(proposal, rates, linear))


def _scaled(linear: LinearResults, varied: VariedInput) -> Iterator[SwitchingValue]:
    part, base = linear.part(varied), Fraction(varied.base)
    for target, holds in linear.holds.items():
        crossing = linear.crossing(target, part)
        if isinstance(crossing, str):
            yield _switching(target, varied, None, crossing, holds=holds)
        else:
            yield _switching(target, varied, crossing * base, None, holds=holds)


def _stepped(
    proposal: Proposal, model: ScenarioModel, linear: LinearResults
) -> Iterator[SwitchingValue]:
    """Delay and life: whole numbers from the one as entered outwards, a life both ways."""
    delay, life = delay_input(), life_input(proposal)
    longest = int(life.base)
    delays = list(range(LONGEST_DELAY_MONTHS + 1))
    lives = list(range(1, LONGEST_LIFE_YEARS + 1))
    later = _results(model, Changes(delay_months=np.array(delays)), len(delays))
    lived = _results(model, Changes(life_change_years=np.array(lives) - longest), len(lives))
    shorter, longer = slice(longest - 1, None, -1), slice(longest - 1, None)
    for varied, numbers, results, ways in (
        (delay, delays, later, (slice(None),)),
        (life, lives, lived, (shorter, longer)),
    ):
        for target, holds in linear.holds.items():
            is_good = _good(target, results)
            turns = [_turn(numbers[way], is_good[way], holds=holds) for way in ways]
            yield _stepping(target, varied, turns, holds=holds, changes=bool(is_good))


def _results(model: ScenarioModel, changes: Changes, n: int) -> ScenarioResults:
    return model.results(changes, n, {Figure.NET_PRESENT_VALUE, Figure.MINIMUM_COVER})


def _good(target: Target, results: ScenarioResults) -> Sequence[bool]:
    """Whether each scenario is on the good side; nothing for a result that never changes."""
    match target:
        case Target.NET_PRESENT_VALUE:
            values = results[Figure.NET_PRESENT_VALUE]
            return [bool(good) for good in values >= -_ROUNDING * np.abs(values).max()]
        case Target.MINIMUM_COVER:
            return [bool(good) for good in results[Figure.MINIMUM_COVER] >= 1 - _ROUNDING]
        case _:
            return []


def _turn(numbers: Sequence[int], is_good: Sequence[bool], *, holds: bool) -> int | None:
    """The last good number before the first bad one, or the first good one from a bad start."""
    turn = next((place for place, good in enumerate(is_good) if good is not holds), None)
    if turn is None:
        return None
    return numbers[turn - 1 if holds else turn]


def _stepping(
    target: Target,
    varied: VariedInput,
    turns: Sequence[int | None],
    *,
    holds: bool,
    changes: bool,
) -> SwitchingValue:
    """The nearest of the turns one way and the other, or why there is none."""
    found = [turn for turn in turns if turn is not None]
    if found:
        nearest = min(found, key=lambda turn: abs(turn - varied.base))
        return _switching(target, varied, Fraction(nearest), None, holds=holds)
    note = STAYS_GOOD if holds else STAYS_BAD
    return _switching(target, varied, None, note if changes else NO_EFFECT, holds=holds)


def _of_rate(
    proposal: Proposal, rates: IrrResult, linear: LinearResults
) -> Iterator[SwitchingValue]:
    """The discount rate: the internal rate of return nearest to it."""
    varied = discount_rate_input(proposal)
    for target, holds in linear.holds.items():
        if target is not Target.NET_PRESENT_VALUE:
            yield _switching(target, varied, None, NO_EFFECT, holds=holds)
            continue
        finite = [rate for rate in rates.roots if math.isfinite(rate)]
        if not finite:
            yield _switching(target, varied, None, rates.reason, holds=holds)
            continue
        own = proposal.assumptions.discount_rate
        nearest = min(finite, key=lambda rate: abs(math.log1p(rate) - math.log1p(own)))
        several = f"There are {len(rates.roots)} such rates; this is the nearest."
        note = several if len(rates.roots) > 1 else None
        yield _switching(target, varied, Fraction(Decimal(repr(nearest))), note, holds=holds)


def _switching(
    target: Target, varied: VariedInput, exact: Fraction | None, note: str | None, *, holds: bool
) -> SwitchingValue:
    if exact is None:
        return SwitchingValue(target, varied, holds, None, None, None, note)
    scaled = round_half_up(exact * 10**varied.digits)
    value = Decimal(scaled).scaleb(-varied.digits, _WHOLE)
    base = Fraction(varied.base)
    change = float((exact - base) / base) if base else None
    return SwitchingValue(target, varied, holds, value, exact, change, note)
