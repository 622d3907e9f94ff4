"""What the guards of the books cost PostgreSQL alone, with no program of ours before it.

pgbench posts through ``post_entry``, as the service does, and writes the floor: an entry in six
round trips without any guard. Every entry touches the cash account and one of 999 others.
"""

from __future__ import annotations

import pytest

from loans.books import ledger
from loans.chart import CASH, MOST_RESTRICTIONS, restricted_account
from loans.storage.database import open_database
from tests.databases import Databases
from tests.loans.facilities import ACTOR, DONOR, MORNING, Books, open_books
from tests.performance import pgbench
from tests.performance.ratios import Ratio, hold

ROUNDS = 5
ENTRIES = 1_500
AT_LEAST = {(1, True): 0.60, (8, True): 0.40, (8, False): 0.45}
"""By clients, and with the numbers of the journal, which the aims of 0.60 and 0.50 are without. Of
eight clients four fifths of the least that was held: a number without a gap is given one by one.
"""
GUARDED = """
\\set gift random(1, {gifts})
SELECT post_entry(
    in_facility_id => '{facility_id}', in_id => gen_random_uuid()::text, in_event => 'test',
    in_effective_on => '{day}', in_booked_at => '{at}', in_actor_id => '{actor}',
    in_idem_key => gen_random_uuid()::text, in_reversal_of => NULL, in_n_postings => 2,
    in_hold_id => NULL, in_hold_used_minor => NULL, in_memo => '', in_source_kind => NULL,
    in_source_id => NULL, in_accounts => format('["{cash}", "{donor}-%s"]', :gift::int)::json,
    in_places => '[1, 2]', in_amounts => '[100, -100]', in_loans => '[null, null]');
"""


@pytest.mark.parametrize(("clients", "numbered"), list(AT_LEAST))
def test_a_guarded_posting_against_the_raw_floor(
    clients: int, durable_databases: Databases, *, numbered: bool
) -> None:
    url = durable_databases.migrated()
    database = open_database(url)
    books = open_books(database)
    _open_gifts(books)
    if not numbered:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER journal_entry_numbered ON journal_entry")
    pgbench.make_floor(url)
    script = GUARDED.format(
        facility_id=books.facility_id,
        day=MORNING.date(),
        at=MORNING.isoformat(),
        actor=ACTOR,
        cash=CASH,
        donor=DONOR,
        gifts=MOST_RESTRICTIONS,
    )
    hold(lambda: _measured(url, script, clients, numbered=numbered))
    posted = books.balances()[CASH]
    database.close()
    durable_databases.drop(url)
    assert posted % (ROUNDS * ENTRIES * clients * 100) == 0 < posted


def _open_gifts(books: Books) -> None:
    """As many accounts as a donor can have, beside which cash is the one that all entries touch."""
    with books.database.writing() as session:
        for number in range(1, MOST_RESTRICTIONS + 1):
            ledger.open_account(
                session,
                facility_id=books.facility_id,
                account=restricted_account(DONOR, number, f"Gift {number}"),
                currency="EUR",
            )


def _measured(url: str, script: str, clients: int, *, numbered: bool) -> Ratio:
    ours, floor = [], []
    for _ in range(ROUNDS):
        ours.append(pgbench.seconds_each(url, script, clients=clients, times=ENTRIES))
        floor.append(pgbench.seconds_each(url, pgbench.FLOOR, clients=clients, times=ENTRIES))
    numbers = "with" if numbered else "without"
    what = f"PostgreSQL alone, {clients} at once, {numbers} numbers"
    return Ratio(what, min(ours), "six round trips", min(floor), AT_LEAST[clients, numbered])
