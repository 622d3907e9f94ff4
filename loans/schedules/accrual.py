"""How principal moves: what the interest of a schedule is reckoned from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """Principal that went out (positive) or came back (negative) on ``on``, in minor units."""

    on: date
    amount_minor: int
