"""When a borrower is reminded of an instalment, and the letter that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.money import as_text
from loans.day_words import shown_day
from loans.subledger.state import AccountState, DueItem

REMINDER_DAYS = (-7, 1, 15, 30, 60, 90)
"""Days from the due day on which a letter goes out where a profile says nothing else.

Negative ones lie before it.
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a borrower is to be told on a day; amounts in minor units.

    ``days`` is negative before the due day, else the days past due of this instalment.
    ``amount_minor`` is open of the instalment, ``overdue_minor`` of everything that is overdue.
    """

    days: int
    number: int
    due_on: date
    amount_minor: int
    overdue_minor: int


def notice_of(state: AccountState, reminder_days: Sequence[int]) -> Notice | None:
    """The one notice of a day: of the instalment that is late the longest, else of the next one.

    Late is what exceeds the contract's tolerance, as the days past due count.
    """
    late = _late(state, reminder_days) if state.days_past_due else None
    return late or _coming(state, reminder_days)


def _late(state: AccountState, reminder_days: Sequence[int]) -> Notice | None:
    for item in state.items:
        days = (state.on - item.on_time_until).days
        if days > 0 and days in reminder_days and item.number is not None and item.open_minor:
            return _notice(item, item.number, days, state.overdue_minor)
    return None


def _notice(item: DueItem, number: int, days: int, overdue_minor: int) -> Notice:
    return Notice(days, number, item.due_on, item.open_minor, overdue_minor)


def _coming(state: AccountState, reminder_days: Sequence[int]) -> Notice | None:
    """The borrower's waiting money is taken off; nothing is asked for where it is enough."""
    for row in state.schedule:
        days = (state.on - row.due_on).days
        if days < 0 and days in reminder_days:
            amount_minor = row.total_minor - max(0, state.credit_minor)
            if amount_minor > 0:
                return Notice(days, row.number, row.due_on, amount_minor, state.overdue_minor)
    return None


def letter(notice: Notice, *, borrower: str, reference: str, fund: str, currency: str) -> str:
    """The letter as plain text, its figures in major units."""
    amount, day = as_text(notice.amount_minor, currency), shown_day(notice.due_on)
    if notice.days < 0:
        body = (
            f"Instalment {notice.number} of your loan {reference} is due on {day}.\n"
            f"We ask you to pay {amount} so that it arrives by that day."
        )
        if notice.overdue_minor:
            overdue = as_text(notice.overdue_minor, currency)
            body += (
                f"\nBesides it {overdue} of your loan is overdue already. What you pay settles "
                "this first."
            )
    else:
        late = f"{notice.days} {'day' if notice.days == 1 else 'days'}"
        overdue = as_text(notice.overdue_minor, currency)
        body = (
            f"Instalment {notice.number} of your loan {reference} was due on {day} and is {late} "
            f"late.\nOf this instalment {amount} is still open, with late interest up to today. "
            f"In all {overdue} of your loan is overdue.\nWe ask you to pay {overdue} now. If you "
            "cannot, speak with us before the next due day."
        )
    closing = "If you have paid in the meantime, this letter is settled."
    return f"To {borrower}\n\n{body}\n\n{closing}\n\n{fund}\n"
