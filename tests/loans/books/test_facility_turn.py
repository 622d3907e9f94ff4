"""Whoever takes the facility waits for others who do, and keeps nobody from entering rows of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import loans
from loans.books import ledger
from loans.books.facility_turn import take_facility
from loans.chart import CASH, contribution_account
from loans.history import record
from loans.ledger_legs import credit, debit
from loans.storage.database import open_database
from loans.storage.database_faults import DatabaseBusy
from tests.databases import Databases
from tests.funds import OPENED_ON as TODAY
from tests.funds import Fund, at, open_fund

ROOM = Path(loans.__file__).parent
NOT_LONG = text("SET LOCAL lock_timeout = '300ms'")


@pytest.fixture
def fund(postgresql_databases: Databases) -> Iterator[Fund]:
    url = postgresql_databases.migrated()
    database = open_database(url, is_test_server=True)
    yield open_fund(database)
    database.close()
    postgresql_databases.drop(url)


def test_two_who_take_it_come_one_after_the_other(fund: Fund) -> None:
    with fund.database.writing() as first:
        take_facility(first, fund.facility_id)
        with pytest.raises(DatabaseBusy), fund.database.writing() as second:
            _soon(second, fund)
    with fund.database.writing() as again:
        take_facility(again, fund.facility_id)


def _soon(session: Session, fund: Fund) -> None:
    session.execute(NOT_LONG)
    take_facility(session, fund.facility_id)


def test_an_act_is_written_meanwhile_and_waits_for_its_number(fund: Fund) -> None:
    written, done = Event(), Event()

    def act(session: Session) -> None:
        session.execute(NOT_LONG)
        account = contribution_account(7, "Another donor")
        ledger.open_account(session, facility_id=fund.facility_id, account=account, currency="EUR")
        entry_id = ledger.post(
            session,
            facility_id=fund.facility_id,
            event="test",
            effective_on=TODAY,
            booked_at=at(TODAY).at,
            actor_id=fund.manager.user_id,
            key="meanwhile",
            legs=(debit(CASH, 100), credit(account.code, 100)),
        )
        about = ("entry", entry_id)
        record(
            session,
            fund.manager,
            at(TODAY),
            subject=about,
            action="test",
            facility_id=fund.facility_id,
        )
        session.flush()
        session.execute(text("SET LOCAL lock_timeout = '10s'"))
        written.set()

    def carry_out() -> None:
        with fund.database.writing() as session:
            act(session)
        done.set()

    with fund.database.writing() as holder:
        take_facility(holder, fund.facility_id)
        thread = Thread(target=carry_out)
        thread.start()
        assert written.wait(5)
        assert not done.wait(0.3)
    assert done.wait(5)
    thread.join()


def test_nobody_takes_it_in_another_way() -> None:
    """Locked for update it would keep every row that refers to it waiting, whose act has cash."""
    others = [
        path.name
        for path in ROOM.rglob("*.py")
        for line in path.read_text().splitlines()
        if "FacilityRow" in line and "for_update" in line
    ]
    assert others == []
