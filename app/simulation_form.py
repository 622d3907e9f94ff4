"""The form of the simulation page: how far each input may turn out otherwise, draws and seed.

It is sent as part of the address, so that the same address gives the same result.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator
from starlette.datastructures import FormData

from app.forms import Ask, FieldProblem, Filled, FormModel, Reads, as_form, filled, filled_rows
from app.input_words import full_words
from appraisal.distributions import ChangeDistribution, Triangular
from appraisal.proposal import Proposal
from appraisal.simulation import DEFAULT_DRAWS, DEFAULT_SEED, LARGEST_SEED
from appraisal.simulation_assumptions import SimulationAssumptions
from appraisal.varied_inputs import InputKind, VariedInput, scalable_inputs

FEWEST_DRAWS, MOST_DRAWS = 1_000, 100_000
_PRICES = "price"
_Change = Annotated[Decimal | None, Field(ge=Decimal("-0.99"), le=5)]


def _lowest(what: str) -> Ask:
    return Ask(f"the lowest change of the {what}", Reads.GROWTH)


def _likely(what: str) -> Ask:
    return Ask(f"the most likely change of the {what}", Reads.GROWTH)


def _highest(what: str) -> Ask:
    return Ask(f"the highest change of the {what}", Reads.GROWTH)


class SimulationForm(FormModel):
    """What is drawn, and how often; what is left empty is as usual."""

    draws: Annotated[int, Field(ge=FEWEST_DRAWS, le=MOST_DRAWS), Ask("the number of draws")] = (
        DEFAULT_DRAWS
    )
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED), Ask("the seed")] = DEFAULT_SEED
    investment_low: Annotated[_Change, _lowest("investment")] = None
    investment_likely: Annotated[_Change, _likely("investment")] = None
    investment_high: Annotated[_Change, _highest("investment")] = None
    savings_low: Annotated[_Change, _lowest("savings")] = None
    savings_likely: Annotated[_Change, _likely("savings")] = None
    savings_high: Annotated[_Change, _highest("savings")] = None
    added_costs_low: Annotated[_Change, _lowest("added costs")] = None
    added_costs_likely: Annotated[_Change, _likely("added costs")] = None
    added_costs_high: Annotated[_Change, _highest("added costs")] = None
    price_drift: Annotated[
        Decimal | None,
        Field(ge=0, le=Decimal("0.2")),
        Ask("how far prices drift in a year", Reads.PERCENT),
    ] = None
    on_the_day: Annotated[
        Decimal | None,
        Field(le=1),
        Ask("how many installations are ready on the day", Reads.PERCENT),
    ] = None
    latest_months: Annotated[
        int | None, Field(ge=0, le=36), Ask("the longest delay", unit="months")
    ] = None
    shorter_years: Annotated[
        int | None, Field(ge=0, le=20), Ask("by how much lives may be shorter", unit="years")
    ] = None
    longer_years: Annotated[
        int | None, Field(ge=0, le=20), Ask("by how much lives may be longer", unit="years")
    ] = None
    together: Annotated[
        Decimal | None,
        Field(ge=-1, le=1),
        Ask("how closely savings and prices move together", Reads.CHANGE),
    ] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for name in ("investment", "savings", "added_costs"):
            _check_order(name, *self.range_of(name))
        return self

    def range_of(self, name: str) -> tuple[Decimal, Decimal, Decimal]:
        """Lowest, most likely and highest change of an input, the usual where left empty."""
        usual = USUAL[name]
        given = (getattr(self, f"{name}_{end}") for end in ("low", "likely", "high"))
        low, likely, high = (
            usual_one if one is None else one for one, usual_one in zip(given, usual, strict=True)
        )
        return low, likely, high


class PriceRangeForm(FormModel):
    """How far one price may be from what was entered; one that is left empty does not vary."""

    low: Annotated[_Change, _lowest("price")] = None
    high: Annotated[_Change, _highest("price")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if (self.low or 0) > (self.high or 0):
            message = "The lowest change is above the highest. Enter the lower one first."
            raise FieldProblem(field="low", message=message)
        return self


def _check_order(name: str, low: Decimal, likely: Decimal, high: Decimal) -> None:
    if not low <= likely <= high:
        message = (
            "The three changes are not in ascending order. Enter the lowest first, then the most "
            "likely one, then the highest."
        )
        raise FieldProblem(field=f"{name}_low", message=message)


def _usual_range(distribution: ChangeDistribution) -> tuple[Decimal, Decimal, Decimal]:
    low, high = distribution.bounds()
    likely = distribution.mode if isinstance(distribution, Triangular) else low
    return Decimal(repr(low)), Decimal(repr(likely)), Decimal(repr(high))


_USUAL = SimulationAssumptions()
USUAL = {
    name: _usual_range(getattr(_USUAL, name)) for name in ("investment", "savings", "added_costs")
}
"""Lowest, most likely and highest change of each input unless it is entered."""


@dataclass(frozen=True)
class PriceRange:
    """One price: its name, what it is as entered, and its fields."""

    name: str
    proposed: str
    varied: VariedInput
    form: Filled[PriceRangeForm]


@dataclass(frozen=True)
class SimulationSheet:
    """The whole form as sent."""

    head: Filled[SimulationForm]
    prices: tuple[PriceRange, ...]

    @property
    def rows(self) -> tuple[Filled[PriceRangeForm], ...]:
        """The fields of the prices, for the summary of problems."""
        return tuple(row.form for row in self.prices)

    @property
    def has_errors(self) -> bool:
        """Whether anything cannot be read."""
        return bool(self.head.errors) or any(form.errors for form in self.rows)

    @property
    def has_ranged_prices(self) -> bool:
        """Whether a single price was filled in."""
        return any(text for form in self.rows for text in form.typed.values())

    def with_error(self, field: str, message: str) -> "SimulationSheet":
        """The same form with a refusal at a field, or at the form as a whole."""
        return replace(self, head=self.head.with_error(field, message))


def sent_ranges(sent: FormData, figures: Proposal) -> SimulationSheet:
    """Read the form out of the address; when the page is opened it holds the usual ranges."""
    head = filled(SimulationForm, sent, groups=(_PRICES,))
    if not sent.keys():
        usual = {
            f"{name}_{end}": value
            for name, values in USUAL.items()
            for end, value in zip(("low", "likely", "high"), values, strict=True)
        }
        opened = as_form(SimulationForm, {"draws": DEFAULT_DRAWS, "seed": DEFAULT_SEED, **usual})
        head = Filled(head.value, opened.typed, {})
    typed = {form.prefix: form for form in filled_rows(PriceRangeForm, sent, _PRICES)}
    prices = (one for one in scalable_inputs(figures) if one.kind is InputKind.PRICE)
    rows = tuple(
        PriceRange(
            varied.label,
            full_words(varied, varied.base),
            varied,
            typed.get(prefix, as_form(PriceRangeForm, prefix=prefix)),
        )
        for number, varied in enumerate(prices)
        for prefix in (f"{_PRICES}-{number}-",)
    )
    if set(typed) - {row.form.prefix for row in rows}:
        head = head.with_error("", "This proposal has no such price. Open the page again.")
    return SimulationSheet(head, rows)
