"""The proposal: the figures that everything starts from, as one frozen value.

The same model reads the request of the ``appraise`` calculator, the stored figures of an
application and the finished form, so that each field is declared once. Amounts are exact
decimals in the proposal's currency; quantities are in the unit written on the line; months are
counted from the first disbursement (month 0); rates are fractions per year.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from appraisal.cost_lines import (
    CostLine,
    Evidence,
    FrozenValue,
    InvestmentKind,
    InvestmentLine,
    ResultLine,
    RunningLine,
    SavingLine,
)
from appraisal.day_fields import EnteredDay
from appraisal.money import minor_digits, to_minor
from appraisal.number_fields import (
    ActiveMonths,
    Amount,
    Code,
    ExactDecimal,
    Label,
    Quantity,
    Rate,
    Share,
    exact_decimal,
)

__all__ = [
    "ActiveMonths",
    "Amount",
    "Assumptions",
    "Code",
    "CostLine",
    "Depreciation",
    "Enterprise",
    "Evidence",
    "ExactDecimal",
    "Finance",
    "InvestmentKind",
    "InvestmentLine",
    "Label",
    "Measure",
    "Ownership",
    "PriorAssessment",
    "Proposal",
    "Quantity",
    "Rate",
    "ResultLine",
    "RunningLine",
    "SavingLine",
    "Tax",
    "Technique",
    "Timing",
    "exact_decimal",
]


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


class Timing(StrEnum):
    """When flows count for discounting: at the end of their year, or in their month."""

    ANNUAL = "annual"
    MONTHLY = "monthly"


class Enterprise(FrozenValue):
    """Who proposes."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    ownership: Ownership
    annual_turnover: Amount | None = None


class Depreciation(StrEnum):
    """How the equipment is written off for tax."""

    STRAIGHT_LINE = "straight_line"
    DECLINING_BALANCE = "declining_balance"
    """A fixed part of the book value, and straight line from the year in which that is more."""

    SUM_OF_YEARS_DIGITS = "sum_of_years_digits"
    """The years left over the sum of all years' numbers."""


class Tax(FrozenValue):
    """Tax on profit in the optional run after tax; a year's loss lowers the tax on other income.

    ``declining_factor`` times 1 / years is the part of the book value written off in a year.
    """

    rate: Share
    depreciation: Depreciation = Depreciation.STRAIGHT_LINE
    depreciation_years: Annotated[int, Field(ge=1, le=40, strict=True)] = 5
    declining_factor: Annotated[ExactDecimal, Field(ge=1, le=4)] = Decimal(2)


class Assumptions(FrozenValue):
    """What the appraisal assumes: a real discount rate a year, horizon in years, timing.

    ``inflation`` turns the run in constant prices into one in money of the day; ``tax`` adds the
    run after tax. The horizon counts from month 0. ``baseline_year`` is the year in which most of
    the twelve months of the baseline lie; a project keeps the emission factors of that year.
    """

    discount_rate: Rate = 0.10
    horizon_years: Annotated[int, Field(ge=1, le=30, strict=True)] = 5
    timing: Timing = Timing.ANNUAL
    inflation: Rate = 0.0
    tax: Tax | None = None
    baseline_year: Annotated[int, Field(ge=1990, le=2100, strict=True)] | None = None


class Measure(FrozenValue):
    """One cleaner-production option of a plant.

    Measures with the same ``alternative_group`` exclude one another: at most one is carried out.
    """

    code: Code
    title: Annotated[str, Field(min_length=1, max_length=200)]
    technique: Technique | None = None
    investment: Annotated[tuple[InvestmentLine, ...], Field(max_length=200)] = ()
    savings: Annotated[tuple[SavingLine, ...], Field(max_length=200)] = ()
    added_costs: Annotated[tuple[CostLine, ...], Field(max_length=200)] = ()
    results: Annotated[tuple[ResultLine, ...], Field(max_length=200)] = ()
    alternative_group: Code | None = None
    life_years: Annotated[int, Field(ge=1, le=40, strict=True)] = 10
    residual_value: Amount = Decimal(0)
    implementation_months: Annotated[int, Field(ge=0, le=36, strict=True)] = 0
    expands_capacity: bool | None = None
    adds_production_equipment: bool | None = None


class Finance(FrozenValue):
    """What the enterprise asks the facility to finance; no measures named means all of them."""

    measures: tuple[Code, ...] = ()
    requested_amount: Amount | None = None
    own_contribution: Amount | None = None
    requested_maturity_months: Annotated[int, Field(ge=1, le=360, strict=True)] | None = None


LONGEST_HORIZON_YEARS = 10
MOST_LINES = 500
"""Rows of all measures together: each is explained by itself, so that they cost time."""


def horizon_years_of(measures: Sequence[Measure]) -> int:
    """How far an appraisal looks: the longest life, at most ten years; five without measures."""
    lives = [measure.life_years for measure in measures] or [Assumptions().horizon_years]
    return min(LONGEST_HORIZON_YEARS, max(lives))


class PriorAssessment(FrozenValue):
    """A cleaner-production assessment of the plant that was made before."""

    assessed_on: EnteredDay
    assessed_by: Annotated[str, Field(min_length=1, max_length=200)]
    report: Annotated[str, Field(min_length=1, max_length=300)]
    """Title of the report and where it is kept."""


class Proposal(FrozenValue):
    """A project of one enterprise: its measures and what is to be financed."""

    facility: Code = "nefco-1998"
    title: Annotated[str, Field(min_length=1, max_length=200)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    enterprise: Enterprise
    assumptions: Assumptions = Assumptions()
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=50)]
    finance: Finance = Finance()
    prior_assessment: PriorAssessment | None = None

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
        self._check_size()
        self._check_alternatives()
        self._check_whole_minor_units()
        self._check_lines_inside_horizon()
        return self

    def _check_size(self) -> None:
        lines = sum(
            len(m.investment) + len(m.savings) + len(m.added_costs) + len(m.results)
            for m in self.measures
        )
        if lines > MOST_LINES:
            message = (
                f"The measures have more than {MOST_LINES} lines together. Put small lines of "
                "one kind into one."
            )
            raise ValueError(message)

    def _check_alternatives(self) -> None:
        chosen = [m for m in self.financed_measures if m.alternative_group is not None]
        groups = [measure.alternative_group for measure in chosen]
        rivals = [m.code for m in chosen if groups.count(m.alternative_group) > 1]
        if rivals:
            message = (
                f"Measures {', '.join(rivals)} are alternatives of one another. "
                "Name among the measures to finance only the one that is carried out."
            )
            raise ValueError(message)

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
                if line.year is not None and line.year > self.assumptions.horizon_years:
                    message = (
                        f"Line {line.code}: it is expected after the horizon of "
                        f"{self.assumptions.horizon_years} years. Enter an earlier year."
                    )
                    raise ValueError(message)

    @property
    def financed_measures(self) -> tuple[Measure, ...]:
        """The measures that the loan is to finance."""
        chosen = self.finance.measures
        return tuple(m for m in self.measures if not chosen or m.code in chosen)
