"""The project as proposed and as changed, side by side: figures, rules that change, and a chart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from app.amounts import MINUS
from app.appraisal_charts import by_month
from app.case_words import AMOUNT_RULE, MATURITY_RULE, OUTCOME
from app.charts import Chart, Heading, Table
from app.curve_chart import Curve, Mark, curves
from app.project_explanations import irr_words
from app.rendering import (
    NOT_KNOWN,
    amount,
    count,
    open_words,
    payment_words,
    percent,
    upper_first,
    years,
)
from app.verdict import types_words
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.irr_result import IrrResult
from appraisal.money import minor_digits
from loans.assessing.finding import Finding, period_text
from loans.assessing.offer import Offer
from loans.cases.assessment import Assessment
from loans.profile import Profile

Number = Decimal | Fraction | float
_CHANGED = "Changes"
_NO_LOAN, _OPEN = "No loan", "Open"
_NO_OFFER = Offer(eligible=False, currency="")


@dataclass(frozen=True)
class ComparedFigure:
    """One figure in words: as proposed, as changed, and the difference."""

    name: str
    proposed: str
    changed: str
    difference: str


@dataclass(frozen=True)
class ChangedRule:
    """A rule that comes out otherwise; a badge and the value on either side."""

    rule: str
    proposed: tuple[tuple[str, str], str]
    changed: tuple[tuple[str, str], str]
    needed: str


@dataclass(frozen=True)
class WhatIfAnswer:
    """Both results; ``is_same`` where nothing was changed."""

    is_same: bool
    sentences: tuple[str, ...]
    figures: tuple[ComparedFigure, ...]
    rules: tuple[ChangedRule, ...]
    chart: Chart


def what_if(proposed: Assessment, changed: Assessment) -> WhatIfAnswer:
    """Compare two assessments under one profile."""
    return WhatIfAnswer(
        is_same=proposed.figures == changed.figures,
        sentences=tuple(_sentences(proposed, changed)),
        figures=tuple(_figures(proposed, changed)),
        rules=_changed_rules(proposed, changed),
        chart=_chart(proposed, changed),
    )


@dataclass(frozen=True)
class _Kind:
    """How a figure and a difference of two such are written; ``without`` a value, on each side."""

    show: Callable[[Number], str]
    show_difference: Callable[[Number], str]
    without: tuple[str, str] = (NOT_KNOWN, NOT_KNOWN)

    def compare(self, name: str, before: Number | None, after: Number | None) -> ComparedFigure:
        """Both values, and the difference where both are there and differ."""
        difference = ""
        if before is not None and after is not None and before != after:
            moved = Fraction(after) - Fraction(before)
            words = self.show_difference(abs(moved))
            difference = f"{MINUS if moved < 0 else '+'}{words}"
        elif before != after:
            difference = _CHANGED
        sides = zip((before, after), self.without, strict=True)
        first, second = (none if value is None else self.show(value) for value, none in sides)
        return ComparedFigure(name, first, second, difference)


def _money(places: int, without: tuple[str, str] = (NOT_KNOWN, NOT_KNOWN)) -> _Kind:
    def show(value: Number) -> str:
        return amount(value, places=places)

    return _Kind(show, show, without)


_YEARS = _Kind(years, years, ("Not recovered", "Not recovered"))
_RATE = _Kind(percent, lambda value: f"{amount(100 * value, places=1)} points")
_NUMBER = _Kind(amount, amount)
_MONTHS = _Kind(lambda value: count(int(value), "month"), lambda value: count(int(value), "month"))


def _words(name: str, before: str, after: str) -> ComparedFigure:
    return ComparedFigure(name, before, after, "" if before == after else _CHANGED)


def _rate_of_return(name: str, before: IrrResult, after: IrrResult) -> ComparedFigure:
    """With the difference only where each side has one rate."""
    numbers = _RATE.compare(name, before.rate, after.rate)
    words = _words(name, irr_words(before), irr_words(after))
    return ComparedFigure(name, words.proposed, words.changed, numbers.difference)


def _figures(proposed: Assessment, changed: Assessment) -> Iterator[ComparedFigure]:
    digits = minor_digits(proposed.figures.currency)
    cents, whole = _money(digits), _money(0)
    before, after = proposed.appraisal.project, changed.appraisal.project
    yield _words("Type", types_words(proposed), types_words(changed))
    yield cents.compare("Investment", before.investment, after.investment)
    yield cents.compare("Net saving a year", before.net_annual_saving, after.net_annual_saving)
    yield _YEARS.compare("Simple payback", before.payback_ratio, after.payback_ratio)
    for name, first, second in (
        ("Cumulative payback", before.cumulative_payback_years, after.cumulative_payback_years),
        ("Discounted payback", before.discounted_payback_years, after.discounted_payback_years),
    ):
        yield _YEARS.compare(name, first, second)
    yield whole.compare(
        "Net present value (NPV)", before.net_present_value, after.net_present_value
    )
    yield _rate_of_return(
        "Internal rate of return (IRR)",
        before.internal_rate_of_return,
        after.internal_rate_of_return,
    )
    yield _financed_at(proposed.profile).compare(
        "Modified rate of return (MIRR)",
        before.modified_internal_rate_of_return,
        after.modified_internal_rate_of_return,
    )
    yield _NUMBER.compare(
        "Profitability index", before.profitability_index, after.profitability_index
    )
    yield from _other_bases(proposed, changed, whole)
    yield from _loan(proposed, changed, digits)


def _financed_at(profile: Profile) -> _Kind:
    """A rate that needs the rate of the loan, which the fund may have left open."""
    labels = profile.open_among({"annual_rate"})
    return replace(_RATE, without=(upper_first(open_words(labels)),) * 2) if labels else _RATE


def _other_bases(
    proposed: Assessment, changed: Assessment, whole: _Kind
) -> Iterator[ComparedFigure]:
    """Nominal rate and results after tax, where either side has them."""
    runs = [one.appraisal.nominal for one in (proposed, changed)]
    if any(runs):
        rates = (None if run is None else run.internal_rate_of_return.rate for run in runs)
        yield _RATE.compare("IRR in money of the day", *rates)
    taxed = [one.appraisal.after_tax for one in (proposed, changed)]
    if any(taxed):
        worths = (None if run is None else run.net_present_value for run in taxed)
        yield whole.compare("NPV after tax", *worths)
        rates = (None if run is None else run.internal_rate_of_return.rate for run in taxed)
        yield _RATE.compare("IRR after tax, in money of the day", *rates)


def _loan(proposed: Assessment, changed: Assessment, digits: int) -> Iterator[ComparedFigure]:
    """What is lent; nothing of a loan that a rule forbids."""
    offers = [one.offer if one.offer.eligible else _NO_OFFER for one in (proposed, changed)]
    before, after = offers
    undecided = (one.offer.is_undecided for one in (proposed, changed))
    first, second = (_OPEN if is_open else _NO_LOAN for is_open in undecided)
    without = (first, second)
    money, cover = _money(digits, without), replace(_NUMBER, without=without)
    months = replace(_MONTHS, without=without)
    yield money.compare("Largest loan", before.maximum_amount, after.maximum_amount)
    yield _words(
        "The loan is set by",
        *(_rule(one.amount_rule and AMOUNT_RULE[one.amount_rule]) for one in offers),
    )
    yield months.compare(
        "Longest maturity", before.maximum_maturity_months, after.maximum_maturity_months
    )
    yield _words(
        "The maturity is set by",
        *(_rule(one.maturity_rule and MATURITY_RULE[one.maturity_rule]) for one in offers),
    )
    yield money.compare(
        payment_words(before.frequency_months),
        before.indicative_level_payment,
        after.indicative_level_payment,
    )
    every = period_text(before.frequency_months)
    yield cover.compare(f"Cover in the weakest {every}", before.minimum_cover, after.minimum_cover)
    yield cover.compare("Cover on average", before.average_cover, after.average_cover)


def _rule(words: str | None) -> str:
    return upper_first(words) if words else NOT_KNOWN


def _sentences(proposed: Assessment, changed: Assessment) -> Iterator[str]:
    currency = proposed.figures.currency
    before, after = (one.appraisal.project.net_present_value for one in (proposed, changed))
    yield (
        f"The project {'gains' if after >= 0 else 'loses'} "
        f"{amount(abs(after), currency, 0)} of net present value (NPV); as proposed it "
        f"{'gains' if before >= 0 else 'loses'} {amount(abs(before), currency, 0)}."
    )
    lent = [_lent(one) for one in (proposed, changed)]
    if changed.offer.is_undecided:
        yield "What the fund can lend on it is open."
    elif lent[0] == lent[1]:
        yield f"The fund can lend {lent[0]}, as before."
    else:
        yield f"The fund can lend {lent[1]} instead of {lent[0]}."
    if not changed.offer.eligible:
        yield from changed.offer.reasons


def _lent(assessment: Assessment) -> str:
    offer = assessment.offer
    if not offer.eligible:
        return "what is still open" if offer.is_undecided else "nothing"
    months = count(offer.maximum_maturity_months or 0, "month")
    return f"{amount(offer.maximum_amount, offer.currency)} for {months}"


def _changed_rules(proposed: Assessment, changed: Assessment) -> tuple[ChangedRule, ...]:
    """Rules that come out otherwise; one that only one side has stands with a dash."""
    sides = [{(one.code, one.rule): one for one in each.findings} for each in (proposed, changed)]
    found = []
    for key in dict.fromkeys((*sides[0], *sides[1])):
        before, after = (side.get(key) for side in sides)
        if before is None or after is None or before.outcome != after.outcome:
            needed = after.what_would_pass if after else None
            found.append(ChangedRule(key[1], _outcome(before), _outcome(after), needed or ""))
    return tuple(found)


def _outcome(found: Finding | None) -> tuple[tuple[str, str], str]:
    if found is None:
        return (NOT_KNOWN, "plain"), ""
    return OUTCOME[found.outcome], found.value


def _chart(proposed: Assessment, changed: Assessment) -> Chart:
    currency = proposed.figures.currency
    sides = (("As proposed", proposed), ("As changed", changed))
    heading = Heading(
        "When is the investment back?",
        f"As proposed: {_recovered(proposed)}. As changed: {_recovered(changed)}.",
        currency,
        minor_digits(currency),
    )
    flows = [one.appraisal.cumulative_flow for _, one in sides]
    lines = tuple(Curve(name, by_month(flow)) for (name, _), flow in zip(sides, flows, strict=True))
    marks = tuple(
        Mark(f"{name.removeprefix('As ')} {years(at)}", at, 0.0)
        for name, one in sides
        for at in (one.appraisal.project.cumulative_payback_years,)
        if at is not None
    )
    last_year = (max(map(len, flows)) - 1) // MONTHS_PER_YEAR
    table = Table(
        heading.title,
        ("By the end of", *(f"{name}, {currency}" for name, _ in sides)),
        tuple(
            (f"Year {year}" if year else "The start", *(_level(flow, year) for flow in flows))
            for year in range(last_year + 1)
        ),
    )
    return curves(heading, "Years from the first pay-out", lines, marks, table)


def _level(flow: tuple[Fraction, ...], year: int) -> str:
    month = MONTHS_PER_YEAR * year
    return amount(flow[month]) if month < len(flow) else ""


def _recovered(assessment: Assessment) -> str:
    at = assessment.appraisal.project.cumulative_payback_years
    if at is None:
        return f"not within {count(assessment.figures.assumptions.horizon_years, 'year')}"
    return f"after {years(at)}"
