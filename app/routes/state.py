"""Whether the program is alive and ready, for whoever watches over it."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.dependencies import database_of
from loans.migrate import migration_state

router = APIRouter()


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
