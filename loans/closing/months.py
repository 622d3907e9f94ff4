"""Closing a month of the books, and what should be done before it.

Nothing of the list keeps a month open: a fund may have its reasons. Whoever closes says that the
list was read, and the history keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans import ledger
from loans.bank_accounts import bank_accounts
from loans.banking.facts import BankFacts
from loans.banking.reading import bank_facts
from loans.banking.signed_months import last_day_of, signed_months
from loans.books import journal_entry
from loans.cash_accounts import CashAccount
from loans.closed_months import last_closed_day
from loans.closing_tables import DayClose
from loans.fund import (
    Facility,
    the_facility,
)
from loans.history import Moment, record
from loans.ledger_periods import bounds_of
from loans.people import (
    Actor,
    Role,
    need_role,
)
from loans.refusal import OutOfStep
from loans.reminder_rules import in_words

_ONE_DAY = timedelta(days=1)


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
    bounds_of(month)
    at_banks = {one: bank_facts(session, one) for one in bank_accounts(session)}
    found = (
        _earlier_month(session, facility, month),
        _open_days(session, facility, month),
        *_unsigned(at_banks, session, month),
        _open_lines(at_banks, month),
    )
    return tuple(filter(None, found))


def _earlier_month(session: Session, facility: Facility, month: str) -> str | None:
    """The first month with entries that would be closed along with this one."""
    entries = journal_entry.c.facility_id == facility.facility_id
    closed = last_closed_day(session, facility.facility_id)
    if closed is not None:
        entries &= journal_entry.c.booked_at >= bounds_of(f"{closed + _ONE_DAY:%Y-%m}")[0]
    first = session.execute(select(func.min(journal_entry.c.booked_at)).where(entries)).scalar()
    if first is None or f"{first:%Y-%m}" >= month:
        return None
    return (
        f"{first:%B %Y} is still open and would be closed along with {month}, without figures of "
        "its own. Close the months in order."
    )


def _open_days(session: Session, facility: Facility, month: str) -> str | None:
    """How many days of the month the nightly close has not finished."""
    last = last_day_of(month)
    finished = session.execute(
        select(func.count())
        .select_from(DayClose)
        .where(
            DayClose.facility_id == facility.facility_id,
            DayClose.closed_on.between(last.replace(day=1), last),
            DayClose.finished_at.is_not(None),
        )
    ).scalar_one()
    if finished == last.day:
        return None
    return (
        f"{last.day - finished} of {last.day} days are not closed: interest until "
        f"{in_words(last)} may be missing. Close the days first."
    )


def _unsigned(at_banks: Mapping[CashAccount, BankFacts], session: Session, month: str) -> list[str]:
    """The accounts in use by then whose reconciliation of the month nobody signed off."""
    last = last_day_of(month)
    return [
        f"Account {account.code}, {account.name}, is not reconciled and signed off for {month}."
        for account, facts in at_banks.items()
        if any(entry.effective_on <= last for entry in facts.entries)
        and month not in signed_months(session, account)
    ]


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
    return f"{lines} of the bank up to {in_words(last)} {are} neither matched nor explained."
