from decimal import Decimal

import pytest
from hypothesis import given, settings

from appraisal.changed_proposal import Adjustment, changed_proposal
from appraisal.proposal import Proposal
from tests.appraisal.proposals import measure_document, proposal
from tests.appraisal.random_proposals import proposals

KEY = ("M1", "R04")


def test_each_figure_changes_exactly() -> None:
    document = measure_document(
        added_costs=[{"code": "C1", "quantity": "30", "unit_price": "1.50", "growth": 0.01}]
    )
    adjustment = Adjustment(
        investment=Decimal("1.1"),
        savings=Decimal("0.8"),
        prices={KEY: Decimal("0.5")},
        added_costs=Decimal(3),
        price_growth=0.02,
        delay_months=6,
        life_change_years=-2,
        discount_rate=0.07,
    )
    changed = changed_proposal(proposal(document), adjustment)
    measure = changed.measures[0]
    saving, cost = measure.savings[0], measure.added_costs[0]
    assert measure.investment[0].amount == Decimal("132000.00")
    assert saving.quantity_before == 320_000
    assert saving.quantity_after == 80_000
    assert saving.unit_price == Decimal("0.1")
    assert saving.annual_saving == 24_000
    assert cost.quantity == 90
    assert cost.unit_price == Decimal("1.5")
    assert cost.growth == pytest.approx(0.03)
    assert (measure.implementation_months, measure.life_years) == (6, 3)
    assert changed.assumptions.discount_rate == 0.07
    assert changed.assumptions.horizon_years == proposal().assumptions.horizon_years


def test_an_amount_a_year_takes_volume_and_price() -> None:
    document = measure_document(savings=[{"code": "R04", "annual_amount": "100"}])
    adjustment = Adjustment(savings=Decimal("0.5"), prices={KEY: Decimal("0.5")})
    changed = changed_proposal(proposal(document), adjustment)
    assert changed.measures[0].savings[0].annual_amount == 25


def test_an_outlay_is_whole_cents() -> None:
    document = measure_document(investment=[{"code": "I1", "amount": "0.05"}])
    changed = changed_proposal(proposal(document), Adjustment(investment=Decimal("0.5")))
    assert str(changed.measures[0].investment[0].amount) == "0.03"


@pytest.mark.parametrize(("change", "expected"), [(-9, 1), (99, 40), (-1, 4)])
def test_a_life_stays_between_one_and_forty_years(change: int, expected: int) -> None:
    changed = changed_proposal(proposal(), Adjustment(life_change_years=min(change, 40)))
    assert changed.measures[0].life_years == expected


@pytest.mark.parametrize(
    "adjustment",
    [
        Adjustment(investment=Decimal(-1)),
        Adjustment(prices={KEY: Decimal(-1)}),
        Adjustment(delay_months=-1),
        Adjustment(price_growth=-1.0),
        Adjustment(discount_rate=-1.0),
    ],
)
def test_what_cannot_be_is_refused(adjustment: Adjustment) -> None:
    with pytest.raises(ValueError, match=r"between|not above"):
        changed_proposal(proposal(), adjustment)


@settings(max_examples=30)
@given(proposals(2))
def test_without_adjustment_the_proposal_is_the_same(proposal: Proposal) -> None:
    assert changed_proposal(proposal, Adjustment()) == proposal
