"""The guards of the books over whole numbers as keys, on SQLite, written to by the driver alone.

Nothing of the program takes part: what an entry costs at least which its program hands over
posting by posting, with references, checks, indexes and sums like those in
``loans.books.tables``. It has no balances of a day, no floor, no closed months and no numbers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

DAY = "2026-03-31"
EARNED, INCOME = 1, 2

_ACCOUNT = """
CREATE TABLE narrow_account (id INTEGER PRIMARY KEY, currency TEXT NOT NULL, UNIQUE (id, currency))
"""
_ENTRY = """
CREATE TABLE narrow_entry (
    id INTEGER PRIMARY KEY, n_postings INTEGER NOT NULL, effective_on TEXT NOT NULL,
    UNIQUE (id, n_postings, effective_on))
"""
_POSTING = """
CREATE TABLE narrow_posting (
    entry_id INTEGER NOT NULL, line_no INTEGER NOT NULL, n_postings INTEGER NOT NULL,
    account_id INTEGER NOT NULL, currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0 AND abs(amount_minor) <= 1000000000000),
    loan_id INTEGER, effective_on TEXT NOT NULL,
    PRIMARY KEY (entry_id, line_no), CHECK (line_no BETWEEN 1 AND n_postings),
    FOREIGN KEY (entry_id, n_postings, effective_on)
        REFERENCES narrow_entry (id, n_postings, effective_on) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, currency) REFERENCES narrow_account (id, currency))
"""
_BALANCE = """
CREATE TABLE narrow_balance (
    account_id INTEGER PRIMARY KEY, debits_minor INTEGER NOT NULL, credits_minor INTEGER NOT NULL)
"""
_APPLIED = """
CREATE TRIGGER narrow_applied AFTER INSERT ON narrow_entry BEGIN
    SELECT RAISE(ABORT, 'incomplete')
    WHERE (SELECT count(*) FROM narrow_posting WHERE entry_id = NEW.id) <> NEW.n_postings;
    SELECT RAISE(ABORT, 'unbalanced')
    WHERE EXISTS (SELECT 1 FROM narrow_posting WHERE entry_id = NEW.id
        GROUP BY currency HAVING sum(amount_minor) <> 0);
    UPDATE narrow_balance SET
        debits_minor = debits_minor + moved.debits, credits_minor = credits_minor + moved.credits
    FROM (SELECT account_id, sum(max(amount_minor, 0)) AS debits,
            sum(max(-amount_minor, 0)) AS credits
        FROM narrow_posting WHERE entry_id = NEW.id GROUP BY account_id) AS moved
    WHERE narrow_balance.account_id = moved.account_id;
END
"""
_TABLES = (
    *(_ACCOUNT, _ENTRY, _POSTING, _BALANCE, _APPLIED),
    "CREATE INDEX ix_narrow_account ON narrow_posting (account_id, effective_on)",
    "CREATE INDEX ix_narrow_loan ON narrow_posting (loan_id, account_id)",
    "INSERT INTO narrow_account VALUES (1, 'EUR'), (2, 'EUR')",
    "INSERT INTO narrow_balance VALUES (1, 0, 0), (2, 0, 0)",
)
_ROW = "INSERT INTO narrow_posting VALUES (?, ?, ?, ?, 'EUR', ?, ?, ?)"


class NarrowBooks:
    """Tables of their own in an open database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._entries = 0
        for statement in _TABLES:
            connection.execute(statement)

    def post(self, amounts: Sequence[int]) -> None:
        """One entry: a posting for each amount, a loan each, and one for their sum."""
        self._entries += 1
        count = len(amounts) + 1
        rows = [
            (self._entries, number, count, EARNED, amount, number, DAY)
            for number, amount in enumerate(amounts, start=1)
        ]
        rows.append((self._entries, count, count, INCOME, -sum(amounts), 0, DAY))
        self._connection.execute("BEGIN")
        self._connection.executemany(_ROW, rows)
        entry = (self._entries, count, DAY)
        self._connection.execute("INSERT INTO narrow_entry VALUES (?, ?, ?)", entry)
        self._connection.execute("COMMIT")

    def earned_minor(self) -> int:
        """What all entries earned, by the balance that the trigger keeps."""
        query = "SELECT debits_minor FROM narrow_balance WHERE account_id = ?"
        return int(self._connection.execute(query, (EARNED,)).fetchone()[0])
