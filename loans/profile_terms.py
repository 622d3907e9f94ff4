"""The terms of a facility, one by one: each with its value or None, its unit and its source."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from appraisal.number_fields import ExactDecimal
from appraisal.proposal import Evidence, Ownership, Technique
from loans.component import Component
from loans.coverage import DECIDED_OF_ASSETS, DECIDED_OF_GUARANTEES, AssetKind, GuarantorKind
from loans.draft import Section
from loans.precedent import Precedent
from loans.refusal import WrongValue
from loans.reminder_rules import REMINDER_DAYS
from loans.schedules.day_count import DayCount
from loans.schedules.schedule import GraceInterest, Method

T = TypeVar("T")

Share = Annotated[ExactDecimal, Field(ge=0, le=1)]
PositiveShare = Annotated[ExactDecimal, Field(gt=0, le=1)]
Positive = Annotated[ExactDecimal, Field(gt=0)]
NotNegative = Annotated[ExactDecimal, Field(ge=0)]
MeasureLetter = Annotated[str, Field(pattern="^[ABC]$")]
Months = Annotated[int, Field(ge=1, le=360, strict=True)]
ReminderDay = Annotated[int, Field(ge=-366, le=3660, strict=True)]
"""Days from the due day; negative ones lie before it."""

Days = Annotated[int, Field(ge=0, le=3660, strict=True)]


class RoiPeriodFrom(StrEnum):
    """The day from which the returns are expected to materialise."""

    FIRST_DISBURSEMENT = "first_disbursement"
    COMMISSIONING = "commissioning"


class TermMissing(WrongValue):
    """A term that the fund has not decided yet."""

    code = "term_missing"


class ProfileValue(BaseModel):
    """A part of a profile: it never changes and knows no other field."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Term(ProfileValue, Generic[T]):
    """One term: its value or None, what it is counted in, its source, and whether we decided it."""

    value: T | None
    unit: Annotated[str, Field(min_length=1, max_length=60)]
    label: Annotated[str, Field(min_length=1, max_length=200)]
    source: Annotated[str, Field(min_length=1, max_length=300)]
    decided: bool
    note: Annotated[str, Field(max_length=500)] = ""

    @property
    def required(self) -> T:
        """The value.

        Raises:
            TermMissing: the fund has not decided it.
        """
        if self.value is None:
            message = f"The profile leaves open: {self.label}. Ask the fund manager to enter it."
            raise TermMissing(message)
        return self.value


_REMINDERS: Term[tuple[ReminderDay, ...]] = Term(
    value=REMINDER_DAYS,
    unit="days",
    label="Days from the due day on which borrowers are reminded; negative before it",
    source="Own decision of the software; the sources give none",
    decided=True,
)
"""Versions kept before the term existed remind on these days."""

_NO_CONDITIONS: Term[tuple[Precedent, ...]] = Term(
    value=(),
    unit="choices",
    label="Conditions before pay-outs",
    source="The document states none",
    decided=True,
)
"""What a document of the time before these terms means: it demands nothing of its own."""


def _decided(value: Any, unit: str, label: str) -> Any:  # noqa: ANN401 - a term of any kind
    """A term for documents written before the term was known."""
    source = "Own decision of the software; the sources give no figure"
    return Field(
        default_factory=lambda: Term[Any](
            value=value, unit=unit, label=label, source=source, decided=True
        )
    )


class Terms(ProfileValue):
    """Every term that a profile states."""

    financed_share: Term[PositiveShare]
    own_contribution_minimum: Term[Share]
    minimum_amount: Term[NotNegative]
    maximum_amount: Term[Positive]
    annual_rate: Term[Share]
    maturity_extension: Term[Share]
    longest_maturity_months: Term[Months]
    roi_period_from: Term[RoiPeriodFrom]
    minor_investment: Term[NotNegative]
    borrowing_types: Term[tuple[MeasureLetter, ...]]
    borrowing_types_in_group: Term[tuple[MeasureLetter, ...]]
    minimum_cover: Term[Positive]
    target_cover: Term[Positive]
    default_discount_rate: Term[Share]
    ownerships: Term[tuple[Ownership, ...]]
    countries: Term[tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...]]
    techniques_not_cleaner_production: Term[tuple[Technique, ...]]
    other_technique_share_for_review: Term[Share]
    measures_may_expand_capacity: Term[bool]
    measures_may_add_production_equipment: Term[bool]
    baseline_evidence: Term[tuple[Evidence, ...]]
    day_count: Term[DayCount]
    schedule_methods: Term[tuple[Method, ...]]
    frequency_months: Term[tuple[Months, ...]]
    grace_interest: Term[GraceInterest]
    allocation_order: Term[tuple[Component, ...]]
    recovery_order: Term[tuple[Component, ...]]
    arrears_tolerance: Term[NotNegative]
    late_interest_margin: Term[Share]
    non_accrual_days: Term[Days]
    backdating_days: Term[Days]
    business_day_country: Term[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]]
    origination_fee: Term[Share]
    provision_rates: Term[tuple[tuple[Days, Share], ...]]
    restructured_provision: Term[Share]
    collateral_minimum: Term[NotNegative]
    haircuts: Term[tuple[tuple[AssetKind, Share], ...]] = _decided(
        DECIDED_OF_ASSETS,
        "part of the value",
        "Part of an asset's value that does not count, by kind",
    )
    guarantee_haircuts: Term[tuple[tuple[GuarantorKind, Share], ...]] = _decided(
        DECIDED_OF_GUARANTEES,
        "part of the guarantee",
        "Part of a guarantee that does not count, by guarantor",
    )
    responsibilities: Term[tuple[str, ...]]
    supplier_tiers: Term[tuple[str, ...]]
    conditions_first_pay_out: Term[tuple[Precedent, ...]] = _NO_CONDITIONS
    conditions_every_pay_out: Term[tuple[Precedent, ...]] = _NO_CONDITIONS
    reminder_days: Term[tuple[ReminderDay, ...]] = _REMINDERS
    liquidity_reserve: Term[Share]
    payback_limit_years: Term[Positive]
    required_sections: Term[tuple[Section, ...]]
    prior_assessment_required: Term[bool]


MAY_STAY_OPEN = frozenset(
    {
        "late_interest_margin",
        "collateral_minimum",
        "business_day_country",
        "origination_fee",
        "maturity_extension",
        "payback_limit_years",
        "reminder_days",
    }
)
"""Terms that mean something while they are open: no such rule, charge or limit."""
