"""Faults of the program itself: each is answered in words, so that the connection stays open."""

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class FaultsAnswered:
    """Answers what no handler expected, unless the answer has begun already.

    The framework would answer outside of the program's headers, then raise the fault again, upon
    which the server drops the connection and with it the next request.
    """

    def __init__(self, app: ASGIApp, *, answer: Callable[[Request, Exception], Response]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer the fault that comes back, if any."""
        has_begun = False

        async def send_noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception as error:  # whatever it is, the person gets an answer
            if has_begun or scope["type"] != "http":
                raise
            await self._answer(Request(scope, receive), error)(scope, receive, send)
