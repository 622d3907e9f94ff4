"""Reading the bodies of requests: JSON with exact numbers and with text that can be stored."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from app.json_text import Unreadable, read_json
from app.typed_text import TextUnread, tidy

_PLAIN = "builtins"
"""Where pydantic must think that a value's class comes from: from any other object it would read
attributes as if they were fields, and a number would pass for an object whose fields are left out.
"""


class ExactNumber(Decimal):
    """A number with a point, as it was written."""

    __module__ = _PLAIN


@dataclass(frozen=True)
class Unstorable:
    """Stands for a text that cannot be stored; whatever reads it refuses it with the message."""

    __module__ = _PLAIN
    message: str


class JsonRequest(Request):
    """A request whose body is read by this program, not by the framework."""

    async def json(self) -> object:
        """The JSON value of the body; numbers with a point are exact decimals.

        Raises:
            HTTPException: 400, the body is not JSON in UTF-8, or nested too deeply.
        """
        try:
            return _storable(read_json(await self.body()))
        except (Unreadable, RecursionError):
            raise HTTPException(HTTPStatus.BAD_REQUEST) from None


class JsonRoute(APIRoute):
    """A route that reads its body exactly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the framework behind a request of the kind above."""
        handle = super().get_route_handler()

        async def read_exactly(request: Request) -> Response:
            return await handle(JsonRequest(request.scope, request.receive))

        return read_exactly


def _storable(value: object) -> object:
    """A JSON value with exact numbers, and with a refusal in place of each text not to be stored.

    Names are left as they are: one with such characters is no field of ours.
    """
    if isinstance(value, str):
        try:
            tidy(value)
        except TextUnread as error:
            return Unstorable(f"The text {error}")
    if isinstance(value, Decimal):
        return ExactNumber(value)
    if isinstance(value, list):
        return [_storable(part) for part in value]
    if isinstance(value, dict):
        return {name: _storable(part) for name, part in value.items()}
    return value
