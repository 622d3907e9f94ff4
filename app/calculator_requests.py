"""What the calculators are asked. ``appraise`` is asked with a ``Proposal``."""

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from appraisal.money import MoneyError, minor_digits, to_minor
from appraisal.number_fields import Amount, ExactDecimal, Rate
from loans.refusal import WrongValue
from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import DayCount, DayCountError, day_count_named, due_dates
from loans.schedules.schedule import GraceInterest, Method
from loans.schedules.schedule_limits import MOST_INSTALMENTS

MOST_FLOWS = 1_200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2200


def _finite_number(value: object) -> float:
    message = "Enter a number, such as -120000 or 0.10, without quotation marks."
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(message)  # noqa: TRY004  # pydantic shows only this class to people
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(message) from None
    if not math.isfinite(number):
        raise ValueError(message)
    return number


def _day(value: object) -> date:
    message = "Enter a day as year-month-day, such as 2026-01-15."
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError(message)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError(message) from None
    if not _EARLIEST_YEAR <= day.year <= _LATEST_YEAR:
        message = f"Enter a day in the years {_EARLIEST_YEAR} to {_LATEST_YEAR}."
        raise ValueError(message)
    return day


def _offered(name: object) -> DayCount:
    try:
        return day_count_named(name if isinstance(name, str) else "")
    except DayCountError as error:
        raise ValueError(error.message) from None


def _known_currency(code: str) -> str:
    minor_digits(code)
    return code


Flow = Annotated[float, BeforeValidator(_finite_number)]
Day = Annotated[date, BeforeValidator(_day)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$"), AfterValidator(_known_currency)]
Count = Annotated[int, Field(strict=True, ge=1, le=MOST_INSTALMENTS)]


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class IndicatorsRequest(_Request):
    """Flows one year apart, the first at time 0, or dated ones; rates are fractions a year."""

    flows: Annotated[tuple[Flow, ...], Field(min_length=1, max_length=MOST_FLOWS)]
    rate: Rate
    dates: Annotated[tuple[Day, ...], Field(max_length=MOST_FLOWS)] | None = None
    finance_rate: Rate | None = None
    reinvestment_rate: Rate | None = None


class DisbursementRequest(_Request):
    """Money paid out on one day."""

    on: Day
    amount: Annotated[ExactDecimal, Field(gt=0)]


class ScheduleRequest(_Request):
    """A loan: what is paid out and when, its rate and day count, and how it is repaid."""

    principal: Annotated[ExactDecimal, Field(gt=0)] | None = None
    currency: Currency
    annual_rate: Annotated[ExactDecimal, Field(ge=0, le=1)]
    day_count: Annotated[DayCount, BeforeValidator(_offered)] = DayCount.ACT_365_FIXED
    method: Method = Method.LEVEL
    first_disbursement: Day | None = None
    first_due: Day | None = None
    instalments: Count | None = None
    frequency_months: Annotated[int, Field(strict=True, ge=1, le=60)] = 1
    disbursements: (
        Annotated[tuple[DisbursementRequest, ...], Field(min_length=1, max_length=MOST_INSTALMENTS)]
        | None
    ) = None
    due_dates: (
        Annotated[tuple[Day, ...], Field(min_length=1, max_length=MOST_INSTALMENTS)] | None
    ) = None
    grace_instalments: Annotated[int, Field(strict=True, ge=0, le=MOST_INSTALMENTS)] = 0
    grace_interest: GraceInterest = GraceInterest.PAID
    rounding_step: Annotated[ExactDecimal, Field(gt=0)] | None = None
    balloon: Amount = Decimal(0)
    savings: Annotated[tuple[Amount, ...], Field(max_length=MOST_INSTALMENTS)] | None = None
    target_cover: Annotated[ExactDecimal, Field(gt=0, le=100)] | None = None

    @model_validator(mode="after")
    def _one_way_each(self) -> Self:
        if self.disbursements is None:
            if self.principal is None or self.first_disbursement is None:
                message = "Enter principal and first_disbursement, or disbursements."
                raise ValueError(message)
        elif self.principal is not None or self.first_disbursement is not None:
            message = "Enter principal and first_disbursement, or disbursements, not both."
            raise ValueError(message)
        if self.due_dates is None:
            if self.first_due is None or self.instalments is None:
                message = "Enter first_due and instalments, or due_dates."
                raise ValueError(message)
        elif self.first_due is not None or self.instalments not in {None, len(self.due_dates)}:
            message = "Enter first_due and instalments, or due_dates, not both."
            raise ValueError(message)
        return self

    def paid_out(self) -> list[BalanceChange]:
        """The disbursements in minor units, in the order of their days.

        Raises:
            WrongValue: an amount with part of a minor unit.
        """
        if self.disbursements is not None:
            parts = [(part.on, part.amount, "disbursements") for part in self.disbursements]
        else:
            parts = [(self._first_day(), self.principal or Decimal(0), "principal")]
        changes = [BalanceChange(on, self.minor(amount, field)) for on, amount, field in parts]
        return sorted(changes, key=lambda change: change.on)

    def due_on(self) -> tuple[date, ...]:
        """The due dates, as given or generated."""
        if self.due_dates is not None:
            return self.due_dates
        first_due = self.first_due or self._first_day()
        return due_dates(
            first_due, self.instalments or 1, self.frequency_months, start=self._first_day()
        )

    def savings_minor(self) -> Sequence[int] | None:
        """The savings in minor units."""
        if self.savings is None:
            return None
        return [self.minor(saving, "savings") for saving in self.savings]

    def minor(self, amount: Decimal, field: str) -> int:
        """An amount in minor units.

        Raises:
            WrongValue: it has part of a minor unit, or is too large.
        """
        try:
            return to_minor(amount, self.currency)
        except MoneyError as error:
            raise WrongValue(str(error), field=field) from None

    def _first_day(self) -> date:
        days = [part.on for part in self.disbursements or ()]
        return min(days) if self.first_disbursement is None else self.first_disbursement
