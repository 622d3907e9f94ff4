import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from appraisal.appraise import appraise
from appraisal.changed_proposal import Adjustment, changed_proposal
from appraisal.npv_profile import NpvProfile, npv_profile
from appraisal.proposal import Proposal
from tests.appraisal.proposals import measure_document, proposal, simple_measure
from tests.appraisal.random_proposals import proposals


def project_of(proposal: Proposal) -> Any:
    return appraise(proposal, minor_investment=Decimal(0), finance_rate=None).project


def profile_of(proposal: Proposal) -> NpvProfile:
    return npv_profile(proposal, project_of(proposal).internal_rate_of_return)


def test_golden_profile() -> None:
    found = profile_of(proposal())
    assert found.hurdle.net_present_value == pytest.approx(107_447.21, abs=5e-3)
    assert found.undiscounted.net_present_value == pytest.approx(180_000)
    assert [round(point.rate, 6) for point in found.internal_rates] == [0.410415]
    assert {found.hurdle, found.undiscounted, *found.internal_rates} <= set(found.points)
    assert 60 <= len(found.points) <= 160
    assert found.points[0].rate < 0
    assert found.points[-1].rate == pytest.approx(0.763, abs=1e-3)
    assert found.rates_beyond == ()


def test_towards_low_rates_the_curve_ends_while_it_can_still_be_read() -> None:
    found = profile_of(proposal(measure_document(life_years=30), horizon_years=30))
    largest = max(abs(point.net_present_value) for point in found.points)
    assert largest <= 2 * 1_680_000
    assert found.points[0].rate > -0.1


def test_a_gentle_curve_is_drawn_from_half_down() -> None:
    found = profile_of(proposal(simple_measure("1000", "400", life_years=1)))
    assert [point.rate for point in found.internal_rates] == [pytest.approx(-0.6)]
    assert found.points[0].rate == pytest.approx(-0.68)


def test_every_rate_of_several_is_marked() -> None:
    outlays = [("100", 0, "equipment"), ("132", 24, "replacement")]
    document = measure_document(
        investment=[
            {"code": f"I{month}", "amount": amount, "month": month, "kind": kind}
            for amount, month, kind in outlays
        ],
        savings=[{"code": "R1", "annual_amount": "230"}],
        life_years=1,
    )
    found = profile_of(proposal(document, horizon_years=2))
    assert [round(point.rate, 9) for point in found.internal_rates] == [0.1, 0.2]


def test_a_rate_too_far_away_is_named_and_not_drawn() -> None:
    found = profile_of(proposal(simple_measure("1", "60000", life_years=5)))
    assert found.internal_rates == ()
    assert list(found.rates_beyond) == [pytest.approx(59_999.99, rel=1e-3)]
    assert found.points[-1].rate < 1


def test_without_money_the_profile_is_flat() -> None:
    found = profile_of(proposal(measure_document(investment=[], savings=[])))
    assert {point.net_present_value for point in found.points} == {0.0}


@settings(max_examples=20)
@given(proposals(2))
def test_the_curve_is_the_net_present_value_at_each_rate(proposal: Proposal) -> None:
    found = profile_of(proposal)
    assert all(before.rate < after.rate for before, after in pairwise(found.points))
    for point in (found.points[0], found.points[len(found.points) // 2], found.points[-1]):
        changed = changed_proposal(proposal, Adjustment(discount_rate=point.rate))
        expected = project_of(changed).net_present_value
        assert math.isclose(point.net_present_value, expected, rel_tol=1e-9, abs_tol=1e-3)
