"""A program that uses the interface: a token of its own, a new key for each act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from app import clock
from loans import sign_ins
from loans.people import Actor
from loans.storage.database import Database, new_id
from tests.app.visiting import visitor

API = "/api/v1"


@dataclass(frozen=True)
class Program:
    """Somebody's program, signed in where it has a token."""

    client: TestClient
    token: str = ""

    def get(self, path: str, **asked: Any) -> Response:
        """Read; ``asked`` goes into the address."""
        return self.client.get(API + path, params=asked, headers=self.headers())

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Response:
        """Act, with a new key unless one is given."""
        return self.act("POST", path, body, key=key)

    def act(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Response:
        """Act by another method."""
        headers = {**self.headers(), "Idempotency-Key": key or new_id()}
        return self.client.request(method, API + path, json=body, headers=headers)

    def headers(self) -> dict[str, str]:
        """How the program says who it is."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def program_of(database: Database, actor: Actor, client: TestClient | None = None) -> Program:
    """A person's program, signed in now."""
    with database.writing() as session:
        token = sign_ins.open_session(session, user_id=actor.user_id, at=clock.now())
    return Program(client or visitor(database), token)


def refusal(answered: Response) -> tuple[str, tuple[str, ...]]:
    """The sentence and the fields of a refusal."""
    error = answered.json()["error"]
    return str(error["message"]), tuple(field["field"] for field in error["fields"])
