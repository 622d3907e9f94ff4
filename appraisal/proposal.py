"""The proposal: the figures that everything starts from, as one frozen value.

The same model reads the request of the ``appraise`` calculator, the stored figures of an
application and the finished form, so that each field is declared once. Amounts are exact
decimals in the proposal's currency; quantities are in the unit written on the line; months are
counted from the first disbursement (month 0); rates are fractions per year.
"""

from __future__ import annotations

from decimal import Context, Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from appraisal.money import minor_digits, to_minor
from appraisal.number_fields import (
    ActiveMonths,
    Amount,
    Code,
    ExactDecimal,
    Label,
    Quantity,
    Rate,
    exact_decimal,
)

__all__ = [
    "ActiveMonths",
    "Amount",
    "Assumptions",
    "Code",
    "CostLine",
    "Enterprise",
    "Evidence",
    "ExactDecimal",
    "Finance",
    "InvestmentLine",
    "Label",
    "Measure",
    "Ownership",
    "Proposal",
    "Quantity",
    "Rate",
    "RunningLine",
    "SavingLine",
    "Technique",
    "Timing",
    "exact_decimal",
]

_EXACT = Context(prec=160)
"""Room for the product of a 40-digit quantity and a price without rounding."""


class Ownership(StrEnum):
    """Who owns the enterprise (rule N8)."""

    STATE = "state"
    LOCAL_PRIVATE = "local_private"
    FOREIGN_PRIVATE = "foreign_private"
    JOINT_VENTURE = "joint_venture"


class Technique(StrEnum):
    """How a measure prevents pollution at the source; the last two are not cleaner production."""

    GOOD_HOUSEKEEPING = "good_housekeeping"
    INPUT_SUBSTITUTION = "input_substitution"
    PROCESS_MODIFICATION = "process_modification"
    BETTER_CONTROL = "better_control"
    EQUIPMENT_MODIFICATION = "equipment_modification"
    TECHNOLOGY_CHANGE = "technology_change"
    ON_SITE_RECOVERY = "on_site_recovery"
    BY_PRODUCT = "by_product"
    PRODUCT_MODIFICATION = "product_modification"
    OFF_SITE_RECYCLING = "off_site_recycling"
    END_OF_PIPE = "end_of_pipe"


class Evidence(StrEnum):
    """What a figure rests on, from the strongest to none."""

    METER = "meter"
    INVOICE = "invoice"
    CONTRACT = "contract"
    QUOTE = "quote"
    CALCULATION = "calculation"
    ESTIMATE = "estimate"
    NONE = "none"


class Timing(StrEnum):
    """When flows count for discounting: at the end of their year, or in their month."""

    ANNUAL = "annual"
    MONTHLY = "monthly"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Enterprise(_Value):
    """Who proposes."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    ownership: Ownership
    annual_turnover: Amount | None = None


class Assumptions(_Value):
    """What the appraisal assumes: discount rate a year, horizon in years from month 0, timing."""

    discount_rate: Rate = 0.10
    horizon_years: Annotated[int, Field(ge=1, le=30, strict=True)] = 5
    timing: Timing = Timing.ANNUAL


class InvestmentLine(_Value):
    """One item of the investment, paid in ``month``."""

    code: Code
    label: Label = ""
    amount: Amount
    month: Annotated[int, Field(ge=0, le=360, strict=True)] = 0
    evidence: Evidence = Evidence.NONE


class RunningLine(_Value):
    """What saving and added-cost lines share: money a year, tier, growth and the months it runs."""

    code: Code
    label: Label = ""
    tier: Annotated[int, Field(ge=1, le=4, strict=True)] = 1
    unit: Annotated[str, Field(max_length=40)] | None = None
    unit_price: Amount | None = None
    annual_amount: Amount | None = None
    growth: Rate = 0.0
    start_month: Annotated[int, Field(ge=0, le=360, strict=True)] = 0
    ramp_months: Annotated[int, Field(ge=0, le=120, strict=True)] = 0
    active_months: ActiveMonths | None = None
    evidence: Evidence = Evidence.NONE


class SavingLine(RunningLine):
    """A yearly saving: quantity before less quantity after, times the price; or an amount."""

    indicator: Annotated[str, Field(max_length=60)] | None = None
    quantity_before: Quantity | None = None
    quantity_after: Quantity | None = None
    counts_as_output: bool = False

    @model_validator(mode="after")
    def _one_way_of_stating_money(self) -> Self:
        quantities = (self.quantity_before, self.quantity_after, self.unit_price)
        _check_one_way(self.code, quantities, self.annual_amount)
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
    def _one_way_of_stating_money(self) -> Self:
        _check_one_way(self.code, (self.quantity, self.unit_price), self.annual_amount)
        return self

    @property
    def annual_cost(self) -> Decimal:
        """Money spent in a full year at today's price."""
        if self.annual_amount is not None:
            return self.annual_amount
        return _EXACT.multiply(self.quantity or Decimal(0), self.unit_price or Decimal(0))


