"""Closing a month of the books, and what should be done before it.

Nothing of the list keeps a month open: a fund may have its reasons. Whoever closes says that the
list was read, and the history keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans.banking.facts import BankFacts
from loans.banking.reading import bank_facts
from loans.banking.signed_months import last_day_of, signed_months
from loans.books import ledger
from loans.books.bank_accounts import bank_accounts
from loans.books.cash_accounts import CashAccount
from loans.books.closed_months import last_closed_day
from loans.books.ledger_periods import bounds_of, is_closed
from loans.books.tables import journal_entry
from loans.closing_tables import DayClose
from loans.day_words import shown_day, shown_month
from loans.fund import Facility, the_facility
from loans.history import Moment, record
from loans.people import Actor, Role, need_role
from loans.refusal import OutOfStep
from loans.schedules.day_count import month_after

_MOST_NAMED = 3


class WarningsUnread(OutOfStep):
    """Something of the month is open, and nobody said that it was seen."""

    code = "warnings_unread"


def close_month(
    session: Session, actor: Actor, moment: Moment, *, month: str, are_warnings_seen: bool
) -> tuple[str, ...]:
    """Close a month such as 2026-03 and all before it; answer what was open and seen.

    Raises:
        WrongPerson: the actor is no manager.
        UnknownMonth, PeriodNotOver, PeriodClosed: as ``ledger.close_period`` refuses.
        WarningsUnread: something is open; each point is named.
    """
    need_role(actor, Role.MANAGER)
    facility = the_facility(session)
    warnings = month_warnings(session, facility, month)
    ledger.close_period(
        session,
        facility_id=facility.facility_id,
        month=month,
        actor_id=actor.user_id,
        closed_at=moment.at,
    )
    if warnings and not are_warnings_seen:
        points = " ".join(warnings)
        message = f"Say that you have seen what is open, or do it first. {points}"
        raise WarningsUnread(message, field="warnings_seen")
    record(
        session,
        actor,
        moment,
        subject=("facility", facility.facility_id),
        action="close_month",
        facility_id=facility.facility_id,
        details={"month": month, "warnings": list(warnings)},
    )
    return warnings


def month_warnings(session: Session, facility: Facility, month: str) -> tuple[str, ...]:
    """What should be done before the month is closed, a sentence each.

    Raises:
        UnknownMonth: not written as year and month.
    """
    months = _closed_along(session, facility, month)
    at_banks = {one: bank_facts(session, one) for one in bank_accounts(session)}
    found = (
        _earlier_month(months),
        _open_days(session, facility, months),
        *_unsigned(at_banks, session, months),
        _open_lines(at_banks, month),
    )
    return tuple(filter(None, found))


def months_to_close(session: Session, facility: Facility, on: date) -> tuple[str, ...]:
    """The first open month with entries and the last one that is over on the day, if not closed."""
    last = f"{month_after(on.replace(day=1), -1):%Y-%m}"
    if is_closed(session, facility_id=facility.facility_id, month=last):
        return ()
    return tuple(dict.fromkeys((_closed_along(session, facility, last)[0], last)))


def _closed_along(session: Session, facility: Facility, month: str) -> tuple[str, ...]:
    """The month, after those before it from the first one with entries that is still open.

    Raises:
        UnknownMonth: not written as year and month.
    """
    day = bounds_of(month)[0].date()
    months = [month]
    first = _first_entry(session, facility, last_closed_day(session, facility.facility_id))
    while first is not None and f"{first:%Y-%m}" < months[-1]:
        day = month_after(day, -1)
        months.append(f"{day:%Y-%m}")
    return tuple(reversed(months))


def _first_entry(session: Session, facility: Facility, after: date | None = None) -> date | None:
    """The day on which the first entry was booked, or the first one in a month after a day."""
    entries = journal_entry.c.facility_id == facility.facility_id
    if after is not None:
        entries &= journal_entry.c.booked_at >= bounds_of(f"{after:%Y-%m}")[1]
    first = session.execute(select(func.min(journal_entry.c.booked_at)).where(entries)).scalar()
    return None if first is None else first.date()


def _earlier_month(months: Sequence[str]) -> str | None:
    """The first month that would be closed along with the last of them."""
    *earlier, month = months
    if not earlier:
        return None
    is_open = "is still open" if len(earlier) == 1 else "are still open"
    return (
        f"{_named(earlier)} {is_open} and would be closed along with {shown_month(month)}, "
        "without figures of their own. Close the months in order."
    )


def _open_days(session: Session, facility: Facility, months: Sequence[str]) -> str | None:
    """How many days of the months the nightly close has not finished, of those that it can."""
    last = last_day_of(months[-1])
    days = DayClose.facility_id == facility.facility_id
    oldest = session.scalar(select(func.min(DayClose.closed_on)).where(days))
    countable = oldest or _first_entry(session, facility)
    first = max(bounds_of(months[0])[0].date(), countable or date.max)
    finished = session.execute(
        select(func.count())
        .select_from(DayClose)
        .where(days, DayClose.closed_on.between(first, last), DayClose.finished_at.is_not(None))
    ).scalar_one()
    count = (last - first).days + 1
    if finished >= count:
        return None
    return (
        f"{count - finished} of {count} days are not closed: interest until "
        f"{shown_day(last)} may be missing. Close the days first."
    )


def _unsigned(
    at_banks: Mapping[CashAccount, BankFacts], session: Session, months: Sequence[str]
) -> list[str]:
    """The accounts in use by then whose reconciliation of a month nobody signed off."""
    found = []
    for account, facts in at_banks.items():
        signed = signed_months(session, account)
        used_from = min((one.effective_on for one in facts.entries), default=date.max)
        left = [one for one in months if one not in signed and used_from <= last_day_of(one)]
        if left:
            found.append(
                f"Account {account.code}, {account.name}, is not reconciled and signed off for "
                f"{_named(left)}."
            )
    return found


def _named(months: Sequence[str]) -> str:
    """Months in a sentence: one by one while they are few."""
    if len(months) > _MOST_NAMED:
        first, last = shown_month(months[0]), shown_month(months[-1])
        return f"{len(months)} months from {first} to {last}"
    *earlier, last = map(shown_month, months)
    return f"{', '.join(earlier)} and {last}" if earlier else last


def _open_lines(at_banks: Mapping[CashAccount, BankFacts], month: str) -> str | None:
    """How many lines of the bank up to the end of the month nobody matched or explained."""
    last = last_day_of(month)
    count = 0
    for facts in at_banks.values():
        left = facts.open_lines
        count += sum(
            line.booked_on <= last and bool(left[line.line_id]) and not line.is_noted
            for line in facts.lines
        )
    if not count:
        return None
    lines, are = ("1 line", "is") if count == 1 else (f"{count} lines", "are")
    return f"{lines} of the bank up to {shown_day(last)} {are} neither matched nor explained."
