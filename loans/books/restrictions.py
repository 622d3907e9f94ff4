"""Contributions that a donor gave for something: kept apart, and reserved until they are released.

The money stands on a sub-account of the donor, and a reserve on the bank account that it came to
keeps it from being lent or spent, in the database itself. A manager releases it with a reason.
"""

from __future__ import annotations

from datetime import date
from typing import NotRequired, TypedDict, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans import bookings
from loans.books import ledger
from loans.books.contribution_sources import NoSourceLeft, source_account
from loans.books.restriction_views import Restriction, find_restriction, restrictions
from loans.books.tables import AccountRow
from loans.chart import MOST_RESTRICTIONS, restricted_account, source_code
from loans.day_words import shown_day
from loans.entered_text import entered_text
from loans.fund import (
    LONGEST_SOURCE,
    Facility,
    WrongCapital,
    book_own,
    checked_money,
    record_contribution,
    the_facility,
)
from loans.fund_tables import RestrictionRow
from loans.history import Moment
from loans.people import Actor, Role, need_role
from loans.refusal import OutOfStep, WrongValue

LONGEST_PURPOSE, LONGEST_REASON = 150, 500


class ReleasedBefore(OutOfStep):
    """Part of the contribution may have been lent since its release."""


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
        Refusal: as ``fund.record_contribution`` and ``record_restricted_contribution`` refuse.
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
            ``fund.record_contribution`` refuses.
        PastDay: the restriction would end before the money came.
    """
    check_restriction(purpose, until_on, paid_on)
    facility, cash = checked_money(
        session, actor, moment, amount_minor, paid_on=paid_on, bank_account=bank_account
    )
    who = "Enter who paid the contribution."
    named = entered_text(source, field="source", ask=who, longest=LONGEST_SOURCE)
    ask = "Enter what the donor gave the money for, such as a country or a sector."
    wanted = entered_text(purpose, field="restriction", ask=ask, longest=LONGEST_PURPOSE)
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


def release_restriction(
    session: Session,
    actor: Actor,
    moment: Moment,
    account_code: str,
    *,
    amount_minor: int,
    reason: str,
    key: str,
) -> str:
    """Let money of a restricted contribution be lent from today; answer the entry's id.

    Raises:
        WrongPerson: the actor is no manager.
        Missing: the facility has no such restricted contribution.
        WrongCapital: nothing, or more than is not released yet.
    """
    need_role(actor, Role.MANAGER)
    facility = the_facility(session)
    found = find_restriction(session, facility, account_code)
    ask = "Write why the money may be lent now, such as the loan that meets the purpose."
    memo = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    check_release(found, amount_minor)
    _free(session, actor, moment, facility, found.entry_id, amount_minor=amount_minor)
    return book_own(
        session,
        actor,
        moment,
        facility,
        event=bookings.RELEASE,
        on=moment.on,
        legs=bookings.release(account_code, source_code(account_code), amount_minor),
        memo=memo,
        key=key,
    )


def check_release(found: Restriction, amount_minor: int) -> None:
    """Refuse to release nothing, or more than is left.

    Raises:
        WrongCapital: as it says.
    """
    if not 0 < amount_minor <= found.left_minor:
        most = as_text(found.left_minor, found.currency)
        message = f"Enter an amount up to what is not released yet, {most}."
        raise WrongCapital(message, field="amount")


def free_for_reversal(
    session: Session, actor: Actor, moment: Moment, facility: Facility, entry_id: str
) -> None:
    """Free what is reserved for the contribution of this entry, if it is a restricted one.

    Raises:
        ReleasedBefore: part of it was released for lending.
    """
    found = next((one for one in restrictions(session, facility) if one.entry_id == entry_id), None)
    if found is None:
        return
    if found.left_minor < found.given_minor:
        message = (
            "Part of this contribution was released for lending. Pay the money back to the donor "
            "as a cost, or ask the auditor how to correct it."
        )
        raise ReleasedBefore(message)
    _free(session, actor, moment, facility, entry_id, amount_minor=found.left_minor)


def _free(
    session: Session,
    actor: Actor,
    moment: Moment,
    facility: Facility,
    entry_id: str,
    *,
    amount_minor: int,
) -> None:
    hold_id = session.scalars(
        select(RestrictionRow.hold_id).where(
            RestrictionRow.facility_id == facility.facility_id,
            RestrictionRow.entry_id == entry_id,
        )
    ).one()
    ledger.release_hold(
        session,
        facility_id=facility.facility_id,
        hold_id=hold_id,
        amount_minor=amount_minor,
        released_on=moment.on,
        released_at=moment.at,
        actor_id=actor.user_id,
    )


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
