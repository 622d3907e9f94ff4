"""A router that is asked for its routes only where an address begins as one of them does."""

from functools import cached_property

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from starlette.routing import Match
from starlette.types import Scope


class Router(APIRouter):
    """FastAPI's router, passed over where none of its routes can be meant.

    Its prefix is its own, none is given where it is included, and its routes are all there before
    the first request.

    Without this every request tries the routes of all routers in turn until one matches: of an
    act over the interface, 180 expressions are a tenth of the processor time.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether one of the routes takes the request, as Starlette asks."""
        is_at_root = not scope.get("root_path")
        if is_at_root and not scope["path"].startswith(self._beginnings):
            return Match.NONE, {}
        return super().matches(scope)

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        """What stands before the first name in braces in the address of each route."""
        contexts = iter_route_contexts(self.routes)
        return tuple({(context.path or "").partition("{")[0] for context in contexts})
