from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from loans.collateral.loan_security import SecurityView, security_view
from loans.lending.loan_facts import NotSignedYet
from loans.people import Actor
from loans.refusal import Missing
from loans.storage.database import Database
from tests.builders import PAY_OUT_ON, SIGNED_ON, Fund, disbursed_loan, open_fund
from tests.loans.collateral.securing import (
    agree_release,
    ask_release,
    asset,
    demand,
    guarantee,
    other_charge,
    pledge,
)

DAY = date(2026, 3, 12)


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def seen(fund: Fund, loan_id: str, on: date, actor: Actor | None = None) -> SecurityView:
    with fund.database.reading() as session:
        return security_view(session, actor or fund.officer, loan_id, as_of=on)


def test_the_view_tells_what_counts_for_what(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    loan_id = disbursed_loan(fund)
    asset_id = asset(fund, 20_000_000)
    other_charge(fund, asset_id)
    pledge(fund, loan_id, asset_id, rank=2, limit_minor=9_000_000)
    guarantee(fund, loan_id, amount_minor=1_000_000, valid_until=DAY + timedelta(days=60))
    demand(monkeypatch)
    view = seen(fund, loan_id, DAY)
    line, promise = view.pledges[0], view.guarantees[0]
    assert (line.before_minor, line.counted_minor) == (10_000_000, 9_000_000)
    assert (line.value_minor, line.valued_on, line.basis) == (20_000_000, SIGNED_ON, "market")
    assert (promise.counted_minor, promise.days_left, promise.ends_soon) == (1_000_000, 60, True)
    assert (view.counted_minor, view.exposure_minor) == (10_000_000, 10_800_000)
    assert (view.coverage, view.minimum) == (Fraction(100, 108), Fraction(5, 4))
    assert (view.missing_minor, view.is_short) == (3_500_000, True)
    assert not seen(fund, loan_id, DAY - timedelta(days=1)).guarantees[0].ends_soon


def test_what_was_released_or_ended_stays_in_the_history(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    pledge_id = pledge(fund, loan_id, asset(fund, 20_000_000))
    guarantee(fund, loan_id, guarantor="Bank of Amber", valid_until=PAY_OUT_ON)
    act_id = ask_release(fund, loan_id, pledge_id, on=DAY)
    waiting = seen(fund, loan_id, DAY)
    assert waiting.release_waits_for == pledge_id
    assert seen(fund, loan_id, DAY, fund.enterprise).release_waits_for is None
    agree_release(fund, act_id, on=DAY)
    view = seen(fund, loan_id, DAY)
    assert view.release_waits_for is None
    assert [(one.what, one.ended_on, one.is_released) for one in view.ended] == [
        ("Boiler house in Kaunas", DAY, True),
        ("Bank of Amber", PAY_OUT_ON, False),
    ]
    assert seen(fund, loan_id, PAY_OUT_ON).ended == ()


def test_only_a_signed_loan_of_ones_own_is_shown(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    assert seen(fund, loan_id, DAY, fund.enterprise).loan_id == loan_id
    with pytest.raises(Missing):
        seen(fund, loan_id, DAY, fund.other_enterprise)
    with pytest.raises(NotSignedYet):
        seen(fund, loan_id, SIGNED_ON - timedelta(days=1))
