"""The description of the interface, for staff: every route, its answers and its refusals."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi

from app.api.acting import PREFIX, api_router
from app.auth.access import VISITOR, access_table

router = api_router("Description")
_SCHEME = {"type": "http", "scheme": "bearer", "description": "The token of POST /session"}
_KEY = "idempotency-key"
_NOT_OURS = ("HTTPValidationError", "ValidationError")
"""The framework's own refusals, which this program answers in another form."""


@router.get("/openapi.json")
def describe(request: Request) -> dict[str, Any]:
    """The description in OpenAPI."""
    return description(request.app)


def description(app: FastAPI) -> dict[str, Any]:
    """The description of the interface of an application, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _described(app)
    return app.openapi_schema


def _described(app: FastAPI) -> dict[str, Any]:
    """What the framework finds, and what it cannot know: who may open which route."""
    found = get_openapi(title=app.title, version="1", summary=app.summary, routes=app.routes)
    paths = found["paths"]
    found["paths"] = {path: paths[path] for path in paths if path.startswith(PREFIX)}
    found["components"]["securitySchemes"] = {"token": _SCHEME}
    for name in _NOT_OURS:
        del found["components"]["schemas"][name]
    for method, path, operation in operations(found):
        roles = access_table()[method.upper(), path]
        if VISITOR not in roles:
            operation["security"] = [{"token": []}]
            operation["description"] += f"\n\nFor: {', '.join(sorted(roles))}."
        for parameter in operation.get("parameters", ()):
            if parameter["name"] == _KEY:
                parameter["required"] = True
                del parameter["schema"]["default"]
    return found


def operations(found: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every route."""
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation
