from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from loans import postgresql_engine
from loans.database_faults import DatabaseUnavailable
from loans.postgresql_engine import check_settings, driver_url, writing_engine
from tests.databases import Databases


@pytest.fixture
def connection(postgresql_databases: Databases) -> Iterator[Connection]:
    url = postgresql_databases.empty()
    engine = writing_engine(url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
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


def test_sessions_speak_utc_and_give_up_waiting(connection: Connection) -> None:
    settings = ("TimeZone", "lock_timeout", "search_path", "transaction_isolation")
    found = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in settings]
    assert found == ["UTC", "10s", "public", "read committed"]
