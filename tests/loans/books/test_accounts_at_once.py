"""Two acts at the same time that both open an account: each gets one, and a source gets one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from sqlalchemy.orm import Session

from loans.books import bank_accounts, restrictions
from loans.books.contribution_sources import source_account
from loans.storage.database import Database, new_id, open_database
from tests.databases import Databases
from tests.funds import OPENED_ON, Fund, at, open_fund

A_CHANCE = 0.3
"""Seconds in which the second act gets to where it has to wait."""
PATIENCE_SECONDS = 20
MOMENT = at(OPENED_ON)

Act = Callable[[Session], object]


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def given(fund: Fund, source: str, restriction: str | None = None) -> Act:
    return lambda session: restrictions.record_given(
        session,
        fund.manager,
        MOMENT,
        restriction=restriction,
        until_on=None,
        source=source,
        amount_minor=500,
        paid_on=OPENED_ON,
        key=new_id(),
    )


def opened(fund: Fund, number: str) -> Act:
    return lambda session: bank_accounts.open_bank_account(
        session,
        fund.manager,
        MOMENT,
        name="Reserve account",
        bank="Harbour Bank",
        number=number,
        currency="EUR",
    )


def at_once(fund: Fund, acts: Sequence[Act]) -> dict[str, int]:
    """Do the second of two acts while the first is not over; what is new in the trial balance."""
    before = fund.trial_balance()
    first, second = acts
    with ThreadPoolExecutor() as threads:
        with fund.database.writing() as session:
            first(session)
            waiting = threads.submit(fund.database.retrying, second)
            sleep(A_CHANCE)
            assert not waiting.done()
        waiting.result()
    after = fund.trial_balance()
    return {
        code: after[code] - before.get(code, 0) for code in after if after[code] != before.get(code)
    }


def test_two_first_contributions_of_a_donor_share_its_account(fund: Fund) -> None:
    moved = at_once(fund, [given(fund, "Donor Two"), given(fund, "donor two")])
    assert moved == {"1010": 1_000, "3002": -1_000}


def test_two_new_donors_get_an_account_each(fund: Fund) -> None:
    moved = at_once(fund, [given(fund, "Donor Two"), given(fund, "Donor Three")])
    assert moved == {"1010": 1_000, "3002": -500, "3003": -500}


def test_two_restricted_contributions_of_a_donor_are_kept_apart(fund: Fund) -> None:
    moved = at_once(
        fund, [given(fund, "Donor Two", "Kaunas"), given(fund, "Donor Two", "Murmansk")]
    )
    assert moved == {"1010": 1_000, "3002-1": -500, "3002-2": -500}


def test_two_accounts_at_banks_get_numbers_of_their_own(fund: Fund) -> None:
    at_once(fund, [opened(fund, "FI2112345600000785"), opened(fund, "LT121000011101001000")])
    with fund.database.reading() as session:
        codes = [one.code for one in bank_accounts.bank_accounts(session)]
    assert codes == ["1010", "1011", "1012"]


def test_opening_an_account_holds_no_entry_up_on_postgresql(
    postgresql_databases: Databases,
) -> None:
    url = postgresql_databases.migrated()
    database = open_database(url, is_test_server=True)
    fund = open_fund(database)
    with ThreadPoolExecutor() as threads, database.writing() as session:
        source_account(session, fund.facility_id, "Donor Two", "EUR")
        other = threads.submit(database.retrying, given(fund, "Donor One"))
        other.result(timeout=PATIENCE_SECONDS)
    database.close()
    postgresql_databases.drop(url)
