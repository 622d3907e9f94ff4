"""The facility's own money: opening it, contributions by source, administration paid from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans import bookings, ledger
from loans.books import AccountRow, FacilityRow
from loans.chart import CONTRIBUTION_PREFIX, contribution_account, opening_chart
from loans.database import new_id
from loans.history import Moment, record
from loans.people import Actor, Role
from loans.refusal import Missing, NotYours, WrongValue


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
    for account in opening_chart():
        ledger.open_account(
            session, facility_id=facility.id, account=account, currency=currency
        )
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


def check_day(on: date, moment: Moment) -> None:
    """Refuse a value date after the day of the act."""
    if on > moment.on:
        message = f"Enter a day up to today, {moment.on.isoformat()}; money cannot move later."
        raise FutureDay(message, field="on")


def record_contribution(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    source: str,
    amount_minor: int,
    paid_on: date,
    key: str,
) -> str:
    """Book money that a donor paid in; the source gets its own account; answer the entry's id."""
    _check_manager(actor)
    check_day(paid_on, moment)
    if not source.strip():
        message = "Enter who paid the contribution."
        raise WrongValue(message, field="source")
    facility = the_facility(session)
    number = _source_number(session, facility, source.strip())
    entry_id = ledger.post(
        session,
        facility_id=facility.facility_id,
        event="contribution",
        effective_on=paid_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=key,
        legs=bookings.contribution(number, amount_minor),
        memo=f"Contribution of {source.strip()}",
    )
    _note(session, actor, moment, facility, entry_id, "contribution")
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
) -> str:
    """Book administration paid from the fund; answer the entry's id."""
    _check_manager(actor)
    check_day(paid_on, moment)
    facility = the_facility(session)
    entry_id = ledger.post(
        session,
        facility_id=facility.facility_id,
        event="administration",
        effective_on=paid_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=key,
        legs=bookings.administration(amount_minor),
        memo=purpose.strip() or "Administration",
    )
    _note(session, actor, moment, facility, entry_id, "administration")
    return entry_id


def _check_manager(actor: Actor) -> None:
    if actor.role is not Role.MANAGER:
        message = f"This is for the role manager. Your role is {actor.role.value}."
        raise OnlyManagers(message)


def _source_number(session: Session, facility: Facility, source: str) -> int:
    """The number of the source's account, opened where it is the source's first contribution."""
    accounts = session.execute(
        select(AccountRow.code, AccountRow.name).where(
            AccountRow.facility_id == facility.facility_id,
            AccountRow.code.startswith(CONTRIBUTION_PREFIX),
        )
    ).all()
    numbers = {name.casefold(): int(code.removeprefix(CONTRIBUTION_PREFIX)) for code, name in accounts}
    found = numbers.get(source.casefold())
    if found is not None:
        return found
    number = max(numbers.values(), default=0) + 1
    ledger.open_account(
        session,
        facility_id=facility.facility_id,
        account=contribution_account(number, source),
        currency=facility.currency,
    )
    return number


def _note(
    session: Session, actor: Actor, moment: Moment, facility: Facility, entry_id: str, act: str
) -> None:
    record(
        session,
        actor,
        moment,
        subject=("entry", entry_id),
        action=act,
        facility_id=facility.facility_id,
    )

