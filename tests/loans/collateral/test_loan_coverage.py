from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from loans.cases.case_status import LoanStatus
from loans.collateral.loan_coverage import CollateralShort
from loans.coverage import AssetKind, GuarantorKind, percent_down
from loans.storage.database import Database
from loans.tables import Loan
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
    prepare_pay_out,
    receive,
    signed_loan,
    written_off_loan,
)
from tests.loans.collateral.securing import (
    asset,
    demand,
    guarantee,
    other_charge,
    pledge,
    ratio_on,
    release,
    secured_on,
    value,
)

LATER = date(2026, 6, 10)
PRINCIPAL = 10_800_000
NEEDED = 13_500_000


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def test_at_the_signature_the_whole_loan_is_at_stake(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    assert ratio_on(fund, loan_id, SIGNED_ON) == 0
    pledge(fund, loan_id, asset(fund, 20_000_000, kind=AssetKind.REAL_ESTATE))
    found = secured_on(fund, loan_id, SIGNED_ON)
    assert found.coverage.counted == 14_000_000
    assert found.coverage.exposure_minor == PRINCIPAL
    assert found.coverage.ratio == Fraction(140, 108)
    assert ratio_on(fund, loan_id, SIGNED_ON - timedelta(days=1)) == 0


def test_repayment_raises_the_coverage_and_a_new_valuation_changes_it(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    asset_id = asset(fund, 10_800_000)
    pledge(fund, loan_id, asset_id)
    assert ratio_on(fund, loan_id, PAY_OUT_ON) == 1
    receive(fund, loan_id, 414_382, on=FIRST_DUE_ON)
    assert ratio_on(fund, loan_id, FIRST_DUE_ON) == Fraction(10_800_000, 10_440_654)
    value(fund, asset_id, 5_400_000, on=LATER)
    assert ratio_on(fund, loan_id, LATER) == Fraction(5_400_000, 10_440_654)
    assert ratio_on(fund, loan_id, LATER - timedelta(days=1)) == Fraction(10_800_000, 10_440_654)


def test_the_past_stays_as_it_was_known(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    asset_id = asset(fund, 10_800_000)
    pledge(fund, loan_id, asset_id)
    entered_on = LATER + timedelta(days=5)
    value(fund, asset_id, 5_400_000, on=LATER, entered_on=entered_on)
    assert ratio_on(fund, loan_id, LATER, known_on=LATER) == 1
    assert ratio_on(fund, loan_id, LATER, known_on=entered_on) == Fraction(1, 2)
    assert ratio_on(fund, loan_id, LATER) == Fraction(1, 2)


def test_a_released_pledge_counts_up_to_the_day_before_its_release(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    pledge_id = pledge(fund, loan_id, asset(fund, 10_800_000))
    release(fund, loan_id, pledge_id, on=LATER)
    assert ratio_on(fund, loan_id, LATER) == 0
    assert ratio_on(fund, loan_id, LATER - timedelta(days=1)) == 1
    assert ratio_on(fund, loan_id, LATER, known_on=LATER - timedelta(days=1)) == 1


def test_an_asset_pledged_to_two_loans_counts_once(fund: Fund) -> None:
    first, second = signed_loan(fund), signed_loan(fund)
    asset_id = asset(fund, 20_000_000)
    pledge(fund, second, asset_id, rank=2)
    pledge(fund, first, asset_id, rank=1, limit_minor=13_500_000)
    counted = [secured_on(fund, one, SIGNED_ON).coverage.counted for one in (first, second)]
    assert counted == [13_500_000, 6_500_000]


def test_what_others_hold_before_us_does_not_count(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    asset_id = asset(fund, 20_000_000, kind=AssetKind.REAL_ESTATE)
    other_charge(fund, asset_id)
    pledge(fund, loan_id, asset_id, rank=2)
    charge = secured_on(fund, loan_id, SIGNED_ON).security.charges[0]
    assert charge.before == 10_000_000
    assert charge.counted == 4_000_000


def test_an_asset_that_nobody_valued_counts_for_nothing(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    pledge(fund, loan_id, asset(fund))
    charge = secured_on(fund, loan_id, SIGNED_ON).security.charges[0]
    assert charge.valuation is None
    assert charge.counted == 0


def test_a_guarantee_counts_after_its_haircut_until_it_ends(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    guarantee(
        fund,
        loan_id,
        kind=GuarantorKind.BANK,
        amount_minor=None,
        share=Decimal("0.5"),
        valid_until=LATER,
    )
    assert ratio_on(fund, loan_id, LATER) == Fraction(45, 100)
    assert ratio_on(fund, loan_id, LATER + timedelta(days=1)) == 0
    guarantee(fund, loan_id, amount_minor=50_000_000)
    assert ratio_on(fund, loan_id, LATER) == Fraction(145, 100)


def test_nothing_is_at_stake_once_the_loan_is_given_up(fund: Fund) -> None:
    on = FIRST_DUE_ON + timedelta(days=200)
    loan_id = written_off_loan(fund, on=on)
    assert ratio_on(fund, loan_id, on) is None


def test_no_pay_out_while_the_collateral_is_short(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    demand(monkeypatch)
    loan_id = signed_loan(fund)
    asset_id = asset(fund, NEEDED - 4_000_000)
    pledge(fund, loan_id, asset_id)
    with pytest.raises(CollateralShort) as refused:
        pay_out(fund, loan_id, amount_minor=PRINCIPAL)
    for words in (
        "EUR 95,000.00 counts",
        "minimum of 125 % of EUR 108,000.00 is EUR 135,000.00",
        "pledges EUR 40,000.00 more after haircut",
        "exceeds EUR 76,000.00",
    ):
        assert words in refused.value.message
    assert fund.outstanding(loan_id) == 0
    value(fund, asset_id, NEEDED - 1, on=PAY_OUT_ON)
    with pytest.raises(CollateralShort), fund.act(PAY_OUT_ON) as (session, moment):
        _release(fund, session, moment, loan_id)
    value(fund, asset_id, NEEDED, on=PAY_OUT_ON)
    with fund.act(PAY_OUT_ON) as (session, moment):
        _release(fund, session, moment, loan_id)
    assert fund.outstanding(loan_id) == PRINCIPAL


def _release(fund: Fund, session: object, moment: object, loan_id: str) -> None:
    from loans.lending.loan_case import pending_pay_out
    from loans.servicing.disbursing import release_disbursement

    waiting = pending_pay_out(session, loan_id)  # type: ignore[arg-type]  # an open session
    assert waiting is not None
    release_disbursement(session, fund.manager, moment, waiting.id, key=f"pay {loan_id}")  # type: ignore[arg-type]


def test_without_a_minimum_a_pay_out_needs_no_collateral(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    with fund.database.reading() as session:
        assert session.get_one(Loan, loan_id).status == LoanStatus.REPAYING
    assert not secured_on(fund, loan_id, LATER).coverage.is_short


def test_what_is_not_paid_out_yet_is_at_stake_too(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    demand(monkeypatch)
    loan_id = signed_loan(fund, golden_draft(golden_measure(implementation_months=4)))
    asset_id = asset(fund, NEEDED)
    pledge(fund, loan_id, asset_id)
    pay_out(fund, loan_id, amount_minor=1_000_000)
    assert secured_on(fund, loan_id, PAY_OUT_ON).coverage.exposure_minor == PRINCIPAL
    value(fund, asset_id, NEEDED - 1, on=PAY_OUT_ON)
    prepare_pay_out(fund, loan_id, amount_minor=1_000_000)
    with pytest.raises(CollateralShort), fund.act(PAY_OUT_ON) as (session, moment):
        _release(fund, session, moment, loan_id)


def test_a_share_in_per_cent_is_never_rounded_up() -> None:
    shown = [percent_down(Fraction(part)) for part in ("1.25", "1.249999", "1.2345", "0")]
    assert shown == ["125 %", "124.99 %", "123.45 %", "0 %"]
    assert percent_down(None) == "0 %"
