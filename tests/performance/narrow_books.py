"""The guards of the books over whole numbers as keys, written to by the driver alone.

Nothing of the program takes part: the least that an entry costs which its program hands over
posting by posting, with the same references, checks, indexes and sums as in ``loans.books``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import psycopg

Connection = sqlite3.Connection | psycopg.Connection[tuple[object, ...]]

DAY = "2026-03-31"
EARNED, INCOME = 1, 2

_ACCOUNT = """
CREATE TABLE narrow_account (id bigint PRIMARY KEY, currency text NOT NULL, UNIQUE (id, currency))
"""
_ENTRY = """
CREATE TABLE narrow_entry (
    id bigint PRIMARY KEY, n_postings int NOT NULL, effective_on date NOT NULL,
    UNIQUE (id, n_postings, effective_on))
"""
_POSTING = """
CREATE TABLE narrow_posting (
    entry_id bigint NOT NULL, line_no int NOT NULL, n_postings int NOT NULL,
    account_id bigint NOT NULL, currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0 AND abs(amount_minor) <= 1000000000000),
    loan_id bigint, effective_on date NOT NULL,
    PRIMARY KEY (entry_id, line_no), CHECK (line_no BETWEEN 1 AND n_postings),
    FOREIGN KEY (entry_id, n_postings, effective_on)
        REFERENCES narrow_entry (id, n_postings, effective_on) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, currency) REFERENCES narrow_account (id, currency))
"""
_BALANCE = """
CREATE TABLE narrow_balance (
    account_id bigint PRIMARY KEY, debits_minor bigint NOT NULL, credits_minor bigint NOT NULL)
"""
_MOVE = """
UPDATE narrow_balance SET
    debits_minor = debits_minor + moved.debits, credits_minor = credits_minor + moved.credits
FROM (SELECT account_id,
        sum(CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END) AS debits,
        sum(CASE WHEN amount_minor < 0 THEN -amount_minor ELSE 0 END) AS credits
    FROM narrow_posting WHERE entry_id = NEW.id GROUP BY account_id) AS moved
WHERE narrow_balance.account_id = moved.account_id
"""
_INCOMPLETE = "(SELECT count(*) FROM narrow_posting WHERE entry_id = NEW.id) <> NEW.n_postings"
_UNBALANCED = """
EXISTS (SELECT 1 FROM narrow_posting WHERE entry_id = NEW.id
    GROUP BY currency HAVING sum(amount_minor) <> 0)
"""
_ON_SQLITE = f"""
CREATE TRIGGER narrow_applied AFTER INSERT ON narrow_entry BEGIN
    SELECT RAISE(ABORT, 'incomplete') WHERE {_INCOMPLETE};
    SELECT RAISE(ABORT, 'unbalanced') WHERE {_UNBALANCED};
    {_MOVE};
END
"""
_FUNCTION = f"""
CREATE FUNCTION narrow_applied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF {_INCOMPLETE} THEN RAISE EXCEPTION 'incomplete'; END IF;
    IF {_UNBALANCED} THEN RAISE EXCEPTION 'unbalanced'; END IF;
    {_MOVE};
    RETURN NULL;
END $$
"""
_ON_POSTGRESQL = """
CREATE TRIGGER narrow_applied AFTER INSERT ON narrow_entry
FOR EACH ROW EXECUTE FUNCTION narrow_applied()
"""
_TABLES = (
    *(_ACCOUNT, _ENTRY, _POSTING, _BALANCE),
    "CREATE INDEX ix_narrow_account ON narrow_posting (account_id, effective_on)",
    "CREATE INDEX ix_narrow_loan ON narrow_posting (loan_id, account_id)",
    "INSERT INTO narrow_account VALUES (1, 'EUR'), (2, 'EUR')",
    "INSERT INTO narrow_balance VALUES (1, 0, 0), (2, 0, 0)",
    "CREATE TABLE narrow_floor AS SELECT * FROM narrow_posting WHERE 1 = 0",
)
_ROW = "INSERT INTO narrow_posting VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ALL = """
INSERT INTO narrow_posting
SELECT %s, line_no, %s, account_id, 'EUR', amount_minor, loan_id, %s::date
FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS line (line_no, account_id, amount_minor, loan_id)
"""


class NarrowBooks:
    """Tables of their own in an open database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._entries = 0
        is_sqlite = isinstance(connection, sqlite3.Connection)
        if is_sqlite:
            self._run("PRAGMA foreign_keys = on")
        triggers = (_ON_SQLITE,) if is_sqlite else (_FUNCTION, _ON_POSTGRESQL)
        for statement in (*_TABLES, *triggers):
            self._run(statement)

    def _run(self, statement: str) -> None:
        self._connection.execute(statement)

    def post(self, amounts: Sequence[int]) -> None:
        """One entry: a posting for each amount, a loan each, and one for their sum."""
        self._entries += 1
        count = len(amounts) + 1
        accounts = [*[EARNED] * len(amounts), INCOME]
        minor = [*amounts, -sum(amounts)]
        loans = [*range(1, count), None]
        numbers = range(1, count + 1)
        self._run("BEGIN")
        if isinstance(self._connection, sqlite3.Connection):
            lines = zip(numbers, accounts, minor, loans, strict=True)
            rows = [
                (self._entries, number, count, account, "EUR", amount, loan, DAY)
                for number, account, amount, loan in lines
            ]
            self._connection.executemany(_ROW, rows)
        else:
            columns = (list(numbers), accounts, minor, loans)
            self._connection.execute(_ALL, (self._entries, count, DAY, *columns))
        self._run(f"INSERT INTO narrow_entry VALUES ({self._entries}, {count}, '{DAY}')")  # noqa: S608 - numbers of our own
        self._run("COMMIT")

    def copy(self) -> None:
        """The postings of the first entry into a table without guards."""
        self._run("BEGIN")
        self._run("INSERT INTO narrow_floor SELECT * FROM narrow_posting WHERE entry_id = 1")
        self._run("COMMIT")

    def earned_minor(self) -> int:
        """What all entries earned, by the balance that the trigger keeps."""
        query = "SELECT debits_minor FROM narrow_balance WHERE account_id = 1"
        found = self._connection.execute(query).fetchone()
        return int(str(found[0])) if found else 0
