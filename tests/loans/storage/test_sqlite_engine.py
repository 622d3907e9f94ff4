from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from loans.storage import sqlite_engine
from loans.storage.database import Database, open_database
from loans.storage.database_faults import DatabaseUnavailable
from loans.storage.migrate import migrating_engine
from loans.storage.sqlite_engine import authorizer, check_settings


def test_an_open_database_syncs_checks_keys_and_fires_every_trigger(
    sqlite_database: Database,
) -> None:
    for engine in (sqlite_database.engine, sqlite_database.reader):
        with engine.connect() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("foreign_keys", "recursive_triggers", "journal_mode", "synchronous")
            }
        assert found == {
            "foreign_keys": 1,
            "recursive_triggers": 1,
            "journal_mode": "wal",
            "synchronous": 2,
        }


def test_a_writer_has_the_file_to_itself_from_its_first_statement(
    sqlite_database: Database,
) -> None:
    """Otherwise two processes could both decide on the same balance before either writes."""
    file = sqlite_database.engine.url.database or ""
    with (
        sqlite_database.writing() as session,
        closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other,
    ):
        session.execute(text("SELECT count(*) FROM facility"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_a_connection_without_the_settings_is_refused(sqlite_database: Database) -> None:
    engine = migrating_engine(str(sqlite_database.engine.url))
    with (
        engine.connect() as connection,
        pytest.raises(DatabaseUnavailable, match="foreign_keys = 1"),
    ):
        check_settings(connection)
    engine.dispose()


def test_a_table_that_does_not_enforce_its_types_is_refused(sqlite_database: Database) -> None:
    url = str(sqlite_database.engine.url)
    engine = migrating_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE loose (id INTEGER)"))
    engine.dispose()
    with pytest.raises(DatabaseUnavailable, match="column types: loose"):
        open_database(url)


def test_an_old_sqlite_is_refused(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_engine, "OLDEST_VERSION", (99, 0, 0))
    with pytest.raises(DatabaseUnavailable, match="too old"):
        open_database(str(sqlite_database.engine.url))


@pytest.mark.parametrize(
    ("action", "name", "value", "trigger", "allowed"),
    [
        (sqlite3.SQLITE_READ, "posting", "amount_minor", None, True),
        (sqlite3.SQLITE_INSERT, "posting", None, None, True),
        (sqlite3.SQLITE_UPDATE, "posting", "amount_minor", None, False),
        (sqlite3.SQLITE_DELETE, "posting", None, "some_trigger", False),
        (sqlite3.SQLITE_UPDATE, "loan", "status", None, True),
        (sqlite3.SQLITE_INSERT, "account_balance", None, None, False),
        (sqlite3.SQLITE_UPDATE, "account_balance", "x", "journal_entry_applied", True),
        (sqlite3.SQLITE_INSERT, "sqlite_master", None, None, False),
        (sqlite3.SQLITE_PRAGMA, "foreign_keys", None, None, True),
        (sqlite3.SQLITE_PRAGMA, "foreign_keys", "off", None, False),
        (sqlite3.SQLITE_PRAGMA, "table_info", "posting", None, True),
        (sqlite3.SQLITE_ATTACH, "other.db", None, None, False),
        (sqlite3.SQLITE_DROP_TRIGGER, "posting_no_update", "posting", None, False),
        (sqlite3.SQLITE_CREATE_TEMP_TRIGGER, "t", "posting", None, False),
        (sqlite3.SQLITE_ALTER_TABLE, "main", "posting", None, False),
    ],
)
def test_what_a_connection_may_do(
    *, action: int, name: str, value: str | None, trigger: str | None, allowed: bool
) -> None:
    verdict = authorizer(frozenset({"posting"}))(action, name, value, "main", trigger)
    assert verdict == (sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY)
