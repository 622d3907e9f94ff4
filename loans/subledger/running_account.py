"""The account of one loan while its days go by: interest earned, instalments due, money used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from loans.component import Component
from loans.schedules.business_days import next_business_day
from loans.schedules.day_count import first_day, month_after
from loans.schedules.remaining_plan import Opening, PlanRow, Shape, keep_instalments, spread
from loans.schedules.schedule import Instalment
from loans.subledger.billed import Billed
from loans.subledger.contract import Contract
from loans.subledger.events import PrepaymentChoice
from loans.subledger.plan_shape import shape_of
from loans.subledger.running_item import COMPONENTS, INTEREST, PLACE_OF, PRINCIPAL, RunningItem
from loans.subledger.state import Allocation, Part, PlanChange, PlanReason, Target


class RunningAccount:
    """What is owed at position ``at``, on the day ``on``; everything moves forward only.

    ``time`` is minor units x positions of principal since the last due day: the running interest.
    ``rows[next:]`` is the plan. Behind its last row overdue principal goes on earning interest,
    which belongs to the last instalment (``tail``).
    """

    def __init__(self, contract: Contract, first_paid_on: date) -> None:
        self.contract = contract
        self.rate, self.margin = contract.rates_for(first_paid_on)
        self.order = tuple(PLACE_OF[part] for part in contract.order)
        self.dates: Sequence[date] = contract.due_dates_for(first_paid_on)
        passed_over = len(contract.due_on) - len(self.dates)
        self.agreed = contract.agreed.later(passed_over)
        self.at, self.on = self.rate.position(first_paid_on), first_paid_on
        self.time = 0
        self.principal = self.credit = self.capitalised = self.earned = 0
        self.rows: tuple[PlanRow, ...] = ()
        self.next = self.number = 0
        self.billed = Billed()
        self.items: list[RunningItem] = []
        self.open: list[RunningItem] = []
        self.tail: RunningItem | None = None
        self.plans: list[PlanChange] = []
        self.allocations: list[Allocation] = []

    # Time

    def move(self, day: date) -> None:
        """Let principal and overdue amounts earn up to ``day``."""
        at = self.rate.position(day)
        if self.open and self.margin.numerator and (since := self._late_since(day)) is not None:
            for item in self.open:
                item.late_time += item.late_base_minor * (at - since)
        self.time += self.principal * (at - self.at)
        self.at, self.on = at, day

    def _late_since(self, day: date) -> int | None:
        """The position from which more than the tolerance is open; None where not before ``day``.

        Interest behind the last due day grows with the days, and may pass it on the way.
        """
        tail, opened = self.tail, sum(item.open_minor for item in self.open)
        if opened > self.contract.tolerance_minor or tail is None:
            return self.at if opened > self.contract.tolerance_minor else None

        def is_beyond(on: date) -> bool:
            span = self.rate.position(on) - self.at
            grown = tail.scheduled_interest + self.rate.earned(self.time + self.principal * span)
            return opened + grown - tail.due[INTEREST] > self.contract.tolerance_minor

        first = first_day(self.on, day, is_beyond)
        return None if first is None else self.rate.position(first)

    def reach(self, day: date) -> None:
        """Let everything fall due up to and including ``day``, and stand on it."""
        while self.next < len(self.rows) and self.rows[self.next].due_on <= day:
            self._fall_due(self.rows[self.next])
        self.move(day)

    def _fall_due(self, row: PlanRow) -> None:
        self.move(row.due_on)
        interest = self.rate.earned(self.time)
        self.earned += interest
        self.time = 0
        self.next += 1
        self.number += 1
        added = interest if row.capitalised_minor else 0
        self.principal += added
        self.capitalised += added
        self._enter_instalment(row.due_on, row.principal_minor, interest - added, added)
        self.use_waiting(row.due_on)

    def _enter_instalment(self, on: date, principal: int, interest: int, added: int) -> None:
        item = self.item(on, number=self.number)
        item.due[PRINCIPAL], item.due[INTEREST] = principal, interest
        item.scheduled_interest = interest
        if not item.open_minor:
            item.settled_on = on
            self.open.remove(item)
        if self.next == len(self.rows):
            self.tail = item
        self.billed.rows.append(
            Instalment(self.number, on, principal, interest, added, self.not_due_minor)
        )

    def item(self, on: date, *, number: int | None = None, ref: str | None = None) -> RunningItem:
        """Enter a due item of a day, in its order."""
        until = next_business_day(on, self.contract.business_days_of)
        item = RunningItem(on, until, self.rate.position(on), number=number, ref=ref)
        self.items.append(item)
        self.open.append(item)
        return item

    @property
    def not_due_minor(self) -> int:
        """Principal that has not fallen due."""
        due = sum(item.due[PRINCIPAL] - item.paid[PRINCIPAL] for item in self.open)
        return self.principal - due

    @property
    def accrued_minor(self) -> int:
        """Interest earned since the last due day and not due yet."""
        return 0 if self.tail is not None else self.rate.earned(self.time)

    def count_lateness(self, on: date) -> None:
        """Bring late interest, and interest behind the last due day, up to ``on``."""
        tail = self.tail
        if tail is not None and self.time:
            tail.due[INTEREST] = tail.scheduled_interest + self.rate.earned(self.time)
            if tail.open_minor and tail not in self.open:
                tail.settled_on = None
                self.open.append(tail)
        for item in self.open:
            item.count_lateness(on, self.margin)

    def close_tail(self) -> None:
        """Let interest behind the last due day stand as it is: a new plan begins."""
        if self.tail is not None:
            self.count_lateness(self.tail.due_on)
            self.earned += self.rate.earned(self.time)
            self.tail.scheduled_interest = self.tail.due[INTEREST]
            self.tail, self.time = None, 0

    # Money

    def settle(self, on: date) -> list[Part]:
        """Pay what is due from the money that waits, the oldest item first."""
        self.count_lateness(on)
        parts: list[Part] = []
        for item in tuple(self.open):
            if self.credit <= 0:
                break
            for place, amount in item.pay(self.credit, self.order, on, self.at):
                self.credit -= amount
                if place == PRINCIPAL:
                    self.principal -= amount
                parts.append(Part(Target.DUE, COMPONENTS[place], amount, item.number, item.ref))
            if not item.open_minor:
                self.open.remove(item)
        return parts

    def receive(
        self, on: date, ref: str, amount_minor: int, prepays: PrepaymentChoice | None
    ) -> None:
        """Use money that came; what is left of it waits."""
        self.credit += amount_minor
        parts = [*self.settle(on), *self._pay_off(on)]
        if prepays is not None:
            parts += self._prepay(on, amount_minor, prepays)
        left = amount_minor - sum(part.amount_minor for part in parts)
        if left:
            parts.append(Part(Target.CREDIT, None, left))
        self._note(on, ref, parts)

    def use_waiting(self, on: date) -> None:
        """Let money that waits pay what has just fallen due."""
        if self.credit > 0:
            self._note(on, None, self.settle(on))

    def use_credit(self, on: date, ref: str, amount_minor: int, prepays: PrepaymentChoice) -> None:
        """Let waiting money lower the principal."""
        parts = [*self._pay_off(on), *self._prepay(on, amount_minor, prepays)]
        self._note(on, ref, parts)

    def _note(self, on: date, ref: str | None, parts: Sequence[Part]) -> None:
        if parts or ref is not None:
            self.allocations.append(Allocation(on, ref, tuple(parts)))

    def _pay_off(self, on: date) -> list[Part]:
        """Close the loan where the waiting money reaches all that is left of it."""
        owed = self.accrued_minor + self.principal
        if self.open or not self.rows[self.next :] or not 0 < owed <= self.credit:
            return []
        parts = self._call(on, self.principal)
        self.plans.append(PlanChange(on, PlanReason.PAID_OFF, self.instalments()))
        return parts

    def _call(self, on: date, principal: int) -> list[Part]:
        """Let the interest so far fall due at once, with so much principal; waiting money pays."""
        interest = self.rate.earned(self.time)
        self.earned += interest
        self.time = 0
        self.rows = self.rows[: self.next]
        self.number += 1
        self._enter_instalment(on, principal, interest, 0)
        return self.settle(on)

    def set_off(self, on: date) -> None:
        """Let money that waits pay what it can of a loan that is given up.

        The interest so far falls due for it, and as much principal as it reaches.
        """
        if self.credit <= 0 or not self.rows[self.next :]:
            return
        paid = {INTEREST: self.accrued_minor, PRINCIPAL: self.not_due_minor}
        left = self.credit
        for place in self.order:
            if place in paid:
                paid[place] = min(left, paid[place])
                left -= paid[place]
        self._note(on, None, self._call(on, paid[PRINCIPAL]))

    def _prepay(self, on: date, amount_minor: int, choice: PrepaymentChoice) -> list[Part]:
        """Lower the principal once nothing is due, and plan anew."""
        lowered = min(amount_minor, self.credit, self.principal)
        if self.open or lowered <= 0:
            return []
        self.credit -= lowered
        self.principal -= lowered
        if choice is PrepaymentChoice.SHORTER_TERM:
            opening = Opening(on, self.not_due_minor, self.time)
            rows = keep_instalments(
                opening, self.rows[self.next :], rate=self.rate, method=self.agreed.method
            )
            self._plan(on, PlanReason.PREPAYMENT, rows)
        else:
            days = [row.due_on for row in self.rows[self.next :]]
            self.plan_anew(on, PlanReason.PREPAYMENT, days, self.shape(days))
        return [Part(Target.PREPAID, COMPONENTS[PRINCIPAL], lowered)]

    def release_overdue(self, on: date, ref: str, *, capitalises: bool) -> None:
        """Take principal that is overdue out of what is due, and its interest where it is added.

        What stays due keeps its day: new terms do not make a late loan punctual.
        """
        parts: list[Part] = []
        for item in tuple(self.open):
            for place in (PRINCIPAL, INTEREST) if capitalises else (PRINCIPAL,):
                released = item.due[place] - item.paid[place]
                if released:
                    item.due[place] = item.paid[place]
                    if item.number is not None:
                        self.billed.take_up(item.number, place, released)
                    component = COMPONENTS[place]
                    parts.append(Part(Target.RELEASED, component, released, item.number, item.ref))
            item.scheduled_interest = min(item.scheduled_interest, item.due[INTEREST])
            if not item.open_minor:
                item.settled_on = on
                self.open.remove(item)
        added = sum(part.amount_minor for part in parts if part.component is Component.INTEREST)
        self.principal += added
        self.capitalised += added
        self._note(on, ref, parts)

    def stop(self) -> None:
        """The loan is given up: nothing is due, planned or earned any more."""
        self.earned += self.rate.earned(self.time)
        self.time = self.principal = 0
        self.open.clear()
        self.rows, self.next, self.tail = (), 0, None

    # Plans

    def dates_after(self, on: date) -> list[date]:
        """The due dates of the loan that are still to come; a month later where none is left."""
        return [day for day in self.dates if day > on] or [month_after(on, 1)]

    def shape(self, days: Sequence[date]) -> Shape:
        """How the terms in force spread principal over these due dates of the loan."""
        return shape_of(self.contract, self.agreed, self.dates, self.number, days)

    def plan_anew(self, on: date, reason: PlanReason, days: Sequence[date], shape: Shape) -> None:
        """Spread the principal that is not due yet over ``days``."""
        opening = Opening(on, self.not_due_minor, self.time)
        self._plan(on, reason, spread(opening, days, rate=self.rate, shape=shape))

    def _plan(self, on: date, reason: PlanReason, rows: tuple[PlanRow, ...]) -> None:
        if not self.not_due_minor:
            # Nothing is left to repay: the interest that was earned falls due once, grace or not.
            rows = tuple(row.all_due() for row in rows[:1]) if self.time else ()
        self.rows, self.next, self.tail = rows, 0, None
        if not rows and self.items:
            self.tail = self.items[-1]
        self.plans.append(PlanChange(on, reason, self.instalments()))

    def instalments(self) -> tuple[Instalment, ...]:
        """The whole schedule: what fell due, and what is planned."""
        return self.billed.and_planned(self.rows[self.next :], self.number, self.not_due_minor)
