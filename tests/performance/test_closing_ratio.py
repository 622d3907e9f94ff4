"""The close of a day: twice as many loans take about twice as long."""

from __future__ import annotations

from time import process_time

from loans.closing.days import Closing
from loans.closing.run import close_days
from loans.fund import the_facility
from loans.storage.database import open_database
from tests.databases import Databases
from tests.funds import at
from tests.performance.many_loans import MONTH_END, many_loans
from tests.performance.ratios import Ratio, hold

FEW = 1_000
MOST_TIMES_AS_LONG = 2.6


def seconds_to_close(databases: Databases, loans: int) -> float:
    """Processor time of the close of a month's end, on which every loan is posted."""
    url = databases.migrated()
    database = open_database(url)
    many_loans(database, loans)
    with database.reading() as session:
        run = Closing(the_facility(session), None, at(MONTH_END, hour=23))
    looked_at: list[int] = []
    started = process_time()
    close_days(
        database,
        run,
        [MONTH_END],
        progress=lambda _day, count: looked_at.append(count),
        loans_a_part=FEW // 2,
    )
    taken = process_time() - started
    database.close()
    databases.drop(url)
    assert sum(looked_at) == loans
    return taken


def test_the_close_of_a_day_grows_with_the_loans(sqlite_databases: Databases) -> None:
    hold(lambda: _measured(sqlite_databases))


def _measured(databases: Databases) -> Ratio:
    """A loan of few against one of twice as many."""
    few = seconds_to_close(databases, FEW) / FEW
    many = seconds_to_close(databases, 2 * FEW) / (2 * FEW)
    what = f"close of a day, a loan of {2 * FEW:,}"
    return Ratio(what, many, f"of {FEW:,}", few, 2 / MOST_TIMES_AS_LONG)
