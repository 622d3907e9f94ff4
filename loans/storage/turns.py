"""Waiting one's turn: for the one place that writes on SQLite, and for acts that go one by one.

A plain lock lets a busy thread take it again and again while another one waits for seconds.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans.storage.database_faults import DatabaseBusy

LONGEST_WAIT_SECONDS = 30.0


class Turns:
    """Lets one thread in at a time, in the order in which they came."""

    def __init__(self, longest_wait_seconds: float = LONGEST_WAIT_SECONDS) -> None:
        self._longest_wait_seconds = longest_wait_seconds
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for one's turn and keep it for the length of the block.

        Raises:
            DatabaseBusy: it did not come in time.
        """
        turn = threading.Event()
        with self._guard:
            self._waiting.append(turn)
            self._waiting[0].set()
        try:
            if not turn.wait(self._longest_wait_seconds):
                message = "The database is busy. Try again in a moment."
                raise DatabaseBusy(message)
            yield
        finally:
            with self._guard:
                self._waiting.remove(turn)
                if self._waiting:
                    self._waiting[0].set()


@cache
def turns_for(file: str) -> Turns:  # noqa: ARG001 - the key of the cache
    """The one queue of this process for writing to ``file``, given as an absolute path."""
    return Turns()


def named_turn(session: Session, name: str) -> None:
    """Let nobody else who takes the turn ``name`` go on until this transaction ends.

    Everybody else goes on. It is taken before any row is locked and before anything is posted;
    once held, it may be taken again. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
