"""New terms and holidays by the use cases: what a holiday keeps of the terms in force."""

from datetime import date, timedelta

import pytest

from loans.lending.loan_case import NoPrincipal
from loans.schedules.schedule import GraceInterest, Method
from loans.servicing import new_terms
from loans.servicing.new_terms import Holiday, NewTerms
from loans.storage.database import Database, new_id
from tests.builders import PAY_OUT_ON, Fund, disbursed_loan, loan_record, open_fund, receive


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def agree(fund: Fund, loan_id: str, asked: NewTerms | Holiday) -> None:
    with fund.act(PAY_OUT_ON) as (session, moment):
        act_id = new_terms.request_new_terms(
            *(session, fund.officer, moment, loan_id, asked), reason="The plant stands still"
        )
    with fund.act(PAY_OUT_ON) as (session, moment):
        new_terms.agree_new_terms(session, fund.manager, moment, act_id, key=new_id())


def test_new_terms_need_principal(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, fund.outstanding(loan_id) + 700, on=PAY_OUT_ON)
    asked = NewTerms(PAY_OUT_ON + timedelta(days=60), 24, 1, Method.LEVEL)
    with fund.act(PAY_OUT_ON) as (session, moment), pytest.raises(NoPrincipal):
        new_terms.request_new_terms(
            session, fund.officer, moment, loan_id, asked, reason="Poor harvest"
        )


@pytest.mark.parametrize(("months", "is_beyond"), [(24, False), (400, True)])
def test_new_terms_beyond_the_longest_maturity_are_said_to_be_so(
    fund: Fund, months: int, *, is_beyond: bool
) -> None:
    loan_id = disbursed_loan(fund)
    asked = NewTerms(date(2026, 4, 15), months, 1, Method.LEVEL)
    with fund.act(PAY_OUT_ON) as (session, moment):
        planned = new_terms.preview(session, fund.officer, moment, loan_id, asked)
    assert (planned.notice is not None) is is_beyond
    if planned.notice is not None:
        assert "15 July 2059" in planned.notice
        assert "36 months" in planned.notice
    # However many are asked for, each of them brings something.
    assert all(row.total_minor for row in planned.after.schedule)


def test_a_holiday_puts_off_the_method_in_force_and_not_that_of_the_contract(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    agree(fund, loan_id, NewTerms(date(2026, 4, 15), 3, 1, Method.BULLET))
    agree(fund, loan_id, Holiday(1, GraceInterest.PAID))
    schedule = loan_record(fund, loan_id).at(PAY_OUT_ON).schedule
    principal = fund.outstanding(loan_id)
    assert [row.principal_minor for row in schedule] == [0, 0, 0, principal]


def test_a_holiday_leaves_a_contract_without_new_terms_its_method(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    before = loan_record(fund, loan_id).at(PAY_OUT_ON).schedule
    agree(fund, loan_id, Holiday(2, GraceInterest.PAID))
    after = loan_record(fund, loan_id).at(PAY_OUT_ON).schedule
    assert len(after) == len(before) + 2
    assert [row.principal_minor for row in after[:2]] == [0, 0]
    assert len({row.principal_minor + row.interest_minor for row in after[2:-1]}) == 1


def test_what_was_agreed_later_says_nothing_of_the_days_before(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    before = loan_record(fund, loan_id)
    agree(fund, loan_id, NewTerms(date(2026, 4, 15), 3, 1, Method.BULLET))
    record, day_before = loan_record(fund, loan_id), PAY_OUT_ON - timedelta(days=1)
    assert (record.method_on(PAY_OUT_ON), record.method_on(day_before)) == ("bullet", "level")
    assert record.last_due_on(PAY_OUT_ON) == date(2026, 6, 15)
    assert record.last_due_on(day_before) == before.last_due_on(day_before)
