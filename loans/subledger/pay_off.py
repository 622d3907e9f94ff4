"""What closes a loan on a day, component by component."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loans.subledger.contract import Contract
from loans.subledger.events import Event
from loans.subledger.replay import replay
from loans.subledger.state import Amounts


@dataclass(frozen=True, slots=True)
class PayOff:
    """The amount that closes the loan when it comes on ``on``, in minor units.

    ``amounts`` is what is owed, interest up to the day included; ``credit_minor`` the borrower's
    money that waits and is taken off.
    """

    on: date
    amounts: Amounts
    credit_minor: int

    @property
    def total_minor(self) -> int:
        """What the borrower pays; nothing where the waiting money is enough."""
        return max(0, self.amounts.total - self.credit_minor)


def pay_off(contract: Contract, events: Iterable[Event], *, on: date) -> PayOff:
    """The pay-off amount of a day, provided that nothing else happens until then."""
    state = replay(contract, events, until=on)
    opened = state.open
    amounts = opened._replace(
        interest=opened.interest + state.accrued_minor, principal=state.principal_minor
    )
    return PayOff(on, amounts, state.credit_minor)
