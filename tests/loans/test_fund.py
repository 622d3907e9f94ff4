"""The facility's own money: contributions by source, administration, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from loans import fund as capital
from loans import own_money
from loans.books import ledger
from loans.books.contribution_sources import NoSourceLeft
from loans.chart import ADMINISTRATION, CASH, MOST_SOURCES
from loans.entered_text import TextMissing, TextTooLong, TextUnstorable
from loans.fund import FutureDay, NoFacility
from loans.own_money import WrongCapital
from loans.people import Actor, WrongPerson
from loans.refusal import Refusal
from loans.storage.database import Database, new_id
from tests.builders import OPENED_ON, Fund, at, open_fund


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database, capital_minor=0)


def contribute(fund: Fund, actor: Actor | None = None, **changes: Any) -> str:
    values: dict[str, Any] = {
        "source": "Donor One",
        "amount_minor": 1_000,
        "paid_on": OPENED_ON,
        "key": new_id(),
    }
    with fund.act(OPENED_ON) as (session, moment):
        return own_money.record_contribution(
            session, actor or fund.manager, moment, **(values | changes)
        )


def test_each_source_has_an_account_of_its_own(fund: Fund) -> None:
    contribute(fund, amount_minor=700)
    contribute(fund, source=" donor one ", amount_minor=300)
    contribute(fund, source="Donor Two", amount_minor=50)
    assert fund.trial_balance() == {CASH: 1_050, "3001": -1_000, "3002": -50}


def test_contributions_are_refused_in_words(fund: Fund) -> None:
    cases: list[tuple[type[Refusal], Actor, dict[str, Any], str]] = [
        (WrongPerson, fund.officer, {}, ""),
        (WrongPerson, fund.administrator, {}, ""),
        (WrongCapital, fund.manager, {"amount_minor": 0}, "amount"),
        (WrongCapital, fund.manager, {"amount_minor": -1}, "amount"),
        (WrongCapital, fund.manager, {"amount_minor": 10**12 + 1}, "amount"),
        (FutureDay, fund.manager, {"paid_on": OPENED_ON + timedelta(days=1)}, "paid_on"),
        (TextMissing, fund.manager, {"source": " "}, "source"),
        (TextTooLong, fund.manager, {"source": "x" * 201}, "source"),
        (TextUnstorable, fund.manager, {"source": "Donor\x07"}, "source"),
    ]
    for kind, actor, changes, field in cases:
        with pytest.raises(kind) as refusal:
            contribute(fund, actor, **changes)
        assert (refusal.value.field or "") == field
    assert fund.trial_balance() == {}


def test_the_same_key_is_never_booked_twice(fund: Fund) -> None:
    contribute(fund, key="once")
    with pytest.raises(ledger.DuplicateKey):
        contribute(fund, key="once")
    contribute(fund, fund.second_manager, key="once")
    assert fund.balance() == 2_000


def test_the_hundredth_source_is_refused(sqlite_database: Database) -> None:
    fund = open_fund(sqlite_database, capital_minor=0)
    for number in range(MOST_SOURCES):
        contribute(fund, source=f"Donor {number}")
    with pytest.raises(NoSourceLeft):
        contribute(fund, source="One more")
    contribute(fund, source="Donor 7")


def administer(fund: Fund, actor: Actor | None = None, **changes: Any) -> str:
    values: dict[str, Any] = {
        "purpose": "Audit",
        "amount_minor": 400,
        "paid_on": OPENED_ON,
        "key": new_id(),
    }
    with fund.act(OPENED_ON) as (session, moment):
        return own_money.record_administration(
            session, actor or fund.manager, moment, **(values | changes)
        )


def test_administration_is_paid_from_cash_as_long_as_there_is_some(fund: Fund) -> None:
    contribute(fund)
    administer(fund)
    assert fund.trial_balance() == {CASH: 600, ADMINISTRATION: 400, "3001": -1_000}
    with pytest.raises(ledger.Overdrawn):
        administer(fund, amount_minor=601)
    with pytest.raises(WrongPerson):
        administer(fund, fund.officer)
    with pytest.raises(TextMissing):
        administer(fund, purpose="")
    with pytest.raises(WrongCapital):
        administer(fund, amount_minor=0)
    with pytest.raises(FutureDay):
        administer(fund, paid_on=OPENED_ON + timedelta(days=1))


def test_an_empty_database_has_no_facility(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        assert capital.find_facility(session) is None
        with pytest.raises(NoFacility):
            capital.the_facility(session)


def test_a_facility_opens_with_its_chart(sqlite_database: Database) -> None:
    moment = at(OPENED_ON)
    with sqlite_database.writing() as session:
        facility_id = capital.open_facility(
            session, moment, code="a", name="A", currency="EUR", profile_code="nefco-1998"
        )
    with sqlite_database.reading() as session:
        facility = capital.the_facility(session)
        rows = ledger.trial_balance(session, facility_id=facility_id)
    assert (facility.code, facility.currency, facility.is_demonstration) == ("a", "EUR", False)
    assert [row.code for row in rows][:2] == ["1010", "1210"]
    assert all(row.balance_minor == 0 for row in rows)
