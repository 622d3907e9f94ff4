"""The fields of the measure form: the measure itself and its four kinds of repeated rows.

What few people need stands behind "More": those fields are named in ``MORE``, and the page opens
them by itself where they hold something or are to be corrected.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field

from app.forms import Ask, Filled, FormModel, Reads
from appraisal.cost_catalogue import STANDARD_ITEMS, ItemGroup, StandardItem
from appraisal.proposal import Evidence, InvestmentKind, RunningLine, Technique

Row = TypeVar("Row", bound=FormModel)
DIRECT_TIER = 1
_TIER_CHOICES = ("1", "2", "3", "4")


class MeasureForm(FormModel):
    """One measure, without its rows."""

    version: Annotated[
        int,
        Ask(
            "the version of the proposal",
            missing="The page does not say which version you saw. Open it again.",
        ),
    ]
    do: Annotated[str, Ask("what to do")] = "save"
    to: Annotated[Literal["check"] | None, Ask("where to go")] = None
    title: Annotated[str, Field(max_length=200), Ask("the short name of the measure")]
    technique: Annotated[Technique | None, Ask("how the measure prevents waste")] = None
    implementation_months: Annotated[
        int, Field(ge=0, le=36), Ask("the months until it runs", unit="months")
    ] = 0
    life_years: Annotated[int, Field(ge=1, le=40), Ask("the life of the measure", unit="years")] = (
        10
    )
    residual_value: Annotated[Decimal, Ask("what it can be sold for at the end", Reads.AMOUNT)] = (
        Decimal(0)
    )
    alternative_to: Annotated[
        str | None, Field(max_length=40), Ask("the measure that it would replace", Reads.CHOICE)
    ] = None


ITEMS: Mapping[str, StandardItem] = {
    item.code: item for item in STANDARD_ITEMS if item.group is ItemGroup.RECURRING
}
"""The standard items of savings and added costs."""


def tier_of(choice: str) -> int:
    """The tier of a choice: that of a standard item, or the number of a tier; 1 without one."""
    if standard := ITEMS.get(choice):
        return standard.tier
    return int(choice) if choice in _TIER_CHOICES else DIRECT_TIER


def item_choice(line: RunningLine) -> str:
    """What was chosen for a line: its standard item, its tier, or nothing for the usual one."""
    standard = ITEMS.get(line.item or "")
    if standard and standard.tier == line.tier:
        return standard.code
    return "" if line.tier == DIRECT_TIER else str(line.tier)


def _offered_item(choice: str) -> str:
    if choice and choice not in ITEMS and choice not in _TIER_CHOICES:
        message = "Choose what kind of item it is from the list."
        raise ValueError(message)
    return choice


class EvidencedRow(FormModel):
    """What every row has: its words, and what its figure rests on."""

    label: Annotated[str, Field(max_length=300), Ask("what the line is for")] = ""
    evidence: Annotated[Evidence, Ask("what the figure rests on")] = Evidence.NONE

    def figures(self) -> dict[str, Any]:
        """The answers as the proposal's own fields."""
        return self.model_dump()


class LineForm(EvidencedRow):
    """A row about money: it has a code once it is saved."""

    code: Annotated[str, Field(max_length=40), Ask("the code of the line")] = ""
    label: Annotated[str, Field(max_length=300), Ask("what the line is for")]


class InvestmentRow(LineForm):
    """One item that is bought or built."""

    label: Annotated[str, Field(max_length=300), Ask("what is bought or built")]
    amount: Annotated[Decimal, Ask("what it costs", Reads.AMOUNT)]
    kind: Annotated[InvestmentKind, Ask("what kind of outlay it is")] = InvestmentKind.EQUIPMENT
    month: Annotated[int, Field(ge=0, le=360), Ask("the month in which it is paid")] = 0


