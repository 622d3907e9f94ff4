"""The lines of a measure: what is invested, saved, spent and expected, each with its evidence.

Amounts are exact decimals in the proposal's currency; quantities are in the unit written on the
line; months are counted from the first disbursement (month 0); rates are fractions per year.
"""

from __future__ import annotations

from decimal import Context, Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from appraisal.number_fields import (
    ActiveMonths,
    Amount,
    Code,
    ExactDecimal,
    Label,
    Quantity,
    Rate,
    Share,
)

CONTINGENT_TIER = 3
INTANGIBLE_TIER = 4

_EXACT = Context(prec=160)
"""Room for the product of a 40-digit quantity and a price without rounding."""


class FrozenValue(BaseModel):
    """A value that never changes, knows no other field, and repeats no input when it refuses."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Evidence(StrEnum):
    """What a figure rests on, from the strongest to none."""

    METER = "meter"
    INVOICE = "invoice"
    CONTRACT = "contract"
    QUOTE = "quote"
    CALCULATION = "calculation"
    ESTIMATE = "estimate"
    NONE = "none"


class InvestmentKind(StrEnum):
    """What an outlay is for: it decides what counts in payback, loan, tax and release."""

    EQUIPMENT = "equipment"
    """Bought and installed at the beginning: in payback, financed, depreciated."""

    WORKING_CAPITAL = "working_capital"
    """Stocks and the like: in payback, not financed, released at the horizon."""

    REPLACEMENT = "replacement"
    """A part renewed later: in the cash flow only, not in the simple payback, not financed."""


class InvestmentLine(FrozenValue):
    """One item of the investment, paid in ``month``."""

    code: Code
    label: Label = ""
    amount: Amount
    month: Annotated[int, Field(ge=0, le=360, strict=True)] = 0
    kind: InvestmentKind = InvestmentKind.EQUIPMENT
    evidence: Evidence = Evidence.NONE


class RunningLine(FrozenValue):
    """What saving and added-cost lines share: money a year, tier, growth and the months it runs.

    ``growth`` is that of the price beyond general inflation. ``probability`` and ``year`` belong
    to contingent items (tier 3): the money is expected in that year, or every year without one.
    ``score`` belongs to less tangible items (tier 4), which carry no money that is counted.
    ``item`` is the code of a standard item of the cost catalogue, where the line is one.
    ``indicator`` names what the quantity is of, saved or used in addition. ``emission_factor_kg``
    is a local factor, kg of CO2e per unit, that wins over the published one;
    ``emission_factor_source`` says where it is from.
    """

    code: Code
    label: Label = ""
    item: Code | None = None
    tier: Annotated[int, Field(ge=1, le=4, strict=True)] = 1
    unit: Annotated[str, Field(max_length=40)] | None = None
    unit_price: Amount | None = None
    annual_amount: Amount | None = None
    growth: Rate = 0.0
    start_month: Annotated[int, Field(ge=0, le=360, strict=True)] = 0
    ramp_months: Annotated[int, Field(ge=0, le=120, strict=True)] = 0
    active_months: ActiveMonths | None = None
    probability: Share | None = None
    year: Annotated[int, Field(ge=1, le=30, strict=True)] | None = None
    score: Annotated[int, Field(ge=-2, le=2, strict=True)] | None = None
    indicator: Annotated[str, Field(max_length=60)] | None = None
    emission_factor_kg: Quantity | None = None
    emission_factor_source: Label | None = None
    evidence: Evidence = Evidence.NONE

    def _check_tier(self) -> None:
        if self.tier != CONTINGENT_TIER and (self.probability is not None or self.year is not None):
            message = (
                f"Line {self.code}: a probability or a year belongs to a contingent item. "
                "Choose tier 3, or leave them out."
            )
            raise ValueError(message)
        if self.tier != INTANGIBLE_TIER and self.score is not None:
            message = (
                f"Line {self.code}: a score belongs to a less tangible item. "
                "Choose tier 4, or leave it out."
            )
            raise ValueError(message)

    def _check_money(self, parts: tuple[Decimal | None, ...]) -> None:
        given = [part for part in parts if part is not None]
        is_silent = self.tier == INTANGIBLE_TIER and not given
        if self.annual_amount is None and len(given) < len(parts) and not is_silent:
            message = (
                f"Line {self.code}: enter the quantities and the unit price, or the amount a year."
            )
            raise ValueError(message)
        if self.annual_amount is not None and given:
            message = (
                f"Line {self.code}: enter quantities and a price, or the amount a year, not both."
            )
            raise ValueError(message)


class SavingLine(RunningLine):
    """A yearly saving: quantity before less quantity after, times the price; or an amount."""

    quantity_before: Quantity | None = None
    quantity_after: Quantity | None = None
    counts_as_output: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self._check_tier()
        quantities = (self.quantity_before, self.quantity_after, self.unit_price)
        self._check_money(quantities)
        if None not in quantities and self.quantity_after > self.quantity_before:  # type: ignore[operator]  # both are set
            message = (
                f"Line {self.code}: the quantity after is larger than the quantity before, "
                "so nothing is saved. Enter it as an added cost, or correct the quantities."
            )
            raise ValueError(message)
        return self

    @property
    def annual_saving(self) -> Decimal:
        """Money saved in a full year at today's price."""
        if self.annual_amount is not None:
            return self.annual_amount
        before, after = self.quantity_before, self.quantity_after
        saved = _EXACT.subtract(before or Decimal(0), after or Decimal(0))
        return _EXACT.multiply(saved, self.unit_price or Decimal(0))


class CostLine(RunningLine):
    """A yearly operating cost that the measure adds: quantity times price, or an amount."""

    quantity: Quantity | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self._check_tier()
        self._check_money((self.quantity, self.unit_price))
        return self

    @property
    def annual_cost(self) -> Decimal:
        """Money spent in a full year at today's price."""
        if self.annual_amount is not None:
            return self.annual_amount
        return _EXACT.multiply(self.quantity or Decimal(0), self.unit_price or Decimal(0))


class ResultLine(FrozenValue):
    """What the enterprise expects for the environment in a full year, priced or not.

    ``reduction`` is the baseline less the use or emission afterwards; negative when it grows.
    """

    indicator: Annotated[str, Field(min_length=1, max_length=60)]
    unit: Annotated[str, Field(min_length=1, max_length=40)]
    reduction: ExactDecimal
    label: Label = ""
    evidence: Evidence = Evidence.NONE
