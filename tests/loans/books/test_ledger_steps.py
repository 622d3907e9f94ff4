"""What an entry costs the database, counted by the database itself: no other program changes it.

An entry reads its own postings and nobody else's: the books may grow for years.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from loans.books import ledger
from loans.chart import CASH, LOANS, restricted_account
from loans.ledger_legs import credit, debit
from loans.lending.loan_postings import posted_of
from loans.storage.database import Database, new_id, open_database
from tests.databases import Databases, run_outside
from tests.loans.facilities import DONOR, Books, open_books

STEPS_AT_ONCE = 10
OLDER = 1_000


def _steps(session: Session, work: Callable[[], object]) -> int:
    """How many times ten steps SQLite takes for ``work``."""
    taken = count()
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_progress_handler(lambda: next(taken) < 0, STEPS_AT_ONCE)
    work()
    driver.set_progress_handler(None, STEPS_AT_ONCE)
    return next(taken)


def test_an_entry_costs_sqlite_the_same_however_many_postings_the_books_hold(
    sqlite_database: Database,
) -> None:
    books = open_books(sqlite_database)
    books.pay_in(1_000_000)

    def steps() -> int:
        with sqlite_database.writing() as session:
            return _steps(
                session, lambda: books.post(session, (debit(LOANS, 100), credit(CASH, 100)))
            )

    among_few = steps()
    with sqlite_database.writing() as session:
        legs = (*(debit(CASH, 1) for _ in range(OLDER)), credit(DONOR, OLDER))
        books.post(session, legs)
    assert steps() <= among_few * 1.1


def test_the_postings_of_a_loan_are_read_alone_on_sqlite(sqlite_database: Database) -> None:
    """It never learns how many rows a table has, and every act on a loan asks."""
    books = open_books(sqlite_database)
    books.pay_in(1_000_000)
    loan_id = new_id()

    def ask(session: Session) -> None:
        assert set(posted_of(session, books.facility_id, [loan_id])) == {loan_id}

    def steps() -> int:
        with sqlite_database.reading() as session:
            return _steps(session, lambda: ask(session))

    books.pay_out(100, loan_id=loan_id)
    among_few = steps()
    with sqlite_database.writing() as session:
        legs = (*(debit(LOANS, 1, loan_id=new_id()) for _ in range(OLDER)), credit(CASH, OLDER))
        books.post(session, legs)
    assert steps() <= among_few * 1.1


READ_IN_A_ROUND = 50
"""Rows of entries, postings and reserves that a round below reads, of its own and no others."""
ROUNDS = 10
_READ = """
SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = ANY (:tables))
    + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname = ANY (:tables))
"""
_TABLES = ["journal_entry", "posting", "hold", "hold_use"]
_ACCOUNTS = ["account", "account_balance"]
GIFTS = 200
MOST_READ = 12
"""Accounts for each leg, its reference counted."""


def test_an_entry_reads_no_other_on_postgresql_that_knows_nothing_of_its_tables(
    postgresql_databases: Databases,
) -> None:
    """The server of the tests never analyzes: an old fund's loans are imported on the first day."""
    url = postgresql_databases.migrated()
    database = open_database(url, is_test_server=True)
    books = open_books(database)
    for _ in range(150):
        _round(books)
    before = _rows_read(books, _TABLES)
    for _ in range(ROUNDS):
        _round(books)
    read = _rows_read(books, _TABLES) - before
    database.close()
    postgresql_databases.drop(url)
    assert ROUNDS * 8 <= read <= ROUNDS * READ_IN_A_ROUND


def _round(books: Books) -> None:
    """Money comes in, is reserved, half of it is paid out, the rest given back; one reversal."""
    books.reverse(books.pay_in(50))
    books.pay_in(100)
    hold_id = books.reserve(100)
    books.pay_out(50, hold_id=hold_id)
    books.release(hold_id)


@pytest.mark.parametrize(("legs", "is_analyzed"), [(2, False), (OLDER, True)])
def test_an_entry_does_not_read_the_chart_for_each_leg_on_postgresql(
    postgresql_databases: Databases, legs: int, *, is_analyzed: bool
) -> None:
    """Nor at all where nothing is known of it yet; a small one that is known may be read once."""
    url = postgresql_databases.migrated()
    database = open_database(url, is_test_server=True)
    books = open_books(database)
    with database.writing() as session:
        for number in range(1, GIFTS + 1):
            account = restricted_account(DONOR, number, f"Gift {number}")
            ledger.open_account(
                session, facility_id=books.facility_id, account=account, currency="EUR"
            )
    if is_analyzed:
        run_outside(url, "VACUUM ANALYZE account")
    paid = [*(debit(CASH, 50) for _ in range(legs - 1)), credit(DONOR, 50 * (legs - 1))]
    before = _rows_read(books, _ACCOUNTS)
    for _ in range(ROUNDS):
        with database.writing() as session:
            books.post(session, tuple(paid))
    read = _rows_read(books, _ACCOUNTS) - before
    database.close()
    postgresql_databases.drop(url)
    assert legs <= read / ROUNDS <= MOST_READ * legs


def _rows_read(books: Books, tables: list[str]) -> int:
    """Rows that were read so far, by an index or one after the other."""
    with books.database.writing() as session:
        session.execute(text("SELECT pg_stat_force_next_flush()"))
    with books.database.reading() as session:
        return int(session.execute(text(_READ), {"tables": tables}).scalar_one())