class RunningRow(LineForm):
    """A yearly amount: quantities and a price, or the amount itself; when and how far it counts."""

    item: Annotated[
        str, AfterValidator(_offered_item), Ask("what kind of item it is", Reads.CHOICE)
    ] = ""
    unit: Annotated[str | None, Field(max_length=40), Ask("the unit on the bill", Reads.CHOICE)] = (
        None
    )
    unit_price: Annotated[Decimal | None, Ask("the price of one unit", Reads.PRICE)] = None
    annual_amount: Annotated[Decimal | None, Ask("the amount a year", Reads.AMOUNT)] = None
    probability: Annotated[
        Decimal | None, Field(ge=0, le=1), Ask("the likelihood in a year", Reads.PERCENT)
    ] = None
    year: Annotated[int | None, Field(ge=1, le=30), Ask("the year in which it is expected")] = None
    score: Annotated[
        Literal["-2", "-1", "0", "1", "2"] | None, Ask("how much better or worse it becomes")
    ] = None
    growth: Annotated[
        Decimal | None,
        Field(gt=-1, le=10),
        Ask("the price growth beyond inflation", Reads.GROWTH),
    ] = None
    start_month: Annotated[
        int, Field(ge=0, le=360), Ask("the months until it begins", unit="months")
    ] = 0
    ramp_months: Annotated[
        int, Field(ge=0, le=120), Ask("the months until it is reached in full", unit="months")
    ] = 0
    active_months: Annotated[
        tuple[Annotated[int, Field(ge=1, le=12)], ...],
        Field(max_length=12),
        Ask("the months of the year in which it runs", Reads.WHOLE),
    ] = ()
    indicator: Annotated[
        str | None, Field(max_length=60), Ask("the resource or emission", Reads.CHOICE)
    ] = None
    emission_factor_kg: Annotated[
        Decimal | None, Ask("the emission factor, in kg of CO2e for one unit", Reads.QUANTITY)
    ] = None
    emission_factor_source: Annotated[
        str | None, Field(max_length=300), Ask("where the emission factor is from")
    ] = None

    def figures(self) -> dict[str, Any]:
        """The answers as the proposal's own fields.

        A standard item brings its tier, and its resource where there is a quantity of it.
        """
        standard = ITEMS.get(self.item)
        usual = standard.indicator if standard and self.unit else None
        return {
            **self.model_dump(),
            "item": standard.code if standard else None,
            "tier": tier_of(self.item),
            "indicator": self.indicator or usual,
            "score": None if self.score is None else int(self.score),
            "growth": self.growth or Decimal(0),
            "active_months": tuple(sorted(set(self.active_months))) or None,
        }


class SavingRow(RunningRow):
    """Something of which less is used after the measure."""

    label: Annotated[str, Field(max_length=300), Ask("what is saved, such as electricity")]
    quantity_before: Annotated[
        Decimal | None, Ask("how much is used in a year now", Reads.QUANTITY)
    ] = None
    quantity_after: Annotated[
        Decimal | None, Ask("how much is used in a year afterwards", Reads.QUANTITY)
    ] = None
    counts_as_output: Annotated[bool, Ask("whether it comes from producing more")] = False


class CostRow(RunningRow):
    """Something of which more is used after the measure."""

    label: Annotated[str, Field(max_length=300), Ask("what costs more, such as a chemical")]
    quantity: Annotated[Decimal | None, Ask("how much is used in a year", Reads.QUANTITY)] = None


class ResultRow(EvidencedRow):
    """A result for the environment without a price; negative where something grows."""

    indicator: Annotated[str, Field(max_length=60), Ask("what becomes less", Reads.CHOICE)]
    reduction: Annotated[Decimal, Ask("how much less in a year", Reads.CHANGE)]
    unit: Annotated[str, Field(max_length=40), Ask("the unit", Reads.CHOICE)]


GROUPS: Mapping[str, type[EvidencedRow]] = {
    "investment": InvestmentRow,
    "savings": SavingRow,
    "costs": CostRow,
    "results": ResultRow,
}
"""The kinds of rows, by the name that their fields begin with."""

ROW_WORDS: Mapping[str, str] = {
    "investment": "Investment",
    "savings": "Saving",
    "costs": "Added cost",
    "results": "Result",
}
"""What a row of each kind is called; the page and the messages count them: "Saving 2"."""

_HOW_IT_RUNS = (
    *("growth", "start_month", "ramp_months", "active_months", "probability", "year", "score"),
    *("indicator", "emission_factor_kg", "emission_factor_source"),
)
MORE: Mapping[str, tuple[str, ...]] = {
    "measure": ("residual_value", "alternative_to"),
    "investment": ("kind", "month"),
    "savings": (*_HOW_IT_RUNS, "counts_as_output"),
    "costs": _HOW_IT_RUNS,
    "results": (),
}
"""The fields behind "More", of the measure and of each kind of row."""


PAGE_ORDER = (
    *("label", "item", "unit", "quantity_before", "quantity_after", "quantity", "reduction"),
    *("unit_price", "annual_amount", "amount", "evidence", "kind", "month"),
    *(*_HOW_IT_RUNS, "counts_as_output", "code", ""),
)
"""The fields of all kinds of rows as the page has them; problems are listed in this order."""


def is_blank(row: Filled[Row]) -> bool:
    """Whether a person typed nothing into the row; its stored code does not count."""
    return not any(_is_typed(text) for name, text in row.typed.items() if name != "code")


def has_more(row: Filled[Row], kind: str) -> bool:
    """Whether a field behind "More" holds something or is to be corrected."""
    return any(name in row.errors or _is_typed(row.typed.get(name, "")) for name in MORE[kind])


def _is_typed(text: str | tuple[str, ...]) -> bool:
    return any(part.strip() for part in ((text,) if isinstance(text, str) else text))
