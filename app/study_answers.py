"""What ``appraise`` says of how sure the result is: one input or several turning out otherwise."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Self

from app.calculator_answers import AnswerModel, IrrAnswer, finite
from app.project_answers import money_text, number
from appraisal.linear_crossings import Target
from appraisal.npv_profile import NpvProfile, ProfilePoint
from appraisal.scenarios import ScenarioName
from appraisal.sensitivity import TornadoBar, VariedResult
from appraisal.switching_values import SwitchingValue
from appraisal.varied_inputs import InputKind, VariedInput
from loans.assessing.offer import AmountRule, MaturityRule
from loans.assessing.study import ScenarioStudy

_WHOLE = Context(prec=400)


def input_name(varied: VariedInput) -> str:
    """One name for each input: its kind; a price also by its first measure and line."""
    if varied.kind is not InputKind.PRICE:
        return varied.kind.value
    measure, line = varied.lines[0]
    return f"{varied.kind.value} {measure}.{line}"


class VariedAnswer(AnswerModel):
    """The project with one input at ``value``, in the unit of the input.

    Null where there is no single rate, the investment is not recovered, or there is no loan.
    """

    value: str
    net_present_value: float
    internal_rate_of_return: float | None
    payback_years: float | None
    cumulative_payback_years: float | None
    minimum_cover: float | None

    @classmethod
    def of(cls, result: VariedResult, varied: VariedInput) -> Self:
        """The figures as plain data; the value with at most the digits of the input."""
        most = Decimal(1).scaleb(-varied.digits)
        has_more = int(result.value.as_tuple().exponent) < -varied.digits
        value = result.value.quantize(most, ROUND_HALF_UP, _WHOLE) if has_more else result.value
        return cls(
            value=f"{value:f}",
            net_present_value=result.net_present_value,
            internal_rate_of_return=result.internal_rate_of_return,
            payback_years=result.simple_payback_years,
            cumulative_payback_years=result.cumulative_payback_years,
            minimum_cover=result.minimum_cover,
        )


class BarAnswer(AnswerModel):
    """One input lower and higher, all others as entered; null on a side that is not tried."""

    input: str
    label: str
    unit: str
    base: str
    lines: tuple[str, ...]
    low: VariedAnswer | None
    high: VariedAnswer | None
    swing: float

    @classmethod
    def of(cls, bar: TornadoBar) -> Self:
        """The bar as plain data."""
        return cls(
            input=input_name(bar.input),
            label=bar.input.label,
            unit=bar.input.unit,
            base=f"{bar.input.base:f}",
            lines=tuple(f"{measure}.{line}" for measure, line in bar.input.lines),
            low=None if bar.low is None else VariedAnswer.of(bar.low, bar.input),
            high=None if bar.high is None else VariedAnswer.of(bar.high, bar.input),
            swing=bar.swing,
        )


class SwitchAnswer(AnswerModel):
    """Where one input brings a result to its limit, in the unit of the input.

    ``holds`` is whether the result is on the good side as entered. ``change`` is relative to the
    input as entered. Without a value, ``note`` says why.
    """

    value: str | None
    change: float | None
    holds: bool
    note: str | None

    @classmethod
    def of(cls, found: SwitchingValue) -> Self:
        """The value as plain data."""
        return cls(
            value=_text(found.value),
            change=finite(found.change),
            holds=found.holds,
            note=found.note,
        )


class SwitchesAnswer(AnswerModel):
    """One input: net present value of zero, cover of one, and payback at its limit.

    ``cover_one`` is null without a loan, ``payback_limit`` where the profile leaves no limit.
    """

    label: str
    unit: str
    base: str
    npv_zero: SwitchAnswer | None = None
    cover_one: SwitchAnswer | None = None
    payback_limit: SwitchAnswer | None = None


_SWITCHES = {
    Target.NET_PRESENT_VALUE: "npv_zero",
    Target.MINIMUM_COVER: "cover_one",
    Target.PAYBACK: "payback_limit",
}


def switches(values: Sequence[SwitchingValue]) -> dict[str, SwitchesAnswer]:
    """The switching values of each input under its name, in the order of the inputs."""
    by_input: dict[VariedInput, dict[str, SwitchAnswer]] = {}
    for found in values:
        by_input.setdefault(found.input, {})[_SWITCHES[found.target]] = SwitchAnswer.of(found)
    return {
        input_name(varied): SwitchesAnswer(
            label=varied.label, unit=varied.unit, base=f"{varied.base:f}", **found
        )
        for varied, found in by_input.items()
    }


class ScenarioAnswer(AnswerModel):
    """Several inputs at once; ``minimum_cover`` is that of the loan on the figures as entered.

    Amount and maturity are what could be lent if the figures had been entered like this.
    """

    name: ScenarioName
    words: str
    investment: str
    net_annual_saving: str
    payback_years: float | None
    cumulative_payback_years: float | None
    discounted_payback_years: float | None
    net_present_value: float
    internal_rate_of_return: IrrAnswer
    profitability_index: float | None
    minimum_cover: float | None
    eligible: bool
    maximum_amount: str | None
    amount_rule: AmountRule | None
    maximum_maturity_months: int | None
    maturity_rule: MaturityRule | None

    @classmethod
    def of(cls, studied: ScenarioStudy, currency: str) -> Self:
        """The scenario as plain data."""
        project, offer = studied.project, studied.offer
        return cls(
            name=studied.scenario.name,
            words=studied.scenario.words,
            investment=money_text(project.investment, currency),
            net_annual_saving=money_text(project.net_annual_saving, currency),
            payback_years=number(project.payback_ratio),
            cumulative_payback_years=project.cumulative_payback_years,
            discounted_payback_years=project.discounted_payback_years,
            net_present_value=project.net_present_value,
            internal_rate_of_return=IrrAnswer.of(project.internal_rate_of_return),
            profitability_index=finite(project.profitability_index),
            minimum_cover=number(studied.minimum_cover),
            eligible=offer.eligible,
            maximum_amount=_text(offer.maximum_amount),
            amount_rule=offer.amount_rule,
            maximum_maturity_months=offer.maximum_maturity_months,
            maturity_rule=offer.maturity_rule,
        )


class PointAnswer(AnswerModel):
    """A discount rate, a fraction a year, and the net present value at it."""

    rate: float
    net_present_value: float

    @classmethod
    def of(cls, point: ProfilePoint) -> Self:
        """The point as plain data."""
        return cls(rate=point.rate, net_present_value=point.net_present_value)


_EVERY_SO_MANY = 5
"""Of the points that are drawn on a page as many are enough for a program."""


def profile_points(profile: NpvProfile) -> tuple[PointAnswer, ...]:
    """The net present value by rate; the discount rate and every internal rate are among them."""
    marked = {profile.hurdle, profile.undiscounted, *profile.internal_rates}
    return tuple(
        PointAnswer.of(point)
        for place, point in enumerate(profile.points)
        if place % _EVERY_SO_MANY == 0 or point in marked
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
