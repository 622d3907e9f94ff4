from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from loans.collateral import charges
from loans.collateral.assets import WrongSecurityDay, WrongSecurityValue
from loans.collateral.charges import ChargeGone, RankTaken
from loans.collateral.pledges import AnothersAsset, RegisteredTwice
from loans.entered_text import TextMissing
from loans.history import history
from loans.lending.loan_case import WrongLoanStatus
from loans.people import Role, WrongPerson
from loans.refusal import Missing
from loans.storage.database import Database, new_id
from tests.builders import SIGNED_ON, Fund, open_fund, repaid_loan, signed_loan
from tests.loans.collateral.securing import (
    asset,
    guarantee,
    other_charge,
    pledge,
    release,
    secured_on,
    value,
)

TOMORROW = SIGNED_ON + timedelta(days=1)


@pytest.fixture
def fund(database: Database) -> Fund:
    """On both databases: an index and triggers are part of it."""
    return open_fund(database)


@pytest.fixture
def quick_fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def test_an_asset_that_is_registered_twice_secures_once(quick_fund: Fund) -> None:
    fund, loan_id = quick_fund, signed_loan(quick_fund)
    number: dict[str, Any] = {"register_number": "LT 77-1"}
    first, again = asset(fund, 20_000_000, **number), asset(fund, 20_000_000, **number)
    elsewhere = asset(fund, 20_000_000, owner="Another owner", **number)
    pledge_id = pledge(fund, loan_id, first)
    with pytest.raises(RegisteredTwice, match="pledged as “Boiler house in Kaunas”"):
        pledge(fund, loan_id, again)
    assert pledge(fund, loan_id, elsewhere)
    release(fund, loan_id, pledge_id, on=TOMORROW)
    assert pledge(fund, loan_id, again, on=TOMORROW)


def test_each_rank_of_an_asset_stands_once(fund: Fund) -> None:
    loan_id, asset_id = signed_loan(fund), asset(fund, 20_000_000)
    pledge_id = pledge(fund, loan_id, asset_id)
    with pytest.raises(RankTaken, match="next free rank is 2"):
        pledge(fund, loan_id, asset_id)
    with pytest.raises(RankTaken):
        other_charge(fund, asset_id)
    release(fund, loan_id, pledge_id, on=TOMORROW)
    again = pledge(fund, loan_id, asset_id, on=TOMORROW)
    assert again != pledge_id
    standing = secured_on(fund, loan_id, TOMORROW).security.charges
    assert [one.row.id for one in standing] == [again]


def test_the_database_itself_wants_each_rank_once(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a racing request meets: nobody saw the other's charge."""
    loan_id, asset_id = signed_loan(fund), asset(fund, 20_000_000)
    pledge(fund, loan_id, asset_id)
    monkeypatch.setattr(charges, "_taken_ranks", lambda *_: set())
    with pytest.raises(RankTaken, match="next free rank is 2"):
        pledge(fund, loan_id, asset_id)


def test_assets_and_valuations_never_change(fund: Fund) -> None:
    asset_id = asset(fund, 20_000_000)
    for statement in (
        "UPDATE valuation SET value_minor = 1",
        "DELETE FROM valuation",
        "UPDATE asset SET kind = 'deposit'",
        "DELETE FROM asset",
    ):
        with pytest.raises(DBAPIError), fund.act(SIGNED_ON) as (session, _):
            session.execute(text(statement))
    assert asset_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rank": 0}, "rank"),
        ({"rank": 10}, "rank"),
        ({"limit_minor": 0}, "limit"),
        ({"limit_minor": 10**18}, "limit"),
        ({"pledged_on": TOMORROW}, "charged_on"),
        ({"document": " "}, "document"),
    ],
)
def test_a_pledge_that_cannot_be_names_its_field(
    quick_fund: Fund, changes: dict[str, Any], field: str
) -> None:
    loan_id, asset_id = signed_loan(quick_fund), asset(quick_fund, 1)
    with pytest.raises((WrongSecurityValue, WrongSecurityDay, TextMissing)) as refused:
        pledge(quick_fund, loan_id, asset_id, **changes)
    assert refused.value.field == field
    assert not secured_on(quick_fund, loan_id, SIGNED_ON).security.charges


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_minor": None}, "amount"),
        ({"share": Decimal("0.5")}, "amount"),
        ({"amount_minor": -1}, "amount"),
        ({"amount_minor": None, "share": Decimal(0)}, "share"),
        ({"amount_minor": None, "share": Decimal("1.01")}, "share"),
        ({"amount_minor": None, "share": Decimal("0.1234567")}, "share"),
        ({"given_on": TOMORROW}, "given_on"),
        ({"valid_until": SIGNED_ON - timedelta(days=1)}, "valid_until"),
        ({"guarantor": ""}, "guarantor"),
    ],
)
def test_a_guarantee_that_cannot_be_names_its_field(
    quick_fund: Fund, changes: dict[str, Any], field: str
) -> None:
    loan_id = signed_loan(quick_fund)
    with pytest.raises((WrongSecurityValue, WrongSecurityDay, TextMissing)) as refused:
        guarantee(quick_fund, loan_id, **changes)
    assert refused.value.field == field
    assert not secured_on(quick_fund, loan_id, SIGNED_ON).security.guarantees


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value_minor": -1}, "value"),
        ({"valued_on": TOMORROW}, "valued_on"),
        ({"valued_by": ""}, "valued_by"),
    ],
)
def test_a_valuation_that_cannot_be_names_its_field(
    quick_fund: Fund, changes: dict[str, Any], field: str
) -> None:
    asset_id = asset(quick_fund)
    values = {"value_minor": 5, **changes}
    with pytest.raises((WrongSecurityValue, WrongSecurityDay, TextMissing)) as refused:
        value(quick_fund, asset_id, values.pop("value_minor"), entered_on=SIGNED_ON, **values)
    assert refused.value.field == field


