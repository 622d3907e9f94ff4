from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from loans.collateral.charges import ChargeGone
from loans.collateral.loan_coverage import CollateralShort
from loans.lending.loan_case import StillPending, WrongLoanStatus
from loans.people import Role, WrongPerson
from loans.refusal import Missing
from loans.servicing import act_book
from loans.storage.database import Database, new_id
from tests.builders import Fund, disbursed_loan, loan_record, open_fund, signed_loan
from tests.loans.collateral.securing import (
    agree_release,
    ask_release,
    asset,
    demand,
    guarantee,
    pledge,
    ratio_on,
    release,
    value,
)

DAY = date(2026, 3, 12)
PRINCIPAL, NEEDED = 10_800_000, 13_500_000


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def test_a_release_is_refused_exactly_at_the_limit(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = disbursed_loan(fund)
    kept = asset(fund, NEEDED - 1)
    pledge(fund, loan_id, kept)
    spare = pledge(fund, loan_id, asset(fund, 5_000_000))
    demand(monkeypatch)
    with pytest.raises(CollateralShort) as refused:
        ask_release(fund, loan_id, spare, on=DAY)
    for words in (
        "Without it the coverage would be 124.99 %",
        "EUR 134,999.99 counts",
        "Pledge EUR 0.01 more",
        "once EUR 107,999.99 or less is owed",
    ):
        assert words in refused.value.message
    value(fund, kept, NEEDED, on=DAY)
    release(fund, loan_id, spare, on=DAY)
    assert ratio_on(fund, loan_id, DAY) == 125 / 100


def test_the_second_person_meets_the_minimum_of_that_day(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = disbursed_loan(fund)
    kept = asset(fund, NEEDED)
    pledge(fund, loan_id, kept)
    spare = pledge(fund, loan_id, asset(fund, 5_000_000))
    demand(monkeypatch)
    act_id = ask_release(fund, loan_id, spare, on=DAY)
    value(fund, kept, NEEDED - 1, on=DAY)
    with pytest.raises(CollateralShort):
        agree_release(fund, act_id, on=DAY)
    assert ratio_on(fund, loan_id, DAY) == Fraction(NEEDED - 1 + 5_000_000, PRINCIPAL)


def test_what_counts_for_nothing_may_go_though_the_loan_is_short(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = disbursed_loan(fund)
    worthless = pledge(fund, loan_id, asset(fund))
    demand(monkeypatch)
    release(fund, loan_id, worthless, on=DAY)


def test_releasing_one_of_two_ranks_leaves_the_asset_to_the_other(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = disbursed_loan(fund)
    asset_id = asset(fund, NEEDED)
    first = pledge(fund, loan_id, asset_id, limit_minor=1_000_000)
    pledge(fund, loan_id, asset_id, rank=2)
    demand(monkeypatch)
    release(fund, loan_id, first, on=DAY)
    assert ratio_on(fund, loan_id, DAY) == 125 / 100


def test_one_asks_and_another_agrees(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    pledge_id = pledge(fund, loan_id, asset(fund, 5_000_000))
    for actor in (fund.manager, fund.auditor):
        with pytest.raises(WrongPerson):
            ask_release(fund, loan_id, pledge_id, on=DAY, actor=actor)
    act_id = ask_release(fund, loan_id, pledge_id, on=DAY)
    with pytest.raises(StillPending):
        ask_release(fund, loan_id, pledge_id, on=DAY)
    promoted = replace(fund.officer, role=Role.MANAGER)
    for actor in (promoted, fund.second_officer):
        with pytest.raises(WrongPerson):
            agree_release(fund, act_id, on=DAY, actor=actor)
    agree_release(fund, act_id, on=DAY)
    with pytest.raises(WrongLoanStatus):
        agree_release(fund, act_id, on=DAY)
    with pytest.raises(ChargeGone):
        ask_release(fund, loan_id, pledge_id, on=DAY)


def test_a_release_sent_back_changes_nothing(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    pledge_id = pledge(fund, loan_id, asset(fund, 5_400_000))
    act_id = ask_release(fund, loan_id, pledge_id, on=DAY)
    with fund.act(DAY) as (session, moment):
        act_book.send_back(session, fund.manager, moment, act_id, reason="Keep it a year")
    assert ratio_on(fund, loan_id, DAY) == 1 / 2
    ask_release(fund, loan_id, pledge_id, on=DAY)


def test_only_a_security_of_this_very_loan_is_released(fund: Fund) -> None:
    loan_id, other_id = disbursed_loan(fund), signed_loan(fund)
    foreign = pledge(fund, other_id, asset(fund, 5_000_000))
    for security_id in (foreign, new_id()):
        with pytest.raises(Missing):
            ask_release(fund, loan_id, security_id, on=DAY)


def test_a_guarantee_is_given_back_and_changes_nothing_that_is_owed(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    guarantee_id = guarantee(fund, loan_id)
    before = loan_record(fund, loan_id).events
    release(fund, loan_id, guarantee_id, on=DAY)
    assert loan_record(fund, loan_id).events == before
    assert ratio_on(fund, loan_id, DAY) == 0
