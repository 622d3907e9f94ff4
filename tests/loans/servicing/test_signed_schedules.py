"""What a signed schedule may be: methods, frequencies, stubs, listed days, balloons, seasons."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from loans.cases.approvals import NotEligible
from loans.cases.decisions import Terms
from loans.cases.recommended_terms import AboveOffer
from loans.day_words import shown_day
from loans.lending.loan_case import WrongDay
from loans.refusal import WrongValue
from loans.schedules.day_count import month_after
from loans.schedules.instalment_periods import LISTED, LastPeriod, WrongDueDays
from loans.servicing import agreements
from loans.storage.database import Database
from loans.subledger.contract import Contract
from tests.builders import (
    GOLDEN_TERMS,
    PAY_OUT_ON,
    SIGNED_ON,
    Fund,
    active_schedule,
    approved_application,
    loan_record,
    meet_conditions,
    open_fund,
    pay_out,
    recommended_application,
)
from tests.drafts import HEATING_SAVINGS, golden_draft, seasonal_draft

SEASONAL = Terms(9_000_000, 28, Decimal("0.06"), "savings-matched")


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def sign(fund: Fund, application_id: str, **days: Any) -> str:
    with fund.act(SIGNED_ON) as (session, moment):
        loan_id = agreements.sign(
            session,
            fund.officer,
            moment,
            application_id,
            signed_on=SIGNED_ON,
            first_pay_out_on=PAY_OUT_ON,
            **days,
        )
    meet_conditions(fund, loan_id)
    return loan_id


def contract(fund: Fund, loan_id: str) -> Contract:
    return loan_record(fund, loan_id).contract


def test_a_seasonal_loan_follows_its_savings_month_by_month(fund: Fund) -> None:
    application_id = approved_application(fund, seasonal_draft(), terms=SEASONAL)
    loan_id = sign(fund, application_id, first_due_on=month_after(PAY_OUT_ON, 1))
    signed = contract(fund, loan_id)
    assert (signed.grace_instalments, len(signed.due_on)) == (3, 28)
    assert signed.savings_minor is not None
    assert signed.savings_minor[:3] == (0, 0, 0)
    assert signed.savings_minor[3:15] == tuple(100 * saving for saving in HEATING_SAVINGS)
    rows = active_schedule(fund, loan_id)
    assert sum(row.principal_minor for row in rows) == 9_000_000
    covers = [
        saving / (row.principal_minor + row.interest_minor)
        for row, saving in zip(rows[3:], signed.savings_minor[3:], strict=True)
    ]
    # Real days instead of twelfths: the published 1.2407 moves in its third decimal.
    assert all(abs(cover - 1.2407) < 0.005 for cover in covers)


def test_a_seasonal_loan_is_paid_out_and_repaid_to_the_last_cent(fund: Fund) -> None:
    application_id = approved_application(fund, seasonal_draft(), terms=SEASONAL)
    loan_id = sign(fund, application_id, first_due_on=month_after(PAY_OUT_ON, 1))
    planned = [(row.due_on, row.principal_minor) for row in active_schedule(fund, loan_id)]
    pay_out(fund, loan_id, amount_minor=9_000_000)
    assert [(row.due_on, row.principal_minor) for row in active_schedule(fund, loan_id)] == planned


def test_no_level_loan_fits_the_seasons_and_no_larger_one_their_sum(fund: Fund) -> None:
    with pytest.raises(AboveOffer) as refusal:
        recommended_application(fund, seasonal_draft(), terms=replace(SEASONAL, method="level"))
    assert refusal.value.field == "amount"
    draft = seasonal_draft(requested_amount="93055.58")
    more = replace(SEASONAL, amount_minor=9_305_558)
    with pytest.raises(AboveOffer, match=r"90,000\.00"):
        recommended_application(fund, draft, terms=more)


def test_savings_that_no_schedule_can_follow_stay_refused(fund: Fund) -> None:
    poor = seasonal_draft(requested_amount="40000.00")
    with pytest.raises(NotEligible):
        recommended_application(fund, poor, terms=SEASONAL)


def test_quarters_end_in_a_stub(fund: Fund) -> None:
    terms = replace(GOLDEN_TERMS, frequency_months=3)
    loan_id = sign(fund, approved_application(fund, terms=terms), first_due_on=date(2026, 6, 2))
    rows = active_schedule(fund, loan_id)
    assert len(rows) == 10
    assert [row.due_on for row in rows[-3:]] == [
        date(2028, 3, 2),
        date(2028, 6, 2),
        date(2028, 7, 2),
    ]
    assert len({row.principal_minor + row.interest_minor for row in rows[:-1]}) == 1
    assert rows[0].interest_minor == 163_332  # 108,000 x 6 % x 92 / 365


def test_the_stub_can_lengthen_the_last_period(fund: Fund) -> None:
    terms = replace(GOLDEN_TERMS, frequency_months=3, last_period=LastPeriod.LONGER)
    loan_id = sign(fund, approved_application(fund, terms=terms), first_due_on=date(2026, 6, 2))
    rows = active_schedule(fund, loan_id)
    assert [row.due_on for row in rows[-2:]] == [date(2028, 3, 2), date(2028, 7, 2)]


def test_the_contract_can_list_its_due_days(fund: Fund) -> None:
    terms = replace(GOLDEN_TERMS, frequency_months=LISTED, method="equal-principal")
    application_id = approved_application(fund, terms=terms)
    days = [month_after(PAY_OUT_ON, months, due_day=20) for months in range(2, 28, 3)]
    loan_id = sign(fund, application_id, due_on=days)
    assert [row.due_on for row in active_schedule(fund, loan_id)] == days
    pay_out(fund, loan_id, amount_minor=10_800_000, pay_on=date(2026, 3, 9))
    assert [row.due_on for row in active_schedule(fund, loan_id)] == days


def test_a_first_pay_out_so_early_that_listed_days_pass_the_maturity_is_refused(
    fund: Fund,
) -> None:
    terms = replace(GOLDEN_TERMS, frequency_months=LISTED, method="equal-principal")
    application_id = approved_application(fund, terms=terms)
    last = month_after(PAY_OUT_ON, 28)
    days = [*(month_after(PAY_OUT_ON, months) for months in range(1, 28, 3)), last]
    days = sorted({*days, last})
    loan_id = sign(fund, application_id, due_on=days)
    early = PAY_OUT_ON - timedelta(days=1)
    with pytest.raises(WrongDay) as refusal:
        pay_out(fund, loan_id, amount_minor=10_800_000, pay_on=early)
    assert refusal.value.field == "pay_on"
    assert f"from {shown_day(PAY_OUT_ON)} on and before {shown_day(last)}" in refusal.value.message
    pay_out(fund, loan_id, amount_minor=10_800_000)
    assert active_schedule(fund, loan_id)[-1].due_on == last


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((), "one on a line"),
        ((PAY_OUT_ON,), "does not lie after the first pay-out"),
        ((date(2026, 5, 2), date(2026, 5, 2)), "does not lie after due day 1"),
        ((date(2026, 5, 2), date(2026, 8, 3)), "more than 3 months after the day before"),
        (
            [month_after(PAY_OUT_ON, months) for months in range(2, 30, 3)],
            "after the maturity of 28 months",
        ),
    ],
)
def test_each_listed_day_is_checked(fund: Fund, days: Any, words: str) -> None:
    terms = replace(GOLDEN_TERMS, frequency_months=LISTED)
    application_id = approved_application(fund, terms=terms)
    with pytest.raises(WrongDueDays, match=words) as refusal:
        sign(fund, application_id, due_on=days)
    assert refusal.value.field == "due_dates"


def test_a_fixed_frequency_takes_its_first_day_and_no_list(fund: Fund) -> None:
    application_id = approved_application(fund)
    for days, field in (
        ({}, "first_due_on"),
        ({"due_on": [date(2026, 4, 2)]}, "due_dates"),
        ({"first_due_on": date(2026, 4, 3)}, "first_due_on"),
    ):
        with pytest.raises(WrongDueDays) as refusal:
            sign(fund, application_id, **days)
        assert refusal.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"frequency_months": 2}, "frequency_months"),
        ({"method": "bullet"}, "method"),
        ({"balloon_minor": 1_000_000}, "balloon"),
    ],
)
def test_what_the_profile_does_not_offer_is_refused_at_its_field(
    fund: Fund, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(WrongValue) as refusal:
        recommended_application(fund, golden_draft(), terms=replace(GOLDEN_TERMS, **changes))
    assert refusal.value.field == field
