"""The facility that this installation runs: opening it and finding it, and the days it knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books import ledger
from loans.books.tables import FacilityRow
from loans.chart import opening_chart
from loans.day_words import shown_day
from loans.history import Moment
from loans.refusal import Missing, WrongValue
from loans.storage.database import new_id
from loans.versions.profile_versions import keep_first_version


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


class FutureDay(WrongValue):
    """Nothing has happened on a day that has not come."""


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
        message = f"Enter a day up to today, {shown_day(moment.on)}."
        raise FutureDay(message, field=field)
