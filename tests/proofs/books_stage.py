"""Where one life after another happens, each from the same state of a database.

On SQLite each life has a copy of the file. On PostgreSQL a copy costs as much as a life, because
the server plans everything anew for it: there one database stays open, and before each life all
its tables are filled again with what they held at first.
"""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection, NullPool, create_engine, text

from loans.storage.database import Database, open_database
from loans.storage.postgresql_engine import driver_url
from tests.databases import Databases

LIVES_BETWEEN_CLEANINGS = 20
_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")


class Stage:
    """Gives the database of ``url`` to one life at a time, always in the state it has now."""

    def __init__(self, databases: Databases, url: str) -> None:
        """Nobody else has ``url`` open."""
        self._databases = databases
        self._kept = url
        self._url = url
        self._lives = 0

    def begin(self) -> Database:
        """The database in its first state."""
        if self._databases.dialect == "postgresql":
            self._restore()
            return self._lasting
        self._url = self._databases.copy_of(self._kept)
        return open_database(self._url, is_test_server=True)

    def end(self, database: Database) -> None:
        """Give up what the life has written."""
        if self._databases.dialect != "postgresql":
            database.close()
            self._databases.drop(self._url)

    def close(self) -> None:
        """No more lives."""
        if "_lasting" in self.__dict__:
            self._lasting.close()
            self._owner.close()

    @cached_property
    def _lasting(self) -> Database:
        return open_database(self._url, is_test_server=True)

    @cached_property
    def _owner(self) -> Connection:
        """A connection of its own, with the first state of all tables in a schema of its own."""
        engine = create_engine(
            driver_url(self._url), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        connection = engine.connect()
        tables = list(connection.scalars(_TABLES))
        connection.exec_driver_sql("CREATE SCHEMA kept")
        for table in tables:
            connection.exec_driver_sql(f'CREATE TABLE kept."{table}" AS TABLE public."{table}"')
        filled = " ".join(
            f'DELETE FROM public."{table}"; INSERT INTO public."{table}" TABLE kept."{table}";'  # noqa: S608  # names of tables
            for table in tables
        )
        connection.exec_driver_sql(
            "CREATE FUNCTION kept.restore() RETURNS void LANGUAGE plpgsql "
            f"SET session_replication_role = replica AS $$ BEGIN {filled} END $$"
        )
        return connection

    def _restore(self) -> None:
        self._owner.exec_driver_sql("SELECT kept.restore()")
        self._lives += 1
        if self._lives % LIVES_BETWEEN_CLEANINGS == 0:
            self._owner.exec_driver_sql("VACUUM")
