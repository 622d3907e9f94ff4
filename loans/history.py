"""The history of cases: one event for every act, never changed, and the numbers of references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from loans.entered_text import check_storable
from loans.people import Actor
from loans.storage.database import new_id
from loans.tables import CaseEvent, ReferenceCounter, User


@dataclass(frozen=True)
class Moment:
    """When an act counts (a business day) and when it was entered (an instant in UTC)."""

    on: date
    at: datetime


@dataclass(frozen=True)
class HistoryLine:
    """One act in the history of a case."""

    happened_on: date
    recorded_at: datetime
    actor_name: str
    action: str
    status_before: str | None
    status_after: str | None
    note: str
    details: Mapping[str, Any]


def record(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    subject: tuple[str, str],
    action: str,
    facility_id: str | None = None,
    statuses: tuple[str | None, str | None] = (None, None),
    note: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append one event about ``subject`` (kind, id)."""
    check_storable(note, field="reason")
    session.add(
        CaseEvent(
            id=new_id(),
            facility_id=facility_id,
            subject_kind=subject[0],
            subject_id=subject[1],
            action=action,
            actor_id=actor.user_id,
            happened_on=moment.on,
            recorded_at=moment.at,
            status_before=statuses[0],
            status_after=statuses[1],
            note=note,
            details=dict(details or {}),
        )
    )


def history(session: Session, subject_ids: tuple[str, ...]) -> tuple[HistoryLine, ...]:
    """All events about the subjects, oldest first."""
    rows = session.execute(
        select(CaseEvent, User.name)
        .outerjoin(User, User.id == CaseEvent.actor_id)
        .where(CaseEvent.subject_id.in_(subject_ids))
        .order_by(CaseEvent.recorded_at, CaseEvent.id)
    )
    return tuple(
        HistoryLine(
            event.happened_on,
            event.recorded_at,
            name or "The program",
            event.action,
            event.status_before,
            event.status_after,
            event.note,
            event.details,
        )
        for event, name in rows
    )


def next_reference(session: Session, facility_id: str, kind: str, year: int) -> str:
    """The next reference of a kind in a year, such as ``CP-2026-014``; none is left out."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # Two first references of a year at the same time must not both open the counter.
    session.execute(
        dialect.insert(ReferenceCounter)
        .values(facility_id=facility_id, kind=kind, year=year, last_number=0)
        .on_conflict_do_nothing()
    )
    key = (facility_id, kind, year)
    counter = session.get_one(ReferenceCounter, key, with_for_update=True, populate_existing=True)
    counter.last_number += 1
    session.flush()
    return f"{kind}-{year}-{counter.last_number:03d}"
