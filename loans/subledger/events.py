"""What happens to a loan after its signature: each event with its value date.

Amounts are minor units above zero; ``ref`` is the id of the record that the event comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from loans.component import Component
from loans.schedules.schedule import GraceInterest, Method


class PrepaymentChoice(StrEnum):
    """What the borrower wants of principal that is paid before it is due."""

    SHORTER_TERM = "shorter-term"
    """The next instalments stay, the last ones fall away."""
    LOWER_INSTALMENTS = "lower-instalments"
    """The due dates stay, the amounts are computed anew."""


@dataclass(frozen=True, slots=True)
class PaidOut:
    """Money went to the borrower."""

    on: date
    ref: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RestGivenUp:
    """What was not paid out yet will not be."""

    on: date
    ref: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Charged:
    """A fee or a cost of enforcement that the borrower owes from that day on."""

    on: date
    ref: str
    amount_minor: int
    component: Component


@dataclass(frozen=True, slots=True)
class Received:
    """Money came from the borrower; beyond what is due it waits, or lowers the principal."""

    on: date
    ref: str
    amount_minor: int
    prepays: PrepaymentChoice | None = None


@dataclass(frozen=True, slots=True)
class CreditUsed:
    """The borrower decided that money which waits lowers the principal."""

    on: date
    ref: str
    amount_minor: int
    prepays: PrepaymentChoice


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """All principal not paid is spread anew over ``due_on``.

    A holiday begins without principal and keeps a balloon; other new terms leave none.
    """

    on: date
    ref: str
    due_on: tuple[date, ...]
    method: Method
    grace_instalments: int = 0
    grace_interest: GraceInterest = GraceInterest.PAID
    capitalises_overdue_interest: bool = False
    is_holiday: bool = False


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money that waited went back to the borrower."""

    on: date
    ref: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """Everything owed is given up, once the money that waits has paid what it can."""

    on: date
    ref: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """Money came in after the write-off."""

    on: date
    ref: str
    amount_minor: int


Event = (
    PaidOut
    | RestGivenUp
    | Charged
    | Received
    | CreditUsed
    | Rescheduled
    | Refunded
    | WrittenOff
    | Recovered
)

_RANKS = {
    kind: rank
    for rank, kind in enumerate(
        (
            *(PaidOut, RestGivenUp, Charged, Received, CreditUsed),
            *(Rescheduled, Refunded, WrittenOff, Recovered),
        )
    )
}


def value_order(event: Event) -> tuple[date, int, str, int, str]:
    """Where an event stands: by day, by kind, plain receipts before prepayments, by amount.

    Instalments of the day fall due before all of them. The order in which events were recorded
    plays no part.
    """
    prepays = event.prepays if isinstance(event, Received | CreditUsed) else None
    amount = getattr(event, "amount_minor", 0)
    return event.on, _RANKS[type(event)], prepays or "", amount, event.ref
