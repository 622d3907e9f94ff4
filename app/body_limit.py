"""Requests that are too large are cut off, and answered like every other refusal."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Reads at most so many bytes of a request, whatever length the request states.

    The framework's own limit answers outside of the program: without its headers and its words.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with a count of what is read of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read_bytes = 0
        is_stated_too_large = _stated_bytes(scope) > self._most_bytes

        async def receive_counted() -> Message:
            nonlocal read_bytes
            if is_stated_too_large:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > self._most_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, receive_counted, send)


def _stated_bytes(scope: Scope) -> int:
    """The length that the request states; 0 where it states none that can be read."""
    stated = dict(scope["headers"]).get(b"content-length", b"0")
    return int(stated) if stated.isdigit() and len(stated) < 20 else 0  # noqa: PLR2004  # digits
