"""What ``indicators`` and ``schedule`` answer: money as decimal strings, results as numbers."""

import math
from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict

from appraisal.indicators import Indicators
from appraisal.irr import IrrResult, IrrStatus
from appraisal.money import from_minor
from loans.schedules.schedule import Cover, Instalment, Schedule


class AnswerModel(BaseModel):
    """An answer, which never changes once it is given."""

    model_config = ConfigDict(frozen=True)


class IrrAnswer(AnswerModel):
    """The internal rate of return: what the roots amount to, and all of them."""

    status: IrrStatus
    rate: float | None
    roots: tuple[float | None, ...]
    reason: str | None

    @classmethod
    def of(cls, result: IrrResult) -> Self:
        """The result; a rate beyond floating point is null."""
        return cls(
            status=result.status,
            rate=finite(result.rate),
            roots=tuple(finite(root) for root in result.roots),
            reason=result.reason,
        )


class IndicatorsAnswer(AnswerModel):
    """The indicators of one list of flows."""

    net_present_value: float
    profitability_index: float | None
    internal_rate_of_return: IrrAnswer
    modified_internal_rate_of_return: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    convention: str

    @classmethod
    def of(cls, result: Indicators) -> Self:
        """The indicators as plain data."""
        return cls(
            net_present_value=result.net_present_value,
            profitability_index=finite(result.profitability_index),
            internal_rate_of_return=IrrAnswer.of(result.internal_rate_of_return),
            modified_internal_rate_of_return=finite(result.modified_internal_rate_of_return),
            payback_years=result.payback_years,
            discounted_payback_years=result.discounted_payback_years,
            convention=result.convention,
        )


class InstalmentAnswer(AnswerModel):
    """One instalment. Interest that is added to the loan shows as negative principal."""

    number: int
    due_on: date
    principal: str
    interest: str
    total: str
    balance: str

    @classmethod
    def of(cls, row: Instalment, currency: str) -> Self:
        """The instalment in major units."""
        return cls(
            number=row.number,
            due_on=row.due_on,
            principal=major_text(row.principal_minor - row.capitalised_minor, currency),
            interest=major_text(row.interest_minor + row.capitalised_minor, currency),
            total=major_text(row.total_minor, currency),
            balance=major_text(row.balance_minor, currency),
        )


class CoverAnswer(AnswerModel):
    """Savings / debt service after the grace, and over the life of the loan."""

    minimum: float
    average: float
    loan_life: float

    @classmethod
    def of(cls, cover: Cover) -> Self:
        """The cover as numbers."""
        return cls(
            minimum=float(cover.minimum),
            average=float(cover.average),
            loan_life=float(cover.loan_life),
        )


class ScheduleAnswer(AnswerModel):
    """The schedule, its totals and, where savings are given, their cover."""

    instalments: tuple[InstalmentAnswer, ...]
    principal: str
    interest: str
    total: str
    cover: CoverAnswer | None
    debt_capacity: str | None
    divisor: float | None

    @classmethod
    def of(cls, schedule: Schedule, currency: str, target_cover: Decimal | None) -> Self:
        """The schedule in major units."""
        capacity = None if target_cover is None else schedule.debt_capacity_minor(target_cover)
        return cls(
            instalments=tuple(InstalmentAnswer.of(row, currency) for row in schedule.instalments),
            principal=major_text(schedule.disbursed_minor, currency),
            interest=major_text(schedule.interest_minor, currency),
            total=major_text(schedule.total_minor, currency),
            cover=None if schedule.cover is None else CoverAnswer.of(schedule.cover),
            debt_capacity=None if capacity is None else major_text(capacity, currency),
            divisor=None if schedule.divisor is None else float(schedule.divisor),
        )


def major_text(minor: int, currency: str) -> str:
    """Minor units as a decimal string with the currency's digits."""
    return f"{from_minor(minor, currency):f}"


def finite(value: float | None) -> float | None:
    """The value; None where it is beyond floating point, since JSON has no infinity."""
    return value if value is not None and math.isfinite(value) else None