def _check_one_way(code: str, parts: tuple[Decimal | None, ...], amount: Decimal | None) -> None:
    given = [part for part in parts if part is not None]
    if amount is None and len(given) < len(parts):
        message = f"Line {code}: enter the quantities and the unit price, or the amount a year."
        raise ValueError(message)
    if amount is not None and given:
        message = f"Line {code}: enter quantities and a price, or the amount a year, not both."
        raise ValueError(message)


class Measure(_Value):
    """One cleaner-production option of a plant."""

    code: Code
    title: Annotated[str, Field(min_length=1, max_length=200)]
    technique: Technique | None = None
    investment: Annotated[tuple[InvestmentLine, ...], Field(max_length=200)] = ()
    savings: Annotated[tuple[SavingLine, ...], Field(max_length=200)] = ()
    added_costs: Annotated[tuple[CostLine, ...], Field(max_length=200)] = ()
    life_years: Annotated[int, Field(ge=1, le=40, strict=True)] = 10
    residual_value: Amount = Decimal(0)
    implementation_months: Annotated[int, Field(ge=0, le=36, strict=True)] = 0
    expands_capacity: bool | None = None
    adds_production_equipment: bool | None = None


class Finance(_Value):
    """What the enterprise asks the facility to finance; no measures named means all of them."""

    measures: tuple[Code, ...] = ()
    requested_amount: Amount | None = None
    own_contribution: Amount | None = None
    requested_maturity_months: Annotated[int, Field(ge=1, le=360, strict=True)] | None = None


class Proposal(_Value):
    """A project of one enterprise: its measures and what is to be financed."""

    facility: Code = "nefco-1998"
    title: Annotated[str, Field(min_length=1, max_length=200)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    enterprise: Enterprise
    assumptions: Assumptions = Assumptions()
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=50)]
    finance: Finance = Finance()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        minor_digits(self.currency)
        codes = [measure.code for measure in self.measures]
        if len(set(codes)) < len(codes):
            message = "Two measures have the same code. Give each measure a code of its own."
            raise ValueError(message)
        if unknown := set(self.finance.measures) - set(codes):
            message = f"{len(unknown)} of the measures to finance is not in the list of measures."
            raise ValueError(message)
        self._check_whole_minor_units()
        self._check_lines_inside_horizon()
        return self

    def _check_whole_minor_units(self) -> None:
        for measure in self.measures:
            for amount in (*(line.amount for line in measure.investment), measure.residual_value):
                to_minor(amount, self.currency)
        for asked in (self.finance.requested_amount, self.finance.own_contribution):
            if asked is not None:
                to_minor(asked, self.currency)

    def _check_lines_inside_horizon(self) -> None:
        horizon_months = 12 * self.assumptions.horizon_years
        for measure in self.measures:
            for outlay in measure.investment:
                if outlay.month > horizon_months:
                    message = (
                        f"Line {outlay.code}: it is paid after the horizon of "
                        f"{self.assumptions.horizon_years} years. Enter an earlier month."
                    )
                    raise ValueError(message)
            for line in (*measure.savings, *measure.added_costs):
                if measure.implementation_months + line.start_month >= horizon_months:
                    message = (
                        f"Line {line.code}: it begins after the horizon of "
                        f"{self.assumptions.horizon_years} years. Enter an earlier start month."
                    )
                    raise ValueError(message)

    @property
    def financed_measures(self) -> tuple[Measure, ...]:
        """The measures that the loan is to finance."""
        chosen = self.finance.measures
        return tuple(m for m in self.measures if not chosen or m.code in chosen)
