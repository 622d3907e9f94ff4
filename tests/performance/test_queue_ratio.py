"""How long the unluckiest of eight writers waits on SQLite, which lets one write at a time.

The program's writers queue for one connection in order of arrival. The rival leaves it to SQLite:
a connection each, and its own waiting for the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from time import perf_counter

from loans.storage.database import open_database
from tests.databases import Databases
from tests.loans.facilities import open_books
from tests.performance import bare_sqlite
from tests.performance.ratios import Ratio, hold

WRITERS = 8
SECONDS = 2.0
PATIENCE_SECONDS = 60
AT_LEAST = 4.0

Write = Callable[[], object]


def longest_wait(write_of: Callable[[int], Write]) -> float:
    """Seconds of the slowest write while eight write for two seconds."""
    until = perf_counter() + SECONDS

    def run(number: int) -> float:
        write, longest = write_of(number), 0.0
        while (started := perf_counter()) < until:
            write()
            longest = max(longest, perf_counter() - started)
        return longest

    with ThreadPoolExecutor(WRITERS) as threads:
        return max(threads.map(run, range(WRITERS)))


def test_the_longest_wait_of_eight_writers_on_sqlite(sqlite_databases: Databases) -> None:
    url = sqlite_databases.migrated()
    database = open_database(url)
    books = open_books(database)
    with closing(bare_sqlite.connected(url)) as connection:
        ids = bare_sqlite.accounts(connection)

    def queueing(_number: int) -> Write:
        return lambda: books.pay_in(100)

    with ExitStack() as stack:
        connections = [
            stack.enter_context(
                closing(bare_sqlite.connected(url, patience_seconds=PATIENCE_SECONDS))
            )
            for _ in range(WRITERS)
        ]

        def pushing(number: int) -> Write:
            return partial(bare_sqlite.pay_in, connections[number], books.facility_id, ids)

        hold(lambda: _measured(queueing, pushing))
    database.close()
    sqlite_databases.drop(url)


def _measured(queueing: Callable[[int], Write], pushing: Callable[[int], Write]) -> Ratio:
    what = f"SQLite: the longest wait of {WRITERS} writers"
    return Ratio(what, longest_wait(queueing), "its own lock", longest_wait(pushing), AT_LEAST)
