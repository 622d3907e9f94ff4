"""Fixtures that more than one package's tests use: open databases, each test its own."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator

import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import settings
from starlette.testclient import TestClient

from loans.storage.database import Database, open_database
from tests.databases import (
    DIALECTS,
    Databases,
    postgresql_server,
    share_compiled_statements,
)
from tests.demonstrations import Demonstrations

pytest_plugins = ("tests.browser.fixtures",)

# A test that runs beside others is slow now and then; what it shows is not about time.
settings.register_profile("house", deadline=None, print_blob=True)
settings.register_profile("quick", settings.get_profile("house"), max_examples=10)
settings.load_profile("house")

MakeDatabases = Callable[[str], Databases]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--whole``: every value, role and page of the sweeps, as ``make prove-pages`` asks."""
    parser.addoption("--whole", action="store_true", help="every value, role and page of a sweep")


def pytest_configure(config: pytest.Config) -> None:
    """Compile each statement once for all databases, unless speed is measured."""
    if config.getoption("markexpr") != "perf":
        share_compiled_statements()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look less often for garbage, a twentieth of the time, unless speed is measured."""
    if session.config.getoption("markexpr") != "perf":
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def whole(pytestconfig: pytest.Config) -> bool:
    """Whether the sweeps try everything."""
    return bool(pytestconfig.getoption("whole"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only a whole sweep does."""
    if not config.getoption("whole"):
        items[:] = [item for item in items if item.get_closest_marker("whole") is None]


@pytest.fixture(scope="session", autouse=True)
def one_event_loop() -> Iterator[None]:
    """All clients without a window ask in one event loop; each request would start its own.

    What ends a program, such as ``SystemExit``, must not be raised behind a request: it ends this.
    """
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("sqlite"), server_url=None)


@pytest.fixture(scope="session")
def postgresql_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with postgresql_server() as url:
        databases = Databases(tmp_path_factory.mktemp("postgresql"), server_url=url)
        yield databases
        databases.drop_all()


@pytest.fixture(scope="session")
def demonstrations(tmp_path_factory: pytest.TempPathFactory) -> Demonstrations:
    """The demonstration fund, loaded once; with several workers, by the first that asks."""
    folder = tmp_path_factory.getbasetemp()
    return Demonstrations(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(params=DIALECTS)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Makes databases, once on SQLite and once on PostgreSQL; neither is ever skipped."""
    made: Databases = request.getfixturevalue(f"{request.param}_databases")
    return made


@pytest.fixture
def empty_url(databases: Databases) -> Iterator[str]:
    """The address of a database without tables."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The address of a migrated database without rows."""
    url = databases.migrated()
    yield url
    databases.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database without rows, open."""
    opened = open_database(database_url, is_test_server=True)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(sqlite_databases: Databases) -> Iterator[Database]:
    """The same on SQLite alone, for what does not depend on the database."""
    url = sqlite_databases.migrated()
    opened = open_database(url)
    yield opened
    opened.close()
    sqlite_databases.drop(url)
