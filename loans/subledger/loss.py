"""A loan given up, and what still comes in: costs first, principal last."""

from __future__ import annotations

from datetime import date
from typing import Self

from loans.component import Component
from loans.subledger.running_account import RunningAccount
from loans.subledger.running_item import COMPONENTS, INTEREST, PLACE_OF, PRINCIPAL
from loans.subledger.state import Allocation, Amounts, Part, Target


class Loss:
    """What was given up on a day, in minor units by component, and what of it came in since."""

    def __init__(self, on: date, given_up: Amounts, suspended: Amounts) -> None:
        self.on = on
        self.given_up = given_up
        self.suspended = suspended
        self._left = list(given_up)
        self._recovered = [0] * len(COMPONENTS)

    @classmethod
    def of(cls, account: RunningAccount, on: date, suspended: Amounts) -> Self:
        """Give up everything that is open, accrued and outstanding; nothing accrues any more."""
        account.count_lateness(on)
        given_up = [0] * len(COMPONENTS)
        for item in account.open:
            for place in range(len(COMPONENTS)):
                given_up[place] += item.due[place] - item.paid[place]
            item.give_up(on)
        given_up[INTEREST] += account.accrued_minor
        given_up[PRINCIPAL] = account.principal
        account.stop()
        return cls(on, Amounts(*given_up), suspended)

    def claim(self, component: Component, amount_minor: int) -> None:
        """Costs that arise afterwards are claimed too."""
        self._left[PLACE_OF[component]] += amount_minor

    def recover(self, account: RunningAccount, on: date, ref: str, amount_minor: int) -> None:
        """Use money by the contract's order of recovery; what is beyond the claim waits."""
        rest = amount_minor
        parts = []
        for component in account.contract.recovery_order:
            place = PLACE_OF[component]
            taken = min(rest, self._left[place])
            if taken:
                self._left[place] -= taken
                self._recovered[place] += taken
                rest -= taken
                parts.append(Part(Target.RECOVERED, component, taken))
        if rest:
            account.credit += rest
            parts.append(Part(Target.CREDIT, None, rest))
        account.allocations.append(Allocation(on, ref, tuple(parts)))

    @property
    def recovered(self) -> Amounts:
        """What came in, by component."""
        return Amounts(*self._recovered)

    @property
    def still_lost(self) -> Amounts:
        """What is still claimed."""
        return Amounts(*self._left)
