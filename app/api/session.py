"""Signing in for programs: a bearer token."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from app import api_errors, clock
from app.api.acting import Answer, Asked, api_router
from app.dependencies import SignedIn, database_of, token_of
from app.request_errors import ErrorAnswer
from app.routes.session import TooManyGuesses, WrongSignIn, begin_session
from loans import sign_ins

router = api_router("Session")


class Credentials(Asked):
    """Who signs in."""

    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=200)]


class Token(Answer):
    """The token to send with every request as “Authorization: Bearer …”."""

    token: str
    token_type: str = "bearer"  # noqa: S105  # a kind of token, not a secret


class SignedOut(Answer):
    """The session has ended."""

    status: str = "signed out"


@router.post(
    "/session",
    response_model=Token,
    responses={429: {"model": ErrorAnswer, "description": "Too many wrong passwords"}},
)
def sign_in(request: Request, credentials: Credentials) -> Token | Response:
    """A bearer token; it ends after 12 hours, or after 30 minutes without use."""
    address = request.client.host if request.client else ""
    try:
        token = begin_session(request, credentials.email, credentials.password, address)
    except WrongSignIn as refusal:
        return api_errors.answer(HTTPStatus.UNAUTHORIZED, "wrong_sign_in", refusal.message)
    except TooManyGuesses as refusal:
        return api_errors.answer(HTTPStatus.TOO_MANY_REQUESTS, "too_many", refusal.message)
    return Token(token=token)


@router.delete("/session")
def sign_out(request: Request, _actor: SignedIn) -> SignedOut:
    """End the session of the token."""
    with database_of(request).writing() as session:
        sign_ins.close_session(session, token=token_of(request), at=clock.now())
    return SignedOut()
