"""The description of the interface, for staff: every route, its answers and its refusals."""

from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi

from app.api.acting import PREFIX, REFUSALS, api_router
from app.auth.access import VISITOR, access_table

router = api_router("Description")
_SCHEME = {"type": "http", "scheme": "bearer", "description": "The token of POST /session"}


@router.get("/openapi.json", responses=REFUSALS)
def describe(request: Request) -> dict[str, Any]:
    """The description in OpenAPI."""
    return description(request.app)


@cache
def description(app: FastAPI) -> dict[str, Any]:
    """The description of an application; routes that a visitor may not open need the token."""
    found = get_openapi(title=app.title, version="1", summary=app.summary, routes=app.routes)
    found["paths"] = {
        path: operations for path, operations in found["paths"].items() if path.startswith(PREFIX)
    }
    found.setdefault("components", {})["securitySchemes"] = {"token": _SCHEME}
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            if VISITOR not in access_table()[method.upper(), path]:
                operation["security"] = [{"token": []}]
    return found
