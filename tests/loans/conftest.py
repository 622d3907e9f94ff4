"""Fixtures of the ledger's tests."""

from __future__ import annotations

import pytest

from loans.storage.database import Database
from tests.loans.facilities import Books, open_books


@pytest.fixture
def books(database: Database) -> Books:
    """The books of a facility that has just opened, on each of the two databases."""
    return open_books(database)
