from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings

from appraisal.appraise import appraise
from appraisal.exact_effects import Effect, project_effects
from appraisal.proposal import Proposal
from appraisal.scenario_model import LevelLoan
from tests.appraisal.proposals import measure_document, proposal
from tests.appraisal.random_proposals import proposals

LOAN = LevelLoan(Decimal(1_000), 2, 2)


def test_a_line_brings_its_money_exactly() -> None:
    document = measure_document(
        savings=[{"code": "R1", "annual_amount": "1200"}, {"code": "R2", "annual_amount": "600"}],
        added_costs=[{"code": "C1", "annual_amount": "120"}],
        life_years=2,
    )
    found = proposal(document, discount_rate=0.25, horizon_years=2)
    effects = project_effects(found.financed_measures, found.assumptions, LOAN)
    first = effects.of_lines(lambda key, _line: key == ("M1", "R1"))
    assert first == Effect(Fraction(1_200), 1_200 * Fraction(36, 25), (Fraction(100),) * 2)
    everything = effects.of_lines(lambda *_: True)
    assert everything.annual_amount == 1_680
    assert effects.net_present_value == 1_680 * Fraction(36, 25) - 120_000


def test_working_capital_that_comes_back_lowers_the_value_of_the_investment() -> None:
    document = measure_document(
        investment=[
            {"code": "I1", "amount": "1000"},
            {"code": "I2", "amount": "500", "kind": "working_capital"},
        ],
        residual_value="250",
        life_years=1,
    )
    found = proposal(document, discount_rate=0.25, horizon_years=1)
    effects = project_effects(found.financed_measures, found.assumptions, None)
    assert effects.investment_value == 1_500 - 400
    assert effects.residual_value == 200
    assert effects.initial_investment == 1_500


@settings(max_examples=30)
@given(proposals(2))
def test_the_parts_add_up_to_the_exact_appraisal(proposal: Proposal) -> None:
    found = project_effects(proposal.financed_measures, proposal.assumptions, LOAN)
    project = appraise(proposal, minor_investment=Decimal(0), finance_rate=None).project
    assert float(found.net_present_value) == pytest.approx(
        project.net_present_value, rel=1e-12, abs=1e-6
    )
    assert found.of_lines(lambda *_: True).annual_amount == Fraction(project.net_annual_saving)


def test_monthly_factors_of_thirty_years_stay_short() -> None:
    """As powers of one rounded factor they had 21,600 digits, and the values took seconds."""
    document = measure_document(
        savings=[{"code": "R1", "annual_amount": "12"}], life_years=30, residual_value="7"
    )
    found = proposal(document, discount_rate=0.1, horizon_years=30, timing="monthly")
    effects = project_effects(found.financed_measures, found.assumptions, None)
    month = 1.1 ** (-1 / 12)
    expected = month * (1 - month**360) / (1 - month) + 7 * month**360 - 120_000
    assert float(effects.net_present_value) == pytest.approx(expected, rel=1e-12)
    assert effects.net_present_value.denominator.bit_length() < 1_000
