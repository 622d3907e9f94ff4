"""A due item while the days of a loan go by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from loans.component import Component
from loans.schedules.day_position import InterestRate
from loans.subledger.state import Amounts, DueItem

COSTS, FEES, LATE_INTEREST, INTEREST, PRINCIPAL = range(len(Component))
PLACE_OF = {part: place for place, part in enumerate(Component)}
COMPONENTS = tuple(Component)


class RunningItem:
    """What fell due on a day, what of it is paid, and what its lateness has earned so far.

    ``late_time`` is overdue minor units x positions; ``late_from`` the position of the due day.
    """

    __slots__ = (
        "due",
        "due_on",
        "late_from",
        "late_time",
        "number",
        "paid",
        "ref",
        "scheduled_interest",
        "settled_on",
        "until",
    )

    def __init__(
        self, due_on: date, until: date, late_from: int, *, number: int | None, ref: str | None
    ) -> None:
        self.number = number
        self.ref = ref
        self.due_on = due_on
        self.until = until
        self.late_from = late_from
        self.late_time = 0
        self.due = [0] * len(COMPONENTS)
        self.paid = [0] * len(COMPONENTS)
        self.scheduled_interest = 0
        self.settled_on: date | None = None

    @property
    def open_minor(self) -> int:
        """What is still to be paid."""
        return sum(self.due) - sum(self.paid)

    @property
    def late_base_minor(self) -> int:
        """Principal and interest on which lateness costs: never late interest, fees or costs."""
        interest = max(0, self.scheduled_interest - self.paid[INTEREST])
        return self.due[PRINCIPAL] - self.paid[PRINCIPAL] + interest

    def count_lateness(self, on: date, margin: InterestRate) -> None:
        """Bring the late interest due up to a day; nothing while a receipt is still on time."""
        if on > self.until:
            self.due[LATE_INTEREST] = margin.earned(self.late_time)

    def pay(
        self, credit_minor: int, order: Sequence[int], on: date, at: int
    ) -> list[tuple[int, int]]:
        """Pay from ``credit_minor`` in ``order``; answer place and amount of each component.

        What is paid on time was never late: only the rest counts from the due day.
        """
        parts = []
        for place in order:
            taken = min(credit_minor, self.due[place] - self.paid[place])
            if taken > 0:
                self.paid[place] += taken
                credit_minor -= taken
                parts.append((place, taken))
        if parts and on <= self.until:
            self.late_time = self.late_base_minor * (at - self.late_from)
        if not self.open_minor:
            self.settled_on = on
        return parts

    def give_up(self, on: date) -> None:
        """Nothing more is asked for."""
        self.due = list(self.paid)
        self.scheduled_interest = self.paid[INTEREST]
        self.settled_on = on

    def frozen(self) -> DueItem:
        """The item as it stands."""
        return DueItem(
            self.number,
            self.ref,
            self.due_on,
            self.until,
            Amounts(*self.due),
            Amounts(*self.paid),
            self.settled_on,
        )
