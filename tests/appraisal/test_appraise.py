from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.appraise import Appraisal, appraise
from appraisal.cost_inventory import Level
from appraisal.irr import IrrStatus
from appraisal.measure_type import MeasureType
from appraisal.proposal import Proposal
from tests.appraisal.proposals import measure_document, numbers, proposal, simple_measure

MINOR = Decimal(5000)


def _appraise(proposed: Proposal, finance_rate: float | None = 0.06) -> Appraisal:
    return appraise(proposed, minor_investment=MINOR, finance_rate=finance_rate)


def test_golden_case() -> None:
    result = _appraise(proposal())
    project = result.project
    assert project.investment == 120000
    assert project.net_annual_saving == 60000
    assert project.lines[Level.TIERS_1_2].net_annual_saving == 60000
    assert project.payback_ratio == 2
    assert project.roi_period_months == 24
    assert project.cumulative_payback_years == 2.0
    assert project.discounted_payback_years == pytest.approx(2.352, abs=5e-4)
    assert project.net_present_value == pytest.approx(107447.21, abs=0.005)
    assert project.internal_rate_of_return.rate == pytest.approx(0.41041, abs=5e-6)
    assert project.modified_internal_rate_of_return == pytest.approx(0.2501, abs=5e-5)
    assert project.profitability_index == pytest.approx(1.8954, abs=5e-5)
    assert numbers(result.yearly_flows) == [-120000, *[60000] * 5]
    assert numbers(result.monthly_net_savings) == [5000] * 60
    assert result.cumulative_flow[0] == -120000
    assert result.cumulative_flow[24] == 0
    assert result.cautions == ()
    (one,) = result.measures
    assert (one.code, one.type, one.financed, one.reason) == ("M1", MeasureType.C, True, None)


def test_each_measure_has_its_type_and_only_the_chosen_are_the_project() -> None:
    document = proposal(
        simple_measure("3000", "6000", code="A"),
        simple_measure("15000", "18000", code="B"),
        simple_measure("90000", "40000", code="C"),
        simple_measure("1000", "0", code="D"),
    ).model_dump()
    document["finance"]["measures"] = ("B", "C")
    result = _appraise(Proposal.model_validate(document))
    assert [one.type for one in result.measures] == ["A", "B", "C", None]
    assert [one.financed for one in result.measures] == [False, True, True, False]
    assert result.measures[3].reason == "Not recovered: the net yearly saving is not above zero."
    assert result.measures[3].payback_ratio is None
    assert result.project.investment == 105000
    assert result.project.payback_ratio == Fraction(105, 58)


def test_a_project_that_is_not_recovered_has_no_payback() -> None:
    costs = [{"code": "K1", "annual_amount": "60000"}]
    project = _appraise(proposal(measure_document(added_costs=costs))).project
    assert project.payback_ratio is None
    assert project.roi_period_months is None
    assert project.cumulative_payback_years is None
    assert project.discounted_payback_years is None
    assert project.modified_internal_rate_of_return is None
    assert project.internal_rate_of_return.status is IrrStatus.NONE
    assert project.profitability_index == 0


def test_without_investment_there_is_no_index_and_payback_is_at_once() -> None:
    project = _appraise(proposal(measure_document(investment=[]))).project
    assert project.profitability_index is None
    assert project.cumulative_payback_years == 0
    assert project.payback_ratio == 0


def test_the_longest_implementation_counts_in_the_roi_period() -> None:
    project = _appraise(
        proposal(
            measure_document("M1", implementation_months=4),
            measure_document("M2", implementation_months=9),
        )
    ).project
    assert project.implementation_months == 9
    assert project.roi_period_months == 33


def test_monthly_timing_discounts_each_month() -> None:
    project = _appraise(proposal(timing="monthly")).project
    expected = -120000 + sum(5000 * 1.1 ** (-month / 12) for month in range(1, 61))
    assert project.net_present_value == pytest.approx(expected)
    rate = project.internal_rate_of_return.rate
    assert rate is not None
    assert sum(5000 * (1 + rate) ** (-month / 12) for month in range(1, 61)) == pytest.approx(
        120000
    )
    years = project.discounted_payback_years
    assert years is not None
    assert 2 < years < 2.352


def test_residual_value_counts_in_npv_and_in_no_payback() -> None:
    with_residual = _appraise(proposal(measure_document(residual_value="100000"))).project
    without = _appraise(proposal()).project
    gain = with_residual.net_present_value - without.net_present_value
    assert gain == pytest.approx(100000 / 1.1**5)
    assert with_residual.cumulative_payback_years == without.cumulative_payback_years
    assert with_residual.discounted_payback_years == without.discounted_payback_years
    late = simple_measure("100", "10", residual_value="90")
    project = _appraise(proposal(late, discount_rate=0.0)).project
    assert project.net_present_value == 40
    assert project.cumulative_payback_years is None
    assert project.discounted_payback_years is None


