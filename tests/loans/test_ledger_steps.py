"""What an entry costs SQLite, in steps of its own machine: no other program can change them.

An entry reads its own postings and nobody else's: the books may grow for years.
"""

from __future__ import annotations

import sqlite3
from itertools import count

from loans.chart import CASH, LOANS
from loans.database import Database
from loans.ledger_legs import credit, debit
from tests.loans.facilities import DONOR, open_books

STEPS_AT_ONCE = 10
OLDER = 1_000


def test_an_entry_costs_the_same_however_many_postings_the_books_hold(
    sqlite_database: Database,
) -> None:
    books = open_books(sqlite_database)
    books.pay_in(1_000_000)

    def steps() -> int:
        taken = count()
        with sqlite_database.writing() as session:
            driver = session.connection().connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.set_progress_handler(lambda: next(taken) < 0, STEPS_AT_ONCE)
            books.post(session, (debit(LOANS, 100), credit(CASH, 100)))
            driver.set_progress_handler(None, STEPS_AT_ONCE)
        return next(taken)

    among_few = steps()
    with sqlite_database.writing() as session:
        legs = (*(debit(CASH, 1) for _ in range(OLDER)), credit(DONOR, OLDER))
        books.post(session, legs)
    assert steps() <= among_few * 1.1
