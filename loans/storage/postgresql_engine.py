"""Opening PostgreSQL, checking that it keeps what it acknowledges, and the program's rights."""

from __future__ import annotations

from time import monotonic

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from loans.storage.database_faults import DatabaseUnavailable
from loans.storage.sqlite_engine import DERIVED_TABLES

OLDEST_VERSION = 15
PAUSE_SECONDS = 1.0
_RESTS_SINCE = "rests since"
_SESSION = (
    "-c timezone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s "
    "-c search_path=public"
)
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


def driver_url(url: str) -> URL:
    """The address with the one driver that the program brings."""
    return make_url(url).set(drivername="postgresql+psycopg")


def writing_engine(url: str) -> Engine:
    """READ COMMITTED: every guard locks its row in the last statement and reads it afresh."""
    engine = create_engine(
        driver_url(url),
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5, "options": _SESSION},
        pool_size=10,
        max_overflow=10,
        pool_timeout=30,
    )
    _ping_after_a_pause(engine)
    return engine


def _ping_after_a_pause(engine: Engine) -> None:
    """Ask whether the server is there before a connection is used that rested for a second.

    Where it is not, every connection is made anew. Asking each time is a fifth of the journeys
    of a short act.
    """

    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_RESTS_SINCE] = monotonic()

    def ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        rests_since = record.info.get(_RESTS_SINCE)
        if rests_since is None or monotonic() - rests_since < PAUSE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)


def reading_engine(writer: Engine) -> Engine:
    """The same connections, read-only and with one unchanging state during a transaction."""
    return writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def asking_engine(writer: Engine) -> Engine:
    """The same connections, for questions that need no transaction: one journey instead of three.

    Each would be committed at once, so that anything but a question is refused.
    """
    engine = writer.execution_options(isolation_level="AUTOCOMMIT")

    def refuse_change(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("SELECT"):
            message = "Only questions are asked here; what changes something needs a transaction."
            raise RuntimeError(message)

    event.listen(engine, "before_cursor_execute", refuse_change)
    return engine


def check_settings(connection: Connection, *, is_test_server: bool) -> None:
    """Refuse a server that is too old or that may forget what it acknowledged.

    Raises:
        DatabaseUnavailable: names the version or the setting.
    """
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    if version < OLDEST_VERSION:
        message = f"PostgreSQL {version} is too old. Install version {OLDEST_VERSION} or newer."
        raise DatabaseUnavailable(message)
    for setting in () if is_test_server else _DURABLE:
        if connection.exec_driver_sql(f"SHOW {setting}").scalar_one() == "off":
            message = f"PostgreSQL runs with {setting} = off and may lose payments. Set it to on."
            raise DatabaseUnavailable(message)


def grant_application_role(connection: Connection, role: str) -> None:
    """Give ``role`` what the program needs and no more; run as the owner after each migration.

    It may read everything, insert everywhere but into derived balances, and change only tables
    that are not append-only. It owns nothing and changes no schema.
    """
    name = connection.dialect.identifier_preparer.quote(role)
    connection.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {name}")
    connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
    for function in ("lock_journal", "post_entry"):
        connection.exec_driver_sql(f"GRANT EXECUTE ON FUNCTION {function} TO {name}")
    tables = connection.execute(
        text(
            "SELECT t.tablename, EXISTS (SELECT 1 FROM pg_trigger g "
            "WHERE g.tgrelid = format('public.%I', t.tablename)::regclass "
            "AND g.tgname = t.tablename || '_no_update') "
            "FROM pg_tables t WHERE t.schemaname = 'public' AND t.tablename <> 'alembic_version'"
        )
    )
    for table, is_append_only in tables:
        if table not in DERIVED_TABLES:
            rights = "INSERT" if is_append_only else "INSERT, UPDATE, DELETE"
            connection.exec_driver_sql(f'GRANT {rights} ON "{table}" TO {name}')
