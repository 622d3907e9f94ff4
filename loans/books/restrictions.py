"""Contributions that a donor gave for something: kept apart, and reserved until they are released.

The money stands on a sub-account of the donor, and a reserve on the bank account that it came to
keeps it from being lent or spent, in the database itself. ``loans.books.restriction_releases``
releases it.
"""

from __future__ import annotations

from datetime import date
from typing import NotRequired, TypedDict, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans import bookings
from loans.books import ledger
from loans.books.contribution_sources import NoSourceLeft, source_account
from loans.books.tables import AccountRow
from loans.chart import MOST_RESTRICTIONS, restricted_account
from loans.day_words import shown_day
from loans.entered_text import entered_line
from loans.fund import Facility
from loans.fund_tables import RestrictionRow
from loans.history import Moment
from loans.own_money import LONGEST_SOURCE, book_own, checked_money, record_contribution
from loans.people import Actor
from loans.refusal import WrongValue

LONGEST_PURPOSE = 150


class RestrictionMissing(WrongValue):
    """A day on which a restriction ends, and no restriction."""


class Given(TypedDict):
    """What every contribution is: who gave how much, when, and to which account."""

    source: str
    amount_minor: int
    paid_on: date
    key: str
    bank_account: NotRequired[str | None]


class PastDay(WrongValue):
    """A restriction cannot end before the money came."""


def record_given(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    restriction: str | None,
    until_on: date | None,
    **money: Unpack[Given],
) -> str:
    """Book a contribution, restricted or not, as the donor gave it; answer the entry's id.

    Raises:
        RestrictionMissing: a day on which nothing ends.
        Refusal: as ``own_money.record_contribution`` and ``record_restricted_contribution`` refuse.
    """
    if restriction is None:
        check_restriction(restriction, until_on, money["paid_on"])
        return record_contribution(session, actor, moment, **money)
    return record_restricted_contribution(
        session, actor, moment, purpose=restriction, until_on=until_on, **money
    )


def check_restriction(restriction: str | None, until_on: date | None, paid_on: date) -> None:
    """Refuse the last day of a restriction that nobody named, and one before the money came.

    Raises:
        RestrictionMissing, PastDay: as they say.
    """
    if until_on is not None and restriction is None:
        message = "Enter what the donor gave the money for, or leave its last day blank."
        raise RestrictionMissing(message, field="restriction")
    if until_on is not None and until_on < paid_on:
        message = f"Enter a day from the day of the money, {shown_day(paid_on)}, on."
        raise PastDay(message, field="restricted_until")


def record_restricted_contribution(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    source: str,
    purpose: str,
    until_on: date | None,
    amount_minor: int,
    paid_on: date,
    key: str,
    bank_account: str | None = None,
) -> str:
    """Book money that a donor gave for a purpose, such as a country; answer the entry's id.

    Raises:
        WrongPerson, WrongBankAccount, FutureDay, PeriodClosed, WrongCapital, NoSourceLeft: as
            ``own_money.record_contribution`` refuses.
        PastDay: the restriction would end before the money came.
    """
    check_restriction(purpose, until_on, paid_on)
    facility, cash = checked_money(
        session, actor, moment, amount_minor, paid_on=paid_on, bank_account=bank_account
    )
    who = "Enter who paid the contribution."
    named = entered_line(source, field="source", ask=who, longest=LONGEST_SOURCE)
    ask = "Enter what the donor gave the money for, such as a country or a sector."
    wanted = entered_line(purpose, field="restriction", ask=ask, longest=LONGEST_PURPOSE)
    parent = source_account(session, facility.facility_id, named, cash.currency)
    account_id, code = _sub_account(
        session, facility, parent, named, purpose=wanted, currency=cash.currency
    )
    entry_id = book_own(
        session,
        actor,
        moment,
        facility,
        event=bookings.CONTRIBUTION,
        on=paid_on,
        legs=bookings.contribution(code, amount_minor, cash.code),
        memo=f"Contribution of {named}: {wanted}",
        key=key,
        chosen_in="paid_on",
    )
    row = RestrictionRow(account_id=account_id, entry_id=entry_id, purpose=wanted)
    row.facility_id, row.until_on = facility.facility_id, until_on
    _reserve(session, actor, moment, row, cash.code, amount_minor=amount_minor, on=paid_on)
    return entry_id


def _reserve(
    session: Session,
    actor: Actor,
    moment: Moment,
    row: RestrictionRow,
    account: str,
    *,
    amount_minor: int,
    on: date,
) -> None:
    """Keep the money of a restriction back on its bank account, and keep the restriction."""
    row.hold_id = ledger.reserve(
        session,
        facility_id=row.facility_id,
        account=account,
        amount_minor=amount_minor,
        reserved_on=on,
        reserved_at=moment.at,
        actor_id=actor.user_id,
        key=f"restriction:{row.entry_id}",
        memo=f"Restricted: {row.purpose}",
    )
    session.add(row)
    session.flush()


def _sub_account(
    session: Session, facility: Facility, parent: str, source: str, *, purpose: str, currency: str
) -> tuple[str, str]:
    """Open the source's next sub-account; answer its id and code."""
    opened = session.scalar(
        select(func.count())
        .select_from(AccountRow)
        .where(
            AccountRow.facility_id == facility.facility_id,
            AccountRow.code.startswith(f"{parent}-"),
        )
    )
    number = (opened or 0) + 1
    if number > MOST_RESTRICTIONS:
        message = f"{source} has {MOST_RESTRICTIONS} restricted contributions already."
        raise NoSourceLeft(message, field="source")
    name = f"{source}: {purpose}"[:LONGEST_SOURCE]
    account = restricted_account(parent, number, name)
    try:
        account_id = ledger.open_account(
            session, facility_id=facility.facility_id, account=account, currency=currency
        )
    except ledger.AccountExists:
        return _sub_account(session, facility, parent, source, purpose=purpose, currency=currency)
    return account_id, account.code
