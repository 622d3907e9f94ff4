from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from loans.collateral.asset_views import AssetView, asset_page, asset_view, assets_of, open_loans_of
from loans.collateral.watch import ending_guarantees, short_loans
from loans.figures.fund_figures import figure_rows
from loans.fund import the_facility
from loans.refusal import Missing
from loans.storage.database import Database
from tests.builders import FIRST_DUE_ON, SIGNED_ON, Fund, disbursed_loan, open_fund, signed_loan
from tests.loans.collateral.securing import (
    asset,
    demand,
    guarantee,
    other_charge,
    pledge,
    release,
    value,
)

DAY = date(2026, 3, 12)


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def test_loans_under_their_minimum_are_listed_the_worst_first(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    worse, better, enough = disbursed_loan(fund), disbursed_loan(fund), disbursed_loan(fund)
    pledge(fund, better, asset(fund, 13_000_000))
    pledge(fund, enough, asset(fund, 13_500_000))
    with fund.database.reading() as session:
        assert short_loans(session, the_facility(session), DAY) == ()
        demand(monkeypatch)
        found = short_loans(session, the_facility(session), DAY)
        assert [(one.loan_id, one.missing_minor) for one in found] == [
            (worse, 13_500_000),
            (better, 500_000),
        ]
        assert found[1].coverage == Fraction(130, 108)


def test_the_fund_measures_coverage_on_any_past_day(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = disbursed_loan(fund)
    signed = signed_loan(fund)
    asset_id = asset(fund, 10_800_000)
    pledge_id = pledge(fund, loan_id, asset_id)
    pledge(fund, signed, asset(fund, 5_000_000))
    value(fund, asset_id, 5_400_000, on=FIRST_DUE_ON)
    release(fund, loan_id, pledge_id, on=FIRST_DUE_ON + timedelta(days=1))
    demand(monkeypatch)
    days = (DAY, FIRST_DUE_ON, FIRST_DUE_ON + timedelta(days=1))
    with fund.database.reading() as session:
        facility = the_facility(session)
        values = [figure_rows(session, facility, "q10", on).figure.value for on in days]
        under = figure_rows(session, facility, "under-minimum", DAY)
    assert values == [1, Fraction(1, 2), 0]
    assert [row.subject_id for row in under.rows] == [loan_id, signed]
    assert under.rows[0].detail == "Coverage 100 %, at least 125 % is demanded"


def test_guarantees_that_end_within_sixty_days_are_told_ahead(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    last_on = SIGNED_ON + timedelta(days=100)
    guarantee(fund, loan_id, valid_until=last_on)
    guarantee(fund, loan_id)
    released = guarantee(fund, loan_id, valid_until=last_on)
    release(fund, loan_id, released, on=SIGNED_ON)
    with fund.database.reading() as session:
        days = (last_on + timedelta(days=one) for one in (-61, -60, 0, 1))
        found = [[one.days_left for one in ending_guarantees(session, on)] for on in days]
    assert found == [[], [60], [0], []]


def viewed(fund: Fund, asset_id: str) -> AssetView:
    with fund.database.reading() as session:
        return asset_view(session, fund.auditor, asset_id, on=DAY)


def test_an_asset_shows_all_valuations_and_all_claims(fund: Fund) -> None:
    loan_id, asset_id = signed_loan(fund), asset(fund, 20_000_000)
    gone = pledge(fund, loan_id, asset_id)
    other = other_charge(fund, asset_id, rank=2)
    release(fund, loan_id, gone, on=DAY)
    value(fund, asset_id, 18_000_000, on=DAY)
    view = viewed(fund, asset_id)
    assert [one.value_minor for one in view.valuations] == [18_000_000, 20_000_000]
    assert [one.charge_id for one in view.charges] == [other, gone]
    assert [one.charge_id for one in view.asset.charges] == [other]
    assert view.charge(other) == view.charges[0]
    assert view.charge("none") is None
    assert view.asset.value_minor == 18_000_000
    with fund.database.reading() as session:
        assert open_loans_of(session, fund.enterprise_id)[0][0] == loan_id
        with pytest.raises(Missing):
            asset_view(session, fund.other_enterprise, asset_id, on=DAY)


def test_the_register_is_searched_and_paged(fund: Fund) -> None:
    ids = {
        asset(fund, description="Kiln of the brickworks", register_number="K-1"),
        asset(fund, 500, description="Filter press", register_number="F-20"),
    }
    asset(fund, enterprise_id=fund.other_enterprise_id, register_number="x%_")
    with fund.database.reading() as session:
        everything = asset_page(session, search="", page_number=1, on=DAY)
        assert everything.count == 3
        paged = asset_page(session, search="", page_number=9, on=DAY, page_size=2)
        assert (paged.page_number, paged.page_count, len(paged.lines)) == (2, 2, 1)
        for text, count in (("KILN", 1), ("f-20", 1), ("%", 1), ("none such", 0)):
            assert asset_page(session, search=text, page_number=1, on=DAY).count == count
        assert {one.asset_id for one in assets_of(session, fund.enterprise_id, DAY)} == ids
