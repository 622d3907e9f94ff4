"""Opening SQLite so that it keeps the books as strictly as a server does.

Every connection enforces foreign keys, fires triggers on replaced rows and syncs before a commit
is answered. An authorizer on it refuses what no code of this program has reason to do: changing
rows of append-only tables, writing derived balances past the triggers, and changing the schema.
It guards against mistakes in the program, not against a person who holds the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from loans.storage.database_faults import DatabaseUnavailable

OLDEST_VERSION = (3, 37, 0)
BUSY_TIMEOUT_SECONDS = 10
WRITER_KIBIBYTES = 65_536
"""What the one writing connection may keep in memory: an entry over 100,000 loans, whole."""
DERIVED_TABLES = frozenset({"account_balance", "account_balance_day", "journal_number"})
"""Tables that only the triggers write."""

_SETTINGS = {
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "journal_mode": "wal",
    "synchronous": 2,
    "busy_timeout": BUSY_TIMEOUT_SECONDS * 1000,
}
_READING_PRAGMAS = frozenset(
    {"foreign_key_check", "foreign_key_list", "index_info", "index_list", "index_xinfo"}
    | {"integrity_check", "quick_check", "table_info", "table_list", "table_xinfo"}
)
_WRITES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_CHANGES = _WRITES - {sqlite3.SQLITE_INSERT}
_PASSES = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
    | {sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT}
)

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def database_file(url: str) -> Path:
    """The file that a SQLite address names.

    Raises:
        DatabaseUnavailable: an in-memory database, which cannot keep a write-ahead log.
    """
    name = make_url(url).database
    if not name or name == ":memory:":
        message = "SQLite needs a file. Give an address such as sqlite:///data/cleanloop.db."
        raise DatabaseUnavailable(message)
    return Path(name)


def writing_engine(url: str) -> Engine:
    """One connection, so that writers queue here and never meet in the database."""
    return _guarded_engine(url, begin="BEGIN IMMEDIATE", pool_size=1, query_only=False)


def reading_engine(url: str) -> Engine:
    """Connections that see one unchanging state during a transaction and cannot write."""
    return _guarded_engine(url, begin="BEGIN", pool_size=10, query_only=True)


def migrating_engine(url: str) -> Engine:
    """A connection that may change the schema: no authorizer, foreign keys off."""
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = full")

    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def _guarded_engine(url: str, *, begin: str, pool_size: int, query_only: bool) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma, value in _SETTINGS.items():
            connection.execute(f"PRAGMA {pragma} = {value}")
        connection.execute("PRAGMA trusted_schema = off")
        if query_only:
            connection.execute("PRAGMA query_only = on")
        else:
            connection.execute(f"PRAGMA cache_size = {-WRITER_KIBIBYTES}")
        connection.set_authorizer(authorizer(_append_only_tables(connection)))

    _begin_with(engine, begin)
    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    """Begin explicitly: the driver's own default lets two readers both decide and both write."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


def _append_only_tables(connection: sqlite3.Connection) -> frozenset[str]:
    """The tables that the database itself declares append-only, by their guard's name."""
    rows = connection.execute(
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' "
        "AND name = tbl_name || '_no_update'"
    )
    return frozenset(row[0] for row in rows)


def authorizer(append_only: frozenset[str]) -> Authorizer:
    """The function that SQLite asks before it prepares a statement."""

    def decide(
        action: int, name: str | None, value: str | None, _schema: str | None, trigger: str | None
    ) -> int:
        if action in _PASSES:
            return sqlite3.SQLITE_OK
        if action in _WRITES:
            return _verdict(_may_write(action, name or "", trigger))
        if action == sqlite3.SQLITE_PRAGMA:
            return _verdict(value is None or name in _READING_PRAGMAS)
        return sqlite3.SQLITE_DENY

    def _may_write(action: int, table: str, trigger: str | None) -> bool:
        if table in DERIVED_TABLES:
            return trigger is not None
        if table.startswith("sqlite_"):
            return False
        return action not in _CHANGES or table not in append_only

    return decide


def _verdict(allowed: bool) -> int:  # noqa: FBT001 - the answer itself, not a mode
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def check_settings(connection: Connection) -> None:
    """Refuse to run where SQLite did not accept a setting or a table is not STRICT.

    Raises:
        DatabaseUnavailable: names the setting or the table.
    """
    if sqlite3.sqlite_version_info < OLDEST_VERSION:
        message = f"SQLite {sqlite3.sqlite_version} is too old. Install version 3.37 or newer."
        raise DatabaseUnavailable(message)
    for pragma, expected in _SETTINGS.items():
        found: Any = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
        if found != expected:
            message = f"SQLite did not accept the setting {pragma} = {expected}."
            raise DatabaseUnavailable(message)
    loose = (
        row.name
        for row in connection.exec_driver_sql("PRAGMA table_list")
        if row.type == "table" and not row.strict
        if not row.name.startswith("sqlite_") and row.name != "alembic_version"
    )
    if names := ", ".join(sorted(loose)):
        message = f"These tables do not enforce their column types: {names}. Migrate the database."
        raise DatabaseUnavailable(message)
