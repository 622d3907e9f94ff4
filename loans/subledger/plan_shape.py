"""How the terms in force spread what is left of a loan over due dates that remain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from loans.schedules.remaining_plan import Shape
from loans.subledger.contract import Agreed, Contract


def shape_of(
    contract: Contract,
    agreed: Agreed,
    dates: Sequence[date],
    fallen: int,
    days: Sequence[date],
) -> Shape:
    """The shape of a plan over ``days``, some of the loan's ``dates``, ``fallen`` of them past."""
    grace = max(0, agreed.grace_until - fallen)
    savings = _saved_by(contract.savings_minor, dates, days)
    if savings is not None and not any(savings[grace:]):
        savings = None
    return Shape(
        agreed.method,
        grace,
        agreed.grace_interest,
        agreed.balloon_minor,
        contract.rounding_step_minor,
        savings,
    )


def _saved_by(
    savings: tuple[int, ...] | None, dates: Sequence[date], days: Sequence[date]
) -> tuple[int, ...] | None:
    """What is saved by each of these days; the last value of the contract is of its last date."""
    if savings is None or days[0] not in dates or len(savings) < len(dates):
        return None
    begins = len(savings) - len(dates) + dates.index(days[0])
    return savings[begins : begins + len(days)]
