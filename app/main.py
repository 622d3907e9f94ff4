"""The program as an ASGI application: its routes, and how each refusal is answered."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import cast
from urllib.parse import quote
from uuid import uuid4

from asgi_cross_origin_protection import CrossOriginProtection
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from app import api_errors
from app.assets import mount_assets
from app.body_limit import BodyLimit
from app.dependencies import Guarded, SignInNeeded, is_api
from app.faults import FaultsAnswered
from app.headers import SafeHeaders
from app.interrupted import kept_answers
from app.rate_limit import MinuteLimit, TooManyRequests
from app.rendering import error_page
from app.routes.session import session_ended
from app.settings import Settings
from app.url_map import ROUTERS
from loans.refusal import Missing, NotYours, OutOfStep, Refusal, WrongValue
from loans.storage.database import open_database
from loans.storage.database_faults import DatabaseUnavailable

LARGEST_BODY_BYTES = 2 * 1024 * 1024
_log = logging.getLogger("cleanloop")
_STATUS: tuple[tuple[type[Refusal], HTTPStatus], ...] = (
    (Missing, HTTPStatus.NOT_FOUND),
    (NotYours, HTTPStatus.FORBIDDEN),
    (OutOfStep, HTTPStatus.CONFLICT),
    (TooManyRequests, HTTPStatus.TOO_MANY_REQUESTS),
    (WrongValue, HTTPStatus.UNPROCESSABLE_ENTITY),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application on a migrated database; the database is opened when the server starts."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = open_database(chosen.database, is_test_server=chosen.test_server)
        yield
        app.state.database.close()

    app = FastAPI(
        title="Cleanloop",
        summary="A revolving fund that lends to enterprises for cleaner production",
        lifespan=lifespan,
        dependencies=[Guarded],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.settings = chosen
    app.state.visitor_limit = MinuteLimit(chosen.calculations_per_minute)
    for router in ROUTERS:
        app.include_router(router)
    mount_assets(app)
    _answer_refusals(app)
    app.add_middleware(
        CrossOriginProtection,
        allowed_origins=chosen.trusted_origins,
        deny_app=_sent_from_elsewhere,
    )
    app.add_middleware(BodyLimit, most_bytes=LARGEST_BODY_BYTES)
    app.add_middleware(FaultsAnswered, answer=_fault_of_ours)
    app.add_middleware(SafeHeaders, is_secure=chosen.secure_cookies)
    return app


def status_of(refusal: Refusal) -> HTTPStatus:
    """The HTTP status of a refusal: not there, not yours, not now, or a value to correct."""
    return next((status for kind, status in _STATUS if isinstance(refusal, kind)), _STATUS[-1][1])


def _answer_refusals(app: FastAPI) -> None:
    """Every way in which a request can end badly ends in plain words."""
    app.add_exception_handler(SignInNeeded, _sign_in_first)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _not_possible)
    app.add_exception_handler(DatabaseUnavailable, _unavailable)


async def _sign_in_first(request: Request, _error: Exception) -> Response:
    if is_api(request):
        return api_errors.answer(HTTPStatus.UNAUTHORIZED, "sign_in_needed", api_errors.SIGN_IN)
    if request.method == "POST":
        async with request.form() as form:
            typed = kept_answers(form)
        if typed:
            return session_ended(request, typed)
    here = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/sign-in?next={quote(here)}", status_code=HTTPStatus.SEE_OTHER)


def _refused(request: Request, error: Exception) -> Response:
    refusal = cast("Refusal", error)
    status = status_of(refusal)
    if is_api(request):
        return api_errors.of_refusal(status, refusal)
    return _page(request, status, refusal.message)


def _unreadable(request: Request, error: Exception) -> Response:
    if is_api(request):
        return api_errors.of_validation(cast("RequestValidationError", error))
    return _page(request, HTTPStatus.UNPROCESSABLE_ENTITY)


def _not_possible(request: Request, error: Exception) -> Response:
    status = cast("HTTPException", error).status_code
    if is_api(request):
        words = api_errors.WORDS.get(status, HTTPStatus(status).phrase)
        return api_errors.answer(status, "not_possible", words)
    return _page(request, status)


def _unavailable(request: Request, error: Exception) -> Response:
    return _fault(request, HTTPStatus.SERVICE_UNAVAILABLE, error)


def _fault_of_ours(request: Request, error: Exception) -> Response:
    return _fault(request, HTTPStatus.INTERNAL_SERVER_ERROR, error)


def _page(request: Request, status: int, message: str | None = None) -> Response:
    """The page of a refusal, with a reference under which the log names it."""
    reference = _reference()
    _log.info("refusal %s: %s at %s %s", reference, status, request.method, _route(request))
    return error_page(request, status, message=message, reference=reference)


def _fault(request: Request, status: HTTPStatus, error: Exception) -> Response:
    """Log what happened under a reference, and tell the person only the reference."""
    reference = _reference()
    _log.error("fault %s at %s %s", reference, request.method, _route(request), exc_info=error)
    if is_api(request):
        message = f"Something went wrong here. Name the reference {reference}."
        return api_errors.answer(status, "fault", message)
    return error_page(request, status, reference=reference)


def _reference() -> str:
    return uuid4().hex[:10]


def _route(request: Request) -> str:
    """The route as the map names it: no ids, and nothing that was sent, gets into the log."""
    return str(getattr(request.scope.get("route"), "path", "no route"))


async def _sent_from_elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer to a form that another site sent in somebody's name."""
    request = Request(scope, receive)
    message = "The form was sent from another site. Open the page here and send it again."
    answer: Response
    if is_api(request):
        answer = api_errors.answer(HTTPStatus.FORBIDDEN, "cross_origin", message)
    else:
        answer = _page(request, HTTPStatus.FORBIDDEN, message)
    await answer(scope, receive, send)
