"""``POST /indicators``, ``/schedule`` and ``/appraise``: the calculators, open to everybody."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from app.api.acting import PREFIX
from app.appraise_answers import AppraiseAnswer
from app.calculator_answers import IndicatorsAnswer, ScheduleAnswer
from app.calculators import Calculator, answer, is_refused, request_model
from app.json_text import Unreadable, read_json
from app.rate_limit import limit_visitors
from app.request_errors import ErrorAnswer, refused
from app.router import Router

LARGEST_REQUEST_BYTES = 1024 * 1024

router = Router(prefix=PREFIX, tags=["Calculators"], dependencies=[Depends(limit_visitors)])

_TOO_LARGE = refused("too_large", "The request is too large. Send at most 1 MiB at a time.")


async def body_of(request: Request) -> bytes | None:
    """The body as sent; None when it is too large, which is found before all of it is read."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_REQUEST_BYTES:
            return None
    return bytes(body)


Body = Annotated[bytes | None, Depends(body_of)]


def _calculated(calculator: Calculator, body: bytes | None) -> Response:
    if body is None:
        return JSONResponse(_TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        answers = answer(calculator, read_json(body))
    except Unreadable as error:
        answers = refused(error.code, error.message)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused(answers) else HTTPStatus.OK
    return JSONResponse(answers, status)


def _documented(calculator: Calculator) -> dict[str, Any]:
    """The request in the interface description: one object or a list of them."""
    schema = request_model(calculator).model_json_schema()
    one = _inlined(schema, schema.get("$defs", {}))
    many = {"type": "array", "items": one}
    content = {"application/json": {"schema": {"anyOf": [one, many]}}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: object, definitions: Mapping[str, object]) -> object:
    """A schema without references, since those of a body read by hand have no common place."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(part, definitions) for key, part in schema.items() if key != "$defs"}


_REFUSALS: dict[int | str, dict[str, Any]] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: {
        "model": ErrorAnswer,
        "description": "More than 1 MiB.",
    },
    HTTPStatus.UNPROCESSABLE_ENTITY: {
        "model": ErrorAnswer,
        "description": "A value is wrong; each field is named.",
    },
}


@router.post(
    "/indicators",
    summary="Net present value, rates of return and paybacks of flows",
    response_model=IndicatorsAnswer | ErrorAnswer | list[IndicatorsAnswer | ErrorAnswer],
    responses=_REFUSALS,
    openapi_extra=_documented(Calculator.INDICATORS),
)
def post_indicators(body: Body) -> Response:
    """Flows one year apart, or dated; a list of requests gives a list of answers."""
    return _calculated(Calculator.INDICATORS, body)


@router.post(
    "/schedule",
    summary="Repayment schedule of a loan",
    response_model=ScheduleAnswer | ErrorAnswer | list[ScheduleAnswer | ErrorAnswer],
    responses=_REFUSALS,
    openapi_extra=_documented(Calculator.SCHEDULE),
)
def post_schedule(body: Body) -> Response:
    """Level, equal principal, bullet or savings-matched; a list gives a list of answers."""
    return _calculated(Calculator.SCHEDULE, body)


@router.post(
    "/appraise",
    summary="Appraisal of a proposal, its offer and the rule sheet",
    response_model=AppraiseAnswer | ErrorAnswer | list[AppraiseAnswer | ErrorAnswer],
    responses=_REFUSALS,
    openapi_extra=_documented(Calculator.APPRAISE),
)
def post_appraise(body: Body) -> Response:
    """Types, paybacks, present value, offer and findings; a list gives a list of answers."""
    return _calculated(Calculator.APPRAISE, body)
