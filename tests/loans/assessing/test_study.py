from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from appraisal.proposal import Proposal
from appraisal.scenario_model import LevelLoan
from appraisal.scenarios import ScenarioName
from loans import profile as profiles
from loans.assessing.study import payback_limit, study
from loans.cases.assessment import Assessment, assess
from loans.profile import Profile, RoiPeriodFrom
from tests.appraisal.proposals import measure_document, proposal, simple_measure
from tests.appraisal.random_proposals import proposals

PROFILE = profiles.load("nefco-1998")


def assessed(*measures: dict[str, Any], **assumptions: Any) -> Assessment:
    return assess(proposal(*measures, **assumptions), PROFILE)


def test_the_base_scenario_is_the_appraisal_itself() -> None:
    assessment = assessed()
    base = study(assessment).scenarios[1]
    assert base.scenario.name is ScenarioName.BASE
    assert base.project is assessment.appraisal.project
    assert base.offer is assessment.offer
    assert base.minimum_cover == assessment.offer.minimum_cover


def test_other_scenarios_are_appraised_and_offered_exactly() -> None:
    worse, base, better = study(assessed()).scenarios
    assert worse.project.investment == 132_000
    assert worse.project.net_annual_saving == 48_000
    assert worse.project.payback_ratio == Fraction(11, 4)
    assert worse.offer.maximum_maturity_months == 36
    assert worse.minimum_cover == 0
    assert better.project.net_annual_saving == 66_000
    assert str(better.offer.maximum_amount) == "97200.00"
    assert better.minimum_cover == Fraction(66_000, 12) / Fraction("4143.06")
    order = [each.project.net_present_value for each in (worse, base, better)]
    assert order == sorted(order)


def test_one_loan_measures_all_covers() -> None:
    found = study(assessed())
    assert found.loan == LevelLoan(Decimal("4143.06"), 0, 28)
    cover = found.sensitivity.base.minimum_cover
    assert cover == pytest.approx(float(found.scenarios[1].minimum_cover or 0))


def test_the_parts_belong_to_one_project() -> None:
    assessment = assessed()
    found = study(assessment)
    worth = assessment.appraisal.project.net_present_value
    assert found.sensitivity.base.net_present_value == pytest.approx(worth)
    assert found.npv_profile.hurdle.net_present_value == pytest.approx(worth)
    assert found.ladder is not None
    assert found.ladder.loan == 108_000
    assert {each.target for each in found.switching_values} == {
        "net_present_value",
        "minimum_cover",
        "payback",
    }
    assert found.environment.results == ()


@pytest.mark.parametrize("name", ["longest_maturity_months", "roi_period_from", "annual_rate"])
def test_what_needs_an_open_term_is_left_out_and_the_rest_is_as_before(name: str) -> None:
    open_term = getattr(PROFILE.terms, name).model_copy(update={"value": None})
    terms = PROFILE.terms.model_copy(update={name: open_term})
    case = assess(proposal(), PROFILE.model_copy(update={"terms": terms}))
    found, whole = study(case), study(assessed())
    assert (found.loan, case.offer.open_terms) == (None, (open_term.label,))
    assert (found.payback_limit is None) is (name != "annual_rate")
    assert found.ladder == whole.ladder
    assert found.npv_profile == whole.npv_profile
    assert [one.project.net_present_value for one in found.scenarios] == [
        one.project.net_present_value for one in whole.scenarios
    ]


def test_without_an_offer_there_is_no_cover() -> None:
    found = study(assessed(simple_measure("120000", "0")))
    assert found.loan is None
    assert [each.minimum_cover for each in found.scenarios] == [None] * 3
    assert found.sensitivity.base.minimum_cover is None


@settings(max_examples=30)
@given(proposals(2))
def test_no_project_is_too_odd_to_be_studied(proposal: Proposal) -> None:
    assessment = assess(proposal, PROFILE)
    found = study(assessment)
    assert (found.loan is None) is (assessment.offer.indicative_level_payment is None)
    worth = assessment.appraisal.project.net_present_value
    assert found.sensitivity.base.net_present_value == pytest.approx(worth, rel=1e-9, abs=1e-3)


def with_implementation(months: int) -> Proposal:
    return proposal(measure_document(implementation_months=months))


def test_the_payback_limit_is_what_the_longest_maturity_leaves() -> None:
    limit = payback_limit(with_implementation(0), PROFILE)
    assert limit is not None
    assert limit.years == Fraction(5, 2)
    assert limit.words == (
        "With a longer payback the longest maturity of 36 months is less than the ROI period "
        "and 20 % of it."
    )
    later = payback_limit(with_implementation(6), PROFILE)
    assert later is not None
    assert later.years == 2
    assert payback_limit(with_implementation(30), PROFILE) is None


def test_installation_does_not_count_where_the_roi_period_begins_after_it() -> None:
    limit = payback_limit(with_implementation(6), counted_from_commissioning())
    assert limit is not None
    assert limit.years == Fraction(5, 2)


def counted_from_commissioning() -> Profile:
    term = PROFILE.terms.roi_period_from.model_copy(update={"value": RoiPeriodFrom.COMMISSIONING})
    terms = PROFILE.terms.model_copy(update={"roi_period_from": term})
    return PROFILE.model_copy(update={"terms": terms})
