from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from appraisal.appraise import appraise
from appraisal.changed_proposal import Adjustment, changed_proposal
from appraisal.proposal import Proposal
from appraisal.scenario_model import LevelLoan
from appraisal.sensitivity import Sensitivity, TornadoBar, VariedResult, sensitivity
from appraisal.varied_inputs import InputKind
from tests.appraisal.proposals import measure_document, proposal, simple_measure
from tests.appraisal.random_proposals import proposals

LOAN = LevelLoan(Decimal("4143.06"), 0, 28)


def bar(found: Sensitivity, kind: InputKind) -> TornadoBar:
    return next(each for each in found.bars if each.input.kind is kind)


def npv(side: VariedResult | None) -> float:
    assert side is not None
    return side.net_present_value


def test_golden_tornado() -> None:
    found = sensitivity(proposal(), LOAN)
    assert found.base.net_present_value == pytest.approx(107_447.21, abs=5e-3)
    assert found.base.minimum_cover == pytest.approx(1.2068, abs=5e-5)
    investment = bar(found, InputKind.INVESTMENT)
    assert investment.low is not None
    assert investment.low.value == 96_000
    assert investment.low.simple_payback_years == pytest.approx(1.6)
    assert npv(investment.low) - npv(investment.high) == pytest.approx(48_000)
    assert investment.swing == pytest.approx(48_000)
    volume = bar(found, InputKind.VOLUME)
    assert volume.swing == pytest.approx(0.4 * 60_000 * 3.790786769, rel=1e-9)
    assert volume.low is not None
    assert volume.low.minimum_cover == pytest.approx(0.8 * 1.206843, rel=1e-5)
    rate = bar(found, InputKind.DISCOUNT_RATE)
    assert rate.low is not None
    assert rate.high is not None
    assert (rate.low.value, rate.high.value) == (Decimal("0.08"), Decimal("0.12"))
    assert npv(rate.low) == pytest.approx(119_562.60, abs=5e-3)
    life = bar(found, InputKind.LIFE)
    assert life.high is None
    assert npv(life.low) == pytest.approx(70_191.93, abs=5e-3)


def test_delay_only_ever_comes_late_and_stands_for_three_and_for_six_months() -> None:
    found = sensitivity(proposal(), LOAN)
    delays = [each for each in found.bars if each.input.kind is InputKind.DELAY]
    assert [each.low for each in delays] == [None, None]
    assert [each.high.value for each in delays if each.high] == [6, 3]
    assert [each.high.minimum_cover for each in delays if each.high] == [0, 0]


def test_the_widest_swing_comes_first() -> None:
    swings = [each.swing for each in sensitivity(proposal(), LOAN).bars]
    assert swings == sorted(swings, reverse=True)


def test_without_loan_there_is_no_cover_and_a_life_of_one_year_does_not_shorten() -> None:
    found = sensitivity(proposal(simple_measure("900", "1000", life_years=1)), None)
    assert found.base.minimum_cover is None
    assert InputKind.LIFE not in {each.input.kind for each in found.bars}


def test_a_rate_near_the_lowest_has_no_lower_side() -> None:
    found = sensitivity(proposal(discount_rate=-0.985), None)
    assert bar(found, InputKind.DISCOUNT_RATE).low is None


def test_what_is_never_recovered_has_no_rate_and_no_payback() -> None:
    document = measure_document(savings=[], added_costs=[{"code": "C1", "annual_amount": "10"}])
    base = sensitivity(proposal(document), None).base
    assert (base.internal_rate_of_return, base.simple_payback_years) == (None, None)
    assert base.cumulative_payback_years is None


@settings(max_examples=25)
@given(proposals(2))
def test_each_side_is_the_exact_appraisal_of_the_changed_proposal(proposal: Proposal) -> None:
    found = sensitivity(proposal, None)
    for each in found.bars:
        for side, factor in ((each.low, Decimal("0.8")), (each.high, Decimal("1.2"))):
            if side is not None:
                adjustment = _adjustment(each, side, factor)
                project = _project(changed_proposal(proposal, adjustment))
                assert side.net_present_value == pytest.approx(
                    project.net_present_value, rel=1e-9, abs=1e-3
                )


def _adjustment(each: TornadoBar, side: VariedResult, factor: Decimal) -> Adjustment:
    match each.input.kind:
        case InputKind.DELAY:
            return Adjustment(delay_months=int(side.value))
        case InputKind.LIFE:
            return Adjustment(life_change_years=int(side.value - each.input.base))
        case InputKind.DISCOUNT_RATE:
            return Adjustment(discount_rate=float(side.value))
        case _:
            assert side.value == each.input.base * factor
            return each.input.scaled(factor)


def _project(changed: Proposal) -> Any:
    return appraise(changed, minor_investment=Decimal(0), finance_rate=None).project
