"""What one loan owes on the evening of a day, and how it came to that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from loans.component import Component
from loans.schedules.schedule import Instalment


class PlanReason(StrEnum):
    """Why a loan has another schedule than before."""

    PAY_OUT = "pay-out"
    PREPAYMENT = "prepayment"
    RESCHEDULE = "reschedule"
    HOLIDAY = "holiday"
    PAID_OFF = "paid-off"


@dataclass(frozen=True, slots=True)
class PlanChange:
    """The whole schedule in force from ``on``: what fell due before it, and what is planned."""

    on: date
    reason: PlanReason
    instalments: tuple[Instalment, ...]


class Amounts(NamedTuple):
    """Minor units by component, in the order of ``Component``."""

    costs: int = 0
    fees: int = 0
    late_interest: int = 0
    interest: int = 0
    principal: int = 0

    def of(self, component: Component) -> int:
        """The amount of one component."""
        return self[_PLACES[component]]

    @property
    def total(self) -> int:
        """All components together."""
        return sum(self)


_PLACES: Mapping[Component, int] = {part: place for place, part in enumerate(Component)}


@dataclass(frozen=True, slots=True)
class DueItem:
    """What fell due on one day: an instalment (with its number), or a charge (with its record).

    A receipt by ``on_time_until`` is on time. ``due`` counts late interest up to the day of the
    state.
    """

    number: int | None
    ref: str | None
    due_on: date
    on_time_until: date
    due: Amounts
    paid: Amounts
    settled_on: date | None

    @property
    def open(self) -> Amounts:
        """What is still to be paid."""
        return Amounts(*(due - paid for due, paid in zip(self.due, self.paid, strict=True)))

    @property
    def open_minor(self) -> int:
        """All of it together."""
        return sum(self.due) - sum(self.paid)


class Target(StrEnum):
    """What a part of a receipt went to."""

    DUE = "due"
    PREPAID = "prepaid"
    CREDIT = "credit"
    RELEASED = "released"
    """Not due any more: new terms took it up."""
    RECOVERED = "recovered"


class Part(NamedTuple):
    """Minor units of money that paid something; ``number`` and ``ref`` name the due item."""

    target: Target
    component: Component | None
    amount_minor: int
    number: int | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one event's money paid, or, without ``ref``, what waiting money paid on a due day.

    The parts of a receipt, with what it left waiting (``CREDIT``), add up to it.
    """

    on: date
    ref: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class AccountState:
    """One loan on the evening of ``on``; amounts in minor units.

    ``principal_minor`` is outstanding, what is overdue of it included. ``accrued_minor`` is the
    interest earned since the last due day and not due yet. ``credit_minor`` is the borrower's
    money that waits (negative: the borrower got back more than was left). Earned and charged
    figures are sums since the first pay-out. The next instalment of ``schedule`` has the interest
    that will fall due if nothing happens until then; ``plans`` keep it as it was planned.
    """

    on: date
    disbursed_minor: int
    given_up_minor: int
    capitalised_minor: int
    principal_minor: int
    accrued_minor: int
    credit_minor: int
    items: tuple[DueItem, ...]
    schedule: tuple[Instalment, ...]
    plans: tuple[PlanChange, ...]
    allocations: tuple[Allocation, ...]
    interest_earned_minor: int
    late_interest_earned_minor: int
    fees_charged_minor: int
    written_off_on: date | None
    written_off: Amounts
    suspended_when_written_off: Amounts
    recovered: Amounts
    still_lost: Amounts
    restructured_on: date | None
    days_past_due: int
    overdue_minor: int
    overdue_principal_minor: int
    is_non_accrual: bool

    @property
    def open(self) -> Amounts:
        """What is due and not paid, by component."""
        if not self.items:
            return Amounts()
        return Amounts(*map(sum, zip(*(item.open for item in self.items), strict=True)))

    @property
    def taken_up(self) -> Counter[tuple[int | None, Component | None]]:
        """What new terms took up of what had fallen due, by instalment and component."""
        found: Counter[tuple[int | None, Component | None]] = Counter()
        for one in self.allocations:
            for part in one.parts:
                if part.target is Target.RELEASED:
                    found[part.number, part.component] += part.amount_minor
        return found

    @property
    def pay_off_minor(self) -> int:
        """What closes the loan on this day: all that is open, accrued and outstanding."""
        opened = self.open
        rest = opened.total - opened.principal + self.accrued_minor + self.principal_minor
        return rest - self.credit_minor

    @property
    def is_settled(self) -> bool:
        """Whether every component is 0, the borrower's waiting money with them."""
        return (
            self.principal_minor == 0
            and self.accrued_minor == 0
            and self.credit_minor == 0
            and self.open.total == 0
        )

    @property
    def suspended(self) -> Amounts:
        """Interest and late interest that are owed and, in non-accrual, are no income yet."""
        if not self.is_non_accrual:
            return Amounts()
        opened = self.open
        return Amounts(
            late_interest=opened.late_interest, interest=opened.interest + self.accrued_minor
        )