def test_only_officers_keep_the_register(quick_fund: Fund) -> None:
    loan_id, asset_id = signed_loan(quick_fund), asset(quick_fund, 1)
    officer = quick_fund.officer
    for actor in (quick_fund.manager, quick_fund.auditor, quick_fund.enterprise):
        object.__setattr__(quick_fund, "officer", actor)
        works: tuple[Callable[[], str], ...] = (
            lambda: asset(quick_fund),
            lambda: value(quick_fund, asset_id, 5),
            lambda: pledge(quick_fund, loan_id, asset_id),
            lambda: guarantee(quick_fund, loan_id),
            lambda: other_charge(quick_fund, asset_id),
        )
        for work in works:
            with pytest.raises(WrongPerson):
                work()
    object.__setattr__(quick_fund, "officer", officer)
    assert officer.role is Role.OFFICER


def test_an_asset_of_another_enterprise_is_not_pledged(quick_fund: Fund) -> None:
    loan_id = signed_loan(quick_fund)
    foreign = asset(quick_fund, 1, enterprise_id=quick_fund.other_enterprise_id)
    with pytest.raises(AnothersAsset):
        pledge(quick_fund, loan_id, foreign)
    with pytest.raises(Missing):
        pledge(quick_fund, loan_id, new_id())
    with pytest.raises(Missing):
        asset(quick_fund, enterprise_id=new_id())


def test_a_settled_loan_takes_no_more_security(quick_fund: Fund) -> None:
    loan_id = repaid_loan(quick_fund)
    on = date(2028, 8, 1)
    asset_id = asset(quick_fund, 1, on=on)
    with pytest.raises(WrongLoanStatus):
        pledge(quick_fund, loan_id, asset_id, on=on)
    with pytest.raises(WrongLoanStatus):
        guarantee(quick_fund, loan_id, on=on)


def test_the_claim_of_another_ends_once(quick_fund: Fund) -> None:
    loan_id, asset_id = signed_loan(quick_fund), asset(quick_fund, 20_000_000)
    charge_id = other_charge(quick_fund, asset_id)
    pledge_id = pledge(quick_fund, loan_id, asset_id, rank=2)

    def lift(one: str) -> None:
        with quick_fund.act(TOMORROW) as (session, moment):
            charges.lift_other_charge(
                session, quick_fund.officer, moment, asset_id, one, reason="Letter of the bank"
            )

    with pytest.raises(Missing):
        lift(pledge_id)
    lift(charge_id)
    assert secured_on(quick_fund, loan_id, SIGNED_ON).coverage.counted == 10_000_000
    assert secured_on(quick_fund, loan_id, TOMORROW).coverage.counted == 20_000_000
    with pytest.raises(ChargeGone):
        lift(charge_id)


def test_the_history_tells_who_secured_what(quick_fund: Fund) -> None:
    loan_id, asset_id = signed_loan(quick_fund), asset(quick_fund, 20_000_000)
    pledge(quick_fund, loan_id, asset_id, limit_minor=500)
    guarantee(quick_fund, loan_id)
    with quick_fund.database.reading() as session:
        of_loan = [line.action for line in history(session, (loan_id,))]
        of_asset = [line.action for line in history(session, (asset_id,))]
    assert of_loan[-2:] == ["pledge", "guarantee"]
    assert of_asset == ["register_asset", "value_asset"]
