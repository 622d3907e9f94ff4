"""The facility profiles by version: every term with its value, its source, and who decided it."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import Anybody, AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Filled, as_form, filled
from app.rendering import page
from app.term_forms import (
    CompareForm,
    GiveUpForm,
    PublishForm,
    TermsForm,
    box_groups,
    term_changes,
    terms_form,
)
from app.term_words import STANDING, changed_terms, rules_in_words, term_groups
from loans import profile as profiles
from loans.people import Actor, Role
from loans.profile import Profile
from loans.profile_draft_views import profile_on
from loans.profile_drafts import draft_version, give_up_draft, rewrite_draft
from loans.profile_publishing import publish_version
from loans.profile_views import (
    Standing,
    VersionView,
    draft_of,
    in_force,
    is_own,
    newest_published,
    numbered,
    version_views,
)
from loans.refusal import Missing

router = APIRouter()


@dataclass(frozen=True)
class ProfileLine:
    """One facility profile in the list."""

    code: str
    title: str
    version: int
    valid_from: date
    currency: str
    open_count: int


@router.get("/profiles")
def show_all(request: Request, session: Reading) -> Response:
    """The profiles that come with the program; that of the fund in the version in force."""
    today = clock.today()
    lines = tuple(_line(profile_on(session, code, today)) for code in profiles.codes())
    return page(request, "profiles/list.html", profiles=lines)


@router.get("/profiles/{profile_code}")
def show(request: Request, session: Reading, actor: Anybody, profile_code: str) -> Response:
    """One profile as it is in force today, and the list of its versions."""
    versions = _versions(session, profile_code, actor)
    is_drafted = any(one.standing is Standing.DRAFT for one in versions)
    may_draft = _is_manager(actor) and is_own(session, profile_code) and not is_drafted
    return page(
        request,
        "profiles/show.html",
        **_terms_of(in_force(versions)),
        versions=tuple(reversed(versions)),
        may_draft=may_draft,
    )


@router.get("/profiles/{profile_code}/versions/{version}")
def show_version(
    request: Request, session: Reading, actor: Anybody, profile_code: str, version: str
) -> Response:
    """One version; a draft with what it changes and what can be done with it."""
    return _show_version(request, session, actor, profile_code, version, form=as_form(GiveUpForm))


@router.get("/profiles/{profile_code}/compare")
def compare(
    request: Request,
    session: Reading,
    actor: Anybody,
    profile_code: str,
    *,
    before: str = "",
    after: str = "",
) -> Response:
    """The terms that two versions state otherwise; first the newest beside the one before it."""
    versions = _versions(session, profile_code, actor)
    known = {str(one.version): one for one in versions}
    newest = tuple(known)[-2:]
    wanted = {"before": before or newest[0], "after": after or newest[-1]}
    form = filled(CompareForm, wanted)
    for name in wanted:
        if form.typed[name] not in known:
            form = form.with_error(name, "Choose a version from the list.")
    changes = None
    if not form.errors:
        old, new = (known[number].profile for number in wanted.values())
        changes = changed_terms(old, new)
    return page(
        request,
        "profiles/compare.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        profile=versions[-1].profile,
        form=form,
        choices=tuple((number, _named(one)) for number, one in known.items()),
        changes=changes,
    )


@router.get("/profiles/{profile_code}/draft")
def ask(request: Request, session: Reading, actor: SignedIn, profile_code: str) -> Response:
    """The form for the next version, or for one's own draft of it; another's draft is shown."""
    draft = draft_of(session, profile_code)
    if draft is not None and draft.drafted_by_id != actor.user_id:
        return RedirectResponse(_address(profile_code, draft.profile.version), 303)
    before = _before(session, profile_code, actor)
    form = terms_form(before.profile, draft, clock.today())
    return _ask(request, before.profile, form, is_begun=draft is not None)


@router.post("/profiles/{profile_code}/draft")
def keep(request: Request, desk: AtDesk, sent: Sent, profile_code: str) -> Response:
    """Keep the draft for another manager to publish."""
    with desk.database.reading() as session:
        draft, before = draft_of(session, profile_code), _before(session, profile_code, desk.actor)
    form = filled(TermsForm, sent.form, currency=before.profile.currency)
    now = before.profile if draft is None else draft.profile
    changes = {} if form.value is None else term_changes(form.value, before.profile, now)
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
        return _address(profile_code, version)

    def again(shown: Filled[TermsForm]) -> Response:
        return _ask(request, before.profile, shown, is_begun=draft is not None)

    return desk.submit(sent, form, work, again, done="terms-drafted")


@router.post("/profiles/{profile_code}/versions/{version}/publish")
def publish(
    request: Request, desk: AtDesk, sent: Sent, profile_code: str, version: str
) -> Response:
    """Publish the draft, by another manager than who wrote it."""

    def work(session: Session, _value: PublishForm) -> str:
        number = _draft_numbered(session, desk.actor, profile_code, version)
        publish_version(session, desk.actor, desk.moment, profile_code, version=number)
        return _address(profile_code, number)

    def again(shown: Filled[Any]) -> Response:
        with desk.database.reading() as session:
            return _show_version(request, session, desk.actor, profile_code, version, form=shown)

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
            return _show_version(request, session, desk.actor, profile_code, version, form=shown)

    return desk.submit(sent, filled(GiveUpForm, sent.form), work, again, done="terms-given-up")


def _show_version(
    request: Request,
    session: Session,
    actor: Actor | None,
    code: str,
    number: str,
    *,
    form: Filled[Any],
) -> Response:
    versions = _versions(session, code, actor)
    view = numbered(versions, number)
    earlier = tuple(one for one in versions if one.version < view.version)[-1:]
    is_draft = view.standing is Standing.DRAFT
    is_drafter = is_draft and actor is not None and actor.user_id == view.drafted_by_id
    return page(
        request,
        "profiles/version.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        **_terms_of(view),
        earlier=earlier[0].version if earlier else None,
        changes=changed_terms(earlier[0].profile, view.profile) if earlier else None,
        may_decide=is_draft and _is_manager(actor),
        is_drafter=is_drafter,
        form=form,
        keys=(new_key(), new_key()),
    )


def _ask(request: Request, before: Profile, form: Filled[TermsForm], *, is_begun: bool) -> Response:
    return page(
        request,
        "profiles/draft.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        profile=before,
        version=before.version + 1,
        groups=box_groups(before),
        form=form,
        is_begun=is_begun,
        key=new_key(),
    )


def _terms_of(view: VersionView) -> dict[str, Any]:
    """What the pages of a version share."""
    return {
        "view": view,
        "profile": view.profile,
        "groups": term_groups(view.profile),
        "rules": rules_in_words(view.profile),
        "standing": STANDING,
        "missing": view.profile.missing_terms(),
    }


def _versions(session: Session, code: str, actor: Actor | None) -> tuple[VersionView, ...]:
    return version_views(session, code, actor, on=clock.today())


def _before(session: Session, code: str, actor: Actor) -> VersionView:
    """The version that the next one follows.

    Raises:
        Missing: the fund works with another profile.
    """
    if not is_own(session, code):
        message = "The fund works with another profile. Change that one."
        raise Missing(message)
    return newest_published(_versions(session, code, actor))


def _draft_numbered(session: Session, actor: Actor, code: str, number: str) -> int:
    return numbered(_versions(session, code, actor), number).version


def _named(view: VersionView) -> str:
    return f"Version {view.version}, {STANDING[view.standing][0].lower()}"


def _is_manager(actor: Actor | None) -> bool:
    return actor is not None and actor.role is Role.MANAGER


def _address(code: str, version: int) -> str:
    return f"/profiles/{code}/versions/{version}"


def _line(profile: Profile) -> ProfileLine:
    return ProfileLine(
        profile.code,
        profile.title,
        profile.version,
        profile.valid_from,
        profile.currency,
        sum(term.value is None for _, term in profile.all_terms()),
    )
