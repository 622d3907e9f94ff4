"""The accrual of many loans as one entry, beside the quickest that the database itself can do.

The floor is INSERT .. SELECT within the database: as many entries of two lines with whole numbers
as keys, and one update of all balances; no references, no checks, no triggers, nothing handed
over. Both are counted per line.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from itertools import count
from time import perf_counter

import psycopg
import pytest

from loans.books import ledger
from loans.chart import INTEREST_INCOME, INTEREST_RECEIVABLE
from loans.ledger_legs import Leg, credit, debit
from loans.storage.database import new_id, open_database
from tests.databases import Databases
from tests.funds import Fund, at, open_fund
from tests.performance import bare_sqlite
from tests.performance.narrow_books import NarrowBooks
from tests.performance.ratios import Ratio, hold

LOANS, FEW = 100_000, 1_000
ROUNDS = 3
ON = at(date(2026, 3, 31))
AT_LEAST = {"sqlite": 0.07, "postgresql": 0.13}
ASKED = {"sqlite": 0.30, "postgresql": 0.15}
OF_NARROW = 0.25
"""Of the driver alone, over whole numbers as keys."""

Connection = sqlite3.Connection | psycopg.Connection[tuple[object, ...]]

TABLES = (
    "CREATE TABLE number (n bigint PRIMARY KEY)",
    "CREATE TABLE floor_entry (id bigint PRIMARY KEY, memo text)",
    (
        "CREATE TABLE floor_line (entry_id bigint, line_no int, account_id int, amount bigint, "
        "PRIMARY KEY (entry_id, line_no))"
    ),
    "CREATE TABLE floor_balance (account_id bigint PRIMARY KEY, balance bigint)",
    (
        "INSERT INTO number WITH RECURSIVE every (n) AS "
        "(SELECT 1 UNION ALL SELECT n + 1 FROM every WHERE n < 100000) SELECT n FROM every"
    ),
    "INSERT INTO floor_balance SELECT n, 0 FROM number WHERE n <= 1000",
)
FLOOR = (
    "BEGIN",
    "INSERT INTO floor_entry SELECT {first} + n, 'test' FROM number",
    (
        "INSERT INTO floor_line SELECT {first} + n, 1, 2 + n % 999, 100 FROM number "
        "UNION ALL SELECT {first} + n, 2, 1, -100 FROM number"
    ),
    (
        "UPDATE floor_balance SET balance = balance + moved.amount FROM "
        "(SELECT account_id, sum(amount) AS amount FROM floor_line WHERE entry_id > {first} "
        "GROUP BY account_id) AS moved WHERE moved.account_id = floor_balance.account_id"
    ),
    "COMMIT",
)
LINES = 2 * LOANS


def legs_of(loans: int) -> list[Leg]:
    """Interest of so many loans; income takes the sum."""
    earned = [debit(INTEREST_RECEIVABLE, 1_000 + n % 97, loan_id=new_id()) for n in range(loans)]
    return [*earned, credit(INTEREST_INCOME, sum(leg.amount_minor for leg in earned))]


def post(fund: Fund, legs: list[Leg]) -> str:
    with fund.database.writing() as session:
        return ledger.post(
            session,
            facility_id=fund.facility_id,
            event="accrual",
            effective_on=ON.on,
            booked_at=ON.at,
            actor_id=fund.officer.user_id,
            key=new_id(),
            legs=legs,
        )


def bare(url: str) -> Connection:
    """The driver alone."""
    if url.startswith("sqlite"):
        return bare_sqlite.connected(url)
    return psycopg.connect(url, autocommit=True)


def seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


@contextmanager
def opened(databases: Databases) -> Iterator[tuple[Fund, Connection]]:
    """A new fund, and the driver alone on its database; at the end the books must balance.

    Each measure gets its own: the index by loan makes an entry dearer the more there are.
    """
    url = databases.migrated()
    database = open_database(url)
    fund = open_fund(database)
    with closing(bare(url)) as connection:
        yield fund, connection
    owed, earned = fund.balance(INTEREST_RECEIVABLE), -fund.balance(INTEREST_INCOME)
    database.close()
    databases.drop(url)
    assert owed == earned >= ROUNDS * 1_000 * LOANS


@pytest.fixture(params=list(AT_LEAST))
def made(
    request: pytest.FixtureRequest, sqlite_databases: Databases, durable_databases: Databases
) -> Databases:
    return sqlite_databases if request.param == "sqlite" else durable_databases


def test_one_entry_of_many_postings_against_the_raw_insert(made: Databases) -> None:
    many = legs_of(LOANS)
    with opened(made) as (fund, connection):
        floor = Floor(connection)
        hold(lambda: _against_the_floor(made.dialect, fund, many, floor))


def test_one_entry_of_many_postings_against_one_of_few(made: Databases) -> None:
    """What grows with the square of the postings takes a hundred times as long for each."""
    many, few = legs_of(LOANS), legs_of(FEW)
    with opened(made) as (fund, _):
        hold(lambda: _against_few(made.dialect, fund, many, few))


def test_one_entry_of_many_postings_against_whole_numbers(sqlite_databases: Databases) -> None:
    many = legs_of(LOANS)
    with opened(sqlite_databases) as (fund, connection):
        assert isinstance(connection, sqlite3.Connection)
        narrow = NarrowBooks(connection)
        hold(lambda: _against_whole_numbers(fund, many, narrow))


class Floor:
    """The quickest that the database itself can do, in tables of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._firsts = count(step=LOANS)
        for statement in TABLES:
            connection.execute(statement)

    def write(self) -> None:
        """``LOANS`` entries of two lines, in one transaction."""
        first = next(self._firsts)
        for statement in FLOOR:
            self._connection.execute(statement.format(first=first))


def _against_the_floor(dialect: str, fund: Fund, many: list[Leg], floor: Floor) -> Ratio:
    posted, written = _best(lambda: post(fund, many), floor.write)
    what = f"{LOANS:,} postings as one entry, {dialect} (asked {ASKED[dialect]:.2f})"
    return Ratio(what, posted / len(many), "raw insert", written / LINES, AT_LEAST[dialect])


def _against_few(dialect: str, fund: Fund, many: list[Leg], few: list[Leg]) -> Ratio:
    posted, short = _best(lambda: post(fund, many), lambda: post(fund, few))
    what = f"one of {LOANS:,} postings, {dialect}"
    return Ratio(what, posted / len(many), f"of {FEW:,}", short / len(few), 1 / 1.3)


def _against_whole_numbers(fund: Fund, many: list[Leg], narrow: NarrowBooks) -> Ratio:
    amounts = [leg.amount_minor for leg in many[:-1]]
    posted, narrowed = _best(lambda: post(fund, many), lambda: narrow.post(amounts))
    assert narrow.earned_minor() % sum(amounts) == 0
    what = f"{LOANS:,} postings as one entry, sqlite"
    return Ratio(what, posted, "driver, whole numbers", narrowed, OF_NARROW)


def _best(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """The seconds of both, at their best."""
    rounds = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    return min(one for one, _ in rounds), min(other for _, other in rounds)
