"""The database: its tables, ids, and transactions that are alike on SQLite and PostgreSQL.

Ids are UUIDs of version 7 as text of 36 characters: the same on both databases, in logs and in
addresses, and sorted by time of making.
"""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Engine,
    MetaData,
    String,
    Table,
    Text,
    make_url,
)
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session

from loans.storage import postgresql_engine, sqlite_engine
from loans.storage.database_faults import DatabaseUnavailable, again_when_busy, faults_in_words
from loans.storage.turns import turns_for

Answer = TypeVar("Answer")


class Base(DeclarativeBase):
    """What all tables share: names of constraints, and STRICT column types on SQLite."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )

    @classmethod
    def __table_cls__(cls, *items: Any, **options: Any) -> Table:  # noqa: ANN401 - Table's own
        """A declared class becomes a STRICT table on SQLite."""
        return Table(*items, sqlite_strict=True, **options)


# STRICT tables know only these names of types.
@compiles(String, "sqlite")
@compiles(Text, "sqlite")
@compiles(Date, "sqlite")
@compiles(DateTime, "sqlite")
def _text_on_sqlite(_type: object, _compiler: object, **_options: object) -> str:
    return "TEXT"


@compiles(BigInteger, "sqlite")
@compiles(Boolean, "sqlite")
def _integer_on_sqlite(_type: object, _compiler: object, **_options: object) -> str:
    return "INTEGER"


_RANDOM_BITS = 74
_id_lock = threading.Lock()
_last_id = 0


def new_id() -> str:
    """A UUID of version 7 as text; within this process each is greater than the one before.

    The clock here only spreads ids over time. No business date is ever read from an id.
    """
    global _last_id  # noqa: PLW0603 - one counter per process is the point
    with _id_lock:
        fresh = (time.time_ns() // 1_000_000 << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        _last_id = max(fresh, _last_id + 1)
        value = _last_id
    high, low = value >> 62, value & (1 << 62) - 1
    stamp, middle = high >> 12, high & 0xFFF
    return str(uuid.UUID(int=stamp << 80 | 7 << 76 | middle << 64 | 2 << 62 | low))


@dataclass(frozen=True)
class Database:
    """An open database. ``engine`` writes, ``reader`` only reads, ``turn`` waits to write.

    ``asker`` answers single questions, each for itself where the database allows. ``known`` has
    what never changes once it is committed; every session starts with it as its ``info``.
    """

    dialect: Literal["sqlite", "postgresql"]
    engine: Engine
    reader: Engine
    asker: Engine
    turn: Callable[[], AbstractContextManager[None]] = nullcontext
    known: dict[Any, Any] = field(default_factory=dict)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any exception.

        On SQLite writers queue for the one connection that writes, in order of arrival.

        Raises:
            DatabaseBusy: another transaction stood in the way.
            DatabaseUnavailable: the database cannot be reached or written.
        """
        session = self._session(self.engine)
        with faults_in_words(), self.turn(), session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One unchanging state to read from; writing is refused.

        Raises:
            DatabaseUnavailable: the database cannot be reached.
        """
        with faults_in_words(), self._session(self.reader) as session:
            yield session

    def asking(self, work: Callable[[Session], Answer]) -> Answer:
        """Ask with ``work``, once more where a restart of the server had cut our connections.

        They are all made anew by then, so what follows in the request meets none that is lost.

        Raises:
            DatabaseBusy: no connection was free in time.
            DatabaseUnavailable: the database cannot be reached.
        """

        def once() -> Answer:
            with faults_in_words(), self._session(self.asker) as session:
                return work(session)

        try:
            return once()
        except DatabaseUnavailable as fault:
            if not getattr(fault.__cause__, "connection_invalidated", False):
                raise
        return once()

    def retrying(self, work: Callable[[Session], Answer]) -> Answer:
        """Do ``work`` in one writing transaction, again as a whole where it met another one.

        Raises:
            DatabaseBusy: it met another transaction each time.
            DatabaseUnavailable: the database cannot be reached or written.
        """

        def once() -> Answer:
            with self.writing() as session:
                return work(session)

        return again_when_busy(once)

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, info=self.known)

    def close(self) -> None:
        """Give back all connections."""
        self.reader.dispose()
        self.engine.dispose()


def open_database(url: str, *, is_test_server: bool = False) -> Database:
    """Open a migrated database and check that it keeps the books as the program relies on.

    ``is_test_server`` allows a PostgreSQL that does not sync to disk.

    Raises:
        DatabaseUnavailable: not there, not reachable, or a setting that puts money at risk.
    """
    database = _sqlite(url) if dialect_of(url) == "sqlite" else _postgresql(url)
    try:
        with faults_in_words():
            _check_settings(database, is_test_server=is_test_server)
    except BaseException:
        database.close()
        raise
    return database


def _check_settings(database: Database, *, is_test_server: bool) -> None:
    for engine in (database.engine, database.reader):
        with engine.connect() as connection:
            if database.dialect == "sqlite":
                sqlite_engine.check_settings(connection)
            else:
                postgresql_engine.check_settings(connection, is_test_server=is_test_server)


def _postgresql(url: str) -> Database:
    writer = postgresql_engine.writing_engine(url)
    return Database(
        "postgresql",
        writer,
        postgresql_engine.reading_engine(writer),
        postgresql_engine.asking_engine(writer),
    )


def _sqlite(url: str) -> Database:
    file = sqlite_engine.database_file(url)
    if not file.is_file():
        message = "There is no database file at the address that was set. Migrate it first."
        raise DatabaseUnavailable(message)
    writer, reader = sqlite_engine.writing_engine(url), sqlite_engine.reading_engine(url)
    return Database("sqlite", writer, reader, reader, turns_for(str(file.resolve())).take)


def dialect_of(url: str) -> Literal["sqlite", "postgresql"]:
    """Which of the two databases an address names.

    Raises:
        DatabaseUnavailable: another database, or no address at all.
    """
    try:
        name = make_url(url).get_backend_name()
    except ArgumentError:
        name = ""
    if name == "sqlite":
        return "sqlite"
    if name in {"postgresql", "postgres"}:
        return "postgresql"
    message = "The address of the database must begin with sqlite:/// or postgresql://."
    raise DatabaseUnavailable(message)
