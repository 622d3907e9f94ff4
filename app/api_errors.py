"""Errors for programs: one shape, one sentence, the fields concerned, never what was sent."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

SIGN_IN = "Sign in with POST /api/v1/session and send the token as “Authorization: Bearer …”."
WORDS: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read. Send JSON in UTF-8.",
    HTTPStatus.NOT_FOUND: "There is no such page or record for you.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The method is not offered at this address.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too large. Send at most 2 MB.",
}
_ASKS: Mapping[str, str] = {
    "missing": "Send this field.",
    "extra_forbidden": "There is no such field. Leave it out.",
    "json_invalid": "The body is not JSON. Send a JSON object in UTF-8.",
    "enum": "Send one of the values that the documentation lists.",
    "string_too_long": "Send a shorter text.",
    "string_too_short": "Send a longer text.",
}


def answer(status: int, code: str, message: str, field: str | None = None) -> JSONResponse:
    """One refusal as JSON."""
    fields = [{"field": field, "message": message}] if field else []
    return JSONResponse(
        {"error": {"code": code, "message": message, "fields": fields}}, status_code=status
    )


def of_validation(error: RequestValidationError) -> JSONResponse:
    """All fields that cannot be read, without repeating what was sent."""
    problems = error.errors()
    fields = [
        {"field": _field(problem["loc"]), "message": _words(problem["type"], problem["msg"])}
        for problem in problems
    ]
    message = f"{len(fields)} values cannot be used. {fields[0]['message']}" if fields else ""
    body = {"error": {"code": "wrong_value", "message": message, "fields": fields}}
    return JSONResponse(body, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


def _field(location: tuple[object, ...]) -> str:
    names = [str(part) for part in location if part not in ("body", "query", "path", "header")]
    return ".".join(name for name in names if name.isascii() and name.isprintable())[:200] or "body"


def _words(kind: str, message: str) -> str:
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return _ASKS.get(kind, "Send a value of the kind that the documentation states.")
