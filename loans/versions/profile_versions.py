"""The versions of a facility's terms as published, and which of them a case is judged by.

What the database does not hold is what the program ships: version 1 of each profile. An
application keeps the version that was in force when it was lodged, and so does its loan.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from loans import profile as profiles
from loans.profile import Profile
from loans.refusal import Missing
from loans.storage.database import new_id
from loans.tables import Application, Loan, User
from loans.versions.profile_tables import ProfileVersion

FIRST = 1
"""The version that the program ships."""

_OPENED = "The terms with which the fund opened"


@dataclass(frozen=True)
class Version:
    """A published version; nobody drafted and published the one that the program ships."""

    profile: Profile
    valid_from: date
    reason: str
    drafted_by: str | None
    published_by: str | None
    published_at: datetime | None


def keep_first_version(session: Session, facility_id: str, code: str, at: datetime) -> None:
    """Store the terms with which a fund opens, so that a later program cannot change them.

    Raises:
        Missing: there is no such profile.
    """
    shipped = profiles.load(code)
    session.add(
        ProfileVersion(
            id=new_id(),
            facility_id=facility_id,
            code=code,
            version=shipped.version,
            document=shipped.model_dump(mode="json"),
            valid_from=shipped.valid_from,
            reason=_OPENED,
            drafted_by=None,
            published_by=None,
            published_at=at,
        )
    )
    session.flush()


# Built once, and answered as text: an act asks for its terms several times.
_ONE_VERSION = select(type_coerce(ProfileVersion.document, Text)).where(
    ProfileVersion.facility_id == bindparam("facility_id"),
    ProfileVersion.code == bindparam("code"),
    ProfileVersion.version == bindparam("version"),
)


def profile_version(session: Session, facility_id: str, code: str, version: int) -> Profile:
    """One version of the facility's terms.

    Raises:
        Missing: the facility never published it.
    """
    named = {"facility_id": facility_id, "code": code, "version": version}
    text = session.scalars(_ONE_VERSION, named).one_or_none()
    if text is not None:
        return _parsed(text)
    if version != FIRST:
        message = "There is no such version of the terms."
        raise Missing(message)
    return profiles.load(code)


def profile_of(session: Session, case: Application | Loan) -> Profile:
    """The terms that an application or a loan is judged by."""
    return profile_version(session, case.facility_id, case.profile_code, case.profile_version)


def profiles_of(session: Session, cases: Iterable[Application | Loan]) -> Mapping[str, Profile]:
    """The terms of many applications or loans by their ids; each version is read once."""
    found: dict[tuple[str, str, int], Profile] = {}
    of_case: dict[str, Profile] = {}
    for case in cases:
        key = (case.facility_id, case.profile_code, case.profile_version)
        if key not in found:
            found[key] = profile_version(session, *key)
        of_case[case.id] = found[key]
    return of_case


def profile_in_force(session: Session, facility_id: str, code: str, on: date) -> Profile:
    """The facility's terms for what is lodged on the day ``on``: the newest that holds by then.

    Before the first of them began, version 1 holds.
    """
    document = session.scalars(
        select(ProfileVersion.document)
        .where(
            ProfileVersion.facility_id == facility_id,
            ProfileVersion.code == code,
            ProfileVersion.valid_from <= on,
        )
        .order_by(ProfileVersion.valid_from.desc(), ProfileVersion.version.desc())
        .limit(1)
    ).one_or_none()
    if document is None:
        return profile_version(session, facility_id, code, FIRST)
    return as_profile(document)


def published_versions(session: Session, facility_id: str, code: str) -> tuple[Version, ...]:
    """Every version of a profile, oldest first; the first is at least what the program ships.

    Raises:
        Missing: there is no such profile.
    """
    drafter, publisher = User.__table__.alias(), User.__table__.alias()
    rows = session.execute(
        select(ProfileVersion, drafter.c.name, publisher.c.name)
        .outerjoin(drafter, drafter.c.id == ProfileVersion.drafted_by)
        .outerjoin(publisher, publisher.c.id == ProfileVersion.published_by)
        .where(
            ProfileVersion.facility_id == facility_id,
            ProfileVersion.code == code,
        )
        .order_by(ProfileVersion.version)
    )
    stored = tuple(
        Version(
            as_profile(row.document),
            row.valid_from,
            row.reason,
            drafted_by,
            published_by,
            row.published_at,
        )
        for row, drafted_by, published_by in rows
    )
    if stored and stored[0].profile.version == FIRST:
        return stored
    return (shipped_version(profiles.load(code)), *stored)


def shipped_version(profile: Profile) -> Version:
    """A profile as the program ships it, as the version with which a fund opens."""
    return Version(profile, profile.valid_from, _OPENED, None, None, None)


def as_profile(document: Mapping[str, Any]) -> Profile:
    """The profile of a stored document."""
    return _parsed(json.dumps(document, sort_keys=True))


@lru_cache(maxsize=64)
def _parsed(document: str) -> Profile:
    return profiles.parse(json.loads(document))
