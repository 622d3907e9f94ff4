"""At which factor on one input a result reaches its limit: exact, where the result is linear in it.

Net present value, the saving of each month that pays an instalment, and the margin of the simple
payback are all a + factor x b.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, Self

from appraisal.cost_lines import CostLine, SavingLine
from appraisal.exact_effects import Chosen, Effect, ProjectEffects
from appraisal.scenario_changes import LineKey
from appraisal.scenario_model import LevelLoan
from appraisal.varied_inputs import InputKind, VariedInput

NO_EFFECT = "It does not change this result."
STAYS_GOOD = "The result stays on the good side, however far it moves."
STAYS_BAD = "No value of it by itself brings the result to the good side."


class Target(StrEnum):
    """What is asked for."""

    NET_PRESENT_VALUE = "net_present_value"
    """Net present value of zero at the discount rate."""

    MINIMUM_COVER = "minimum_cover"
    """The smallest saving of an instalment's month equals the instalment."""

    PAYBACK = "payback"
    """Simple payback at its limit."""


class _Margin(NamedTuple):
    """Zero or more on the good side: fixed + factor x scaled."""

    fixed: Fraction
    scaled: Fraction

    @classmethod
    def of(cls, whole: Fraction, scaled: Fraction) -> Self:
        """From the margin as entered, where the factor is one."""
        return cls(whole - scaled, scaled)

    @property
    def zero(self) -> Fraction:
        """The factor at which the margin is zero."""
        return -self.fixed / self.scaled


@dataclass(frozen=True)
class Part:
    """What moves with one input: money of lines, or the investment."""

    effect: Effect
    is_investment: bool = False


@dataclass(frozen=True)
class LinearResults:
    """The results of a project that are linear in its money."""

    effects: ProjectEffects
    loan: LevelLoan | None
    payback_limit_years: Fraction | None

    @cached_property
    def holds(self) -> Mapping[Target, bool]:
        """Whether each result is on the good side as entered, the limit itself included.

        There is no cover without a loan and no payback without a limit.
        """
        asked = {
            Target.NET_PRESENT_VALUE: True,
            Target.MINIMUM_COVER: self.loan is not None,
            Target.PAYBACK: self.payback_limit_years is not None,
        }
        nothing = Part(self.effects.nothing)
        return {
            target: all(margin.fixed >= 0 for margin in self._margins(target, nothing))
            for target, is_asked in asked.items()
            if is_asked
        }

    def part(self, varied: VariedInput) -> Part:
        """What a scalable input moves."""
        is_investment = varied.kind is InputKind.INVESTMENT
        return Part(self.effects.of_lines(_in(varied)), is_investment)

    def crossing(self, target: Target, part: Part) -> Fraction | str:
        """The factor on an input, zero or more, at the limit of a result; or why there is none.

        The result is on the good side between two factors, of which one may be missing. Of two
        the one nearer to the value as entered is given.
        """
        margins = self._margins(target, part)
        if all(margin.scaled == 0 for margin in margins):
            return NO_EFFECT
        lowest = max([Fraction(0), *(m.zero for m in margins if m.scaled > 0)])
        above = [margin.zero for margin in margins if margin.scaled < 0]
        is_hopeless = any(m.scaled == 0 and m.fixed < 0 for m in margins)
        if is_hopeless or any(end < lowest for end in above):
            return STAYS_BAD
        ends = [lowest] if lowest > 0 else []
        if above:
            ends.append(min(above))
        return min(ends, key=lambda factor: abs(factor - 1)) if ends else STAYS_GOOD

    def _margins(self, target: Target, part: Part) -> list[_Margin]:
        """What has to be zero or more, with the factor on ``part``."""
        whole, moved = self._whole, part.effect
        match target:
            case Target.NET_PRESENT_VALUE:
                outlay = self.effects.investment_value if part.is_investment else 0
                return [_Margin.of(self._present_value, moved.present_value - outlay)]
            case Target.MINIMUM_COVER:
                due = Fraction(self.loan.payment) if self.loan else Fraction(0)
                months = zip(whole.by_instalment, moved.by_instalment, strict=True)
                return [_Margin.of(saving - due, change) for saving, change in months]
            case _:
                limit = self.payback_limit_years or Fraction(0)
                initial = self.effects.initial_investment
                paid = initial if part.is_investment else 0
                margin = limit * whole.annual_amount - initial
                return [_Margin.of(margin, limit * moved.annual_amount - paid)]

    @cached_property
    def _whole(self) -> Effect:
        return self.effects.of_lines(lambda *_: True)

    @cached_property
    def _present_value(self) -> Fraction:
        return self.effects.net_present_value


def _in(varied: VariedInput) -> Chosen:
    """Which lines the factor is on."""

    def is_in(key: LineKey, line: SavingLine | CostLine) -> bool:
        is_saving = isinstance(line, SavingLine)
        match varied.kind:
            case InputKind.NET_SAVING:
                return True
            case InputKind.VOLUME:
                return is_saving
            case InputKind.ADDED_COSTS:
                return not is_saving
            case InputKind.PRICE:
                return key in varied.lines
            case _:
                return False

    return is_in
