"""The work list: applications found, filtered and sorted alike on both databases, in pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, collate, func, or_, select
from sqlalchemy.orm import Session

from loans.cases.case_status import WHO_ACTS_NEXT, CaseStatus
from loans.people import Actor, Role, fold
from loans.tables import Application, Enterprise

PAGE_SIZE = 50
_LIFE = tuple(CaseStatus)
_SETTLED = frozenset(status for status, (role, _) in WHO_ACTS_NEXT.items() if role is None)


class Group(StrEnum):
    """Several statuses under one name."""

    OPEN = "open"
    MINE = "mine"
    SETTLED = "settled"
    ALL = "all"


class Sort(StrEnum):
    """What a list of applications is sorted by; ``WAITING`` puts the actor's own work first."""

    WAITING = "waiting"
    REFERENCE = "reference"
    ENTERPRISE = "enterprise"
    PROJECT = "project"
    STAGE = "stage"
    NEXT = "next"
    SENT = "sent"
    DAYS = "days"


@dataclass(frozen=True)
class Order:
    """A column to sort by and the direction; ties are broken by the reference."""

    by: Sort = Sort.WAITING
    descending: bool = False


@dataclass(frozen=True)
class QueueLine:
    """One application in the work list."""

    application_id: str
    reference: str
    enterprise_name: str
    is_invented: bool
    title: str
    status: CaseStatus
    next_role: Role | None
    next_words: str
    submitted_on: date
    days_in_status: int
    waits_for_actor: bool


@dataclass(frozen=True)
class QueuePage:
    """One page of the work list.

    ``count`` is of all pages; ``waiting_count`` is what waits for the actor, whatever the filter.
    """

    lines: tuple[QueueLine, ...]
    count: int
    waiting_count: int
    page_number: int
    page_count: int


def queue(
    session: Session,
    actor: Actor,
    *,
    status: CaseStatus | Group = Group.OPEN,
    search: str = "",
    order: Order | None = None,
    page_number: int = 1,
    page_size: int = PAGE_SIZE,
    on: date,
) -> QueuePage:
    """The applications that exist for the actor, what waits for the actor first, oldest first.

    ``search`` finds a part of the enterprise's name, its registration number or the reference,
    whatever the case and the accents; every word must be found. Days are counted to ``on``. A
    page number beyond the end gives the last page.
    """
    visible = _visible(actor)
    found = and_(visible, _in_status(status, actor), *map(_has_word, fold(search).split()))
    count = _count(session, found)
    page_count = max(1, -(-count // page_size))
    page = min(max(1, page_number), page_count)
    rows = session.execute(
        select(Application, Enterprise)
        .join(Enterprise, Enterprise.id == Application.enterprise_id)
        .where(found)
        .order_by(*_sorting(session, order or Order(), actor))
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    lines = tuple(_line(application, enterprise, actor, on) for application, enterprise in rows)
    waiting = _count(session, and_(visible, _in_status(Group.MINE, actor)))
    return QueuePage(lines, count, waiting, page, page_count)


def own_statuses(actor: Actor) -> tuple[CaseStatus, ...]:
    """The statuses in which a case waits for this person's role."""
    return tuple(status for status, (role, _) in WHO_ACTS_NEXT.items() if role is actor.role)


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.enterprise_ids is None:
        return Application.id.is_not(None)
    return Application.enterprise_id.in_(actor.enterprise_ids)


def _in_status(wanted: CaseStatus | Group, actor: Actor) -> ColumnElement[bool]:
    match wanted:
        case Group.ALL:
            return Application.id.is_not(None)
        case Group.OPEN:
            return Application.status.not_in(_SETTLED)
        case Group.SETTLED:
            return Application.status.in_(_SETTLED)
        case Group.MINE:
            return Application.status.in_(own_statuses(actor))
        case _:
            return Application.status == wanted


def _has_word(word: str) -> ColumnElement[bool]:
    return or_(
        Enterprise.search_name.contains(word, autoescape=True),
        func.lower(Application.reference, type_=String).contains(word, autoescape=True),
    )


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    counted = (
        select(func.count())
        .select_from(Application)
        .join(Enterprise, Enterprise.id == Application.enterprise_id)
        .where(condition)
    )
    return session.scalar(counted) or 0


def _sorting(session: Session, order: Order, actor: Actor) -> tuple[ColumnElement[Any], ...]:
    """Columns to sort by; days run against the day since when, so they are turned round."""
    # Each database has its own order of letters; the order of the bytes is the same on both.
    bytewise = "C" if session.get_bind().dialect.name == "postgresql" else "BINARY"
    numbered = {status: number for number, status in enumerate(_LIFE)}
    keys: dict[Sort, ColumnElement[Any]] = {
        Sort.WAITING: _urgency(actor),
        Sort.REFERENCE: collate(Application.reference, bytewise),
        Sort.ENTERPRISE: collate(Enterprise.search_name, bytewise),
        Sort.PROJECT: collate(func.lower(collate(Application.title, bytewise)), bytewise),
        Sort.STAGE: case(numbered, value=Application.status),
        Sort.NEXT: case(_role_numbers(), value=Application.status),
        Sort.SENT: Application.submitted_on.expression,
        Sort.DAYS: Application.status_since_on.expression,
    }
    key = keys[order.by]
    first = key.desc() if order.descending is not (order.by is Sort.DAYS) else key.asc()
    oldest = Application.status_since_on.asc() if order.by is Sort.WAITING else None
    tie = collate(Application.reference, bytewise)
    return (first, tie) if oldest is None else (first, oldest, tie)


def _urgency(actor: Actor) -> ColumnElement[Any]:
    own, settled = own_statuses(actor), tuple(_SETTLED)
    return case((Application.status.in_(own), 0), (Application.status.in_(settled), 2), else_=1)


def _role_numbers() -> dict[CaseStatus, int]:
    places = {role: place for place, role in enumerate(Role)}
    return {
        status: len(places) if role is None else places[role]
        for status, (role, _) in WHO_ACTS_NEXT.items()
    }


def _line(application: Application, enterprise: Enterprise, actor: Actor, on: date) -> QueueLine:
    status = CaseStatus(application.status)
    role, words = WHO_ACTS_NEXT[status]
    return QueueLine(
        application_id=application.id,
        reference=application.reference,
        enterprise_name=enterprise.name,
        is_invented=enterprise.is_invented,
        title=application.title,
        status=status,
        next_role=role,
        next_words=words,
        submitted_on=application.submitted_on,
        days_in_status=max(0, (on - application.status_since_on).days),
        waits_for_actor=role is actor.role,
    )
