"""The demonstration fund, loaded once for a whole run of the tests; copies of it are quick."""

from __future__ import annotations

import fcntl
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from app import demo
from loans.storage.database import open_database
from tests.databases import Databases

DEMONSTRATION_DIALECTS = (
    pytest.param("sqlite", marks=pytest.mark.xdist_group("demonstration on SQLite")),
    pytest.param("postgresql", marks=pytest.mark.xdist_group("demonstration on PostgreSQL")),
)
"""One worker does all that needs the fund on a database: copies of it take their time."""


@dataclass(frozen=True)
class Loaded:
    """A database that nobody has open, to be copied, and what loading it printed."""

    url: str
    screen: str


class Demonstrations:
    """Loads the demonstration where nobody has yet, once for each database."""

    def __init__(self, shared: Path) -> None:
        """``shared`` is a folder of all workers of the run."""
        self._shared = shared
        self._loaded: dict[str, Loaded] = {}

    def on(self, databases: Databases) -> Loaded:
        """The demonstration on this kind of database."""
        if databases.dialect not in self._loaded:
            load = _load if databases.dialect == "postgresql" else self._file
            self._loaded[databases.dialect] = load(databases)
        return self._loaded[databases.dialect]

    def _file(self, databases: Databases) -> Loaded:
        address, screen = self._shared / "demonstration.url", self._shared / "demonstration.txt"
        with (self._shared / "demonstration.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not address.exists():
                loaded = _load(databases)
                screen.write_text(loaded.screen)
                address.write_text(loaded.url)
            return Loaded(address.read_text(), screen.read_text())


def _load(databases: Databases) -> Loaded:
    url = databases.migrated()
    database = open_database(url, is_test_server=True)
    screen = io.StringIO()
    demo.load(database, Console(file=screen, force_terminal=True))
    database.close()
    return Loaded(url, screen.getvalue())
