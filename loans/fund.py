"""The facility's own money: opening it, contributions by source, administration paid from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import LARGEST_MINOR, as_text
from loans import bookings, ledger
from loans.books import AccountRow, FacilityRow
from loans.cash_accounts import CashAccount, cash_account, need_currency
from loans.chart import (
    CONTRIBUTION_PREFIX,
    MOST_SOURCES,
    contribution_account,
    is_restricted,
    opening_chart,
)
from loans.database import new_id
from loans.entered_text import entered_text
from loans.history import Moment, record
from loans.people import Actor, Role
from loans.profile_versions import keep_first_version
from loans.refusal import Missing, NotYours, WrongValue
from loans.requests import entry_key

LONGEST_SOURCE, LONGEST_PURPOSE = 200, 300


@dataclass(frozen=True)
class Facility:
    """The revolving fund that this installation runs."""

    facility_id: str
    code: str
    name: str
    currency: str
    profile_code: str
    is_demonstration: bool


class NoFacility(Missing):
    """The database has no facility yet."""


class OnlyManagers(NotYours):
    """The fund's own money is the manager's business."""


class WrongCapital(WrongValue):
    """Nothing, or more than any single amount may be."""


class NoSourceLeft(WrongValue):
    """The facility has as many sources of contributions as it has accounts for."""


class FutureDay(WrongValue):
    """Money cannot have moved on a day that has not come."""


def open_facility(
    session: Session,
    moment: Moment,
    *,
    code: str,
    name: str,
    currency: str,
    profile_code: str,
    is_demonstration: bool = False,
) -> str:
    """Enter the facility with its chart of accounts; answer its id."""
    facility = FacilityRow(
        id=new_id(),
        code=code,
        name=name,
        currency=currency,
        profile_code=profile_code,
        is_demonstration=is_demonstration,
        created_at=moment.at,
    )
    session.add(facility)
    session.flush()
    keep_first_version(session, facility.id, profile_code, moment.at)
    for account in opening_chart():
        ledger.open_account(session, facility_id=facility.id, account=account, currency=currency)
    return facility.id


def find_facility(session: Session) -> Facility | None:
    """The facility of this installation, or None on an empty database."""
    row = session.scalars(select(FacilityRow).order_by(FacilityRow.created_at).limit(1)).first()
    if row is None:
        return None
    return Facility(
        row.id, row.code, row.name, row.currency, row.profile_code, row.is_demonstration
    )


def the_facility(session: Session) -> Facility:
    """The facility of this installation.

    Raises:
        NoFacility: none was opened yet.
    """
    facility = find_facility(session)
    if facility is None:
        message = "No facility is set up yet. An administrator opens it with “cleanloop demo”."
        raise NoFacility(message)
    return facility


def check_day(on: date, moment: Moment, *, field: str) -> None:
    """Refuse a value date after the day of the act.

    Raises:
        FutureDay: it lies in the future.
    """
    if on > moment.on:
        message = f"Enter a day up to today, {moment.on.isoformat()}; money cannot move later."
        raise FutureDay(message, field=field)


def record_contribution(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    source: str,
    amount_minor: int,
    paid_on: date,
    key: str,
    bank_account: str | None = None,
) -> str:
    """Book money that a donor paid in; the source gets its own account; answer the entry's id.

    The amount is in the currency of ``bank_account``, the facility's first where none is named.

    Raises:
        OnlyManagers: the actor is no manager.
        WrongBankAccount: the facility has no such account.
        FutureDay, WrongCapital: the day lies in the future, or the amount is not above zero.
        NoSourceLeft: every account for contributions has its source.
    """
    facility, cash = checked_money(
        session, actor, moment, amount_minor, paid_on=paid_on, bank_account=bank_account
    )
    ask = "Enter who paid the contribution."
    named = entered_text(source, field="source", ask=ask, longest=LONGEST_SOURCE)
    code = source_account(session, facility, named, cash.currency)
    entry_id = ledger.post(
        session,
        facility_id=facility.facility_id,
        event="contribution",
        effective_on=paid_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=entry_key(actor.user_id, key),
        legs=bookings.contribution(code, amount_minor, cash.code),
        memo=f"Contribution of {named}",
    )
    record(
        session,
        actor,
        moment,
        subject=("entry", entry_id),
        action="contribution",
        facility_id=facility.facility_id,
    )
    return entry_id


def record_administration(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    purpose: str,
    amount_minor: int,
    paid_on: date,
    key: str,
    bank_account: str | None = None,
) -> str:
    """Book administration paid from the fund; answer the entry's id.

    Raises:
        OnlyManagers: the actor is no manager.
        WrongBankAccount: the facility has no such account in its currency.
        FutureDay, WrongCapital: the day lies in the future, or the amount is not above zero.
        ledger.Overdrawn: the fund has not that much available.
    """
    facility, cash = checked_money(
        session, actor, moment, amount_minor, paid_on=paid_on, bank_account=bank_account
    )
    need_currency(cash, facility.currency)
    ask = "Enter what was paid for."
    memo = entered_text(purpose, field="purpose", ask=ask, longest=LONGEST_PURPOSE)
    entry_id = ledger.post(
        session,
        facility_id=facility.facility_id,
        event="administration",
        effective_on=paid_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=entry_key(actor.user_id, key),
        legs=bookings.administration(amount_minor, cash.code),
        memo=memo,
    )
    record(
        session,
        actor,
        moment,
        subject=("entry", entry_id),
        action="administration",
        facility_id=facility.facility_id,
    )
    return entry_id


def need_manager(actor: Actor) -> None:
    """Refuse everybody but managers.

    Raises:
        OnlyManagers: the actor is none.
    """
    if actor.role is not Role.MANAGER:
        message = f"This is for the role manager. Your role is {actor.role.value}."
        raise OnlyManagers(message)


def check_amount(amount_minor: int, currency: str) -> None:
    """Refuse nothing, less than nothing, and more than any single amount may be.

    Raises:
        WrongCapital: as it says.
    """
    if not 0 < amount_minor <= LARGEST_MINOR:
        most = as_text(LARGEST_MINOR, currency)
        message = f"Enter an amount above zero, at most {most}."
        raise WrongCapital(message, field="amount")


def checked_money(
    session: Session,
    actor: Actor,
    moment: Moment,
    amount_minor: int,
    *,
    paid_on: date,
    bank_account: str | None,
) -> tuple[Facility, CashAccount]:
    """The facility and the account, once the person, the day and the amount are in order.

    Raises:
        OnlyManagers, FutureDay, WrongCapital, WrongBankAccount: as they say.
    """
    need_manager(actor)
    check_day(paid_on, moment, field="paid_on")
    facility = the_facility(session)
    cash = cash_account(session, facility.facility_id, bank_account)
    check_amount(amount_minor, cash.currency)
    return facility, cash


def source_account(session: Session, facility: Facility, source: str, currency: str) -> str:
    """The code of a source's account, opened where it is the source's first money of the currency.

    Raises:
        NoSourceLeft: every account for contributions has its source.
    """
    accounts = session.execute(
        select(AccountRow.code, AccountRow.name, AccountRow.currency).where(
            AccountRow.facility_id == facility.facility_id,
            AccountRow.code.startswith(CONTRIBUTION_PREFIX),
        )
    ).all()
    own = [(code, name, paid_in) for code, name, paid_in in accounts if not is_restricted(code)]
    for code, name, paid_in in own:
        if (name.casefold(), paid_in) == (source.casefold(), currency):
            return str(code)
    number = max((int(code.removeprefix(CONTRIBUTION_PREFIX)) for code, _, _ in own), default=0) + 1
    if number > MOST_SOURCES:
        message = f"The facility has {MOST_SOURCES} sources already. Enter the name of one of them."
        raise NoSourceLeft(message, field="source")
    account = contribution_account(number, source)
    ledger.open_account(
        session, facility_id=facility.facility_id, account=account, currency=currency
    )
    return account.code
