"""Whether the program is alive and ready, for whoever watches over it."""

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from app.dependencies import database_of
from app.router import Router
from loans.storage.migrate import migration_state

router = Router()


@router.get("/healthz")
def is_alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz")
def is_ready(request: Request) -> Response:
    """The database answers and has the tables of this version."""
    state = migration_state(database_of(request))
    if not state.is_current:
        body = {"status": "not ready", "reason": "The database needs “cleanloop serve” to migrate."}
        return JSONResponse(body, HTTPStatus.SERVICE_UNAVAILABLE)
    return JSONResponse({"status": "ready"})
