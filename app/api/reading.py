"""Reading the bodies of requests: JSON with exact numbers and with text that can be stored."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from app.json_text import Unreadable, read_json
from app.typed_text import TextUnread, Unstorable, tidy


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
    """A JSON value in which a text that cannot be stored is replaced by its refusal.

    Names are left as they are: one with such characters is no field of ours.
    """
    if isinstance(value, str):
        try:
            tidy(value)
        except TextUnread as error:
            return Unstorable(f"The text {error}")
    if isinstance(value, list):
        return [_storable(part) for part in value]
    if isinstance(value, dict):
        return {name: _storable(part) for name, part in value.items()}
    return value
