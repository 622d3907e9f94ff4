"""What a database reports when something goes wrong, told apart and put into words."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import MetaData, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

ATTEMPTS = 6
"""How often a transaction that met another one is tried in all."""

Answer = TypeVar("Answer")

_BUSY_STATES = frozenset({"40001", "40P01", "55P03"})
_BUSY_ERRORS = ("SQLITE_BUSY", "SQLITE_LOCKED")
_GONE_CLASSES = frozenset({"08", "28", "3D", "53", "57", "58"})
_GONE_ERRORS = (
    *("SQLITE_CANTOPEN", "SQLITE_CORRUPT", "SQLITE_FULL"),
    *("SQLITE_IOERR", "SQLITE_NOTADB", "SQLITE_READONLY"),
)


class DatabaseUnavailable(RuntimeError):
    """The database is missing, cannot be reached, or cannot be written. One plain line."""


class DatabaseBusy(DatabaseUnavailable):
    """Another transaction stood in the way; the whole transaction may be tried again."""


@contextmanager
def faults_in_words() -> Iterator[None]:
    """Turn the driver's errors about the database itself into the two classes above.

    Raises:
        DatabaseBusy: a deadlock, a serialization failure or a lock that was not given in time.
        DatabaseUnavailable: no connection, no such database, wrong password, full disk.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise _busy() from error
    except DBAPIError as error:
        fault = _fault(error)
        if fault is None:
            raise
        raise fault from error


def again_when_busy(work: Callable[[], Answer]) -> Answer:
    """Do ``work``, a whole transaction, and do it again where it met another one.

    Raises:
        DatabaseBusy: it met another transaction each time.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return work()
        except DatabaseBusy:
            time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads the retries
    return work()


def _busy() -> DatabaseBusy:
    return DatabaseBusy("The database is busy. Try again in a moment.")


def _fault(error: DBAPIError) -> DatabaseUnavailable | None:
    name = getattr(error.orig, "sqlite_errorname", "")
    state = getattr(error.orig, "sqlstate", None)
    if name.startswith(_BUSY_ERRORS) or state in _BUSY_STATES:
        return _busy()
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")) or state == "53100":
        return DatabaseUnavailable("The database could not be written: its disk may be full.")
    if name.startswith(_GONE_ERRORS):
        return DatabaseUnavailable("The database file cannot be opened, read or written.")
    if error.connection_invalidated or (state or "")[:2] in _GONE_CLASSES or _never_began(error):
        message = (
            "The database cannot be reached. Check that it runs and that its address is right."
        )
        return DatabaseUnavailable(message)
    return None


def _never_began(error: DBAPIError) -> bool:
    """A PostgreSQL driver error without a state: the server never answered."""
    kind = type(error.orig)
    is_postgresql = kind.__module__.startswith("psycopg")
    return is_postgresql and kind.__name__ in {"OperationalError", "ConnectionTimeout"}


def constraint_name(error: IntegrityError, metadata: MetaData) -> str:
    """The name of the constraint or guard that refused a statement; empty where none is given.

    PostgreSQL names it. SQLite names checks and guards, and for a unique key its columns, which
    are looked up in ``metadata``.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or "")
    kind, _, rest = str(error.orig).partition(" constraint failed: ")
    if not rest:
        return kind
    return _unique_key(rest, metadata) if kind == "UNIQUE" else rest


def _unique_key(columns: str, metadata: MetaData) -> str:
    names = [column.split(".") for column in columns.split(", ")]
    wanted = {column for _, column in names}
    for constraint in metadata.tables[names[0][0]].constraints:
        if not isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint):
            continue
        if {column.name for column in constraint.columns} == wanted:
            return str(constraint.name)
    return ""
