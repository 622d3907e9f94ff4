"""The form of the what-if page: other assumptions and other figures, made into another proposal.

Whatever is left empty stays as proposed. The form is sent as part of the address, so that the
address can be shared; nothing is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidationError
from starlette.datastructures import FormData

from app.forms import Ask, Filled, FormModel, Reads, as_form, filled, filled_rows
from app.input_words import full_words
from appraisal.changed_proposal import Adjustment, changed_proposal
from appraisal.proposal import Assumptions, Depreciation, Proposal, Tax, Timing
from appraisal.scenario_changes import LONGEST_LIFE_YEARS, LineKey
from appraisal.varied_inputs import InputKind, VariedInput, scalable_inputs

_PRICES = "price"
_ONE = Decimal(1)
_FALLS_TOO_FAR = "With it the price of a line falls by 100 % a year or more. Enter a smaller fall."
_WHOLE_AND_MORE = Field(ge=-1, le=10)


class WhatIfForm(FormModel):
    """What is other than proposed; changes are fractions of what is proposed."""

    discount_rate: Annotated[
        Decimal | None, Field(le=1), Ask("the discount rate", Reads.PERCENT)
    ] = None
    horizon_years: Annotated[
        int | None, Field(ge=1, le=30), Ask("the years to look ahead", unit="years")
    ] = None
    timing: Annotated[Timing | None, Ask("when flows count")] = None
    inflation: Annotated[Decimal | None, Field(le=1), Ask("the inflation", Reads.PERCENT)] = None
    tax_rate: Annotated[Decimal | None, Field(le=1), Ask("the tax on profit", Reads.PERCENT)] = None
    depreciation: Annotated[Depreciation | None, Ask("how equipment is written off")] = None
    depreciation_years: Annotated[
        int | None, Field(ge=1, le=40), Ask("the years of writing off", unit="years")
    ] = None
    investment: Annotated[
        Decimal | None, _WHOLE_AND_MORE, Ask("the change of the investment", Reads.GROWTH)
    ] = None
    savings: Annotated[
        Decimal | None, _WHOLE_AND_MORE, Ask("the change of the quantities saved", Reads.GROWTH)
    ] = None
    added_costs: Annotated[
        Decimal | None, _WHOLE_AND_MORE, Ask("the change of the added costs", Reads.GROWTH)
    ] = None
    price_growth: Annotated[
        Decimal | None,
        Field(ge=Decimal("-0.5"), le=1),
        Ask("the rise of all prices a year beyond inflation", Reads.GROWTH),
    ] = None
    delay_months: Annotated[int | None, Field(ge=0, le=36), Ask("the delay", unit="months")] = None
    shorter_life_years: Annotated[
        int | None,
        Field(ge=0, le=LONGEST_LIFE_YEARS - 1),
        Ask("by how much lives are shorter", unit="years"),
    ] = None


class PriceForm(FormModel):
    """The change of one price."""

    change: Annotated[
        Decimal | None, _WHOLE_AND_MORE, Ask("the change of the price", Reads.GROWTH)
    ] = None


@dataclass(frozen=True)
class PriceRow:
    """One price of the proposal: its name, what it is now, and its field."""

    name: str
    proposed: str
    form: Filled[PriceForm]


@dataclass(frozen=True)
class WhatIfSheet:
    """The whole form as sent."""

    head: Filled[WhatIfForm]
    prices: tuple[PriceRow, ...]

    @property
    def rows(self) -> tuple[Filled[PriceForm], ...]:
        """The fields of the prices, for the summary of problems."""
        return tuple(row.form for row in self.prices)

    @property
    def has_errors(self) -> bool:
        """Whether anything cannot be read."""
        return bool(self.head.errors) or any(form.errors for form in self.rows)

    @property
    def has_changed_prices(self) -> bool:
        """Whether a single price was filled in."""
        return any(form.typed.get("change") for form in self.rows)

    def with_error(self, field: str, message: str) -> "WhatIfSheet":
        """The same form with a refusal at a field, or at the form as a whole."""
        return replace(self, head=self.head.with_error(field, message))


def sent_sheet(sent: FormData, figures: Proposal) -> WhatIfSheet:
    """Read the form out of the address; an empty one is that of the page when it is opened."""
    head = filled(WhatIfForm, sent, groups=(_PRICES,))
    typed = {form.prefix: form for form in filled_rows(PriceForm, sent, _PRICES)}
    rows = tuple(
        PriceRow(
            varied.label,
            full_words(varied, varied.base),
            typed.get(prefix, as_form(PriceForm, prefix=prefix)),
        )
        for number, varied in enumerate(_price_inputs(figures))
        for prefix in (f"{_PRICES}-{number}-",)
    )
    if set(typed) - {row.form.prefix for row in rows}:
        head = head.with_error("", "This proposal has no such price. Open the page again.")
    return WhatIfSheet(head, rows)


def changed_figures(sheet: WhatIfSheet, figures: Proposal) -> tuple[WhatIfSheet, Proposal | None]:
    """The proposal with the changes put in; the sheet names what contradicts itself instead."""
    wanted = sheet.head.value
    if wanted is None or sheet.has_errors:
        return sheet, None
    try:
        assumed = _assumptions(wanted, figures.assumptions)
        other = Proposal.model_validate({**dict(figures), "assumptions": assumed})
    except _NoTax as refusal:
        return sheet.with_error("tax_rate", str(refusal)), None
    except ValidationError as refusal:
        message = str(refusal.errors()[0].get("ctx", {}).get("error"))
        return sheet.with_error("horizon_years", message), None
    try:
        return sheet, changed_proposal(other, _adjustment(wanted, sheet, figures))
    except ValueError:
        # All else is held to its limits by its field; a line may already fall on its own.
        return sheet.with_error("price_growth", _FALLS_TOO_FAR), None


class _NoTax(ValueError):
    """How to write off is asked, and no tax."""


def _assumptions(wanted: WhatIfForm, proposed: Assumptions) -> Assumptions:
    given = {
        "discount_rate": wanted.discount_rate,
        "horizon_years": wanted.horizon_years,
        "timing": wanted.timing,
        "inflation": wanted.inflation,
        "tax": _tax(wanted, proposed.tax),
    }
    changed = {name: value for name, value in given.items() if value is not None}
    return Assumptions.model_validate({**dict(proposed), **changed})


def _tax(wanted: WhatIfForm, proposed: Tax | None) -> Tax | None:
    """The tax with what is other than proposed.

    Raises:
        _NoTax: a way to write off without a tax rate.
    """
    given = {
        "rate": wanted.tax_rate,
        "depreciation": wanted.depreciation,
        "depreciation_years": wanted.depreciation_years,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    if not changed:
        return proposed
    if proposed is None and wanted.tax_rate is None:
        message = "Enter the tax on profit too, or leave out how equipment is written off."
        raise _NoTax(message)
    return Tax.model_validate({**(dict(proposed) if proposed else {}), **changed})


def _adjustment(wanted: WhatIfForm, sheet: WhatIfSheet, figures: Proposal) -> Adjustment:
    return Adjustment(
        investment=_factor(wanted.investment),
        savings=_factor(wanted.savings),
        prices=_price_factors(_price_inputs(figures), sheet.rows),
        added_costs=_factor(wanted.added_costs),
        price_growth=float(wanted.price_growth or 0),
        delay_months=wanted.delay_months or 0,
        life_change_years=-(wanted.shorter_life_years or 0),
    )


def _price_inputs(figures: Proposal) -> tuple[VariedInput, ...]:
    return tuple(one for one in scalable_inputs(figures) if one.kind is InputKind.PRICE)


def _price_factors(
    prices: Sequence[VariedInput], forms: Sequence[Filled[PriceForm]]
) -> dict[LineKey, Decimal]:
    return {
        key: _factor(form.value.change)
        for price, form in zip(prices, forms, strict=True)
        if form.value is not None
        for key in price.lines
    }


def _factor(change: Decimal | None) -> Decimal:
    return _ONE if change is None else _ONE + change
