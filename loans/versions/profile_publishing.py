"""Publishing the next version of the facility's terms, by a second manager."""

from __future__ import annotations

from sqlalchemy.orm import Session

from loans.fund import the_facility
from loans.history import Moment
from loans.people import Actor
from loans.profile import Profile
from loans.refusal import Missing, NotYours, OutOfStep, WrongValue
from loans.storage.database import new_id
from loans.versions.profile_draft_views import PUBLISHED, draft_hash, newest_profile
from loans.versions.profile_drafts import check_first_day, note_act, the_draft
from loans.versions.profile_tables import ProfileVersion
from loans.versions.profile_versions import as_profile

NEEDED_FOR_ENTRY = ("minor_investment", "default_discount_rate")
"""Terms without which no proposal can be worked out while it is written."""


class OwnDraft(NotYours):
    """Who drafted a version may not publish it."""


class DraftChanged(OutOfStep):
    """The draft says something else than what was read."""


class NothingChanged(OutOfStep):
    """A version that says the same as the one before."""


class EntryTermOpen(WrongValue):
    """A term without which nobody could go on entering proposals."""


def publish_version(
    session: Session,
    actor: Actor,
    moment: Moment,
    code: str,
    *,
    version: int,
    content_hash: str,
) -> None:
    """Publish the draft, by a second manager: what is lodged from its first day on is judged by it.

    ``content_hash`` is that of the draft as the actor read it.

    Raises:
        Missing: the draft has another number.
        DraftChanged: it was written anew since.
        NoDraft, OwnDraft, NothingChanged: nothing to publish, not by this person, or no change.
        WrongFirstDay: its first day has passed; the drafter enters a new one.
        EntryTermOpen: a term is open that every proposal needs while it is written.
    """
    row = the_draft(session, actor, code)
    if row.version != version:
        raise Missing
    if row.drafted_by == actor.user_id:
        message = "You drafted this version yourself. Another fund manager has to publish it."
        raise OwnDraft(message)
    if content_hash != draft_hash(row):
        message = "The draft was changed since you read it. Read it again, then publish it."
        raise DraftChanged(message)
    profile, before = as_profile(row.document), newest_profile(session, the_facility(session))
    if profile.terms == before.terms:
        message = "The draft says the same as the version before. Change a term, or give it up."
        raise NothingChanged(message)
    check_first_day(row.valid_from, before, moment)
    _check_entry_terms(profile)
    row.status, row.decided_by, row.decided_at = PUBLISHED, actor.user_id, moment.at
    session.add(
        ProfileVersion(
            id=new_id(),
            facility_id=row.facility_id,
            code=row.code,
            version=row.version,
            document=row.document,
            valid_from=row.valid_from,
            reason=row.reason,
            drafted_by=row.drafted_by,
            published_by=actor.user_id,
            published_at=moment.at,
        )
    )
    session.flush()
    note_act(session, actor, moment, row, action="publish_terms", note=row.reason)


def _check_entry_terms(profile: Profile) -> None:
    open_terms = [
        term.label
        for name, term in profile.all_terms()
        if name in NEEDED_FOR_ENTRY and term.value is None
    ]
    if open_terms:
        message = (
            f"Proposals cannot be worked out without: {', '.join(open_terms)}. Enter a value; the "
            "other terms may stay open and block approvals only."
        )
        raise EntryTermOpen(message)
