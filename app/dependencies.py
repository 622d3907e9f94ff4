"""What every request gets: who asks, a place to read, and the one way to change something.

Reading happens in one transaction that refuses writing. A change goes through ``Desk.carry_out``,
which commits in one place and keeps the request's key, before the answer leaves.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app import clock
from app.auth.access import is_open
from app.forms import Filled
from app.navigation import frame_for
from loans import sign_ins
from loans.fund import Facility, find_facility
from loans.history import Moment
from loans.people import Actor
from loans.refusal import Missing, NotYours, Refusal
from loans.storage.database import Database
from loans.storage.requests import KeyReused, Outcome, carry_out
from loans.storage.requests import Request as KeyedRequest

COOKIE = "cleanloop_session"
_PULSE = "/healthz"
"""Answers even where the database is gone: whoever restarts the program asks for it."""

_SENT_BEFORE = (
    "This page was sent once before, with other answers, and what it did then stands. Look whether "
    "these are to count as well; if so, send them again."
)

Model = TypeVar("Model", bound=BaseModel)


class SignInNeeded(Exception):  # a turn of the way, not an error
    """The route is for people who signed in."""


class NotForYou(NotYours):
    """The role of this person does not open the route."""


def database_of(request: Request) -> Database:
    """The database that the program opened at its start."""
    database: Database = request.app.state.database
    return database


def token_of(request: Request) -> str:
    """The secret of the session: a bearer token for programs, the cookie for pages."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if is_api(request):
        return token.strip() if scheme.lower() == "bearer" else ""
    return request.cookies.get(COOKIE, "")


def is_api(request: Request) -> bool:
    """Whether a program asks, which is answered in JSON."""
    return request.url.path.startswith("/api/")


def guard(request: Request) -> None:
    """Find out who asks, and close the route to whom the access table does not name.

    Raises:
        Missing: the address has characters that no id has, and that a database may not take.
        SignInNeeded: a visitor asks for a route that is not public.
        NotForYou: the role of the person does not open the route.
    """
    path = request.scope["route"].path
    if path == _PULSE:
        return
    if not request.scope["path"].isprintable():
        raise Missing
    database, token, at = database_of(request), token_of(request), clock.now()

    def look(session: Session) -> tuple[sign_ins.OpenSession | None, Facility | None]:
        found = sign_ins.find_session(session, token=token, at=at) if token else None
        return found, find_facility(session)

    found, facility = database.asking(look)
    if facility is not None:
        database.known[Facility] = facility
    actor = found.actor if found else None
    request.state.actor = actor
    request.state.frame = frame_for(request, actor, facility)
    if not is_open(request.method, path, actor.role if actor else None):
        if actor is None:
            raise SignInNeeded
        message = f"This is not for the role {actor.role.value}."
        raise NotForYou(message)
    if found and found.needs_touch:
        with database.writing() as session:
            sign_ins.touch_session(session, token=token, at=at)


def requester(request: Request) -> Actor:
    """The person who asks; the access table has let only signed-in people through."""
    actor: Actor | None = request.state.actor
    if actor is None:
        raise SignInNeeded
    return actor


# What only looks at the request is asynchronous: FastAPI would take a thread for it otherwise.
async def signed_in(request: Request) -> Actor:
    """The person who asks, for a route that is open to people who signed in only."""
    return requester(request)


async def anybody(request: Request) -> Actor | None:
    """The person who asks, or None for a visitor."""
    actor: Actor | None = request.state.actor
    return actor


def read(request: Request) -> Iterator[Session]:
    """One unchanging state of the database to read from."""
    with database_of(request).reading() as session:
        yield session


@dataclass(frozen=True)
class Submission:
    """A form as it was sent, without the key that makes it count once."""

    form: FormData
    key: str


async def submission(request: Request) -> AsyncIterator[Submission]:
    """Read the form of a page; files that came with it are closed when it is answered."""
    async with request.form() as form:
        key = form.get("request_key", "")
        rest = [(name, value) for name, value in form.multi_items() if name != "request_key"]
        yield Submission(FormData(rest), key if isinstance(key, str) else "")


@dataclass(frozen=True)
class Desk:
    """Where a person acts: the actor, the moment, and the transaction of each act."""

    database: Database
    actor: Actor
    moment: Moment
    action: str

    def carry_out(
        self,
        key: str,
        content: Mapping[str, Any],
        work: Callable[[Session], Mapping[str, Any]],
    ) -> Outcome:
        """Do ``work`` once for this key, in one transaction, and keep its answer."""
        request = KeyedRequest(self.actor.user_id, key, self.action, content, self.moment.at)
        return carry_out(self.database, request, work)

    def submit(
        self,
        sent: Submission,
        form: Filled[Model],
        work: Callable[[Session, Model], str],
        ask: Callable[[Filled[Model]], Response],
        *,
        done: str,
    ) -> Response:
        """Carry out a page's form and go on, or show the form again with what was typed.

        ``work`` answers the address to go to; ``done`` names the notice shown there.
        """
        value = form.value
        if value is None:
            return ask(form)
        content = {"form": sorted((name, str(text)) for name, text in sent.form.multi_items())}
        try:
            outcome = self.carry_out(
                sent.key, content, lambda session: {"location": work(session, value)}
            )
        except (Missing, NotYours):
            raise
        except KeyReused:
            return ask(form.with_error("", _SENT_BEFORE))
        except Refusal as refusal:
            field = refusal.field if refusal.field in type(value).model_fields else ""
            return ask(form.with_error(field, refusal.message))
        notice = "already-done" if outcome.is_repeat else done
        location = outcome.answer["location"]
        joint = "&" if "?" in location else "?"
        return RedirectResponse(f"{location}{joint}done={notice}", status_code=303)


async def desk(request: Request) -> Desk:
    """The desk of the person who asks; the act is the method with the address."""
    action = f"{request.method} {request.url.path}"
    return Desk(database_of(request), requester(request), clock.moment(), action)


def new_key() -> str:
    """A fresh key for a form that acts once."""
    return str(uuid4())


Guarded = Depends(guard)
SignedIn = Annotated[Actor, Depends(signed_in)]
Anybody = Annotated[Actor | None, Depends(anybody)]
Reading = Annotated[Session, Depends(read, scope="function")]
AtDesk = Annotated[Desk, Depends(desk)]
Sent = Annotated[Submission, Depends(submission)]
