"""The books against the loans: sound in every state, and each rule finds its planted fault."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from loans.books.books_check import BooksReport, check_books
from loans.books.ledger import credit, debit, post, release_hold
from loans.books.restrictions import record_restricted_contribution
from loans.chart import CASH, COMMITMENTS, COMMITMENTS_CONTRA, LOANS
from loans.fund_tables import RestrictionRow
from loans.servicing.receipts import reverse_receipt
from loans.servicing.recoveries import record_recovery
from loans.storage.database import Database, new_id
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    Fund,
    at,
    disbursed_loan,
    open_fund,
    pay_out,
    receive,
    repaid_loan,
    repay_instalments,
    signed_loan,
    written_off_loan,
)

LATER = FIRST_DUE_ON + timedelta(days=260)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def checked(fund: Fund) -> BooksReport:
    with fund.database.reading() as session:
        return check_books(session)


def broken(fund: Fund) -> set[str]:
    return {result.name for result in checked(fund).results if not result.ok}


def test_the_books_of_a_new_fund_are_sound(fund: Fund) -> None:
    report = checked(fund)
    assert report.is_sound
    assert (report.entry_count, report.loan_count) == (1, 0)
    assert report.summary.startswith("The books are sound: ")


def test_the_books_stay_sound_through_every_state(fund: Fund) -> None:
    signed_loan(fund)
    pay_out(fund, signed_loan(fund), amount_minor=4_000_000)
    written_off = written_off_loan(fund)
    repaid_loan(fund)
    receipt = receive(fund, disbursed_loan(fund), 123_456, on=FIRST_DUE_ON)
    with fund.act(LATER) as (session, moment):
        reverse_receipt(
            session, fund.officer, moment, receipt.receipt_id, reason="Wrong", key=new_id()
        )
        record_recovery(
            session,
            fund.officer,
            moment,
            written_off,
            amount_minor=5_000,
            received_on=LATER,
            bank_reference="Line 9",
            key=new_id(),
        )
    report = checked(fund)
    assert report.is_sound, report.summary
    assert report.loan_count == 5


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (
            "UPDATE loan SET status = 'repaid'",
            "Loans repaid, written off or not paid out owe nothing",
        ),
        (
            "UPDATE disbursement SET amount_minor = amount_minor - 1",
            "Loans that are repaying or repaid were paid out, or given up, in full",
        ),
        (
            "UPDATE disbursement SET amount_minor = amount_minor - 1",
            "Every pay-out released has its entry of the same amount",
        ),
        (
            "UPDATE loan SET status = 'disbursing', principal_minor = principal_minor + 1",
            "What is reserved for each loan is what it is still to be paid",
        ),
        (
            "UPDATE receipt SET amount_minor = amount_minor + 1",
            "Every receipt has its entry of the same amount",
        ),
        (
            "UPDATE receipt SET reversed_at = recorded_at",
            "A receipt is reversed exactly where its entry is",
        ),
        (
            "UPDATE receipt SET reversed_at = recorded_at",
            "Each loan's postings on every account are what its contract and events come to",
        ),
        (
            "UPDATE instalment SET principal_minor = principal_minor + 1 WHERE number = 2",
            "Each loan's active schedule is the one that its events lead to",
        ),
        (
            "UPDATE schedule_version SET is_active = (1 = 0)",
            "Every loan has one active schedule and one contract",
        ),
        (
            "UPDATE loan SET status = 'disbursing'",
            "Each loan's status is the one that its facts give",
        ),
    ],
)
def test_each_rule_finds_a_fault(fund: Fund, fault: str, rule: str) -> None:
    repay_instalments(fund, disbursed_loan(fund), 1)
    assert checked(fund).is_sound
    with fund.act(LATER) as (session, _moment):
        session.execute(text(fault))
    assert rule in broken(fund)
    report = checked(fund)
    assert not report.is_sound
    assert report.summary.startswith("Broken: ")


def test_a_pay_out_with_the_entry_of_another_loan_is_found(fund: Fund) -> None:
    disbursed_loan(fund)
    disbursed_loan(fund)
    with fund.act(LATER) as (session, _moment):
        session.execute(
            text("UPDATE disbursement SET entry_id = (SELECT max(o.entry_id) FROM disbursement o)")
        )
    assert broken(fund) == {"Every pay-out released has its entry of the same amount"}


def test_a_posting_without_its_loan_is_found(fund: Fund) -> None:
    disbursed_loan(fund)
    move(fund, None)
    assert broken(fund) == {
        "Every posting that follows a loan belongs to a loan",
        "The account of loans equals the sum over the loans",
    }


def test_money_that_went_out_past_the_pay_outs_is_found(fund: Fund) -> None:
    move(fund, disbursed_loan(fund))
    assert broken(fund) == {
        "Each loan's postings on every account are what its contract and events come to"
    }


def test_a_loan_paid_back_beyond_what_went_out_is_found(fund: Fund) -> None:
    move(fund, signed_loan(fund), amount_minor=-700)
    assert "No loan is paid back beyond what was paid out" in broken(fund)


def test_a_commitment_that_nothing_is_reserved_for_is_found(fund: Fund) -> None:
    signed_loan(fund)
    assert checked(fund).is_sound
    book(fund, COMMITMENTS, COMMITMENTS_CONTRA, amount_minor=1)
    assert broken(fund) == {"The memo of commitments equals what is reserved for cases"}


def move(fund: Fund, loan_id: str | None, amount_minor: int = 700) -> None:
    """An entry between cash and loans that no use case would book."""
    to, out_of = (LOANS, CASH) if amount_minor > 0 else (CASH, LOANS)
    book(fund, to, out_of, amount_minor=abs(amount_minor), loan_id=loan_id)


def book(
    fund: Fund, to: str, out_of: str, *, amount_minor: int, loan_id: str | None = None
) -> None:
    with fund.act(PAY_OUT_ON) as (session, moment):
        post(
            session,
            facility_id=fund.facility_id,
            event="odd",
            effective_on=PAY_OUT_ON,
            booked_at=at(PAY_OUT_ON).at,
            actor_id=fund.officer.user_id,
            key=new_id(),
            legs=(debit(to, amount_minor), credit(out_of, amount_minor)),
            loan_id=loan_id,
        )
        assert moment.on == PAY_OUT_ON


def test_restricted_money_that_is_reserved_no_more_is_found(fund: Fund) -> None:
    with fund.act(FIRST_DUE_ON) as (session, moment):
        record_restricted_contribution(
            *(session, fund.manager, moment),
            source="Donor Two",
            purpose="Latvia",
            until_on=None,
            amount_minor=700,
            paid_on=FIRST_DUE_ON,
            key="given",
        )
    assert checked(fund).is_sound
    with fund.act(FIRST_DUE_ON) as (session, moment):
        release_hold(
            session,
            facility_id=fund.facility_id,
            hold_id=session.scalars(select(RestrictionRow.hold_id)).one(),
            amount_minor=1,
            released_on=moment.on,
            released_at=moment.at,
            actor_id=fund.manager.user_id,
        )
    rule = "What is reserved for a restricted contribution is what is not released of it"
    assert broken(fund) == {rule}
