"""Each request that moves money or state is carried out once: its key is kept with the answer.

The same key with the same content gives the stored answer; with other content it is refused. A
refused request stays refused under its key: a retry must not succeed later by chance, because
money arrived in between.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from loans.refusal import OutOfStep, Refusal, WrongValue
from loans.storage.database import Database
from loans.tables import RequestKey

LONGEST_KEY = 200
LONGEST_ACTION = 120

# Built once: every act needs them. They are of the table: no row is read for the session.
_request_key = RequestKey.metadata.tables[RequestKey.__tablename__]
_CLAIM = {
    dialect: made.insert(_request_key).on_conflict_do_nothing().returning(_request_key.c.key)
    for dialect, made in (("postgresql", postgresql), ("sqlite", sqlite))
}
_KEEP = (
    update(_request_key)
    .where(_request_key.c.actor_id == bindparam("who"), _request_key.c.key == bindparam("which"))
    .values(outcome=bindparam("outcome"))
)


class KeyMissing(WrongValue):
    """A request that moves money or state came without its key."""

    code = "key_missing"


class KeyReused(OutOfStep):
    """The key was used before for something else."""

    code = "key_reused"


class RefusedBefore(OutOfStep):
    """The request with this key was refused, and stays refused."""

    code = "refused_before"


@dataclass(frozen=True)
class Request:
    """Who asks for what, once: the key is the asker's own, the content is hashed."""

    actor_id: str
    key: str
    action: str
    content: Mapping[str, Any]
    at: datetime

    @property
    def content_hash(self) -> str:
        """SHA-256 of the action and the content in canonical form."""
        text = json.dumps([self.action, self.content], sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """The answer of a request, and whether it is the stored one of an earlier time."""

    answer: Mapping[str, Any]
    is_repeat: bool


def entry_key(actor_id: str, key: str) -> str:
    """The key of the journal entry that a request makes: each person's keys are their own."""
    return hashlib.sha256(f"{actor_id} {key}".encode("utf-8", "surrogatepass")).hexdigest()


def carry_out(
    database: Database, request: Request, work: Callable[[Session], Mapping[str, Any]]
) -> Outcome:
    """Do ``work`` in one transaction unless the key was used; store the answer under the key.

    Raises:
        KeyMissing: the key is empty or longer than 200 characters.
        KeyReused: the key was used with other content.
        RefusedBefore: the request with this key was refused earlier.
        Refusal: whatever ``work`` refuses; the refusal is stored under the key.
    """
    _check_key(request.key)

    def attempt(session: Session) -> Outcome | Refusal:
        if not _claim(session, request):
            return _repeat(session, request)
        try:
            # What a refused act began is undone, but its key stays claimed: no twin slips in.
            with session.begin_nested():
                answer = work(session)
        except Refusal as refusal:
            _keep(session, request, {"refused": refusal.message})
            return refusal
        _keep(session, request, answer)
        return Outcome(answer, is_repeat=False)

    done = database.retrying(attempt)
    if isinstance(done, Refusal):
        raise done
    return done


def _check_key(key: str) -> None:
    if not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
        message = (
            "The request carries no usable key. Send the header Idempotency-Key with a text of "
            "1 to 200 characters that is new for each act."
        )
        raise KeyMissing(message, field="Idempotency-Key")


def _claim(session: Session, request: Request) -> bool:
    """Enter the key; False where it is there already. A twin in progress is waited for."""
    row = {
        "actor_id": request.actor_id,
        "key": request.key,
        "action": request.action[:LONGEST_ACTION],  # the hash is of the whole
        "request_hash": request.content_hash,
        "made_at": request.at,
    }
    claimed = session.execute(_CLAIM[session.get_bind().dialect.name], row)
    return claimed.scalar_one_or_none() is not None


def _repeat(session: Session, request: Request) -> Outcome:
    row = session.get_one(RequestKey, (request.actor_id, request.key))
    if row.request_hash != request.content_hash:
        message = "This key was used for something else. Send a new key for a new act."
        raise KeyReused(message)
    stored = row.outcome or {}
    if "refused" in stored:
        raise RefusedBefore(str(stored["refused"]))
    return Outcome(stored, is_repeat=True)


def _keep(session: Session, request: Request, outcome: Mapping[str, Any]) -> None:
    row = {"who": request.actor_id, "which": request.key, "outcome": dict(outcome)}
    session.execute(_KEEP, row)
