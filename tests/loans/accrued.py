"""Interest written from the definition alone, beside which the schedule and the replay are held."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import DayCount, year_fraction


def accrued_interest(
    changes: Iterable[BalanceChange],
    *,
    annual_rate: Decimal,
    day_count: DayCount,
    since: date,
    until: date,
    due_day: int | None = None,
) -> Fraction:
    """Simple interest in minor units on a balance from ``since`` to ``until``, not rounded.

    The sum over the changes of amount x rate x year fraction. A change before ``since`` counts
    from ``since``; one on or after ``until`` earns nothing. Interest runs from and including the
    day money goes out to and excluding the day it comes in. The caller rounds once, half-up.
    """
    years = sum(
        (
            change.amount_minor
            * year_fraction(day_count, max(change.on, since), until, due_day=due_day)
            for change in changes
            if change.on < until
        ),
        start=Fraction(0),
    )
    return years * Fraction(annual_rate)
