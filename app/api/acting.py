"""What the routes of the JSON interface share: the router, the key of an act, the refusals."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Header
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app import clock
from app.api.reading import JsonRoute
from app.api.values import Day, Number, Text
from app.dependencies import AtDesk, Desk
from app.request_errors import ErrorAnswer
from app.router import Router
from loans.people import STAFF, Actor

PREFIX = "/api/v1"
LARGEST_PAGE = 100

_REFUSALS = {
    400: "The request cannot be read",
    401: "Nobody is signed in",
    403: "Not for this role",
    404: "There is no such thing for you",
    409: "The state does not allow it, or the key was used for something else",
    413: "The request is too large",
    422: "A value cannot be used",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": words} for status, words in _REFUSALS.items()
}
"""The refusals that every route documents."""


def api_router(tag: str) -> Router:
    """A router of the interface: exact reading, and the refusals documented."""
    return Router(prefix=PREFIX, tags=[tag], responses=REFUSALS, route_class=JsonRoute)


class Asked(BaseModel):
    """A request body or query: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Reason(Asked):
    """Why; kept with the act."""

    reason: Text


class OnDay(Asked):
    """The value date of the figures; today without it."""

    as_of: Day | None = None

    @property
    def day(self) -> date:
        """The value date."""
        return self.as_of or clock.today()


class AsKnown(OnDay):
    """The value date of the figures, and what was known by the end of another day."""

    known_on: Day | None = None

    def known_to(self, actor: Actor) -> date | None:
        """What was known when is the business of the fund's people."""
        return self.known_on if actor.role in STAFF else None


class Answer(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class Booked(Answer):
    """The journal entry that was made."""

    entry_id: str


class BookedOnDay(Booked):
    """The entry; ``notice`` says so where its value date lies in a month that is closed."""

    notice: str | None


class ActAnswer(Answer):
    """The act that was kept; those that need a second person wait."""

    act_id: str


class TermsAnswer(ActAnswer):
    """New terms wait; ``notice`` says so where they run beyond the longest maturity."""

    notice: str | None


class Done(Answer):
    """The act was carried out."""

    act_id: str
    status: str


class PageAsked(Asked):
    """Which page of a list."""

    page: Annotated[Number, Field(ge=1, le=100_000, description="The first page is 1.")] = 1
    page_size: Annotated[Number, Field(ge=1, le=LARGEST_PAGE)] = 50

    def of(self, rows: tuple[Any, ...]) -> tuple[Any, ...]:
        """The rows of the page; none beyond the last."""
        first = (self.page - 1) * self.page_size
        return rows[first : first + self.page_size]


class PageAnswer(Answer):
    """What every list says beside its rows; ``count`` is of all pages."""

    page: int
    page_size: int
    count: int


class Reversed(Done):
    """The act is reversed; ``notice`` says so where it had its day in a month that is closed."""

    notice: str | None


class Acting:
    """Carries out one act for the key of the request and answers what was stored under it."""

    def __init__(self, desk: Desk, key: str) -> None:
        self.desk = desk
        self.key = key

    def once(
        self, content: Mapping[str, Any] | BaseModel, work: Callable[[Session], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        """Do ``work`` once; the same key and content give the same answer again."""
        sent = content.model_dump(mode="json") if isinstance(content, BaseModel) else content
        return self.desk.carry_out(self.key, sent, work).answer


async def _acting(
    desk: AtDesk,
    idempotency_key: Annotated[
        str,
        Header(
            description="New for each act. The same key with the same content gives the stored "
            "answer again; with other content it is refused.",
            json_schema_extra={"minLength": 1, "maxLength": 200},
        ),
    ] = "",
) -> Acting:
    return Acting(desk, idempotency_key)


Act = Annotated[Acting, Depends(_acting)]
