"""Drafting the next version of the terms as pages: by one manager, for another to publish."""

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Filled, filled
from app.rendering import page
from app.router import Router
from app.routes.profiles import version_page
from app.term_boxes import box_groups
from app.term_forms import (
    GiveUpForm,
    PublishForm,
    TermsForm,
    filled_terms,
    term_changes,
    terms_form,
)
from loans.people import Actor
from loans.profile import Profile
from loans.refusal import Missing, OutOfStep
from loans.versions.profile_draft_views import OpenDraft
from loans.versions.profile_drafts import draft_version, give_up_draft, rewrite_draft
from loans.versions.profile_publishing import publish_version
from loans.versions.profile_views import (
    VersionView,
    draft_of,
    is_own,
    newest_published,
    numbered,
    version_views,
)

router = Router()


class NewerVersion(OutOfStep):
    """A version was published since the form for the next one was opened."""


@router.get("/profiles/{profile_code}/draft")
def ask(request: Request, session: Reading, actor: SignedIn, profile_code: str) -> Response:
    """The form for the next version, or for one's own draft of it; another's draft is shown."""
    draft = draft_of(session, profile_code)
    if draft is not None and draft.drafted_by_id != actor.user_id:
        return RedirectResponse(_address(profile_code, draft.profile.version), 303)
    before = _before(session, profile_code, actor)
    form = terms_form(before.profile, draft, clock.today())
    return _ask(request, before.profile, draft, form)


@router.post("/profiles/{profile_code}/draft")
def keep(request: Request, desk: AtDesk, sent: Sent, profile_code: str) -> Response:
    """Keep the draft for another manager to publish."""
    with desk.database.reading() as session:
        draft, before = draft_of(session, profile_code), _before(session, profile_code, desk.actor)
    form = filled_terms(sent.form, before.profile, draft)
    changes = {} if form.value is None else term_changes(form.value, before.profile, draft)
    if form.value is not None and draft is None and not changes:
        same = f"Every box says what version {before.version} says. Change a term."
        form = form.with_error("", same)

    def work(session: Session, value: TermsForm) -> str:
        write = draft_version if draft is None else rewrite_draft
        version = write(
            session,
            desk.actor,
            desk.moment,
            profile_code,
            valid_from=value.valid_from,
            reason=value.reason,
            changes=changes,
        )
        _check_follows(value, version)
        return _address(profile_code, version)

    def again(shown: Filled[TermsForm]) -> Response:
        return _ask(request, before.profile, draft, shown)

    return desk.submit(sent, form, work, again, done="terms-drafted")


@router.post("/profiles/{profile_code}/versions/{version}/publish")
def publish(
    request: Request, desk: AtDesk, sent: Sent, profile_code: str, version: str
) -> Response:
    """Publish the draft, by another manager than who wrote it."""

    def work(session: Session, value: PublishForm) -> str:
        number = _draft_numbered(session, desk.actor, profile_code, version)
        publish_version(
            session,
            desk.actor,
            desk.moment,
            profile_code,
            version=number,
            content_hash=value.content_hash,
        )
        return _address(profile_code, number)

    def again(shown: Filled[Any]) -> Response:
        with desk.database.reading() as session:
            return version_page(request, session, desk.actor, profile_code, version, form=shown)

    return desk.submit(sent, filled(PublishForm, sent.form), work, again, done="terms-published")


@router.post("/profiles/{profile_code}/versions/{version}/give-up")
def give_up(
    request: Request, desk: AtDesk, sent: Sent, profile_code: str, version: str
) -> Response:
    """Give the draft up; the terms stay as they are."""

    def work(session: Session, value: GiveUpForm) -> str:
        number = _draft_numbered(session, desk.actor, profile_code, version)
        give_up_draft(
            session, desk.actor, desk.moment, profile_code, reason=value.reason, version=number
        )
        return f"/profiles/{profile_code}"

    def again(shown: Filled[Any]) -> Response:
        with desk.database.reading() as session:
            return version_page(request, session, desk.actor, profile_code, version, form=shown)

    return desk.submit(sent, filled(GiveUpForm, sent.form), work, again, done="terms-given-up")


def _check_follows(value: TermsForm, version: int) -> None:
    """Refuse boxes that were filled in beside other terms than those that the draft begins with.

    Raises:
        NewerVersion: as it says.
    """
    if value.follows != version - 1:
        message = (
            f"This form began with version {value.follows}, and version {version - 1} has been "
            "published since. Nothing was kept: open the form anew, which begins with the newest."
        )
        raise NewerVersion(message)


def _ask(
    request: Request, before: Profile, draft: OpenDraft | None, form: Filled[TermsForm]
) -> Response:
    return page(
        request,
        "profiles/draft.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        profile=before,
        version=before.version + 1,
        groups=box_groups(before, before if draft is None else draft.profile),
        form=form,
        is_begun=draft is not None,
        key=new_key(),
    )


def _before(session: Session, code: str, actor: Actor) -> VersionView:
    """The version that the next one follows.

    Raises:
        Missing: the fund works with another profile.
    """
    if not is_own(session, code):
        message = "The fund works with another profile. Change that one."
        raise Missing(message)
    return newest_published(version_views(session, code, actor, on=clock.today()))


def _draft_numbered(session: Session, actor: Actor, code: str, number: str) -> int:
    return numbered(version_views(session, code, actor, on=clock.today()), number).version


def _address(code: str, version: int) -> str:
    return f"/profiles/{code}/versions/{version}"
