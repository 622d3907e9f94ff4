"""Errors for programs: one shape, one sentence, the fields concerned, never what was sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from app.api.reading import Unstorable
from app.request_errors import FieldError, refused, refused_faults
from loans.refusal import Refusal

SIGN_IN = "Sign in with POST /api/v1/session and send the token as “Authorization: Bearer …”."
WORDS: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read. Send JSON in UTF-8.",
    HTTPStatus.NOT_FOUND: "There is no such page or record for you.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The method is not offered at this address.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too large. Send at most 2 MB.",
}


def answer(status: int, code: str, message: str) -> JSONResponse:
    """One sentence as JSON."""
    return JSONResponse(refused(code, message), status_code=status)


def of_refusal(status: int, refusal: Refusal) -> JSONResponse:
    """A refused act, with every field that it is about."""
    body = refused(refusal.code, refusal.message)
    body["error"]["fields"] = [
        FieldError(field=field, message=words).model_dump() for field, words in refusal.problems
    ]
    return JSONResponse(body, status_code=status)


def of_validation(error: RequestValidationError) -> JSONResponse:
    """All fields that cannot be read, without repeating what was sent."""
    faults = [_in_words(fault) for fault in error.errors()]
    return JSONResponse(refused_faults(faults), status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


def _in_words(fault: Mapping[str, Any]) -> Mapping[str, Any]:
    """A fault of the request; where its text cannot be stored, that is what it says."""
    place = tuple(fault["loc"])[1:] or ("body",)
    sent = fault.get("input")
    if isinstance(sent, Unstorable) and fault["type"] != "extra_forbidden":
        return {"type": "value_error", "loc": place, "ctx": {"error": sent.message}}
    return {**fault, "loc": place}
