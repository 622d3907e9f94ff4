"""The facility profiles by version: every term with its value, its source, and who decided it."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import Anybody, Reading, new_key
from app.forms import Filled, as_form, filled
from app.rendering import page
from app.router import Router
from app.term_forms import CompareForm, GiveUpForm
from app.term_words import STANDING, changed_terms, rules_in_words, term_groups
from loans import profile as profiles
from loans.people import Actor, Role
from loans.profile import Profile
from loans.versions.profile_draft_views import profile_on
from loans.versions.profile_views import (
    Standing,
    VersionView,
    in_force,
    is_own,
    numbered,
    version_views,
)

router = Router()


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
    return version_page(request, session, actor, profile_code, version, form=as_form(GiveUpForm))


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


def version_page(
    request: Request,
    session: Session,
    actor: Actor | None,
    code: str,
    number: str,
    *,
    form: Filled[Any],
) -> Response:
    """The page of one version; ``form`` is shown beneath a draft.

    Raises:
        Missing: the actor may read no version of that number.
    """
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


def _named(view: VersionView) -> str:
    return f"Version {view.version}, {STANDING[view.standing][0].lower()}"


def _is_manager(actor: Actor | None) -> bool:
    return actor is not None and actor.role is Role.MANAGER


def _line(profile: Profile) -> ProfileLine:
    return ProfileLine(
        profile.code,
        profile.title,
        profile.version,
        profile.valid_from,
        profile.currency,
        sum(term.value is None for _, term in profile.all_terms()),
    )
