"""Every loan as it stood on a day: outstanding, late, paid out, known, in a few queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from loans.cases.case_status import LoanStatus
from loans.chart import LOANS
from loans.figures.portfolio import LoanAt, loans_at
from loans.fund import the_facility
from loans.servicing.receipts import reverse_receipt
from loans.storage.database import Database, new_id
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    SIGNED_ON,
    Fund,
    disbursed_loan,
    open_fund,
    pay_out,
    receive,
    repaid_loan,
    repay_instalments,
    signed_loan,
    written_off_loan,
)

PRINCIPAL_MINOR = 10_800_000
DAY = timedelta(days=1)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def portfolio(fund: Fund, on: date, known_on: date | None = None) -> tuple[LoanAt, ...]:
    with fund.database.reading() as session:
        return loans_at(session, the_facility(session), on, known_on)


def only(fund: Fund, on: date, known_on: date | None = None) -> LoanAt:
    (loan,) = portfolio(fund, on, known_on)
    return loan


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(database.reader, "before_cursor_execute", note)
    yield statements
    event.remove(database.reader, "before_cursor_execute", note)


def test_a_loan_exists_from_its_signature_and_owes_from_its_pay_out(fund: Fund) -> None:
    disbursed_loan(fund)
    assert portfolio(fund, SIGNED_ON - DAY) == ()
    signed = only(fund, PAY_OUT_ON - DAY)
    assert (signed.status, signed.principal_minor) == (LoanStatus.SIGNED, 0)
    assert signed.first_paid_out_on is None
    paid = only(fund, PAY_OUT_ON)
    assert (paid.status, paid.principal_minor) == (LoanStatus.REPAYING, PRINCIPAL_MINOR)
    assert (paid.disbursed_minor, paid.first_paid_out_on) == (PRINCIPAL_MINOR, PAY_OUT_ON)
    assert paid.borrower == "UAB Pavyzdys Žalias"


def test_days_past_due_begin_the_day_after_the_due_date(fund: Fund) -> None:
    disbursed_loan(fund)
    assert only(fund, FIRST_DUE_ON).days_past_due == 0
    assert only(fund, FIRST_DUE_ON + DAY).days_past_due == 1
    late = only(fund, FIRST_DUE_ON + 45 * DAY)
    assert late.days_past_due == 45
    assert late.overdue_minor > late.overdue_principal_minor > 0
    by_age = {band.label: band.overdue_minor for band in late.overdue_by_age}
    assert sum(by_age.values()) == late.overdue_minor
    assert by_age["1-30"] > 0
    assert by_age["31-60"] > 0
    assert by_age["61-90"] == 0


def test_what_is_paid_on_time_is_never_late(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, 2)
    late = only(fund, FIRST_DUE_ON + 70 * DAY)
    assert late.days_past_due == 9


def test_a_receipt_counts_by_its_day_of_value_and_from_the_day_it_was_known(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    entered_on = FIRST_DUE_ON + 20 * DAY
    receive(fund, loan_id, 400_000, on=FIRST_DUE_ON, entered_on=entered_on)
    on = FIRST_DUE_ON + 10 * DAY
    assert only(fund, on).principal_minor < PRINCIPAL_MINOR
    unknown = only(fund, on, known_on=entered_on - DAY)
    assert (unknown.principal_minor, unknown.days_past_due) == (PRINCIPAL_MINOR, 10)
    assert only(fund, on, known_on=entered_on) == only(fund, on)


def test_a_loan_is_known_from_the_day_its_signature_was_recorded(fund: Fund) -> None:
    signed_loan(fund)
    assert portfolio(fund, PAY_OUT_ON, known_on=SIGNED_ON - DAY) == ()
    assert len(portfolio(fund, PAY_OUT_ON, known_on=SIGNED_ON)) == 1


def test_a_reversed_receipt_never_counted_except_in_what_was_known(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    on, reversed_on = FIRST_DUE_ON + 10 * DAY, FIRST_DUE_ON + 20 * DAY
    before = only(fund, on)
    receipt = receive(fund, loan_id, 400_000, on=FIRST_DUE_ON)
    paid = only(fund, on)
    with fund.act(reversed_on) as (session, moment):
        reverse_receipt(
            session, fund.officer, moment, receipt.receipt_id, reason="Wrong loan", key=new_id()
        )
    assert only(fund, on) == before
    assert only(fund, on, known_on=reversed_on - DAY) == paid
    assert only(fund, on, known_on=reversed_on) == before


def test_a_loan_paid_out_in_parts_follows_the_schedule_in_force(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    pay_out(fund, loan_id, amount_minor=4_000_000)
    second_on = FIRST_DUE_ON - DAY
    pay_out(fund, loan_id, amount_minor=PRINCIPAL_MINOR - 4_000_000, pay_on=second_on)
    part = only(fund, second_on - DAY)
    assert (part.status, part.principal_minor) == (LoanStatus.DISBURSING, 4_000_000)
    whole = only(fund, second_on)
    assert (whole.status, whole.disbursed_minor) == (LoanStatus.REPAYING, PRINCIPAL_MINOR)


def test_a_loan_is_repaid_on_the_day_of_its_last_cent(fund: Fund) -> None:
    repaid_loan(fund)
    end = date(2028, 7, 2)
    assert only(fund, end - DAY).status is LoanStatus.REPAYING
    done = only(fund, end)
    assert (done.status, done.principal_minor, done.overdue_minor) == (LoanStatus.REPAID, 0, 0)


def test_a_loan_written_off_owes_nothing_in_the_books(fund: Fund) -> None:
    on = FIRST_DUE_ON + 200 * DAY
    written_off_loan(fund, on=on)
    before, after = only(fund, on - DAY), only(fund, on)
    assert before.days_past_due > 90
    assert after.status is LoanStatus.WRITTEN_OFF
    assert (after.principal_minor, after.overdue_minor, after.days_past_due) == (0, 0, 0)
    assert after.written_off_minor == before.principal_minor
    assert sum(band.overdue_minor for band in after.overdue_by_age) == 0


def test_the_loans_add_up_to_the_account_on_every_day(fund: Fund) -> None:
    written_off_loan(fund)
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, 3)
    for days in range(0, 400, 7):
        on = SIGNED_ON + timedelta(days=days)
        total = sum(loan.principal_minor for loan in portfolio(fund, on))
        assert total == fund.balance(LOANS, as_of=on)


def test_more_loans_take_no_more_queries(fund: Fund) -> None:
    on = FIRST_DUE_ON + 40 * DAY
    disbursed_loan(fund)
    with counted(fund.database) as for_one:
        assert len(portfolio(fund, on)) == 1
    for _ in range(3):
        disbursed_loan(fund)
    with counted(fund.database) as for_four:
        assert len(portfolio(fund, on)) == 4
    assert len(for_four) == len(for_one) <= 9
