"""The facility's own money: opening it, contributions by source, administration paid from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import LARGEST_MINOR, as_text
from loans import bookings
from loans.books import ledger
from loans.books.cash_accounts import CashKept, cash_kept, refuse_past_overdraft
from loans.books.closed_months import refuse_closed
from loans.books.contribution_sources import source_account
from loans.books.own_accounts import own_account
from loans.books.tables import FacilityRow
from loans.chart import CASH_PREFIX, administration_account, opening_chart
from loans.day_words import shown_day
from loans.entered_text import entered_text
from loans.history import Moment, record
from loans.ledger_legs import Leg
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, WrongValue
from loans.storage.database import new_id
from loans.storage.requests import entry_key
from loans.versions.profile_versions import keep_first_version

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


class WrongCapital(WrongValue):
    """Nothing, or more than any single amount may be."""


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


_OLDEST_FACILITY = (
    select(
        FacilityRow.id,
        FacilityRow.code,
        FacilityRow.name,
        FacilityRow.currency,
        FacilityRow.profile_code,
        FacilityRow.is_demonstration,
    )
    .order_by(FacilityRow.created_at)
    .limit(1)
)


def find_facility(session: Session) -> Facility | None:
    """The facility of this installation, or None on an empty database.

    It does not change: a session asks for it once, and the program while it serves
    (``Database.known``). Nothing else happens in the transaction that opens it.
    """
    known: Facility | None = session.info.get(Facility)
    if known is None and (row := session.execute(_OLDEST_FACILITY).one_or_none()):
        known = session.info[Facility] = Facility(*row)
    return known


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
        message = f"Enter a day up to today, {shown_day(moment.on)}; money cannot move later."
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
    is_opening: bool = False,
) -> str:
    """Book money that a donor paid in; the source gets its own account; answer the entry's id.

    The amount is in the currency of ``bank_account``, the facility's first where none is named.
    ``is_opening`` is cash that the fund had before its books, whose day nobody chooses any more.

    Raises:
        WrongPerson: the actor is no manager.
        WrongBankAccount: the facility has no such account.
        FutureDay, PeriodClosed: the day lies in the future or in a closed month.
        WrongCapital: the amount is not above zero.
        NoSourceLeft: every account for contributions has its source.
    """
    facility, cash = checked_money(
        session, actor, moment, amount_minor, paid_on=paid_on, bank_account=bank_account
    )
    ask = "Enter who paid the contribution."
    named = entered_text(source, field="source", ask=ask, longest=LONGEST_SOURCE)
    code = source_account(session, facility.facility_id, named, cash.currency)
    return book_own(
        session,
        actor,
        moment,
        facility,
        event=bookings.CONTRIBUTION,
        on=paid_on,
        legs=bookings.contribution(code, amount_minor, cash.code),
        memo=f"Contribution of {named}",
        key=key,
        chosen_in=None if is_opening else "paid_on",
    )


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

    The amount is in the currency of ``bank_account``, the facility's first where none is named.

    Raises:
        WrongPerson: the actor is no manager.
        WrongBankAccount: the facility has no such account.
        FutureDay, PeriodClosed: the day lies in the future or in a closed month.
        WrongCapital: the amount is not above zero.
        ledger.Overdrawn: the fund has not that much available.
    """
    facility, cash = checked_money(
        session, actor, moment, amount_minor, paid_on=paid_on, bank_account=bank_account
    )
    ask = "Enter what was paid for."
    memo = entered_text(purpose, field="purpose", ask=ask, longest=LONGEST_PURPOSE)
    costs = own_account(session, facility.facility_id, administration_account(), cash.currency)
    return book_own(
        session,
        actor,
        moment,
        facility,
        event=bookings.ADMINISTRATION_PAID,
        on=paid_on,
        legs=bookings.administration(costs, amount_minor, cash.code),
        memo=memo,
        key=key,
        chosen_in="paid_on",
    )


def book_own(
    session: Session,
    actor: Actor,
    moment: Moment,
    facility: Facility,
    *,
    event: str,
    on: date,
    legs: Sequence[Leg],
    memo: str,
    key: str,
    chosen_in: str | None = None,
) -> str:
    """Book an act on the fund's own money, and keep who did it; answer the entry's id.

    ``chosen_in`` is the field of a day that people chose, whose month is asked for once the entry
    is booked: where money is missing too, that is said first. None is a day that the bank says.

    Raises:
        PeriodClosed: the day was chosen, and its month is closed.
        ledger.Overdrawn: an account that pays has not that much now, or had it not that day.
    """
    entry_id = ledger.post(
        session,
        facility_id=facility.facility_id,
        event=event,
        effective_on=on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=entry_key(actor.user_id, key),
        legs=legs,
        memo=memo,
    )
    if chosen_in is not None:
        refuse_closed(session, facility.facility_id, on, field=chosen_in)
        for leg in legs:
            if leg.account.startswith(CASH_PREFIX) and leg.amount_minor < 0:
                paying = cash_kept(session, facility.facility_id, leg.account)
                refuse_past_overdraft(session, paying, moment, on, paid_minor=0, field=chosen_in)
    subject = ("entry", entry_id)
    record(session, actor, moment, subject=subject, action=event, facility_id=facility.facility_id)
    return entry_id


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
) -> tuple[Facility, CashKept]:
    """The facility and the account, once the person, the day and the amount are in order.

    Raises:
        WrongPerson, FutureDay, WrongCapital, WrongBankAccount: as they say.
    """
    need_role(actor, Role.MANAGER)
    check_day(paid_on, moment, field="paid_on")
    facility = the_facility(session)
    cash = cash_kept(session, facility.facility_id, bank_account)
    check_amount(amount_minor, cash.currency)
    return facility, cash
