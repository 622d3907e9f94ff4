"""The facility's own money: contributions by source, administration paid from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from appraisal.money import LARGEST_MINOR, as_text
from loans import bookings
from loans.books import ledger
from loans.books.cash_accounts import CashKept, cash_kept, refuse_past_overdraft
from loans.books.closed_months import refuse_closed
from loans.books.contribution_sources import source_account
from loans.books.ledger_balances import find_account
from loans.books.own_accounts import own_account
from loans.chart import CASH_PREFIX, administration_account
from loans.entered_text import entered_line, entered_text
from loans.fund import Facility, check_day, the_facility
from loans.history import Moment, record
from loans.ledger_legs import Leg
from loans.people import Actor, Role, need_role
from loans.refusal import WrongValue
from loans.storage.requests import entry_key

LONGEST_SOURCE, LONGEST_PURPOSE = 200, 300


class WrongCapital(WrongValue):
    """Nothing, or more than any single amount may be."""


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
    named = entered_line(source, field="source", ask=ask, longest=LONGEST_SOURCE)
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
    record(
        session,
        actor,
        Moment(on, moment.at),
        subject=("entry", entry_id),
        action=event,
        facility_id=facility.facility_id,
        note=memo,
        details={
            "amount_minor": max(leg.amount_minor for leg in legs),
            "currency": _currency_of(session, facility, legs),
        },
    )
    return entry_id


def _currency_of(session: Session, facility: Facility, legs: Sequence[Leg]) -> str:
    """The one currency of an entry: of its account at a bank, or else of its first account."""
    here = facility.facility_id
    for leg in legs:
        if leg.account.startswith(CASH_PREFIX):
            return cash_kept(session, here, leg.account).currency
    return str(find_account(session, here, legs[0].account).currency)


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
