"""Runs of the allowance: forward, once a day, and the books say what the loans need."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from time import sleep

import pytest

from loans.allowance import Exposure, Needed
from loans.books.books_check import check_books
from loans.books.ledger import credit, debit, entry, post
from loans.chart import ADMINISTRATION, ALLOWANCE, ALLOWANCE_CHANGE, LOSSES
from loans.day_words import shown_day
from loans.fund import FutureDay, the_facility
from loans.own_money import record_administration
from loans.people import WrongPerson
from loans.provisioning.run import OnlyForward, changes, legs, run_provisions
from loans.provisioning.views import ProvisionView, provision_view
from loans.servicing import write_offs
from loans.storage.database import Database, new_id, open_database
from tests.builders import FIRST_DUE_ON, Fund, disbursed_loan, open_fund, receive
from tests.databases import Databases

LATE = FIRST_DUE_ON + timedelta(days=1)
PRINCIPAL = 10_800_000
A_CHANCE = 0.3
"""Seconds in which the second run gets to where it has to wait."""
PATIENCE_SECONDS = 20


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def run(fund: Fund, on: date, entered_on: date | None = None) -> str:
    with fund.act(entered_on or on) as (session, moment):
        return run_provisions(session, fund.manager, moment, run_on=on, key=new_id())


def view(fund: Fund, on: date) -> ProvisionView:
    with fund.database.reading() as session:
        return provision_view(session, the_facility(session), on)


def assert_sound(fund: Fund) -> None:
    with fund.database.reading() as session:
        report = check_books(session)
    assert report.is_sound, report.summary


def test_each_run_books_the_change_and_nothing_else(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    run(fund, FIRST_DUE_ON)
    assert fund.balance(ALLOWANCE) == 0
    run(fund, LATE)
    assert (fund.balance(ALLOWANCE), fund.balance(ALLOWANCE_CHANGE)) == (-540_000, 540_000)
    run(fund, LATE + timedelta(days=60))
    assert fund.balance(ALLOWANCE) == -PRINCIPAL // 4
    assert_sound(fund)
    receive(fund, loan_id, 2_000_000, on=LATE + timedelta(days=61))
    run(fund, LATE + timedelta(days=61))
    assert (fund.balance(ALLOWANCE), fund.balance(ALLOWANCE_CHANGE)) == (0, 0)
    assert_sound(fund)


def test_a_day_is_run_once_and_days_go_forward(fund: Fund) -> None:
    disbursed_loan(fund)
    first = run(fund, LATE)
    assert run(fund, LATE) == first
    with pytest.raises(OnlyForward, match=f"set on {shown_day(LATE)}"):
        run(fund, FIRST_DUE_ON, entered_on=LATE)
    with pytest.raises(FutureDay):
        run(fund, LATE + timedelta(days=2), entered_on=LATE)
    with pytest.raises(WrongPerson), fund.act(LATE) as (session, moment):
        run_provisions(session, fund.officer, moment, run_on=LATE, key=new_id())
    assert len(view(fund, LATE).runs) == 1


def test_of_two_runs_at_once_the_second_answers_the_first(fund: Fund) -> None:
    disbursed_loan(fund)
    with ThreadPoolExecutor() as threads:
        with fund.act(LATE) as (session, moment):
            first = run_provisions(session, fund.manager, moment, run_on=LATE, key=new_id())
            second = threads.submit(run, fund, LATE)
            sleep(A_CHANCE)
            assert not second.done()
        assert second.result() == first
    assert fund.balance(ALLOWANCE) == -540_000


def pay_auditor(fund: Fund) -> None:
    with fund.act(LATE) as (session, moment):
        record_administration(
            session,
            fund.manager,
            moment,
            purpose="Audit",
            amount_minor=100,
            paid_on=LATE,
            key=new_id(),
        )


def test_a_run_holds_no_other_entry_up_on_postgresql(postgresql_databases: Databases) -> None:
    url = postgresql_databases.migrated()
    database = open_database(url, is_test_server=True)
    fund = open_fund(database)
    disbursed_loan(fund)
    with ThreadPoolExecutor() as threads, fund.act(LATE) as (session, moment):
        run_provisions(session, fund.manager, moment, run_on=LATE, key=new_id())
        threads.submit(pay_auditor, fund).result(timeout=PATIENCE_SECONDS)
    assert fund.balance(ADMINISTRATION) == 100
    database.close()
    postgresql_databases.drop(url)


def test_the_allowance_of_a_loan_written_off_is_released_by_the_next_run(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    run(fund, LATE)
    with fund.act(LATE) as (session, moment):
        write_offs.request_write_off(session, fund.officer, moment, loan_id, reason="Insolvent")
        write_offs.confirm_write_off(session, fund.manager, moment, loan_id, key=new_id())
    assert fund.balance(LOSSES) > PRINCIPAL
    assert fund.balance(ALLOWANCE) == -540_000
    with pytest.raises(OnlyForward, match="has changed since"):
        run(fund, LATE)
    run(fund, LATE + timedelta(days=1))
    assert fund.balance(ALLOWANCE) == 0
    assert_sound(fund)


def test_acts_on_a_loan_take_no_notice_of_a_run(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    run(fund, LATE + timedelta(days=20))
    got = receive(fund, loan_id, 414_382, on=LATE, entered_on=LATE + timedelta(days=20))
    assert got.rebuild_entry_id is None
    assert_sound(fund)


def test_the_view_compares_what_is_needed_with_what_is_set_aside(fund: Fund) -> None:
    disbursed_loan(fund)
    disbursed_loan(fund)
    run(fund, LATE)
    later = view(fund, LATE + timedelta(days=40))
    assert (later.set_aside_minor, later.needed_minor) == (1_080_000, 2_160_000)
    assert (later.change_minor, later.at_risk_minor) == (1_080_000, 2 * PRINCIPAL)
    assert later.coverage is not None
    assert float(later.coverage) == pytest.approx(0.05)
    assert [row.loan_count for row in later.ages][:4] == [0, 0, 2, 0]
    assert view(fund, FIRST_DUE_ON).set_aside_minor == 0


def test_a_run_is_one_entry_with_a_posting_for_each_loan(fund: Fund) -> None:
    loans = {disbursed_loan(fund), disbursed_loan(fund)}
    run(fund, LATE)
    entry_id = view(fund, LATE).runs[0].entry_id
    assert entry_id is not None
    with fund.database.reading() as session:
        found = entry(session, facility_id=fund.facility_id, entry_id=entry_id)
    by_loan = {line.loan_id for line in found.postings if line.account_code == ALLOWANCE}
    assert by_loan == loans
    assert len(found.postings) == 3


def test_the_check_finds_an_allowance_that_nobody_worked_out(fund: Fund) -> None:
    disbursed_loan(fund)
    run(fund, LATE)
    with fund.act(LATE) as (session, moment):
        post(
            session,
            facility_id=fund.facility_id,
            event="test",
            effective_on=LATE,
            booked_at=moment.at,
            actor_id=fund.manager.user_id,
            key=new_id(),
            legs=(debit(ALLOWANCE_CHANGE, 1), credit(ALLOWANCE, 1)),
        )
    with fund.database.reading() as session:
        report = check_books(session)
    assert "The allowance of every loan is what the last run set aside" in report.summary


def test_changes_that_cancel_leave_no_cost() -> None:
    found = [
        Needed(Exposure(one, 100, 1, is_restructured=False), Decimal("0.05"), 5)
        for one in ("a", "b")
    ]
    moved = changes({"a": 9, "b": 1, "c": 5}, [found[0], found[1]])
    assert moved == {"a": -4, "b": 4, "c": -5}
    booked = legs({"a": -4, "b": 4})
    assert [leg.amount_minor for leg in booked] == [4, -4]
    assert sum(leg.amount_minor for leg in legs(moved)) == 0
