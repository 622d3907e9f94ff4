"""Whole funds for journeys: one empty but for its capital, one with the demonstration."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app import clock
from app.auth.passwords import hash_password
from app.main import create_app
from app.settings import Settings
from loans.database import open_database
from tests.browser.fixtures import OpenPage
from tests.browser.serving import serving
from tests.databases import Databases
from tests.funds import PASSWORD, open_fund
from tests.journeys.demonstration import Demonstration, load_demonstration, served_demonstration
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
def demonstration_file(sqlite_databases: Databases) -> Path:
    """The demonstration fund, loaded once; copies of it are quick."""
    url = sqlite_databases.migrated()
    load_demonstration(url)
    return Path(make_url(url).database or "")


@pytest.fixture(scope="session")
def demonstration(demonstration_file: Path) -> Iterator[Demonstration]:
    """The demonstration fund for those who only read it."""
    with _served_copy(demonstration_file, "read") as served:
        yield served


@pytest.fixture
def own_demonstration(demonstration_file: Path) -> Iterator[Demonstration]:
    """A demonstration fund for one test to change."""
    with _served_copy(demonstration_file, "own") as served:
        yield served


@contextmanager
def _served_copy(file: Path, name: str) -> Iterator[Demonstration]:
    copy = file.with_name(f"{name}-{file.name}")
    shutil.copyfile(file, copy)
    with served_demonstration(f"sqlite:///{copy}") as served:
        yield served
    for left in copy.parent.glob(f"{copy.name}*"):
        left.unlink()
