"""Who did what: the acts on everything in one list, newest first, for people who check the fund."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, literal, null, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from loans.books.tables import AccountRow, journal_number
from loans.collateral.tables import Asset
from loans.day_words import shown_day
from loans.fund import Facility
from loans.people import Role
from loans.provisioning.tables import ProvisionRunRow
from loans.tables import Application, CaseEvent, Loan, User
from loans.versions.profile_tables import ProfileDraft

ACTS_A_PAGE = 50
_Column = ColumnElement[Any] | InstrumentedAttribute[Any]


class SubjectKind(StrEnum):
    """What an act was about."""

    APPLICATION = "application"
    PROPOSAL = "proposal"
    LOAN = "loan"
    ASSET = "asset"
    ENTRY = "entry"
    ACCOUNT = "account"
    BANK = "bank"
    PROVISIONS = "provisions"
    FACILITY = "facility"
    PROFILE = "profile"
    USER = "user"


@dataclass(frozen=True)
class About:
    """What an act was about, and the words that people know it by, blank where it has none.

    ``key`` is what an address names it by: the code of an account, the application of a proposal.
    """

    kind: SubjectKind
    subject_id: str
    words: str
    key: str | None


@dataclass(frozen=True)
class TrailLine:
    """One act: who did it, when it was recorded, in UTC, and the day from which it counts.

    Amounts among the details are minor units of ``currency``.
    """

    event_id: str
    recorded_at: datetime
    happened_on: date
    actor_id: str | None
    actor_name: str
    actor_role: Role | None
    about: About
    action: str
    status_before: str | None
    status_after: str | None
    note: str
    currency: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class TrailPage:
    """A page of acts, newest first; ``before`` asks for the next page, None after the last."""

    lines: tuple[TrailLine, ...]
    before: str | None


@dataclass(frozen=True)
class _Named:
    words: str
    key: str
    currency: str | None


@dataclass(frozen=True)
class _Source:
    """Where the words of a kind of subject stand, by what they are asked, and the key."""

    asked_by: _Column
    key: _Column
    parts: tuple[_Column, ...]
    currency: _Column | None = None
    facility: _Column | None = None


_number, _account, _run, _draft = journal_number.c, AccountRow, ProvisionRunRow, ProfileDraft
_SOURCES: Mapping[SubjectKind, _Source] = {
    SubjectKind.APPLICATION: _Source(Application.id, Application.id, (Application.reference,)),
    SubjectKind.PROPOSAL: _Source(
        Application.proposal_id, Application.id, (Application.reference,)
    ),
    SubjectKind.LOAN: _Source(Loan.id, Loan.id, (Loan.reference,)),
    SubjectKind.ASSET: _Source(Asset.id, Asset.id, (Asset.description,)),
    SubjectKind.ENTRY: _Source(
        _number.entry_id, _number.entry_id, (_number.number,), facility=_number.facility_id
    ),
    SubjectKind.ACCOUNT: _Source(
        _account.id, _account.code, (_account.code, _account.name), facility=_account.facility_id
    ),
    SubjectKind.BANK: _Source(
        _account.code,
        _account.code,
        (_account.code, _account.name),
        currency=_account.currency,
        facility=_account.facility_id,
    ),
    SubjectKind.PROVISIONS: _Source(_run.id, _run.run_on, (_run.run_on,)),
    SubjectKind.PROFILE: _Source(
        _draft.id, _draft.code, (_draft.code, literal("version"), _draft.version)
    ),
    SubjectKind.USER: _Source(User.id, User.id, (User.name,)),
}
"""The facility itself needs no words. A proposal has those of the application, once it was sent."""


def trail(
    session: Session,
    facility: Facility,
    *,
    actor_id: str | None = None,
    kind: SubjectKind | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    before: str | None = None,
    limit: int = ACTS_A_PAGE,
) -> TrailPage:
    """A page of what people did, of one person or about one kind of thing if named.

    ``from_on`` and ``to_on`` are the first and last day, in UTC, on which it was recorded.
    ``before`` is the id of an act: those recorded before it follow, and none where it has none.
    """
    wanted = _wanted(actor_id=actor_id, kind=kind, from_on=from_on, to_on=to_on)
    query = (
        select(CaseEvent, User.name, User.role)
        .outerjoin(User, User.id == CaseEvent.actor_id)
        .where(_of(facility), *wanted)
        .order_by(CaseEvent.recorded_at.desc(), CaseEvent.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        last = aliased(CaseEvent)
        then = select(last.recorded_at).where(last.id == before).scalar_subquery()
        query = query.where(
            tuple_(CaseEvent.recorded_at, CaseEvent.id) < tuple_(then, literal(before))
        )
    rows = session.execute(query).all()
    shown = rows[:limit]
    named = _names(session, facility, (row[0] for row in shown))
    return TrailPage(
        tuple(_line(facility, *row, named) for row in shown),
        shown[-1][0].id if len(rows) > limit else None,
    )


def people_in(session: Session, facility: Facility) -> Mapping[str, tuple[str, Role]]:
    """The name and role of everybody who did something, by their ids and in the order of names."""
    acted = select(CaseEvent.actor_id).where(_of(facility)).distinct()
    rows = session.execute(
        select(User.id, User.name, User.role).where(User.id.in_(acted)).order_by(User.name, User.id)
    )
    return {user_id: (name, Role(role)) for user_id, name, role in rows}


def _of(facility: Facility) -> ColumnElement[bool]:
    """What concerns the facility, and users, who belong to none."""
    return or_(CaseEvent.facility_id == facility.facility_id, CaseEvent.facility_id.is_(None))


def _wanted(
    *,
    actor_id: str | None,
    kind: SubjectKind | None,
    from_on: date | None,
    to_on: date | None,
) -> Iterator[ColumnElement[bool]]:
    if actor_id is not None:
        yield CaseEvent.actor_id == actor_id
    if kind is not None:
        yield CaseEvent.subject_kind == kind.value
    if from_on is not None:
        yield CaseEvent.recorded_at >= _start(from_on)
    if to_on is not None:
        yield CaseEvent.recorded_at < _start(to_on + timedelta(days=1))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _line(
    facility: Facility,
    event: CaseEvent,
    name: str | None,
    role: str | None,
    named: Mapping[SubjectKind, Mapping[str, _Named]],
) -> TrailLine:
    kind = SubjectKind(event.subject_kind)
    found = named[kind].get(_asked_by(event)) if kind in named else None
    return TrailLine(
        event_id=event.id,
        recorded_at=event.recorded_at,
        happened_on=event.happened_on,
        actor_id=event.actor_id,
        actor_name=name or "The program",
        actor_role=Role(role) if role else None,
        about=About(
            kind, event.subject_id, found.words if found else "", found.key if found else None
        ),
        action=event.action,
        status_before=event.status_before,
        status_after=event.status_after,
        note=event.note,
        currency=event.details.get("currency")
        or (found.currency if found else None)
        or facility.currency,
        details=event.details,
    )


def _asked_by(event: CaseEvent) -> str:
    """What the subject is looked up by: an act with a bank names the code of the account."""
    is_bank = event.subject_kind == SubjectKind.BANK
    return str(event.details.get("account", "")) if is_bank else event.subject_id


def _names(
    session: Session, facility: Facility, events: Iterable[CaseEvent]
) -> Mapping[SubjectKind, Mapping[str, _Named]]:
    """How what the events are about is called, asked once for each kind."""
    wanted: dict[SubjectKind, set[str]] = defaultdict(set)
    for event in events:
        wanted[SubjectKind(event.subject_kind)].add(_asked_by(event))
    return {
        kind: _named(session, facility, _SOURCES[kind], asked)
        for kind, asked in wanted.items()
        if kind in _SOURCES
    }


def _named(
    session: Session, facility: Facility, source: _Source, asked: set[str]
) -> Mapping[str, _Named]:
    currency = null() if source.currency is None else source.currency
    query = select(source.asked_by, source.key, currency, *source.parts).where(
        source.asked_by.in_(asked)
    )
    if source.facility is not None:
        query = query.where(source.facility == facility.facility_id)
    return {
        asked_by: _Named(" ".join(_part(part) for part in parts), str(key), currency)
        for asked_by, key, currency, *parts in session.execute(query)
    }


def _part(value: object) -> str:
    return shown_day(value) if isinstance(value, date) else str(value)
