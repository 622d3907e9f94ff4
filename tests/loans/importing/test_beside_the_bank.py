"""A file of old loans is taken over beside people who work on the account at the bank."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from loans.banking.turn import take_turn
from loans.books.tables import FacilityRow
from loans.chart import CASH
from loans.storage.database import Database, open_database
from tests.databases import Databases
from tests.funds import open_fund
from tests.loans.importing.test_loan_imports import kept, old_loans, recorded

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
PATIENCE_SECONDS = 20


@pytest.fixture
def database(postgresql_databases: Databases) -> Database:
    return open_database(postgresql_databases.migrated(), is_test_server=True)


def wait_until_somebody_waits(session: Session) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not session.execute(text(WAITING)).scalar_one():
        assert monotonic() < deadline, "Nobody waits for the turn."
        sleep(0.02)


def test_it_waits_for_the_turn_of_the_account_before_it_posts(database: Database) -> None:
    """Whoever has the turn may lock the facility then; two that wait for each other are ended."""
    fund = open_fund(database, capital_minor=0)
    import_id = kept(fund, old_loans(3))
    with ThreadPoolExecutor(1) as threads:
        with database.writing() as session:
            take_turn(session, fund.facility_id, CASH)
            taken_over = threads.submit(recorded, fund, import_id)
            wait_until_somebody_waits(session)
            free = select(FacilityRow.id).where(FacilityRow.id == fund.facility_id)
            assert session.scalar(free.with_for_update(nowait=True)) == fund.facility_id
        assert taken_over.result(timeout=PATIENCE_SECONDS) == 3
    database.close()
