"""What an entry in the books costs beside the bare driver, and a balance over a million postings.

The bare drivers write by their own statements: on SQLite the same guarded tables, on PostgreSQL
the floor of six round trips without any guard (begin, entry, two postings, two balances, commit).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import count

import psycopg
import pytest

from loans.books import ledger
from loans.books.ledger_writing import write_rows_on_sqlite
from loans.chart import CASH
from loans.ledger_legs import credit, debit
from loans.storage.database import Database, new_id, open_database
from tests.databases import Databases
from tests.loans.facilities import ACTOR, DONOR, MORNING, Books, open_books
from tests.performance import bare_sqlite, pgbench
from tests.performance.ratios import Contender, hold_ratio

ENTRIES = 200
FIRST_DAY = date(2023, 1, 1)
DAYS = 1_000
FEW, MANY = 10_000, 1_000_000
A_THOUSAND = 1_000
THOUSAND = (
    "WITH RECURSIVE line (no) AS (SELECT 1 UNION ALL SELECT no + 1 FROM line WHERE no < ?6) "
    "INSERT INTO posting (facility_id, entry_id, line_no, n_postings, account_id, currency, "
    "amount_minor, loan_id, effective_on) "
    "SELECT ?1, ?2, no, ?6, iif(no % 2, ?3, ?4), 'EUR', iif(no % 2, 100, -100), NULL, ?5 FROM line"
)


@pytest.fixture(scope="module")
def million(sqlite_databases: Databases) -> Iterator[Books]:
    """Books of a million postings."""
    books = loaded(sqlite_databases.migrated(), MANY)
    yield books
    books.database.close()


@pytest.fixture
def sqlite_url(sqlite_databases: Databases) -> Iterator[str]:
    url = sqlite_databases.migrated()
    yield url
    sqlite_databases.drop(url)


def by_the_service(books: Books) -> None:
    for _ in range(ENTRIES):
        books.pay_in(100)


def agreed(_ours: object, _theirs: object) -> None:
    """Both wrote; what they wrote is checked by the tests of the ledger."""


def test_a_posting_against_the_bare_driver_on_sqlite(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    books = open_books(database)
    with closing(bare_sqlite.connected(sqlite_url)) as connection:
        ids = bare_sqlite.accounts(connection)

        def guarded() -> None:
            for _ in range(ENTRIES):
                bare_sqlite.pay_in(connection, books.facility_id, ids)

        def written() -> None:
            for _ in range(ENTRIES):
                _write(database, books, ids)

        hold_ratio(
            "SQLite: an entry with its postings",
            Contender("ours", ENTRIES, written),
            Contender("bare driver", ENTRIES, guarded),
            at_least=0.44,  # asked for were 0.40
            agree=agreed,
        )
        hold_ratio(
            "SQLite: the service's posting",
            Contender("ours", ENTRIES, lambda: by_the_service(books)),
            Contender("bare driver", ENTRIES, guarded),
            at_least=0.15,
            agree=agreed,
        )
    database.close()


def _write(database: Database, books: Books, ids: dict[str, str]) -> None:
    """What ``ledger.post`` writes once it knows the accounts."""
    header = {
        "facility_id": books.facility_id,
        "id": new_id(),
        "event": "test",
        "effective_on": MORNING.date(),
        "booked_at": MORNING,
        "actor_id": ACTOR,
        "idem_key": new_id(),
        "n_postings": 2,
        "memo": "",
    }
    lines = [debit(CASH, 100), credit(DONOR, 100)]
    accounts = {code: (ids[code], "EUR") for code in (CASH, DONOR)}
    with database.turn(), database.engine.begin() as connection:
        write_rows_on_sqlite(connection, header, lines, accounts)


def test_the_service_s_posting_against_the_raw_floor_on_postgresql(
    durable_databases: Databases,
) -> None:
    url = durable_databases.migrated()
    database = open_database(url)
    books = open_books(database)
    places = count()
    pgbench.make_floor(url)
    with psycopg.connect(url, autocommit=True) as connection:

        def floor() -> None:
            for _ in range(ENTRIES):
                account = 2 + next(places) % 999
                connection.execute("BEGIN")
                cursor = connection.execute(
                    "INSERT INTO floor_entry (memo) VALUES ('test') RETURNING id"
                )
                found = cursor.fetchone()
                entry_id = found[0] if found else 0
                connection.execute(
                    "INSERT INTO floor_line VALUES (%s, 1, %s, 100), (%s, 2, 1, -100)",
                    (entry_id, account, entry_id),
                )
                change = "UPDATE floor_balance SET balance = balance + %s WHERE account_id = %s"
                connection.execute(change, (100, account))
                connection.execute(change, (-100, 1))
                connection.execute("COMMIT")

        hold_ratio(
            "PostgreSQL: the service's posting",
            Contender("ours", ENTRIES, lambda: by_the_service(books)),
            Contender("six round trips", ENTRIES, floor),
            at_least=0.40,  # asked for were 0.33, and 0.45 in one statement
            agree=agreed,
        )
    database.close()
    durable_databases.drop(url)


def loaded(url: str, postings: int) -> Books:
    """Books of some postings in entries of a thousand, over a thousand days."""
    database = open_database(url)
    books = open_books(database)
    with closing(bare_sqlite.connected(url)) as connection:
        ids = bare_sqlite.accounts(connection)
        connection.execute("BEGIN IMMEDIATE")
        for number in range(postings // A_THOUSAND):
            entry_id, day = new_id(), str(FIRST_DAY + timedelta(days=number % DAYS))
            connection.execute(
                THOUSAND, (books.facility_id, entry_id, ids[CASH], ids[DONOR], day, A_THOUSAND)
            )
            connection.execute(
                bare_sqlite.ENTRY, (books.facility_id, entry_id, day, ACTOR, new_id(), A_THOUSAND)
            )
        connection.execute("COMMIT")
    return books


def test_a_balance_does_not_grow_with_the_postings(
    sqlite_databases: Databases, million: Books
) -> None:
    few, many = loaded(sqlite_databases.migrated(), FEW), million
    middle = FIRST_DAY + timedelta(days=DAYS // 2 - 1)

    def current(books: Books) -> int:
        with books.database.reading() as session:
            return ledger.balance(session, facility_id=books.facility_id, account=CASH)

    def as_of(books: Books) -> int:
        with books.database.reading() as session:
            return ledger.balance(
                session, facility_id=books.facility_id, account=CASH, as_of=middle
            )

    def summed(books: Books) -> int:
        query = (
            "SELECT sum(p.amount_minor) FROM posting p JOIN account a ON a.id = p.account_id "  # noqa: S608  # our own
            f"WHERE a.code = '{CASH}' AND p.effective_on <= '{middle}'"  # our own
        )
        with books.database.reading() as session:
            return int(session.connection().exec_driver_sql(query).scalar_one())

    assert current(many) == MANY // 2 * 100
    hold_ratio(
        f"balance: {MANY:,} postings against {FEW:,}",
        Contender("ours", 1, lambda: current(many), 20),
        Contender(f"of {FEW:,}", 1, lambda: current(few), 20),
        at_least=1 / 1.3,
        agree=agreed,
    )
    hold_ratio(
        f"balance of a past day, {MANY:,} postings",
        Contender("ours", 1, lambda: as_of(many), 5),
        Contender("sum of postings", 1, lambda: summed(many)),
        at_least=10,
        agree=_same,
    )
    few.database.close()


def _same(ours: int, theirs: int) -> None:
    assert ours == theirs


def test_a_trial_balance_of_a_past_day_against_the_sum_of_all_postings(
    million: Books,
) -> None:
    middle = FIRST_DAY + timedelta(days=DAYS // 10)

    def from_days() -> dict[str, int]:
        return million.balances(as_of=middle)

    def from_postings() -> dict[str, int]:
        return million.balances(as_of=middle, known_on=date(2030, 1, 1))

    def agree(ours: dict[str, int], theirs: dict[str, int]) -> None:
        assert ours == theirs

    hold_ratio(
        f"trial balance of a past day, {MANY:,} postings",
        Contender("ours", 1, from_days, 5),
        Contender("sum of postings", 1, from_postings),
        at_least=5,
        agree=agree,
    )
