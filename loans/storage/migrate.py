"""Bringing a database to the newest revision, and telling whether it is there."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from loans.storage import postgresql_engine, sqlite_engine
from loans.storage.database import Database, dialect_of
from loans.storage.database_faults import again_when_busy, faults_in_words

_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps its context in the module, for all threads

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"


@dataclass(frozen=True)
class MigrationState:
    """The revision a database has and the newest one that the program knows."""

    found: str | None
    newest: str | None

    @property
    def is_current(self) -> bool:
        """Whether the program may run on this database."""
        return self.found is not None and self.found == self.newest


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest revision; one transaction, all or nothing.

    A missing SQLite file is made, in a folder that only its owner may enter.

    Raises:
        DatabaseUnavailable: the database cannot be reached or written.
    """
    with _ONE_AT_A_TIME:
        again_when_busy(lambda: _upgrade(url))


def _upgrade(url: str) -> None:
    with faults_in_words():
        engine = migrating_engine(url)
        try:
            with engine.connect() as connection:
                config = alembic_config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        finally:
            engine.dispose()


def migrating_engine(url: str) -> Engine:
    """An engine for migrations alone: on SQLite without foreign keys and authorizer."""
    if dialect_of(url) == "postgresql":
        return postgresql_engine.writing_engine(url)
    folder = sqlite_engine.database_file(url).resolve().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return sqlite_engine.migrating_engine(url)


def alembic_config() -> Config:
    """Alembic's settings: where the scripts are."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def migration_state(database: Database) -> MigrationState:
    """Which revision the database has, against the newest; for the readiness check."""
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return MigrationState(_found(database), newest)


def _found(database: Database) -> str | None:
    try:
        with database.reading() as session:
            return session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError:
        # The table of revisions does not exist: nothing was ever migrated here.
        return None
