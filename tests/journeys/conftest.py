"""Whole funds for journeys: one empty but for its capital, one with the demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from app import clock
from app.auth.passwords import hash_password
from app.main import create_app
from app.settings import Settings
from loans.storage.database import open_database
from tests.browser.fixtures import OpenPage
from tests.browser.serving import serving
from tests.databases import Databases
from tests.demonstrations import Demonstrations
from tests.funds import PASSWORD, open_fund
from tests.journeys.demonstration import Demonstration, let_work_wait, served_demonstration
from tests.journeys.life import Calendar, Life

PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Everybody's, since a hash is slow to make."""
    return hash_password(PASSWORD)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """The program's clock in the hands of the test."""
    made = Calendar(clock.now())
    made.turn_to(date(2026, 1, 12))
    monkeypatch.setattr(clock, "now", made.now)
    return made


@pytest.fixture
def life(
    database_url: str, password_hash: str, calendar: Calendar, open_page: OpenPage
) -> Iterator[Life]:
    """A fund with a million on each database; on PostgreSQL the browser runs no scripts."""
    database = open_database(database_url, is_test_server=True)
    fund = open_fund(database, password_hash=password_hash)
    settings = Settings(database_url=database_url, test_server=True)
    with serving(create_app(settings)) as address:
        page = open_page(scripts=database.dialect == "sqlite")
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        yield Life(fund, address, calendar, page)
    database.close()


@pytest.fixture(scope="session")
def demonstration_template(demonstrations: Demonstrations, sqlite_databases: Databases) -> str:
    """The demonstration fund with work that waits; copies of it are quick."""
    url = sqlite_databases.copy_of(demonstrations.on(sqlite_databases).url)
    let_work_wait(url)
    return url


@pytest.fixture(scope="session")
def demonstration(
    demonstration_template: str, sqlite_databases: Databases
) -> Iterator[Demonstration]:
    """The demonstration fund for those who only read it."""
    with served_demonstration(sqlite_databases.copy_of(demonstration_template)) as served:
        yield served


@pytest.fixture
def own_demonstration(
    demonstration_template: str, sqlite_databases: Databases
) -> Iterator[Demonstration]:
    """A demonstration fund for one test to change."""
    url = sqlite_databases.copy_of(demonstration_template)
    with served_demonstration(url) as served:
        yield served
    sqlite_databases.drop(url)
