"""One measure as its authors read it back: every answer in words, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.amounts import shown_amount, shown_number
from app.measure_alternatives import rival_of
from app.measure_forms import DIRECT_TIER, ITEMS, ROW_WORDS
from app.plain_words import INVESTMENT_KINDS, SCORES, TECHNIQUES, TIERS
from app.rendering import lower_first
from appraisal.indicator import read_indicator
from appraisal.money import minor_digits
from appraisal.proposal import (
    CostLine,
    InvestmentKind,
    InvestmentLine,
    Measure,
    ResultLine,
    RunningLine,
    SavingLine,
)
from loans.assessing.coded_words import EVIDENCE

Line = InvestmentLine | SavingLine | CostLine | ResultLine


@dataclass(frozen=True)
class RowAnswers:
    """One row read back."""

    label: str
    figure: str
    """Its money or its quantity in words."""

    notes: tuple[str, ...]
    """What was answered behind "More"; nothing where the usual holds."""

    evidence: str | None
    anchor: str
    """Where the row stands in the form."""


@dataclass(frozen=True)
class MeasureAnswers:
    """One measure read back: its answers and its rows."""

    code: str
    title: str
    answers: tuple[tuple[str, str | None, str], ...]
    """Label, answer, and the field of the form in which it is given."""

    rows: tuple[RowAnswers, ...]


def measure_answers(measure: Measure, measures: Sequence[Measure], currency: str) -> MeasureAnswers:
    """One measure of a proposal's ``measures`` with all its rows."""
    return MeasureAnswers(
        measure.code,
        measure.title,
        _head(measure, measures, currency),
        (
            *_rows("investment", measure.investment, currency, _investment),
            *_rows("savings", measure.savings, currency, _saving),
            *_rows("costs", measure.added_costs, currency, _cost),
            *_rows("results", measure.results, currency, _result),
        ),
    )


def _head(
    measure: Measure, measures: Sequence[Measure], currency: str
) -> tuple[tuple[str, str | None, str], ...]:
    technique = TECHNIQUES[measure.technique][0] if measure.technique else None
    rival = rival_of(measures, measure.code)
    residual = shown_amount(measure.residual_value, currency)
    asked = [
        ("How it prevents waste", technique, "technique"),
        ("Months until it runs", str(measure.implementation_months), "implementation_months"),
        ("Life, in years", str(measure.life_years), "life_years"),
    ]
    if measure.residual_value:
        asked.append(("Value at the end of its life", residual, "residual_value"))
    if rival:
        named = next(f"{one.code} {one.title}" for one in measures if one.code == rival)
        asked.append(("Alternative", named, "alternative_to"))
    return tuple(asked)


def _rows(
    group: str,
    lines: Sequence[Any],
    currency: str,
    told: Callable[[Any, str], tuple[str, str]],
) -> Iterator[RowAnswers]:
    for place, line in enumerate(lines):
        words, figure = told(line, currency)
        yield RowAnswers(
            _called(line, words or ROW_WORDS[group]),
            figure,
            tuple(_notes(line)),
            EVIDENCE.get(line.evidence),
            f"{group}-{place}-line",
        )


def _called(line: Line, words: str) -> str:
    """What a row is called: its code, by which the findings name it, and the words for it."""
    if isinstance(line, ResultLine):
        return f"{words}: {line.label or indicator_words(line.indicator)}"
    return f"{words} {line.code}: {line.label}" if line.label else f"{words} {line.code}"


def _investment(line: InvestmentLine, currency: str) -> tuple[str, str]:
    return "", shown_amount(line.amount, currency)


def _saving(line: SavingLine, currency: str) -> tuple[str, str]:
    kind = "Money from producing more" if line.counts_as_output else ""
    if line.annual_amount is not None or line.unit_price is None:
        return kind, _yearly(line, line.annual_saving, currency)
    before, after = line.quantity_before, line.quantity_after
    quantities = f"from {_quantity(before, line.unit)} to {_quantity(after, line.unit)}"
    money = _yearly(line, line.annual_saving, currency)
    return kind, f"{money}: {quantities} at {_exact(line.unit_price, currency)}"


def _cost(line: CostLine, currency: str) -> tuple[str, str]:
    money = _yearly(line, line.annual_cost, currency)
    if line.annual_amount is not None or line.unit_price is None:
        return "", money
    quantity = _quantity(line.quantity, line.unit)
    return "", f"{money}: {quantity} at {_exact(line.unit_price, currency)}"


def _result(line: ResultLine, _: str) -> tuple[str, str]:
    change = "less" if line.reduction >= 0 else "more"
    return "", f"{_quantity(abs(line.reduction), line.unit)} {change} a year"


def _notes(line: Line) -> Iterator[str]:
    if isinstance(line, InvestmentLine):
        if line.kind is not InvestmentKind.EQUIPMENT:
            yield INVESTMENT_KINDS[line.kind]
        if line.month:
            yield f"Paid {_months(line.month)} after the first payment"
        return
    if line.indicator:
        yield f"Resource: {lower_first(indicator_words(line.indicator))}"
    if isinstance(line, RunningLine):
        yield from _tier_notes(line)
        yield from _time_notes(line)


def _tier_notes(line: RunningLine) -> Iterator[str]:
    if standard := ITEMS.get(line.item or ""):
        yield f"Item: {lower_first(standard.label)}"
    if line.tier > DIRECT_TIER:
        yield TIERS[line.tier]
    if line.probability is not None:
        when = f"in year {line.year}" if line.year else "in any year"
        yield f"Likelihood of {shown_number(line.probability * 100)} % {when}"
    if line.score is not None:
        yield f"What becomes of it: {lower_first(SCORES[line.score])}"


def _time_notes(line: RunningLine) -> Iterator[str]:
    if line.growth:
        percent = shown_number(Decimal(repr(line.growth)) * 100)
        yield f"Price growth of {percent} % a year beyond inflation"
    if line.start_month:
        yield f"Begins {_months(line.start_month)} after the measure runs"
    if line.ramp_months:
        yield f"Reaches its full size after {_months(line.ramp_months)}"
    if line.active_months:
        months = ", ".join(map(str, line.active_months))
        yield f"Runs in these of every twelve months, counted from the first payment: {months}"
    if line.emission_factor_kg is not None:
        factor, source = shown_number(line.emission_factor_kg), line.emission_factor_source
        yield f"CO2e of one unit: {factor} kg" + (f" ({source})" if source else "")


def indicator_words(written: str) -> str:
    """The name of a resource or emission; what the catalogue does not know stays as written."""
    known = read_indicator(written)
    return known.label if known else written


def _yearly(line: RunningLine, money: Decimal, currency: str) -> str:
    is_silent = line.annual_amount is None and line.unit_price is None
    return "No money" if is_silent else f"{_exact(money, currency)} a year"


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def _quantity(value: Decimal | None, unit: str | None) -> str:
    return f"{shown_number(value or Decimal(0))} {unit or ''}".strip()


def _exact(value: Decimal, currency: str) -> str:
    """A price or a product: exact, with more decimals than the currency has where there are."""
    if value == round(value, minor_digits(currency)):
        return shown_amount(value, currency)
    return f"{currency} {shown_number(value)}"
