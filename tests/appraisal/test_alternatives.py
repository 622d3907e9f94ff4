"""Measures that exclude one another, compared; the figures are worked out by hand."""

from decimal import Decimal
from typing import Any

import pytest

from appraisal.alternatives import AlternativeComparison, DecidedBy, alternatives_of
from appraisal.appraise import appraise
from appraisal.proposal import Proposal
from tests.appraisal.proposals import proposal, simple_measure


def _rivals(*measures: dict[str, Any], financed: str = "M1", **assumptions: Any) -> Proposal:
    document = proposal(**assumptions).model_dump()
    document["measures"] = [
        {**measure, "code": f"M{number}", "alternative_group": "boiler"}
        for number, measure in enumerate(measures, 1)
    ]
    document["finance"]["measures"] = (financed,)
    return Proposal.model_validate(document)


def _compared(*measures: dict[str, Any], **assumptions: Any) -> AlternativeComparison:
    (comparison,) = alternatives_of(_rivals(*measures, **assumptions))
    return comparison


def test_the_higher_value_wins_over_the_higher_rate() -> None:
    """100,000 / 40,000 and 200,000 / 70,000 over 5 years at 10 %."""
    found = _compared(simple_measure("200000.00", "70000"), simple_measure("100000.00", "40000"))
    small, large = found.alternatives
    assert [small.code, large.code] == ["M2", "M1"], "the cheapest comes first"
    assert small.net_present_value == pytest.approx(51_631.47, abs=0.01)
    assert large.net_present_value == pytest.approx(65_355.07, abs=0.01)
    small_rate, large_rate = small.internal_rate_of_return.rate, large.internal_rate_of_return.rate
    assert small_rate is not None
    assert large_rate is not None
    assert small_rate > large_rate
    assert (found.best, found.decided_by) == ("M1", DecidedBy.NET_PRESENT_VALUE)
    assert "M1" in found.reason
    assert "up to the horizon" in found.reason
    assert small.compared_with is None
    assert small.incremental_internal_rate_of_return is None
    assert large.compared_with == "M2"
    assert large.incremental_internal_rate_of_return is not None
    # 100,000 more brings 30,000 more a year for five years.
    assert large.incremental_internal_rate_of_return.rate == pytest.approx(0.152382, abs=1e-6)
    assert (small.financed, large.financed) == (False, True)


def test_lives_that_differ_are_ranked_by_the_equivalent_annual_value() -> None:
    """The short one is worth less in all and more in each year."""
    short = simple_measure("50000.00", "40000", life_years=2)
    long = simple_measure("100000.00", "41000", life_years=5)
    found = _compared(short, long, horizon_years=5)
    one, other = found.alternatives
    assert (one.service_years, other.service_years) == (2, 5)
    assert one.net_present_value < other.net_present_value
    assert one.equivalent_annual_value == pytest.approx(40000 - 50000 / 1.735537, abs=0.01)
    assert other.equivalent_annual_value == pytest.approx(41000 - 100000 / 3.790787, abs=0.01)
    expected = "M1" if one.equivalent_annual_value > other.equivalent_annual_value else "M2"
    assert expected == "M2"
    assert (found.best, found.decided_by) == (expected, DecidedBy.EQUIVALENT_ANNUAL_VALUE)
    assert "lives differ" in found.reason


def test_the_shorter_life_can_win() -> None:
    short = simple_measure("50000.00", "50000", life_years=2)
    long = simple_measure("100000.00", "45000", life_years=5)
    found = _compared(short, long, horizon_years=5)
    one, other = found.alternatives
    assert one.net_present_value < other.net_present_value
    assert found.best == "M1"


def test_doing_nothing_can_be_worth_more_than_each() -> None:
    found = _compared(simple_measure("100000.00", "10000"), simple_measure("90000.00", "9000"))
    assert found.best is None
    assert "doing none of them is worth more" in found.reason


def test_of_two_worth_the_same_the_cheaper_is_named() -> None:
    found = _compared(simple_measure("100000.00", "40000"), simple_measure("100000.00", "40000"))
    assert found.best == "M1"


def test_a_measure_alone_in_its_group_is_compared_with_nothing() -> None:
    assert alternatives_of(_rivals(simple_measure("100000.00", "40000"))) == ()


def test_choosing_the_poorer_one_is_cautioned() -> None:
    measures = simple_measure("200000.00", "70000"), simple_measure("100000.00", "40000")
    for financed, is_cautioned in (("M1", False), ("M2", True)):
        figures = _rivals(*measures, financed=financed)
        appraisal = appraise(figures, minor_investment=Decimal(5000), finance_rate=None)
        (comparison,) = appraisal.alternatives
        assert comparison.best == "M1"
        words = [caution for caution in appraisal.cautions if "worth more" in caution]
        assert bool(words) is is_cautioned
