"""The next version of the facility's terms, drafted by one manager for another to publish.

A published version is never changed. What was lodged before its first day keeps the older one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books.facility_turn import take_facility
from loans.day_words import shown_day
from loans.entered_text import entered_text
from loans.fund import Facility, the_facility
from loans.history import Moment, record
from loans.people import Actor, Role, need_role
from loans.profile import Profile, ProfileRefused, parse
from loans.refusal import Missing, NotYours, OutOfStep, WrongValue
from loans.storage.database import new_id
from loans.versions.profile_draft_views import DISCARDED, DRAFT, newest_profile
from loans.versions.profile_tables import ProfileDraft
from loans.versions.profile_versions import as_profile

LONGEST_REASON = 500
LONGEST_SOURCE = 300


class NotTheDrafter(NotYours):
    """A draft is changed by who began it."""


class DraftOpen(OutOfStep):
    """The next version is being drafted already."""


class NoDraft(OutOfStep):
    """There is no draft to change, publish or give up."""


class WrongFirstDay(WrongValue):
    """A version cannot hold for days that have passed, or before the one that it follows."""


@dataclass(frozen=True)
class TermChange:
    """What a term becomes: its value as in the document (None: left open), source and note."""

    value: object
    source: str
    is_decided: bool
    note: str = ""


def draft_version(
    session: Session,
    actor: Actor,
    moment: Moment,
    code: str,
    *,
    valid_from: date,
    reason: str,
    changes: Mapping[str, TermChange] | None = None,
) -> int:
    """Begin the next version from the newest one; answer its number.

    Raises:
        WrongPerson: the actor is no manager.
        Missing: the fund has another profile.
        DraftOpen: somebody drafts it already.
        WrongFirstDay, ProfileRefused: the first day or a term cannot be used.
    """
    facility = own_facility(session, actor, code)
    if _locked_draft(session, facility) is not None:
        message = "The next version is being drafted already. Publish it or give it up first."
        raise DraftOpen(message)
    before = newest_profile(session, facility)
    check_first_day(valid_from, before, moment)
    after = before.model_copy(update={"version": before.version + 1, "valid_from": valid_from})
    row = ProfileDraft(
        id=new_id(),
        facility_id=facility.facility_id,
        code=code,
        version=after.version,
        status=DRAFT,
        document=_changed(after, changes or {}).model_dump(mode="json"),
        valid_from=valid_from,
        reason=_reason(reason),
        drafted_by=actor.user_id,
        drafted_at=moment.at,
    )
    session.add(row)
    session.flush()
    note_act(session, actor, moment, row, action="draft_terms", note=row.reason)
    return row.version


def rewrite_draft(
    session: Session,
    actor: Actor,
    moment: Moment,
    code: str,
    *,
    valid_from: date,
    reason: str,
    changes: Mapping[str, TermChange] | None = None,
) -> int:
    """Give the own draft another first day, reason and terms; answer its number.

    Terms that ``changes`` does not name stay as drafted.

    Raises:
        NoDraft, NotTheDrafter, WrongFirstDay, ProfileRefused: as it says.
    """
    row = _own_draft(session, actor, code)
    check_first_day(valid_from, newest_profile(session, the_facility(session)), moment)
    drafted = as_profile(row.document).model_copy(update={"valid_from": valid_from})
    row.document = _changed(drafted, changes or {}).model_dump(mode="json")
    row.valid_from, row.reason = valid_from, _reason(reason)
    note_act(session, actor, moment, row, action="draft_terms", note=row.reason)
    return row.version


def give_up_draft(
    session: Session,
    actor: Actor,
    moment: Moment,
    code: str,
    *,
    reason: str,
    version: int | None = None,
) -> None:
    """Take the draft back, or refuse another manager's; the terms stay as they are.

    Raises:
        NoDraft: there is none.
        Missing: it has another number than ``version``.
    """
    row = the_draft(session, actor, code)
    if version not in (None, row.version):
        raise Missing
    ask = "Write why this version is not published."
    note = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    row.status, row.decided_by, row.decided_at = DISCARDED, actor.user_id, moment.at
    note_act(session, actor, moment, row, action="give_up_terms", note=note)


def own_facility(session: Session, actor: Actor, code: str) -> Facility:
    """The fund, locked, if the actor is a manager and ``code`` is its profile."""
    need_role(actor, Role.MANAGER)
    facility = the_facility(session)
    if code != facility.profile_code:
        message = f"The fund works with the profile {facility.profile_code}. Change that one."
        raise Missing(message)
    # Two who begin at the same time come one after the other.
    take_facility(session, facility.facility_id)
    return facility


def _locked_draft(session: Session, facility: Facility) -> ProfileDraft | None:
    return session.scalars(
        select(ProfileDraft)
        .where(
            ProfileDraft.facility_id == facility.facility_id,
            ProfileDraft.code == facility.profile_code,
            ProfileDraft.status == DRAFT,
        )
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()


def the_draft(session: Session, actor: Actor, code: str) -> ProfileDraft:
    """The open draft, locked.

    Raises:
        NoDraft: there is none.
    """
    row = _locked_draft(session, own_facility(session, actor, code))
    if row is None:
        message = "No version is being drafted. A fund manager begins one first."
        raise NoDraft(message)
    return row


def _own_draft(session: Session, actor: Actor, code: str) -> ProfileDraft:
    row = the_draft(session, actor, code)
    if row.drafted_by != actor.user_id:
        message = "Another manager drafts this version. Publish it, or give it up with a reason."
        raise NotTheDrafter(message)
    return row


def _changed(profile: Profile, changes: Mapping[str, TermChange]) -> Profile:
    """The profile with other terms, read anew.

    Raises:
        ProfileRefused: naming the term.
    """
    document: dict[str, Any] = profile.model_dump(mode="json")
    for name, change in changes.items():
        if name not in document["terms"]:
            message = "The profile has no such term. Name one of those that it lists."
            raise ProfileRefused(message, field="term")
        ask = "Enter where the value comes from, or that the fund decided it."
        source = entered_text(change.source, field="source", ask=ask, longest=LONGEST_SOURCE)
        document["terms"][name] |= {
            "value": change.value,
            "source": source,
            "decided": change.is_decided,
            "note": change.note,
        }
    return parse(document)


def check_first_day(valid_from: date, before: Profile, moment: Moment) -> None:
    """Refuse a first day that has passed, or that lies before that of the version before.

    Raises:
        WrongFirstDay: as it says.
    """
    earliest = max(moment.on, before.valid_from)
    if valid_from < earliest:
        message = (
            f"Enter a first day from {shown_day(earliest)} on: what was lodged before keeps its "
            "terms, and versions follow one another."
        )
        raise WrongFirstDay(message, field="valid_from")


def _reason(reason: str) -> str:
    ask = "Write why the terms change."
    return entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)


def note_act(
    session: Session, actor: Actor, moment: Moment, row: ProfileDraft, *, action: str, note: str
) -> None:
    """Append what was done with a draft to the history."""
    record(
        session,
        actor,
        moment,
        subject=("profile", row.id),
        action=action,
        facility_id=row.facility_id,
        note=note,
        details={"code": row.code, "version": row.version},
    )
