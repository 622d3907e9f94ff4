"""The books on SQLite, written to by the driver alone with statements of its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import make_url

from loans.chart import CASH
from loans.storage.database import new_id
from tests.loans.facilities import ACTOR, DONOR, MORNING

POSTING = (
    "INSERT INTO posting (facility_id, entry_id, line_no, n_postings, account_id, currency, "
    "amount_minor, loan_id, effective_on) VALUES (?, ?, ?, ?, ?, 'EUR', ?, NULL, ?)"
)
ENTRY = (
    "INSERT INTO journal_entry (facility_id, id, event, effective_on, booked_at, actor_id, "
    "idem_key, n_postings, memo) "
    "VALUES (?, ?, 'test', ?, '2026-03-10 08:00:00.000000', ?, ?, ?, '')"
)
TODAY = MORNING.date().isoformat()


def connected(url: str, *, patience_seconds: float = 5.0) -> sqlite3.Connection:
    """The driver with the settings that keep the books safe."""
    file = Path(make_url(url).database or "")
    connection = sqlite3.connect(
        file, isolation_level=None, timeout=patience_seconds, check_same_thread=False
    )
    for setting in ("foreign_keys = on", "synchronous = full", "journal_mode = wal"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def accounts(connection: sqlite3.Connection) -> dict[str, str]:
    """The id of each account by its code."""
    return dict(connection.execute("SELECT code, id FROM account").fetchall())


def pay_in(connection: sqlite3.Connection, facility_id: str, ids: dict[str, str]) -> None:
    """An entry of one euro with its two postings, in a transaction of its own."""
    entry_id = new_id()
    lines = ((1, ids[CASH], 100), (2, ids[DONOR], -100))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        POSTING,
        [
            (facility_id, entry_id, line, 2, account, amount, TODAY)
            for line, account, amount in lines
        ],
    )
    connection.execute(ENTRY, (facility_id, entry_id, TODAY, ACTOR, new_id(), 2))
    connection.execute("COMMIT")
