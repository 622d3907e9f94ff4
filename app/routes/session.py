"""The front door: where to begin, signing in and signing out."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from app import clock
from app.auth.passwords import is_right
from app.dependencies import COOKIE, Sent, database_of, token_of
from app.forms import Ask, Filled, FormModel, as_form, filled
from app.interrupted import answers_kept
from app.navigation import HOME
from app.rendering import page
from app.router import Router
from loans import sign_ins
from loans.refusal import NotYours

router = Router()


class SignInForm(FormModel):
    """Who signs in, and where to go afterwards."""

    email: Annotated[str, Ask("your e-mail address")]
    password: Annotated[str, Ask("your password")]
    next: Annotated[str, Ask("where to go on")] = "/"


class WrongSignIn(NotYours):
    """No account has this address with this password."""


class TooManyGuesses(NotYours):
    """The account was tried too often from this address."""


@router.get("/")
def home(request: Request) -> Response:
    """Where to begin: the own work list for who is signed in, a welcome for visitors."""
    actor = request.state.actor
    if actor is not None:
        return RedirectResponse(HOME[actor.role], HTTPStatus.SEE_OTHER)
    return page(request, "session/welcome.html")


@router.get("/sign-in")
def ask_sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002  # the usual name in addresses
    """The sign-in form; signing in again is possible."""
    return ask_to_sign_in(request, as_form(SignInForm, {"next": _inside(next)}))


@router.post("/sign-in")
def sign_in(request: Request, sent: Sent) -> Response:
    """Check the password and start a session; an older session of this browser ends."""
    typed = sent.form.get("typed", "")
    form = filled(SignInForm, FormData([p for p in sent.form.multi_items() if p[0] != "typed"]))
    if form.value is None:
        return ask_to_sign_in(request, form, HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed)
    address = request.client.host if request.client else ""
    try:
        token = begin_session(request, form.value.email, form.value.password, address)
    except NotYours as refusal:
        again = form.with_error("password", refusal.message)
        return ask_to_sign_in(request, again, HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed)
    _end_session(request)
    response = _go_on(request, _inside(form.value.next), answers_kept(typed))
    is_secure = request.app.state.settings.secure_cookies
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=is_secure, path="/")
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session here and in the database."""
    _end_session(request)
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, path="/")
    return response


def _end_session(request: Request) -> None:
    """End the session that this browser has had so far, if any."""
    token = token_of(request)
    if token:
        with database_of(request).writing() as session:
            sign_ins.close_session(session, token=token, at=clock.now())


def begin_session(request: Request, email: str, password: str, address: str) -> str:
    """The token of a new session for who knows the password.

    Raises:
        WrongSignIn: no active account has this address with this password.
        TooManyGuesses: too many wrong passwords in the last minute.
    """
    database, at = database_of(request), clock.now()
    with database.reading() as session:
        is_spent = sign_ins.guesses_are_spent(session, email=email, address=address, at=at)
        stored = sign_ins.stored_password(session, email)
    if is_spent:
        message = "Too many wrong passwords. Wait a minute, then sign in again."
        raise TooManyGuesses(message)
    if not is_right(password, stored[1] if stored else None) or stored is None:
        with database.writing() as session:
            sign_ins.note_wrong_guess(session, email=email, address=address, at=at)
        message = "The e-mail address and the password do not belong together. Enter both again."
        raise WrongSignIn(message)
    with database.writing() as session:
        return sign_ins.open_session(session, user_id=stored[0], at=at)


def session_ended(request: Request, typed: str) -> Response:
    """The sign-in page for who sent a form after the session ended; what was typed is kept."""
    form = as_form(SignInForm, {"next": request.url.path})
    return ask_to_sign_in(request, form, HTTPStatus.UNAUTHORIZED, typed=typed)


def ask_to_sign_in(
    request: Request,
    form: Filled[SignInForm],
    status: HTTPStatus = HTTPStatus.OK,
    *,
    typed: object = "",
) -> Response:
    """The sign-in page, with the answers that wait behind it."""
    kept = typed if answers_kept(typed) else ""
    return page(request, "session/sign_in.html", status, form=form, typed=kept)


def _go_on(request: Request, target: str, answers: tuple[tuple[str, str], ...]) -> Response:
    if not answers:
        return RedirectResponse(target, HTTPStatus.SEE_OTHER)
    return page(request, "session/go_on.html", target=target, answers=answers)


def _inside(target: str) -> str:
    """An address on this site only: one slash first, and nothing that leads elsewhere."""
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return quote(target, safe="/?=&-_.") if is_ours and target.isprintable() else "/"
