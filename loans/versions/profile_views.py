"""All versions of a facility's terms as people read them: past, in force, to come, the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from loans.fund import find_facility
from loans.people import Actor, Role
from loans.profile import Profile, load
from loans.refusal import Missing
from loans.versions.profile_draft_views import OpenDraft, open_draft, profile_on
from loans.versions.profile_versions import Version, published_versions, shipped_version

_READERS_OF_DRAFTS = frozenset({Role.MANAGER, Role.AUDITOR})


class Standing(StrEnum):
    """Where a version stands on a day."""

    PAST = "past"
    IN_FORCE = "in_force"
    TO_COME = "to_come"
    DRAFT = "draft"


@dataclass(frozen=True)
class VersionView:
    """One version: its terms, where it stands, and who brought it about.

    Nobody drafted or published the version that the program ships; a draft is not published yet,
    and alone has a ``content_hash``, by which it is published.
    """

    profile: Profile
    standing: Standing
    reason: str
    drafted_by: str | None
    drafted_by_id: str | None
    published_by: str | None
    published_at: datetime | None
    content_hash: str | None = None

    @property
    def version(self) -> int:
        """Its number."""
        return self.profile.version


def own_versions(session: Session, code: str) -> tuple[Version, ...]:
    """The published versions, oldest first; of a profile that is not the fund's own, the shipped.

    Raises:
        Missing: there is no such profile.
    """
    facility = find_facility(session)
    if facility is None or facility.profile_code != code:
        return (shipped_version(load(code)),)
    return published_versions(session, facility.facility_id, code)


def version_views(
    session: Session, code: str, actor: Actor | None, *, on: date
) -> tuple[VersionView, ...]:
    """Every version that the actor may read, oldest first, as it stands on the day ``on``.

    All read what is published; the draft is for fund managers and auditors.

    Raises:
        Missing: there is no such profile.
    """
    in_force = profile_on(session, code, on).version
    published = tuple(_published(one, in_force, on) for one in own_versions(session, code))
    draft = draft_of(session, code)
    if draft is None or actor is None or actor.role not in _READERS_OF_DRAFTS:
        return published
    return (*published, _drafted(draft))


def draft_of(session: Session, code: str) -> OpenDraft | None:
    """The draft of the next version of a profile; none where it is not the fund's own."""
    facility = find_facility(session)
    return (
        None if facility is None or facility.profile_code != code else open_draft(session, facility)
    )


def is_own(session: Session, code: str) -> bool:
    """Whether it is the profile with which the fund works."""
    facility = find_facility(session)
    return facility is not None and facility.profile_code == code


def in_force(versions: tuple[VersionView, ...]) -> VersionView:
    """The version in force; there is always one."""
    return next(one for one in versions if one.standing is Standing.IN_FORCE)


def newest_published(versions: tuple[VersionView, ...]) -> VersionView:
    """The version that a draft starts from."""
    return next(one for one in reversed(versions) if one.standing is not Standing.DRAFT)


def numbered(versions: tuple[VersionView, ...], number: str) -> VersionView:
    """The version with a number as it stands in an address.

    Raises:
        Missing: none has it.
    """
    found = next((one for one in versions if str(one.version) == number), None)
    if found is None:
        raise Missing
    return found


def _published(one: Version, in_force: int, on: date) -> VersionView:
    standing = Standing.TO_COME if one.valid_from > on else Standing.PAST
    if one.profile.version == in_force:
        standing = Standing.IN_FORCE
    return VersionView(
        one.profile,
        standing,
        one.reason,
        one.drafted_by,
        None,
        one.published_by,
        one.published_at,
    )


def _drafted(draft: OpenDraft) -> VersionView:
    return VersionView(
        draft.profile,
        Standing.DRAFT,
        draft.reason,
        draft.drafted_by,
        draft.drafted_by_id,
        None,
        None,
        draft.content_hash,
    )
