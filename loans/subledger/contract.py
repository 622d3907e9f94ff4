"""The terms of one loan that decide what it owes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from loans.component import Component
from loans.schedules.day_count import MONTHS_PER_YEAR, DayCount, due_day_of, month_after
from loans.schedules.day_position import InterestRate, time_axis
from loans.schedules.instalment_periods import LISTED
from loans.schedules.schedule import GraceInterest, Method

RECOVERY_ORDER = tuple(Component)
"""Of what comes in after a write-off: costs, fees, late interest, interest, principal."""


class Agreed(NamedTuple):
    """How principal is spread: by the contract, or by the new terms that came after it.

    The instalments up to ``grace_until`` carry no principal.
    """

    method: Method
    grace_until: int
    grace_interest: GraceInterest
    balloon_minor: int

    def later(self, passed_over: int) -> Agreed:
        """The same where so many of the first due days lay before the pay-out."""
        return self._replace(grace_until=max(0, self.grace_until - passed_over))


@dataclass(frozen=True, slots=True)
class Contract:
    """One version of a contract; amounts in minor units, rates per year.

    ``due_on`` are the due dates for a first pay-out on ``planned_pay_out_on``; where
    ``frequency_months`` is 0 (``LISTED``), they are days of the calendar and follow no pay-out.
    ``savings_minor`` has one value for each instalment. ``business_days_of`` is the country whose
    business days decide whether a receipt is on time. A loan is in non-accrual while it is more
    than ``non_accrual_after_days`` days past due.
    """

    principal_minor: int
    annual_rate: Decimal
    day_count: DayCount
    method: Method
    planned_pay_out_on: date
    due_on: tuple[date, ...]
    allocation_order: tuple[Component, ...] = tuple(Component)
    recovery_order: tuple[Component, ...] = RECOVERY_ORDER
    grace_instalments: int = 0
    grace_interest: GraceInterest = GraceInterest.PAID
    balloon_minor: int = 0
    rounding_step_minor: int = 1
    savings_minor: tuple[int, ...] | None = None
    late_interest_margin: Decimal = Decimal(0)
    tolerance_minor: int = 0
    non_accrual_after_days: int | None = None
    business_days_of: str | None = None
    frequency_months: int = 1

    @property
    def agreed(self) -> Agreed:
        """How the contract itself spreads principal."""
        return Agreed(self.method, self.grace_instalments, self.grace_interest, self.balloon_minor)

    @property
    def order(self) -> tuple[Component, ...]:
        """The order in which a receipt pays one item; costs first where it does not say."""
        missing = tuple(part for part in Component if part not in self.allocation_order)
        return (*missing, *self.allocation_order)

    @property
    def months_to_first(self) -> int:
        """The months within which the first instalment falls due after the planned pay-out."""
        months = 1
        while month_after(self.planned_pay_out_on, months) < self.due_on[0]:
            months += 1
        return months

    def due_dates_for(self, first_paid_on: date) -> tuple[date, ...]:
        """The due dates where the first pay-out is on ``first_paid_on``.

        Paid out on another day than planned, the first instalment is due on a due day as many
        months after the pay-out as planned, and the others follow at the same distances: the
        maturity counts from the pay-out. Of listed days those after the pay-out stay; where none
        is left, a month after it.
        """
        if first_paid_on == self.planned_pay_out_on:
            return self.due_on
        if self.frequency_months == LISTED:
            left = tuple(day for day in self.due_on if day > first_paid_on)
            return left or (month_after(first_paid_on, 1),)
        due_day = max(day.day for day in self.due_on[:2])
        starts = _month(self.due_on[0])
        same_month = month_after(first_paid_on, 0, due_day=due_day)
        skipped = 0 if same_month > first_paid_on else 1
        skipped += self.months_to_first - 1
        return tuple(
            month_after(first_paid_on, skipped + _month(day) - starts, due_day=due_day)
            for day in self.due_on
        )

    def rates_for(self, first_paid_on: date) -> tuple[InterestRate, InterestRate]:
        """The contract's rate and the margin of late interest, on the time axis of the loan."""
        due_day = due_day_of(first_paid_on, self.due_dates_for(first_paid_on))
        axis = time_axis(self.day_count, due_day)
        return (
            InterestRate.of(self.annual_rate, axis),
            InterestRate.of(self.late_interest_margin, axis),
        )


def _month(day: date) -> int:
    return MONTHS_PER_YEAR * day.year + day.month
