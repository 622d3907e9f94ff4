from fractions import Fraction

import pytest

from app.cover_table import cover_rows
from tests.app.appraised import assessed, golden
from tests.appraisal.proposals import measure_document, proposal, simple_measure


def test_only_the_months_after_installation_repay() -> None:
    late = assessed(proposal(measure_document(implementation_months=6)))
    assert late.offer.maximum_maturity_months == 36
    assert [row.month for row in cover_rows(late)] == list(range(7, 37))
    assert min(row.cover for row in cover_rows(late)) == late.offer.minimum_cover


@pytest.mark.parametrize("inflation", [0.0, 0.04])
def test_each_cover_is_the_saving_in_money_of_the_day_over_the_payment(inflation: float) -> None:
    for row in cover_rows(golden(inflation=inflation)):
        assert row.cover == row.saving / Fraction(row.payment)
        assert row.verdict is None
    second_year = cover_rows(golden(inflation=inflation))[12]
    assert second_year.saving == 5000 * (1 + Fraction(str(inflation)))


def test_a_cover_under_the_target_has_a_verdict() -> None:
    thin = cover_rows(assessed(proposal(simple_measure("120000", "45000"))))
    assert {row.verdict for row in thin} == {("Under the target", "warn")}


def test_savings_that_end_before_the_loan_leave_nothing() -> None:
    short = assessed(proposal(simple_measure("60000", "25000", life_years=2)))
    assert all(row.saving >= 0 for row in cover_rows(short))


def test_without_a_loan_there_is_no_cover() -> None:
    assert cover_rows(assessed(proposal(simple_measure("10000", "0")))) == ()
    seasonal = measure_document(
        savings=[{"code": "R1", "annual_amount": "60000", "active_months": [1, 2, 3]}]
    )
    assert cover_rows(assessed(proposal(seasonal))) == ()
