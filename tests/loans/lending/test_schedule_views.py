"""The schedule as people read it: sums, the next one marked, late and paid in words."""

from datetime import date

import pytest

from loans.lending.loan_views import NotSignedYet, ScheduleView, Standing, schedule_view
from loans.refusal import Missing
from loans.storage.database import Database
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    SIGNED_ON,
    Fund,
    disbursed_loan,
    golden_draft,
    golden_measure,
    open_fund,
    pay_out,
    receive,
    repay_instalments,
    signed_loan,
    written_off_loan,
)

LEVEL = 414_382


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def shown(fund: Fund, loan_id: str, as_of: date) -> ScheduleView:
    with fund.database.reading() as session:
        return schedule_view(session, fund.enterprise, loan_id, as_of=as_of)


def test_rows_and_sums_are_the_loan(fund: Fund) -> None:
    found = shown(fund, disbursed_loan(fund), PAY_OUT_ON)
    assert len(found.lines) == 28
    assert found.current.principal_minor == 10_800_000
    assert found.current.interest_minor == 802_708
    assert found.current.total_minor == found.open_minor == 11_602_708
    assert found.lines[-1].balance_minor == 0
    assert (found.is_planned, found.undisbursed_minor) == (False, 0)


def test_each_instalment_says_how_it_stands(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, LEVEL, on=date(2026, 4, 6))
    receive(fund, loan_id, 1_000, on=date(2026, 5, 2))
    found = shown(fund, loan_id, date(2026, 6, 2))
    first, second, third, fourth = found.lines[:4]
    assert (first.standing, first.paid_on, first.days_late) == (
        Standing.PAID,
        date(2026, 4, 6),
        4,
    )
    assert (second.standing, second.paid_minor, second.days_late) == (Standing.LATE, 1_000, 31)
    assert (third.standing, third.due_on) == (Standing.NEXT, date(2026, 6, 2))
    assert (fourth.standing, fourth.days_late) == (Standing.OPEN, 0)
    assert found.paid_minor == LEVEL + 1_000
    assert found.paid_minor + found.open_minor == found.current.total_minor


def test_the_next_one_is_the_first_that_is_not_paid(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, 2)
    found = shown(fund, loan_id, PAY_OUT_ON)
    assert [line.standing for line in found.lines[:2]] == [Standing.NEXT, Standing.OPEN]
    later = shown(fund, loan_id, date(2026, 5, 2))
    assert [line.standing for line in later.lines[:4]] == [
        Standing.PAID,
        Standing.PAID,
        Standing.NEXT,
        Standing.OPEN,
    ]


def test_the_version_in_force_on_a_day_beside_the_first(fund: Fund) -> None:
    loan_id = signed_loan(fund, golden_draft(golden_measure(implementation_months=4)))
    planned = shown(fund, loan_id, SIGNED_ON)
    assert (planned.is_planned, planned.original, planned.current.version) == (True, None, 1)
    pay_out(fund, loan_id, amount_minor=4_000_000)
    pay_out(fund, loan_id, amount_minor=6_800_000, pay_on=date(2026, 5, 2))
    partly = shown(fund, loan_id, FIRST_DUE_ON)
    assert (partly.current.version, partly.current.principal_minor) == (2, 4_000_000)
    assert partly.undisbursed_minor == 6_800_000
    whole = shown(fund, loan_id, date(2026, 5, 2))
    assert (whole.current.version, whole.current.principal_minor) == (3, 10_800_000)
    assert whole.original == planned.current
    assert whole.is_changed
    assert whole.current.interest_minor < planned.current.interest_minor


def test_a_schedule_that_came_as_planned_is_not_called_changed(fund: Fund) -> None:
    found = shown(fund, disbursed_loan(fund), PAY_OUT_ON)
    assert found.original is not None
    assert not found.is_changed


def test_what_was_given_up_is_neither_late_nor_open(fund: Fund) -> None:
    found = shown(fund, written_off_loan(fund), date(2026, 12, 1))
    assert {line.standing for line in found.lines} == {Standing.PAID, Standing.GIVEN_UP}


def test_a_foreign_loan_and_a_day_before_the_signature_are_refused(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    with fund.database.reading() as session, pytest.raises(Missing):
        schedule_view(session, fund.other_enterprise, loan_id, as_of=PAY_OUT_ON)
    with pytest.raises(NotSignedYet):
        shown(fund, loan_id, date(2026, 1, 1))
