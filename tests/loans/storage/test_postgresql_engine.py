from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text

from loans.storage import postgresql_engine
from loans.storage.database import Database, open_database
from loans.storage.database_faults import DatabaseUnavailable
from loans.storage.postgresql_engine import check_settings, driver_url, writing_engine
from tests.databases import Databases, cut_all


@pytest.fixture
def connection(postgresql_databases: Databases) -> Iterator[Connection]:
    url = postgresql_databases.empty()
    engine = writing_engine(url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
    postgresql_databases.drop(url)


@pytest.fixture
def opened(postgresql_databases: Databases) -> Iterator[Database]:
    url = postgresql_databases.migrated()
    database = open_database(url, is_test_server=True)
    yield database
    database.close()
    postgresql_databases.drop(url)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_to_write_the_address_means_the_same_driver(scheme: str) -> None:
    assert driver_url(f"{scheme}://me@host/fund").drivername == "postgresql+psycopg"


def test_a_server_that_may_forget_payments_is_refused(connection: Connection) -> None:
    connection.exec_driver_sql("SET synchronous_commit = off")
    with pytest.raises(DatabaseUnavailable, match="= off and may lose payments"):
        check_settings(connection, is_test_server=False)
    check_settings(connection, is_test_server=True)


def test_an_old_server_is_refused(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_engine, "OLDEST_VERSION", 99)
    with pytest.raises(DatabaseUnavailable, match="too old"):
        check_settings(connection, is_test_server=True)


def ask(of: Database) -> int:
    with of.reading() as session:
        return int(session.execute(text("SELECT 7")).scalar_one())


def test_after_a_pause_the_server_may_have_been_restarted(
    opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_engine, "PAUSE_SECONDS", 0.0)
    with ThreadPoolExecutor() as threads:
        assert list(threads.map(lambda _: ask(opened), range(5))) == [7] * 5
    cut_all(opened)
    assert [ask(opened) for _ in range(5)] == [7] * 5


def test_a_restart_between_two_acts_without_a_pause_is_told_once(
    opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_engine, "PAUSE_SECONDS", 60.0)
    with opened.reading(), opened.reading():
        ask(opened)
    cut_all(opened)
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        ask(opened)
    assert [ask(opened) for _ in range(5)] == [7] * 5


def test_a_connection_in_use_is_not_asked_whether_it_lives(
    opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(opened.engine.dialect, "do_ping", asked.append)
    for pause, times in ((60.0, 0), (0.0, 3)):
        monkeypatch.setattr(postgresql_engine, "PAUSE_SECONDS", pause)
        for _ in range(3):
            ask(opened)
        assert len(asked) == times


def test_sessions_speak_utc_and_give_up_waiting(connection: Connection) -> None:
    settings = ("TimeZone", "lock_timeout", "search_path", "transaction_isolation")
    found = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in settings]
    assert found == ["UTC", "10s", "public", "read committed"]
