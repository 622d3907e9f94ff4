"""The facility's terms over JSON, each with its source, and the versions of them.

The next version is drafted by one manager as changes to the newest, and published by another.
"""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy.orm import Session

from app import clock
from app.api.acting import Act, Answer, Asked, Reason, api_router
from app.api.values import Day, Label, Text, VersionInPath
from app.dependencies import Anybody, Reading
from app.term_words import rules_in_words
from loans import profile as profiles
from loans.profile import Profile, Rule
from loans.versions.profile_draft_views import profile_on
from loans.versions.profile_drafts import TermChange, draft_version, give_up_draft
from loans.versions.profile_publishing import publish_version
from loans.versions.profile_views import numbered, own_versions, version_views

router = api_router("Profiles")

MOST_CHANGES = 100


class ProfileLine(Answer):
    """One profile in the list, in the version that is in force today."""

    code: str
    version: int
    title: str
    valid_from: date
    currency: str

    @classmethod
    def of(cls, profile: Profile) -> "ProfileLine":
        """The line of a profile."""
        return cls(**{name: getattr(profile, name) for name in ProfileLine.model_fields})


class ProfileList(Answer):
    """The profiles that come with the program; that of the fund in its own versions."""

    profiles: tuple[ProfileLine, ...]


class TermAnswer(Answer):
    """One term: null where the fund left it open; ``decided``: by the program, not the source."""

    value: str | int | bool | list[Any] | None
    unit: str
    label: str
    source: str
    decided: bool
    note: str


class ProfileAnswer(ProfileLine):
    """One version of a profile: each term by its code, its rules, and all versions there are."""

    terms: dict[str, TermAnswer]
    rules: tuple[Rule, ...]
    versions: tuple[int, ...]


class VersionAnswer(ProfileAnswer):
    """One version and why it was made; only a draft has a ``content_hash``, to be published by."""

    reason: str
    drafted_by: str | None
    content_hash: str | None


class ChangeAsked(Asked):
    """What a term becomes: its value as the profile writes it, null to leave it open."""

    term: Text
    value: str | int | bool | list[Any] | None
    source: Text
    decided: bool = False
    note: Annotated[str, Field(max_length=500)] = ""


class VersionAsked(Asked):
    """The next version: from which day it holds, why, and which terms change."""

    profile_code: Text
    valid_from: Day
    reason: Text
    changes: Annotated[tuple[ChangeAsked, ...], Field(min_length=1, max_length=MOST_CHANGES)]


class DraftRead(Asked):
    """Which draft was read: its ``content_hash`` as the version answers it."""

    content_hash: Label


class VersionDone(Answer):
    """Where a version stands: draft, published or discarded."""

    profile_code: str
    version: int
    status: str


@router.get("/profiles")
def list_profiles(session: Reading) -> ProfileList:
    """All profiles, by code, each in the version in force today."""
    today = clock.today()
    found = (profile_on(session, code, today) for code in profiles.codes())
    return ProfileList(profiles=tuple(ProfileLine.of(profile) for profile in found))


@router.get("/profiles/{profile_code}", response_model=ProfileAnswer)
def show(session: Reading, profile_code: str) -> Mapping[str, Any]:
    """The version in force today with every term, its unit and its source."""
    return _answer(session, profile_on(session, profile_code, clock.today()))


@router.get("/profiles/{profile_code}/versions/{version}", response_model=VersionAnswer)
def show_version(
    session: Reading, actor: Anybody, profile_code: str, version: VersionInPath
) -> Mapping[str, Any]:
    """One version, whether it holds still or no longer; fund managers and auditors read drafts."""
    views = version_views(session, profile_code, actor, on=clock.today())
    view = numbered(views, str(version))
    return {
        **_answer(session, view.profile),
        "reason": view.reason,
        "drafted_by": view.drafted_by,
        "content_hash": view.content_hash,
    }


@router.post("/profiles", status_code=HTTPStatus.CREATED, response_model=VersionDone)
def draft(body: VersionAsked, act: Act) -> Mapping[str, Any]:
    """Draft the next version; another manager publishes it."""

    def work(session: Session) -> Mapping[str, Any]:
        version = draft_version(
            session,
            act.desk.actor,
            act.desk.moment,
            body.profile_code,
            valid_from=body.valid_from,
            reason=body.reason,
            changes={
                one.term: TermChange(one.value, one.source, one.decided, one.note)
                for one in body.changes
            },
        )
        return {"profile_code": body.profile_code, "version": version, "status": "draft"}

    return act.once(body, work)


@router.post("/profiles/{profile_code}/versions/{version}/publish", response_model=VersionDone)
def publish(
    profile_code: str, version: VersionInPath, body: DraftRead, act: Act
) -> Mapping[str, Any]:
    """Publish the draft as it was read, by another manager than who wrote it."""

    def work(session: Session) -> Mapping[str, Any]:
        desk = act.desk
        publish_version(
            session,
            desk.actor,
            desk.moment,
            profile_code,
            version=version,
            content_hash=body.content_hash,
        )
        return {"profile_code": profile_code, "version": version, "status": "published"}

    return act.once(body, work)


@router.post("/profiles/{profile_code}/versions/{version}/give-up", response_model=VersionDone)
def give_up(profile_code: str, version: VersionInPath, body: Reason, act: Act) -> Mapping[str, Any]:
    """Give the draft up; the terms stay as they are."""

    def work(session: Session) -> Mapping[str, Any]:
        desk = act.desk
        give_up_draft(
            session,
            desk.actor,
            desk.moment,
            profile_code,
            reason=body.reason,
            version=version,
        )
        return {"profile_code": profile_code, "version": version, "status": "discarded"}

    return act.once(body, work)


def _answer(session: Session, profile: Profile) -> Mapping[str, Any]:
    versions = [one.profile.version for one in own_versions(session, profile.code)]
    rules = [rule.model_dump(mode="json") for rule in rules_in_words(profile)]
    return {**profile.model_dump(mode="json"), "rules": rules, "versions": versions}
