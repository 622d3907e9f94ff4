"""The signature: the approved terms become a contract with its schedule."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from loans.cases.case_status import WrongRole, WrongStatus
from loans.component import Component
from loans.people import Actor
from loans.refusal import Missing, Refusal, WrongValue
from loans.schedules.day_count import DayCount, due_dates
from loans.schedules.schedule import Method
from loans.servicing import agreements
from loans.servicing_tables import ContractVersion
from loans.storage.database import Database
from loans.subledger.contract import Contract
from loans.subledger.events import PaidOut
from loans.subledger.replay import replay
from loans.tables import Application, Loan, ScheduleVersion
from tests.builders import (
    APPROVED_ON,
    FIRST_DUE_ON,
    PAY_OUT_ON,
    SIGNED_ON,
    Fund,
    active_schedule,
    approved_application,
    golden_draft,
    golden_measure,
    loan_record,
    open_fund,
    pay_out,
    recommended_application,
    signed_loan,
)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def sign(fund: Fund, application_id: str, actor: Actor | None = None, **changes: Any) -> str:
    days = {
        "signed_on": SIGNED_ON,
        "first_pay_out_on": PAY_OUT_ON,
        "first_due_on": FIRST_DUE_ON,
    } | changes
    with fund.act(SIGNED_ON) as (session, moment):
        return agreements.sign(session, actor or fund.officer, moment, application_id, **days)


def test_the_contract_carries_the_approved_terms(fund: Fund) -> None:
    loan_id = sign(fund, approved_application(fund))
    with fund.database.reading() as session:
        loan = session.get_one(Loan, loan_id)
        application = session.get_one(Application, loan.application_id)
    rows = active_schedule(fund, loan_id)
    assert (loan.principal_minor, loan.annual_rate, loan.maturity_months) == (
        10_800_000,
        "0.06",
        28,
    )
    assert (loan.method, loan.day_count, loan.status) == ("level", "ACT/365F", "signed")
    assert loan.reference == "L-2026-001"
    assert application.status == "signed"
    assert sum(row.principal_minor for row in rows) == 10_800_000
    assert rows[-1].due_on == date(2028, 7, 2)
    assert rows[0].interest_minor == 55_036  # 108,000 x 6 % x 31 / 365
    assert {row.principal_minor + row.interest_minor for row in rows[:-1]} == {414_382}


def test_days_that_contradict_each_other_are_refused_at_their_field(fund: Fund) -> None:
    application_id = approved_application(fund)
    day = timedelta(days=1)
    cases: list[tuple[str, dict[str, Any]]] = [
        ("signed_on", {"signed_on": APPROVED_ON - day}),
        ("signed_on", {"signed_on": SIGNED_ON + day}),
        ("first_pay_out_on", {"first_pay_out_on": SIGNED_ON - day}),
        ("first_pay_out_on", {"first_pay_out_on": SIGNED_ON + 366 * day}),
        ("first_due_on", {"first_due_on": PAY_OUT_ON}),
        ("first_due_on", {"first_due_on": FIRST_DUE_ON + day}),
    ]
    for field, changes in cases:
        with pytest.raises(WrongValue) as refusal:
            sign(fund, application_id, **changes)
        assert refusal.value.field == field
    assert sign(fund, application_id)


def test_only_an_officer_signs_and_only_what_is_approved(fund: Fund) -> None:
    application_id = recommended_application(fund)
    cases: list[tuple[type[Refusal], Actor]] = [
        (WrongStatus, fund.officer),
        (WrongRole, fund.manager),
        (Missing, fund.other_enterprise),
    ]
    for kind, actor in cases:
        with pytest.raises(kind):
            sign(fund, application_id, actor)


def test_an_application_is_signed_once(fund: Fund) -> None:
    application_id = approved_application(fund)
    sign(fund, application_id)
    with pytest.raises(WrongStatus):
        sign(fund, application_id)


def test_only_interest_is_due_while_the_measure_is_installed(fund: Fund) -> None:
    loan_id = signed_loan(fund, golden_draft(golden_measure(implementation_months=4)))
    rows = active_schedule(fund, loan_id)
    assert [row.principal_minor for row in rows[:4]] == [0, 0, 0, 0]
    assert rows[4].principal_minor > 0


def test_exactly_one_version_is_active_and_the_first_stays(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    pay_out(fund, loan_id, amount_minor=5_000_000)
    with fund.database.reading() as session:
        found = session.execute(
            select(ScheduleVersion.version, ScheduleVersion.made_on, ScheduleVersion.is_active)
            .where(ScheduleVersion.loan_id == loan_id)
            .order_by(ScheduleVersion.version)
        ).all()
    assert found == [(1, SIGNED_ON, False), (2, PAY_OUT_ON, True)]
    with fund.act(PAY_OUT_ON) as (session, _), pytest.raises(IntegrityError):
        session.execute(update(ScheduleVersion).values(is_active=True))


def test_a_contract_version_is_never_changed(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    contract = loan_record(fund, loan_id).contract
    assert contract.order[0] is Component.COSTS
    assert (contract.tolerance_minor, contract.non_accrual_after_days) == (100, 90)
    with fund.act(PAY_OUT_ON) as (session, _), pytest.raises(DatabaseError):
        session.execute(update(ContractVersion).values(reason="Other terms"))


@pytest.mark.parametrize(
    ("planned", "due", "paid", "expected"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 5), date(2026, 3, 31)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 1, 15), date(2026, 2, 15), date(2026, 2, 14), date(2026, 2, 15)),
        (date(2026, 1, 15), date(2026, 2, 15), date(2026, 2, 15), date(2026, 3, 15)),
        (date(2026, 5, 15), date(2026, 6, 1), date(2026, 3, 20), date(2026, 4, 1)),
    ],
)
def test_due_days_follow_the_real_pay_out(
    planned: date, due: date, paid: date, expected: date
) -> None:
    contract = Contract(
        principal_minor=1_200_000,
        annual_rate=Decimal("0.06"),
        day_count=DayCount.ACT_365_FIXED,
        method=Method.EQUAL_PRINCIPAL,
        planned_pay_out_on=planned,
        due_on=due_dates(due, 12, start=planned),
    )
    rows = replay(contract, [PaidOut(paid, "p", 1_200_000)], until=paid).schedule
    assert rows[0].due_on == expected
    assert len({(row.due_on.year, row.due_on.month) for row in rows}) == 12
    assert sum(row.principal_minor for row in rows) == 1_200_000
