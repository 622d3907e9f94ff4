"""The next version of the facility's terms as far as it is written, for who reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.fund import Facility, find_facility
from loans.profile import Profile, load
from loans.tables import User
from loans.versions.profile_tables import ProfileDraft
from loans.versions.profile_versions import as_profile, profile_in_force, published_versions

DRAFT, PUBLISHED, DISCARDED = "draft", "published", "discarded"


@dataclass(frozen=True)
class OpenDraft:
    """The next version as far as it is written, beside the one that it follows."""

    draft_id: str
    before: Profile
    profile: Profile
    valid_from: date
    reason: str
    drafted_by_id: str
    drafted_by: str
    drafted_at: datetime
    content_hash: str
    """What this draft says, so that nobody publishes what they have not read."""

    @property
    def changed_terms(self) -> tuple[str, ...]:
        """Codes of the terms that the draft states otherwise."""
        return self.profile.terms_unlike(self.before)


def open_draft(session: Session, facility: Facility) -> OpenDraft | None:
    """The draft of the facility's next version, or None."""
    found = session.execute(
        select(ProfileDraft, User.name)
        .join(User, User.id == ProfileDraft.drafted_by)
        .where(
            ProfileDraft.facility_id == facility.facility_id,
            ProfileDraft.code == facility.profile_code,
            ProfileDraft.status == DRAFT,
        )
    ).one_or_none()
    if found is None:
        return None
    row, drafter = found
    return OpenDraft(
        row.id,
        newest_profile(session, facility),
        as_profile(row.document),
        row.valid_from,
        row.reason,
        row.drafted_by,
        drafter,
        row.drafted_at,
        draft_hash(row),
    )


def draft_hash(row: ProfileDraft) -> str:
    """SHA-256 of all that a draft would put in force: its terms, its first day and its reason."""
    said = [row.document, row.valid_from.isoformat(), row.reason]
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def newest_profile(session: Session, facility: Facility) -> Profile:
    """The version published last, whether it holds already or later."""
    found = published_versions(session, facility.facility_id, facility.profile_code)
    return found[-1].profile


def profile_on(session: Session, code: str, on: date) -> Profile:
    """A profile on a day: the fund's own in the version in force, another as the program ships it.

    Raises:
        Missing: there is no such profile.
    """
    facility = find_facility(session)
    if facility is None or facility.profile_code != code:
        return load(code)
    return profile_in_force(session, facility.facility_id, code, on)
