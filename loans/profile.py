"""A facility profile: the terms of a fund as versioned data, each with its source.

Nothing that a fund may want to change is a constant in code. A term may be open (``null``): data
entry goes on, approval waits until the fund decides.
"""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from appraisal.money import minor_digits, to_minor
from appraisal.number_fields import ExactDecimal
from appraisal.proposal import Evidence, Ownership, Technique
from loans.component import Component
from loans.coverage import (
    DECIDED_OF_ASSETS,
    DECIDED_OF_GUARANTEES,
    AssetKind,
    GuarantorKind,
    Haircuts,
)
from loans.day_count import DayCount
from loans.precedent import Precedent
from loans.refusal import Missing, WrongValue
from loans.schedule import GraceInterest, Method

T = TypeVar("T")

Share = Annotated[ExactDecimal, Field(ge=0, le=1)]
PositiveShare = Annotated[ExactDecimal, Field(gt=0, le=1)]
Positive = Annotated[ExactDecimal, Field(gt=0)]
NotNegative = Annotated[ExactDecimal, Field(ge=0)]
MeasureLetter = Annotated[str, Field(pattern="^[ABC]$")]
Months = Annotated[int, Field(ge=1, le=360, strict=True)]
Days = Annotated[int, Field(ge=0, le=3660, strict=True)]


class RoiPeriodFrom(StrEnum):
    """The day from which the returns are expected to materialise."""

    FIRST_DISBURSEMENT = "first_disbursement"
    COMMISSIONING = "commissioning"


class TermMissing(WrongValue):
    """A term that the fund has not decided yet."""

    code = "term_missing"


class ProfileRefused(WrongValue):
    """A document that is no profile."""

    code = "profile_refused"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Term(_Value, Generic[T]):
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


class Rule(_Value):
    """One rule of the facility in words, and what the software does about it."""

    code: Annotated[str, Field(pattern=r"^[A-Z]\d{1,3}$")]
    title: Annotated[str, Field(min_length=1, max_length=100)]
    text: Annotated[str, Field(min_length=1, max_length=500)]
    application: Annotated[str, Field(min_length=1, max_length=500)]


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


class Terms(_Value):
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
    liquidity_reserve: Term[Share]


_MAY_STAY_OPEN = frozenset(
    {"late_interest_margin", "collateral_minimum", "business_day_country", "origination_fee"}
)


class Profile(_Value):
    """The terms of one facility in one version."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    version: Annotated[int, Field(ge=1, strict=True)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    valid_from: date
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    terms: Terms
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        minor_digits(self.currency)
        terms = self.terms
        for amount in (terms.minimum_amount, terms.maximum_amount, terms.minor_investment):
            if amount.value is not None:
                to_minor(amount.value, self.currency)
        low, high = terms.minimum_amount.value, terms.maximum_amount.value
        if low is not None and high is not None and low > high:
            message = "The smallest loan is larger than the largest. Correct one of them."
            raise ValueError(message)
        lent, own = terms.financed_share.value, terms.own_contribution_minimum.value
        if lent is not None and own is not None and lent + own > 1:
            message = "The financed share and the own contribution exceed the whole investment."
            raise ValueError(message)
        self._check_order()
        return self

    def _check_order(self) -> None:
        order = self.terms.allocation_order.value
        named = () if order is None else (part for part in order if part is not Component.COSTS)
        if order is not None and sorted(named) != sorted(set(Component) - {Component.COSTS}):
            message = "Name fees, late interest, interest and principal once each."
            raise ValueError(message)

    def missing_terms(self) -> tuple[str, ...]:
        """Labels of the terms without which nothing can be approved, in the profile's order."""
        return tuple(
            term.label
            for name, term in self.all_terms()
            if term.value is None and name not in _MAY_STAY_OPEN
        )

    def all_terms(self) -> tuple[tuple[str, Term[Any]], ...]:
        """Each term with its code, for the page that shows them."""
        return tuple((name, getattr(self.terms, name)) for name in Terms.model_fields)

    @property
    def financed_share(self) -> Fraction:
        """Largest part of the investment that the loan finances."""
        return Fraction(self.terms.financed_share.required)

    @property
    def maturity_extension(self) -> Fraction:
        """Part of the ROI period by which the maturity may exceed it."""
        return Fraction(self.terms.maturity_extension.required)

    @property
    def minimum_cover(self) -> Fraction:
        """Smallest savings cover."""
        return Fraction(self.terms.minimum_cover.required)

    @property
    def collateral_minimum(self) -> Fraction | None:
        """Smallest coverage by collateral; None where the fund demands none."""
        value = self.terms.collateral_minimum.value
        return None if value is None else Fraction(value)

    @property
    def haircuts(self) -> Haircuts:
        """Which parts of assets and guarantees do not count."""
        return Haircuts(
            {kind: Fraction(part) for kind, part in self.terms.haircuts.value or ()},
            {kind: Fraction(part) for kind, part in self.terms.guarantee_haircuts.value or ()},
        )

    @property
    def target_cover(self) -> Fraction:
        """Savings cover below which a warning is given."""
        return Fraction(self.terms.target_cover.required)


def parse(document: object) -> Profile:
    """The profile in ``document``, a JSON object already read.

    Raises:
        ProfileRefused: naming the first term to correct.
    """
    try:
        return Profile.model_validate_json(json.dumps(document))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        known = [str(part) for part in first["loc"] if part in _FIELDS]
        message = f"The profile cannot be read at {'.'.join(known) or 'its top'}. Correct it there."
        raise ProfileRefused(message, field=".".join(known) or None) from None


_FIELDS = {*Profile.model_fields, *Terms.model_fields, *Term.model_fields, *Rule.model_fields}


def codes() -> tuple[str, ...]:
    """Codes of the profiles that come with the program, in alphabetical order."""
    files = resources.files("loans.profiles").iterdir()
    return tuple(sorted(f.name.removesuffix(".json") for f in files if f.name.endswith(".json")))


@cache
def load(code: str) -> Profile:
    """The profile called ``code`` that comes with the program.

    Raises:
        Missing: there is no such profile.
    """
    if code not in codes():
        message = f"There is no such facility. Enter one of: {', '.join(codes())}."
        raise Missing(message)
    text = resources.files("loans.profiles").joinpath(f"{code}.json").read_text(encoding="utf-8")
    return parse(json.loads(text))
