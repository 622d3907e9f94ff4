"""A loan as the definitions tell it: day by day, in exact fractions, in some hundred lines.

Written from the definitions of loans, not from the engine. It shares with it the words of contract
and events, the day counts and the calendar, and no rule. Savings-matched plans are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any, NamedTuple

from loans.component import Component
from loans.schedules.business_days import next_business_day
from loans.schedules.day_count import DayCount, due_day_of, month_after, year_fraction
from loans.schedules.schedule import GraceInterest, Method
from loans.subledger.contract import Contract
from loans.subledger.events import Event, PrepaymentChoice

COSTS, FEES, LATE, INTEREST, PRINCIPAL = Component
KINDS = "PaidOut RestGivenUp Charged Received CreditUsed Rescheduled Refunded WrittenOff Recovered"
STILL_COUNTS = ("RestGivenUp", "Charged", "Received", "Refunded", "Recovered")
DAY, NOTHING = timedelta(1), Fraction(0)


@cache
def of_a_year(count: DayCount, yearly: Fraction, since: date, until: date, day: int) -> Fraction:
    return yearly * year_fraction(count, since, until, due_day=day)


def told(event: Any) -> tuple[object, ...]:
    """By day; inside it pay-outs, charges, money and new terms, prepayments after other money."""
    rank = KINDS.split().index(type(event).__name__)
    return event.on, rank, getattr(event, "prepays", None) or "", getattr(event, "amount_minor", 0)


def half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


class Row(NamedTuple):
    on: date
    principal: int
    total: int
    is_added: bool


class Item:
    """What fell due on a day, and what of it was paid."""

    def __init__(self, on: date, until: date, due: dict[Component, int]) -> None:
        self.on, self.until, self.due, self.paid = on, until, Counter(due), Counter[Component]()
        self.billed, self.late = self.due[INTEREST], NOTHING

    def owed(self, *parts: Component) -> int:
        if not parts:
            return sum(self.due.values()) - sum(self.paid.values())
        return sum(self.due[part] - self.paid[part] for part in parts)

    def late_base(self) -> int:
        return self.owed(PRINCIPAL) + max(0, self.billed - self.paid[INTEREST])


class ModelLoan:
    """The loan on the evening of ``until``, in minor units."""

    def __init__(self, contract: Contract, events: Iterable[Event], until: date) -> None:
        happened = sorted((one for one in events if one.on <= until), key=told)
        begins = [one.on for one in happened if type(one).__name__ == "PaidOut"]
        self.contract, self.rate = contract, Fraction(contract.annual_rate)
        self.margin = Fraction(contract.late_interest_margin)
        self.terms = (contract.method, contract.grace_instalments, contract.grace_interest)
        self.balloon = contract.balloon_minor
        missing = [part for part in Component if part not in contract.allocation_order]
        self.order = (*missing, *contract.allocation_order)
        self.principal = self.credit = self.number = self.disbursed = self.given_up = 0
        self.recovered, self.lost, self.accrued = 0, 0, NOTHING
        self.items, self.rows = list[Item](), list[Row]()
        self.last: Item | None = None
        self.claim: Counter[Component] | None = None
        self.today = begins[0] if begins else until
        self.dates = self.first_dates(self.today)
        self.due_day = due_day_of(self.today, tuple(self.dates))
        for event in happened:
            name = type(event).__name__
            if name == "RestGivenUp" or (begins and event.on >= begins[0]):
                self.pass_days(event.on)
                if self.claim is None or name in STILL_COUNTS:
                    getattr(self, f"take_{name.lower()}")(event)
        self.pass_days(until)

    def first_dates(self, paid_on: date) -> Sequence[date]:
        due = self.contract.due_on
        if paid_on == self.contract.planned_pay_out_on:
            return due
        step = max(1, round((due[1] - due[0]).days / 30.4)) if due[1:] else 1
        day = max(one.day for one in due[:2])
        ahead = step - (month_after(paid_on, 0, due_day=day) > paid_on)
        months = [ahead + step * place for place in range(len(due))]
        return [month_after(paid_on, one, due_day=day) for one in months]

    # Days

    def growth(self, since: date, until: date, *, is_late: bool = False) -> Fraction:
        """What one unit earns between two days, by the rate or by the margin of late interest."""
        yearly = self.margin if is_late else self.rate
        return of_a_year(self.contract.day_count, yearly, since, until, self.due_day)

    def pass_days(self, until: date) -> None:
        while self.today < until:
            tomorrow = self.today + DAY
            self.accrued += self.principal * self.growth(self.today, tomorrow)
            if self.margin and self.owed() > self.contract.tolerance_minor:
                part = self.growth(self.today, tomorrow, is_late=True)
                for item in self.items:
                    item.late += item.late_base() * part
            self.today = tomorrow
            self.count()
            while self.rows and self.rows[0].on <= self.today:
                self.fall_due(self.rows.pop(0))

    def count(self) -> None:
        """Interest behind the last instalment belongs to it; late interest to each late item."""
        if self.last is not None and not self.rows:
            self.last.due[INTEREST] = self.last.billed + half_up(self.accrued)
        for item in self.items:
            if item.owed() and self.today > item.until:
                item.due[LATE] = half_up(item.late)

    def fall_due(self, row: Row) -> None:
        interest, self.accrued, self.number = half_up(self.accrued), NOTHING, self.number + 1
        added = interest if row.is_added else 0
        self.principal += added
        self.last = self.enter({PRINCIPAL: row.principal, INTEREST: interest - added})
        self.settle()

    def enter(self, due: dict[Component, int]) -> Item:
        until = next_business_day(self.today, self.contract.business_days_of)
        self.items.append(Item(self.today, until, due))
        return self.items[-1]

    def owed(self, *parts: Component) -> int:
        return sum(item.owed(*parts) for item in self.items)

    @property
    def running(self) -> int:
        """Interest earned since the last due day, while another one is to come."""
        return half_up(self.accrued) if self.rows else 0

    # Plans

    def plan(self, days: Sequence[date]) -> None:
        """Spread what is not due over ``days`` by the terms in force."""
        method, grace_until, grace_interest = self.terms
        grace = min(max(0, grace_until - self.number), len(days) - 1)
        left, accrued, at, wanted, keep = self.not_due, self.accrued, self.today, 0, 0
        rows = list[Row]()
        for place, on in enumerate(days):
            if place == grace:
                wanted = self.wanted(left, accrued, at, days[place:])
                keep = min(self.balloon, left)
            interest = half_up(accrued + left * self.growth(at, on))
            accrued, at, principal, is_added = NOTHING, on, left, False
            if place < grace:
                principal, is_added = 0, grace_interest is GraceInterest.CAPITALISED
            elif place < len(days) - 1:
                due = wanted if method is Method.EQUAL_PRINCIPAL else wanted - interest
                principal = max(0, min(due, left - keep))
            rows.append(Row(on, principal, principal + interest * (not is_added), is_added))
            left += interest * is_added - principal
            if place >= grace and not left:
                break
        self.take_up(rows)

    def wanted(self, left: int, accrued: Fraction, at: date, days: Sequence[date]) -> int:
        """What each instalment brings: of principal, or in all where the payments are level."""
        balloon = min(self.balloon, left)
        if self.terms[0] is Method.BULLET or balloon == left:
            return 0
        if self.terms[0] is Method.EQUAL_PRINCIPAL:
            return half_up(Fraction(left - balloon, len(days)))
        step, half = self.contract.rounding_step_minor, Fraction(1, 2)
        lowest, highest = 0, 2 * left + half_up(accrued) + 1
        while lowest < highest:
            middle = (lowest + highest) // 2
            if self.left_of(left, accrued, at, days, (middle + half) * step) < balloon:
                highest = middle
            else:
                lowest = middle + 1
        return step * lowest

    def left_of(
        self, left: int, accrued: Fraction, at: date, days: Sequence[date], paid: Fraction
    ) -> Fraction:
        """What is left where each of ``days`` pays so much, and never less than its interest."""
        rest = Fraction(left)
        for on in days:
            interest = accrued + rest * self.growth(at, on)
            rest, accrued, at = rest + interest - max(paid, interest), NOTHING, on
        return rest

    def shorten(self) -> None:
        """Each instalment keeps its equal part, or what it brings in all; the last ones go."""
        left, accrued, at, rows = self.not_due, self.accrued, self.today, list[Row]()
        for row in self.rows:
            interest = half_up(accrued + left * self.growth(at, row.on))
            accrued, at = NOTHING, row.on
            due = row.total - interest if row.principal else 0
            if self.terms[0] is Method.EQUAL_PRINCIPAL:
                due = row.principal
            principal = max(0, min(due, left))
            principal = left if row is self.rows[-1] else principal
            total = principal + interest * (not row.is_added)
            rows.append(Row(row.on, principal, total, row.is_added))
            left += interest * row.is_added - principal
            if not left:
                break
        self.take_up(rows)

    def take_up(self, rows: list[Row]) -> None:
        """Where nothing is left to repay, interest that was earned falls due once."""
        if not self.not_due:
            rows = [row._replace(is_added=False) for row in rows[:1]] if self.accrued else []
        self.rows = rows

    @property
    def not_due(self) -> int:
        return self.principal - self.owed(PRINCIPAL)

    # Money

    def settle(self) -> None:
        """Waiting money pays the oldest first; what is paid on time was never late."""
        for item in self.items:
            before = self.credit
            for part in self.order:
                taken = max(0, min(self.credit, item.owed(part)))
                item.paid[part] += taken
                self.credit -= taken
                self.principal -= taken if part is PRINCIPAL else 0
            if self.credit < before and self.today <= item.until:
                item.late = item.late_base() * self.growth(item.on, self.today, is_late=True)
        self.items = [item for item in self.items if item.owed() or item is self.last]

    def close(self) -> None:
        """Money that reaches all that is left closes the loan."""
        owed = self.running + self.principal
        if self.rows and not self.owed() and 0 < owed <= self.credit:
            self.rows, interest, self.accrued = [], half_up(self.accrued), NOTHING
            self.number += 1
            self.last = self.enter({PRINCIPAL: self.principal, INTEREST: interest})
            self.settle()

    def prepay(self, amount_minor: int, choice: PrepaymentChoice | None) -> None:
        lowered = min(amount_minor, self.credit, self.principal)
        if choice is None or self.owed() or lowered <= 0:
            return
        self.credit -= lowered
        self.principal -= lowered
        if choice is PrepaymentChoice.SHORTER_TERM:
            self.shorten()
        else:
            self.plan([row.on for row in self.rows])

    # Events

    def take_paidout(self, event: Any) -> None:
        self.disbursed += event.amount_minor
        self.end_last()
        self.principal += event.amount_minor
        ahead = [day for day in self.dates if day > self.today]
        self.plan(ahead or [month_after(self.today, 1)])

    def end_last(self) -> None:
        """Interest behind the last instalment stands as it is; a new plan begins."""
        if self.last is not None and not self.rows:
            self.last.billed, self.accrued = self.last.due[INTEREST], NOTHING

    def take_restgivenup(self, event: Any) -> None:
        self.given_up += event.amount_minor

    def take_charged(self, event: Any) -> None:
        if self.claim is not None:
            self.claim[event.component] += event.amount_minor
        else:
            self.enter({event.component: event.amount_minor})
            self.settle()

    def take_received(self, event: Any) -> None:
        self.credit += event.amount_minor
        if self.claim is not None:
            self.recover(event.amount_minor)
            return
        self.settle()
        self.close()
        self.prepay(event.amount_minor, getattr(event, "prepays", None))

    take_recovered = take_received

    def recover(self, amount_minor: int) -> None:
        """Costs, fees, late interest, interest, principal; what is beyond the claim waits."""
        for part in self.contract.recovery_order:
            taken = min(amount_minor, self.claim[part]) if self.claim else 0
            amount_minor -= taken
            self.credit -= taken
            self.recovered += taken
            self.claim = (self.claim or Counter()) - Counter({part: taken})

    def take_creditused(self, event: Any) -> None:
        self.close()
        self.prepay(event.amount_minor, event.prepays)

    def take_refunded(self, event: Any) -> None:
        self.credit -= event.amount_minor

    def take_rescheduled(self, event: Any) -> None:
        """Overdue principal is not due any more, nor its interest where that is added."""
        self.end_last()
        for item in self.items:
            added = item.owed(INTEREST) if event.capitalises_overdue_interest else 0
            self.principal += added
            item.due[INTEREST] -= added
            item.due[PRINCIPAL] -= item.owed(PRINCIPAL)
            item.billed = min(item.billed, item.due[INTEREST])
        grace_until = self.number + event.grace_instalments
        self.terms = (event.method, grace_until, event.grace_interest)
        self.balloon = self.balloon if event.is_holiday else 0
        self.dates = event.due_on
        self.plan(event.due_on)

    def take_writtenoff(self, _event: Any) -> None:
        """Waiting money pays first; then the rest is a claim, if there is one."""
        self.given_up = max(self.given_up, self.contract.principal_minor - self.disbursed)
        if self.credit > 0 and self.rows:
            self.rows, interest, self.accrued = [], half_up(self.accrued), NOTHING
            self.number += 1
            self.last = self.enter({PRINCIPAL: self.not_due, INTEREST: interest})
            self.settle()
        if not self.owed() + self.running + self.principal:
            return
        self.claim = Counter({part: self.owed(part) for part in Component})
        self.claim[INTEREST] += self.running
        self.claim[PRINCIPAL] = self.principal
        self.lost = sum(self.claim.values())
        self.principal, self.accrued, self.items, self.rows = 0, NOTHING, [], []
        self.last = None
