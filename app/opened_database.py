"""The database of the settings, for a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.settings import Settings
from loans.storage.database import Database, open_database
from loans.storage.migrate import migrate


@contextmanager
def opened_database() -> Iterator[Database]:
    """The migrated database of the settings, closed afterwards."""
    settings = Settings()
    migrate(settings.database)
    database = open_database(settings.database, is_test_server=settings.test_server)
    try:
        yield database
    finally:
        database.close()