def test_a_life_shorter_than_the_horizon_ends_the_flows() -> None:
    result = _appraise(proposal(measure_document(life_years=3), horizon_years=10))
    assert numbers(result.yearly_flows) == [-120000, *[60000] * 3]
    growth = (60000 * (1.1**2 + 1.1 + 1) / 120000) ** (1 / 3)
    assert result.project.modified_internal_rate_of_return == pytest.approx(growth - 1)


def test_cover_sees_the_whole_life_beyond_a_short_horizon() -> None:
    result = _appraise(proposal(horizon_years=1))
    assert len(result.monthly_net_savings) == 60
    assert len(result.cumulative_flow) == 13


def test_no_finance_rate_no_modified_rate() -> None:
    assert _appraise(proposal(), None).project.modified_internal_rate_of_return is None


def test_a_caution_when_the_two_paybacks_differ() -> None:
    (caution,) = _appraise(proposal(measure_document(implementation_months=6))).cautions
    assert caution == (
        "Simple payback is 2.00 years and cumulative payback 2.50 years, more than 10 % apart: "
        "look at delay, ramp and seasons."
    )
    assert _appraise(proposal(measure_document(implementation_months=2))).cautions == ()


def test_a_caution_when_the_horizon_is_too_short() -> None:
    (caution,) = _appraise(proposal(horizon_years=1)).cautions
    assert caution == (
        "Simple payback is 2.00 years, but the investment is not recovered within the horizon "
        "(years: 1)."
    )


def test_cautions_of_a_second_outlay_and_of_extra_output() -> None:
    lines = [{"code": "I1", "amount": "1000"}, {"code": "I2", "amount": "2500", "month": 36}]
    savings = [
        {"code": "R1", "annual_amount": "1000"},
        {"code": "R2", "annual_amount": "9000", "counts_as_output": True},
    ]
    replaced = measure_document(investment=lines, savings=savings)
    cautions = _appraise(proposal(replaced)).cautions
    assert "The investment is recovered more than once; payback is the last time." in cautions
    assert "Savings from extra output are shown and counted nowhere." in cautions


def test_a_caution_when_there_are_several_rates() -> None:
    lines = [{"code": "I1", "amount": "100"}, {"code": "I2", "amount": "132", "month": 24}]
    several = measure_document(
        investment=lines, savings=[{"code": "R1", "annual_amount": "230"}], life_years=1
    )
    result = _appraise(proposal(several))
    assert result.project.internal_rate_of_return.roots == pytest.approx([0.1, 0.2])
    assert result.project.internal_rate_of_return.reason in result.cautions


@pytest.mark.parametrize(
    ("timing", "words"), [("annual", "end of the year"), ("monthly", "months / 12")]
)
def test_conventions_name_the_timing(timing: str, words: str) -> None:
    conventions = _appraise(proposal(timing=timing)).conventions
    assert words in conventions["discounting"]
    assert all(text.endswith(".") for text in conventions.values())


def test_the_result_cannot_be_changed() -> None:
    result = _appraise(proposal())
    with pytest.raises(FrozenInstanceError):
        result.project.payback_ratio = Fraction(1)  # type: ignore[misc]  # the point of the test


@given(
    st.integers(0, 12),
    st.integers(0, 12),
    st.sampled_from(["annual", "monthly"]),
    st.sampled_from([None, (1, 2, 3), (12,)]),
)
def test_a_delay_never_raises_the_npv(
    shorter: int, more: int, timing: str, active_months: tuple[int, ...] | None
) -> None:
    saving = {"code": "R1", "annual_amount": "60000", "active_months": active_months}
    worths = [
        _appraise(
            proposal(
                measure_document(savings=[saving], implementation_months=months), timing=timing
            )
        ).project.net_present_value
        for months in (shorter, shorter + more)
    ]
    assert worths[1] <= worths[0] + 1e-6


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10))
def test_scaling_changes_no_ratio(investment: int, saving: int, factor: int) -> None:
    def figures(scale: int) -> list[Any]:
        one = simple_measure(str(investment * scale), str(saving * scale))
        project = _appraise(proposal(one)).project
        return [
            project.payback_ratio,
            project.cumulative_payback_years,
            project.discounted_payback_years,
            project.profitability_index,
            project.modified_internal_rate_of_return,
            *project.internal_rate_of_return.roots,
        ]

    exact, *ratios = figures(1)
    assert exact == figures(factor)[0]
    for one, other in zip(ratios, figures(factor)[1:], strict=True):
        assert one == (None if other is None else pytest.approx(other, rel=1e-9))


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_paybacks_and_index_agree_with_each_other(investment: int, saving: int) -> None:
    project = _appraise(proposal(simple_measure(str(investment), str(saving)))).project
    cumulative, discounted = project.cumulative_payback_years, project.discounted_payback_years
    assert (cumulative is None) == (5 * saving < investment)
    if discounted is not None:
        assert cumulative is not None
        assert discounted >= cumulative
    index = project.profitability_index
    assert index is not None
    if abs(project.net_present_value) > 1e-6:
        assert (index > 1) == (project.net_present_value > 0)
