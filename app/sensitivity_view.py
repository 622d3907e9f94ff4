"""What could change the result: tornado, scenarios, and where the answer switches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.charts import Chart, Heading
from app.input_words import change_words, full_words, short_words
from app.project_explanations import irr_words
from app.rendering import NOT_KNOWN, amount, count, lower_first, open_words, percent, years
from app.results_table import ResultRow, ResultTable, payback_words
from app.tornado_chart import Swing, tornado
from appraisal.linear_crossings import Target
from appraisal.scenarios import ScenarioName
from appraisal.sensitivity import Sensitivity, TornadoBar, VariedResult
from appraisal.switching_values import PaybackLimit, SwitchingValue
from loans.assessing.offer import Offer
from loans.assessing.study import ScenarioStudy
from loans.profile import Profile

_SCENARIOS = {
    ScenarioName.PESSIMISTIC: "Pessimistic",
    ScenarioName.BASE: "As entered",
    ScenarioName.OPTIMISTIC: "Optimistic",
}
_TARGETS = (Target.NET_PRESENT_VALUE, Target.MINIMUM_COVER, Target.PAYBACK)


@dataclass(frozen=True)
class VariedRow:
    """One input at another value, and the figures of the project then."""

    name: str
    becomes: str
    net_present_value: str
    rate_of_return: str
    payback: str
    cover: str


@dataclass(frozen=True)
class Switch:
    """Where one result reaches its limit: the value, how far that is, and a note."""

    value: str
    change: str
    note: str


@dataclass(frozen=True)
class SwitchRow:
    """One input as entered, and where it brings NPV, cover and payback to their limits."""

    name: str
    entered: str
    switches: tuple[Switch, ...]


def tornado_chart(found: Sensitivity, currency: str) -> Chart:
    """The widest swings of the net present value."""
    base = Decimal(repr(found.base.net_present_value))
    swings = tuple(Swing(bar.input.label, *_ends(bar), *_words(bar)) for bar in found.bars)
    heading = Heading(
        "What moves the net present value (NPV) most?",
        _finding(found, currency),
        currency,
        places=0,
    )
    return tornado(heading, base, swings)


def varied_rows(found: Sensitivity, currency: str) -> tuple[VariedRow, ...]:
    """The figures as entered, then those with each input lower and higher."""
    return (
        _row("As entered", "", found.base, currency),
        *(
            _row(bar.input.label, full_words(bar.input, side.value), side, currency)
            for bar in found.bars
            for side in (bar.low, bar.high)
            if side is not None
        ),
    )


def switch_rows(values: Sequence[SwitchingValue]) -> tuple[SwitchRow, ...]:
    """One row an input, with its value for NPV = 0, cover = 1 and payback at the limit."""
    found = {(one.input, one.target): one for one in values}
    inputs = dict.fromkeys(one.input for one in values)
    return tuple(
        SwitchRow(
            varied.label,
            full_words(varied, varied.base),
            tuple(_switch(found.get((varied, target))) for target in _TARGETS),
        )
        for varied in inputs
    )


def _ends(bar: TornadoBar) -> tuple[Decimal | None, Decimal | None]:
    low, high = (
        None if side is None else Decimal(repr(side.net_present_value))
        for side in (bar.low, bar.high)
    )
    return low, high


def _words(bar: TornadoBar) -> tuple[str, str]:
    low, high = (
        "" if side is None else short_words(bar.input, side.value) for side in (bar.low, bar.high)
    )
    return low, high


def _finding(found: Sensitivity, currency: str) -> str:
    """The widest swing, of which there is one in any project, and how many changes lose money."""
    widest = found.bars[0]
    sides = [side for side in (widest.low, widest.high) if side is not None]
    ends = " or ".join(amount(side.net_present_value, currency, 0) for side in sides)
    begun = f"It moves most with {lower_first(widest.input.label)}: to {ends}."
    if found.base.net_present_value < 0:
        return begun
    losses = sum(
        side is not None and side.net_present_value < 0
        for bar in found.bars
        for side in (bar.low, bar.high)
    )
    if not losses:
        return f"{begun} No change among them takes it below zero by itself."
    alone = "by itself takes" if losses == 1 else "each by itself take"
    return f"{begun} {losses} of these changes {alone} it below zero."


def _row(name: str, becomes: str, result: VariedResult, currency: str) -> VariedRow:
    rate = result.internal_rate_of_return
    return VariedRow(
        name,
        becomes,
        amount(result.net_present_value, currency, 0),
        "No single rate" if rate is None else percent(rate),
        payback_words(result.simple_payback_years),
        NOT_KNOWN if result.minimum_cover is None else amount(result.minimum_cover),
    )


def _switch(one: SwitchingValue | None) -> Switch:
    if one is None:
        return Switch("", "", "")
    value = "" if one.value is None else full_words(one.input, one.value)
    change = "" if one.value is None else change_words(one.input, one.value)
    return Switch(value, change, one.note or "")


def limit_words(limit: PaybackLimit | None, profile: Profile) -> str:
    """The payback that switching values are asked for, and where it comes from."""
    if limit is not None:
        return f"The longest payback wanted is {years(limit.years)}. {limit.words}"
    if profile.maturity_extension is None:
        return "The terms set no limit to the payback."
    if labels := profile.open_among({"longest_maturity_months", "roi_period_from"}):
        return f"The longest payback wanted is {open_words(labels)}."
    return "Installation takes the whole of the longest maturity, so that payback has no limit."


def scenario_table(studies: Sequence[ScenarioStudy], currency: str) -> ResultTable:
    """The scenarios side by side; covers are those of the loan on the figures as entered."""

    def row(name: str, show: Callable[[ScenarioStudy], str]) -> ResultRow:
        return ResultRow(name, tuple(show(one) for one in studies))

    return ResultTable(
        tuple(_SCENARIOS[one.scenario.name] for one in studies),
        (
            row("Investment", lambda one: amount(one.project.investment, currency)),
            row("Net saving a year", lambda one: amount(one.project.net_annual_saving, currency)),
            row("Simple payback", lambda one: payback_words(one.project.payback_ratio)),
            row(
                "Cumulative payback",
                lambda one: payback_words(one.project.cumulative_payback_years),
            ),
            row(
                "Net present value (NPV)",
                lambda one: amount(one.project.net_present_value, currency, 0),
            ),
            row(
                "Internal rate of return (IRR)",
                lambda one: irr_words(one.project.internal_rate_of_return),
            ),
            row("Profitability index", lambda one: amount(one.project.profitability_index)),
            row("Smallest cover of the loan as offered", lambda one: amount(one.minimum_cover)),
            row("Largest loan on these figures", _largest),
            row("Longest maturity on these figures", _longest),
        ),
    )


def scenario_words(studies: Sequence[ScenarioStudy]) -> tuple[str, ...]:
    """What each scenario but the one as entered assumes, and why nothing could be lent on it."""
    return tuple(
        f"{_SCENARIOS[one.scenario.name]}: {lower_first(one.scenario.words)}{_why_no_loan(one)}"
        for one in studies
        if one.scenario.name is not ScenarioName.BASE
    )


def _why_no_loan(one: ScenarioStudy) -> str:
    """The rules that stand against a loan; empty where there is one."""
    return (
        ""
        if one.offer.eligible or one.offer.is_undecided
        else f" There is no loan on these figures. {' '.join(one.offer.reasons)}"
    )


def _largest(one: ScenarioStudy) -> str:
    offer = one.offer
    return amount(offer.maximum_amount, offer.currency) if offer.eligible else _no_loan(offer)


def _longest(one: ScenarioStudy) -> str:
    months = one.offer.maximum_maturity_months
    return count(months, "month") if one.offer.eligible and months else _no_loan(one.offer)


def _no_loan(offer: Offer) -> str:
    return "Open" if offer.is_undecided else "No loan"
