"""Reserves: money kept back for a commitment from approval until it is paid out or given up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, insert, select
from sqlalchemy.orm import Session

from loans.books.ledger_balances import find_account
from loans.books.ledger_guard import refusals_in_words
from loans.books.tables import AccountRow, hold, hold_use
from loans.ledger_legs import Leg, Source
from loans.ledger_refusals import HoldExceeded, NoSuchHold
from loans.storage.database import new_id


@dataclass(frozen=True)
class Hold:
    """A reserve and what is left of it, in minor units."""

    hold_id: str
    account: str
    amount_minor: int
    left_minor: int
    effective_on: date


def reserve(
    session: Session,
    *,
    facility_id: str,
    account: str,
    amount_minor: int,
    reserved_on: date,
    reserved_at: datetime,
    actor_id: str,
    key: str,
    memo: str = "",
    source: Source | None = None,
) -> str:
    """Keep money of the account back for a commitment and answer the reserve's id.

    Raises:
        HoldExceeded: the amount is not above zero.
        Overdrawn: less is available.
        DuplicateKey: a reserve with this key exists.
        UnknownAccount: the facility has no account with this code.
    """
    if amount_minor <= 0:
        message = "A reserve is an amount above zero."
        raise HoldExceeded(message, field="amount")
    row = {
        "facility_id": facility_id,
        "id": new_id(),
        "account_id": find_account(session, facility_id, account).id,
        "amount_minor": amount_minor,
        "effective_on": reserved_on,
        "booked_at": reserved_at,
        "actor_id": actor_id,
        "idem_key": key,
        "memo": memo,
        "source_kind": source and source.kind,
        "source_id": source and source.record_id,
    }
    with refusals_in_words(session, facility_id, (account,)):
        session.execute(insert(hold), row)
    return str(row["id"])


def release_hold(
    session: Session,
    *,
    facility_id: str,
    hold_id: str,
    released_on: date,
    released_at: datetime,
    actor_id: str,
    amount_minor: int | None = None,
) -> int:
    """Give back ``amount_minor`` of a reserve, or all that is left; answer how much it was.

    Raises:
        NoSuchHold: the facility has no such reserve.
        HoldExceeded: nothing is left, or less than ``amount_minor``.
    """
    found = find_hold(session, facility_id=facility_id, hold_id=hold_id)
    amount = found.left_minor if amount_minor is None else amount_minor
    if amount <= 0:
        message = "Nothing is left of what was reserved."
        raise HoldExceeded(message)
    row = {
        "facility_id": facility_id,
        "id": new_id(),
        "hold_id": hold_id,
        "entry_id": None,
        "amount_minor": amount,
        "effective_on": released_on,
        "booked_at": released_at,
        "actor_id": actor_id,
    }
    with refusals_in_words(session, facility_id):
        session.execute(insert(hold_use), row)
    return amount


def find_hold(session: Session, *, facility_id: str, hold_id: str) -> Hold:
    """A reserve and what is left of it.

    Raises:
        NoSuchHold: the facility has no such reserve.
    """
    used = (
        select(func.coalesce(func.sum(hold_use.c.amount_minor), 0))
        .where(hold_use.c.facility_id == facility_id, hold_use.c.hold_id == hold_id)
        .scalar_subquery()
    )
    row = session.execute(
        select(AccountRow.code, hold.c.amount_minor, used, hold.c.effective_on)
        .join(
            AccountRow,
            and_(AccountRow.facility_id == hold.c.facility_id, AccountRow.id == hold.c.account_id),
        )
        .where(hold.c.facility_id == facility_id, hold.c.id == hold_id)
    ).one_or_none()
    if row is None:
        raise NoSuchHold
    code, amount, used_minor, effective_on = row
    return Hold(hold_id, code, amount, amount - int(used_minor), effective_on)


def paid_from_hold(session: Session, facility_id: str, hold_id: str, legs: Iterable[Leg]) -> int:
    """What the legs pay from the account in which the hold reserves money.

    Raises:
        NoSuchHold: the facility has no such reserve.
        HoldExceeded: they pay nothing from it.
    """
    account = find_hold(session, facility_id=facility_id, hold_id=hold_id).account
    paid = -sum(leg.amount_minor for leg in legs if leg.account == account)
    if paid <= 0:
        message = "The entry pays nothing from the account in which the money is reserved."
        raise HoldExceeded(message)
    return paid
