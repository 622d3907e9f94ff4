"""The program as an ASGI application: its routes, and how each refusal is answered."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from uuid import uuid4

from asgi_cross_origin_protection import CrossOriginProtection
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from app import api_errors
from app.assets import mount_assets
from app.dependencies import Guarded, SignInNeeded, is_api
from app.headers import SafeHeaders
from app.rendering import error_page
from app.routes import ROUTERS
from app.settings import Settings
from loans.database import open_database
from loans.database_faults import DatabaseUnavailable
from loans.refusal import Missing, NotYours, OutOfStep, Refusal, WrongValue

LARGEST_BODY_BYTES = 2 * 1024 * 1024
_log = logging.getLogger("cleanloop")
_STATUS: tuple[tuple[type[Refusal], HTTPStatus], ...] = (
    (Missing, HTTPStatus.NOT_FOUND),
    (NotYours, HTTPStatus.FORBIDDEN),
    (OutOfStep, HTTPStatus.CONFLICT),
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
        max_body_size=LARGEST_BODY_BYTES,
    )
    app.state.settings = chosen
    for router in ROUTERS:
        app.include_router(router)
    mount_assets(app)
    _answer_refusals(app)
    app.add_middleware(CrossOriginProtection, trusted_origins=chosen.trusted_origins)
    app.add_middleware(SafeHeaders, is_secure=chosen.secure_cookies)
    return app


def status_of(refusal: Refusal) -> HTTPStatus:
    """The HTTP status of a refusal: not there, not yours, not now, or a value to correct."""
    return next((status for kind, status in _STATUS if isinstance(refusal, kind)), _STATUS[-1][1])


def _answer_refusals(app: FastAPI) -> None:
    """Every way in which a request can end badly ends in plain words."""

    @app.exception_handler(SignInNeeded)
    def _sign_in(request: Request, _error: Exception) -> Response:
        if is_api(request):
            return api_errors.answer(HTTPStatus.UNAUTHORIZED, "sign_in_needed", api_errors.SIGN_IN)
        here = request.url.path if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?next={here}", status_code=HTTPStatus.SEE_OTHER)

    @app.exception_handler(Refusal)
    def _refusal(request: Request, error: Refusal) -> Response:
        return _in_words(request, status_of(error), error.code, error.message, error.field)

    @app.exception_handler(RequestValidationError)
    def _unreadable(request: Request, error: RequestValidationError) -> Response:
        if is_api(request):
            return api_errors.of_validation(error)
        return error_page(request, HTTPStatus.UNPROCESSABLE_ENTITY)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        if is_api(request):
            words = api_errors.WORDS.get(error.status_code, HTTPStatus(error.status_code).phrase)
            return api_errors.answer(error.status_code, "not_possible", words)
        return error_page(request, error.status_code)

    @app.exception_handler(DatabaseUnavailable)
    def _unavailable(request: Request, error: DatabaseUnavailable) -> Response:
        reference = _log_fault(request, error)
        return _fault(request, HTTPStatus.SERVICE_UNAVAILABLE, reference)

    @app.exception_handler(Exception)
    def _fault_of_ours(request: Request, error: Exception) -> Response:
        reference = _log_fault(request, error)
        return _fault(request, HTTPStatus.INTERNAL_SERVER_ERROR, reference)


def _in_words(
    request: Request, status: HTTPStatus, code: str, message: str, field: str | None
) -> Response:
    if is_api(request):
        return api_errors.answer(status, code, message, field)
    return error_page(request, status, message=message)


def _log_fault(request: Request, error: Exception) -> str:
    reference = uuid4().hex[:10]
    route = request.scope.get("route")
    path = getattr(route, "path", "no route")
    _log.error("fault %s at %s %s", reference, request.method, path, exc_info=error)
    return reference


def _fault(request: Request, status: HTTPStatus, reference: str) -> Response:
    if is_api(request):
        return JSONResponse(
            {
                "error": {
                    "code": "fault",
                    "message": f"Something went wrong here. Name the reference {reference}.",
                    "fields": [],
                }
            },
            status_code=status,
        )
    return error_page(request, status, reference=reference)
