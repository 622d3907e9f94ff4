"""The fields of the measure form: the measure itself and its three kinds of repeated lines."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from app.forms import Ask, Filled, FormModel, Reads
from appraisal.proposal import Evidence, Technique

Row = TypeVar("Row", bound=FormModel)
_NOT_BOTH = "Enter the quantities and the price, or the amount a year, not both. Clear one of them."
_ONE_WAY = "Enter the quantities and the price of one unit, or the amount a year."


class MeasureForm(FormModel):
    """One measure, without its lines."""

    version: Annotated[
        int,
        Ask(
            "the version of the proposal",
            missing="The page does not say which version you saw. Open it again.",
        ),
    ]
    do: Annotated[str, Ask("what to do")] = "save"
    to: Annotated[Literal["check"] | None, Ask("where to go")] = None
    title: Annotated[str, Field(max_length=200), Ask("a short name for the measure")]
    technique: Annotated[Technique | None, Ask("how the measure prevents waste")] = None
    implementation_months: Annotated[
        int, Field(ge=0, le=36), Ask("the months until it runs", unit="months")
    ] = 0
    life_years: Annotated[int, Field(ge=1, le=40), Ask("the life of the measure", unit="years")] = (
        10
    )


class LineForm(FormModel):
    """What every line has: its code once saved, its words, and what it rests on."""

    code: Annotated[str, Field(max_length=40), Ask("the code of the line")] = ""
    label: Annotated[str, Field(max_length=300), Ask("what the line is for")]
    evidence: Annotated[Evidence, Ask("what the figure rests on")] = Evidence.NONE


class InvestmentRow(LineForm):
    """One item that is bought or built."""

    label: Annotated[str, Field(max_length=300), Ask("what is bought or built")]
    amount: Annotated[Decimal, Ask("what it costs", Reads.AMOUNT)]


class RunningRow(LineForm):
    """A yearly amount: quantities and a price, or the amount itself."""

    unit: Annotated[str | None, Field(max_length=40), Ask("the unit on the bill", Reads.CHOICE)] = (
        None
    )
    unit_price: Annotated[Decimal | None, Ask("the price of one unit", Reads.PRICE)] = None
    annual_amount: Annotated[Decimal | None, Ask("the amount a year", Reads.AMOUNT)] = None


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


GROUPS: Mapping[str, type[LineForm]] = {
    "investment": InvestmentRow,
    "savings": SavingRow,
    "costs": CostRow,
}
"""The kinds of lines, by the name that their fields begin with."""

_QUANTITIES: Mapping[type[LineForm], tuple[tuple[str, str], ...]] = {
    InvestmentRow: (),
    SavingRow: (
        ("quantity_before", "Enter how much is used in a year now."),
        ("quantity_after", "Enter how much is used in a year afterwards."),
    ),
    CostRow: (("quantity", "Enter how much is used in a year."),),
}
_WITH_QUANTITIES = (
    ("unit", "Choose the unit on the bill."),
    ("unit_price", "Enter the price of one unit."),
)


def is_blank(row: Filled[Row]) -> bool:
    """Whether a person typed nothing into the line; its stored code does not count."""
    return not any(str(text).strip() for name, text in row.typed.items() if name != "code")


def checked_row(model: type[LineForm], row: Filled[LineForm]) -> Filled[LineForm]:
    """The row with what its fields together lack or contradict."""
    errors = {**_money_problems(model, row), **row.errors}
    ordered = {name: errors[name] for name in (*model.model_fields, "") if name in errors}
    return replace(row, value=None if ordered else row.value, errors=ordered)


def _money_problems(model: type[LineForm], row: Filled[LineForm]) -> dict[str, str]:
    quantities = _QUANTITIES[model]
    if not quantities:
        return {}
    parts = (*quantities, *_WITH_QUANTITIES)
    given = [name for name, _ in parts if _has(row, name) and name != "unit"]
    if _has(row, "annual_amount"):
        return {"annual_amount": _NOT_BOTH} if given else {}
    if not given:
        return {"annual_amount": _ONE_WAY}
    missing = {name: words for name, words in parts if not _has(row, name)}
    return missing or _too_much_after(row)


def _too_much_after(row: Filled[LineForm]) -> dict[str, str]:
    saving = row.value
    if not isinstance(saving, SavingRow):
        return {}
    before, after = saving.quantity_before, saving.quantity_after
    if before is None or after is None or after <= before:
        return {}
    words = (
        "More is used afterwards than now. Enter it as an added cost, or correct the quantities."
    )
    return {"quantity_after": words}


def _has(row: Filled[LineForm], name: str) -> bool:
    return bool(str(row.typed.get(name, "")).strip())
