"""The facilities that the program ships: each lends by its own terms, without a word of code."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from loans import profile as profiles
from loans.assessing.finding import Finding, Outcome
from loans.cases import approvals
from loans.cases.approvals import NotEligible
from loans.cases.assessment import Assessment, assess
from loans.cases.case_views import ApplicationView, application_view, offered_terms
from loans.cases.decisions import Terms
from loans.cases.recommended_terms import AboveOffer
from loans.draft import Draft, Section
from loans.draft_gaps import gaps, sections_asked
from loans.profile import Profile
from loans.storage.database import Database
from tests.builders import SENT_ON, Fund, appraised_application, open_fund
from tests.drafts import golden_draft, golden_measure
from tests.loans.proposals import measure, proposal

LATER = profiles.load("nefco-later")
COMARA = profiles.load("comara")
SHORT = profiles.load("oecd-short-form")
PRIOR = profiles.load("prior-assessment")
GUESS = Terms(
    amount_minor=5_000_000, maturity_months=12, annual_rate=Decimal("0.06"), method="level"
)


def judged(profile: Profile, cost: str, saving: str, **more: Any) -> Assessment:
    return assess(
        proposal(measure(cost=cost, saving=saving), currency=profile.currency, **more), profile
    )


def failed(assessment: Assessment) -> dict[str, Finding]:
    return {one.code: one for one in assessment.findings if one.outcome is Outcome.FAIL}


def case_of(database: Database, profile: Profile, draft: Draft) -> tuple[Fund, ApplicationView]:
    """From the proposal to the rule sheet, as people would bring it there."""
    fund = open_fund(database, profile_code=profile.code)
    application_id = appraised_application(fund, draft)
    with fund.database.reading() as session:
        return fund, application_view(session, fund.officer, application_id, on=SENT_ON)


def recommend(fund: Fund, view: ApplicationView, terms: Terms) -> None:
    with fund.act(SENT_ON) as (session, moment):
        approvals.recommend(
            session, fund.officer, moment, view.application_id, terms=terms, reason="It carries."
        )


def big_draft(cost: str, saving: str) -> Draft:
    line = {"code": "R04", "annual_amount": saving, "evidence": "invoice"}
    investment = [{"code": "I01", "amount": cost, "evidence": "quote"}]
    finance = {"own_contribution": "100000.00", "own_contribution_source": "Profit"}
    return golden_draft(golden_measure(investment=investment, savings=[line]), finance=finance)


def test_the_later_facility_lends_half_a_million_in_twenty_quarters() -> None:
    case = judged(LATER, "600000", "170000")
    offer = case.offer
    assert round(float(case.appraisal.project.payback_ratio or 0), 2) == 3.53
    assert offer.eligible
    assert (str(offer.maximum_amount), offer.amount_rule) == ("500000.00", "facility_maximum")
    assert (offer.maximum_maturity_months, offer.instalments) == (60, 20)
    assert str(offer.indicative_level_payment) == "29122.87"
    needed = Decimal(LATER.terms.collateral_minimum.required) * (offer.maximum_amount or 0)
    assert needed == 625_000
    assert failed(case) == {}


def test_the_later_facility_refuses_a_payback_above_four_years_and_names_the_rule() -> None:
    case = judged(LATER, "401000", "100000")
    assert not case.offer.eligible
    found = failed(case)["payback_limit"]
    assert (found.value, found.limit) == ("4.01 years", "4 years")
    assert found.source == LATER.terms.payback_limit_years.source
    assert "at least EUR 100,250.00" in (found.what_would_pass or "")
    assert "at most EUR 400,000.00" in (found.what_would_pass or "")
    assert failed(judged(LATER, "400000", "100000")) == {}
    assert failed(judged(LATER, "401000", "100250")) == {}


def test_a_case_of_the_later_facility_goes_to_the_approval(sqlite_database: Database) -> None:
    fund, view = case_of(sqlite_database, LATER, big_draft("600000.00", "170000.00"))
    terms = offered_terms(view)
    assert terms is not None
    assert (terms.amount_minor, terms.maturity_months) == (50_000_000, 60)
    assert terms.frequency_months == 3
    with pytest.raises(AboveOffer):
        recommend(fund, view, replace(terms, amount_minor=50_000_001))
    recommend(fund, view, terms)


def test_a_case_with_too_long_a_payback_is_blocked(sqlite_database: Database) -> None:
    fund, view = case_of(sqlite_database, LATER, big_draft("401000.00", "100000.00"))
    with pytest.raises(NotEligible, match="Longest simple payback"):
        recommend(fund, view, GUESS)


def test_comara_takes_proposals_and_blocks_the_approval_naming_each_open_term(
    sqlite_database: Database,
) -> None:
    fund, view = case_of(sqlite_database, COMARA, golden_draft())
    labels = COMARA.missing_terms()
    assert {"Interest rate, fixed for the life of the loan", "Longest maturity"} < set(labels)
    assert {"Smallest loan", "Largest loan"} < set(labels)
    found = failed(view.assessment)["terms_missing"]
    assert all(label in found.value for label in labels)
    assert view.assessment.offer.maximum_amount is None
    obstacle = next(act.obstacle for act in view.acts if act.name == "recommend")
    assert all(label in (obstacle or "") for label in labels)
    with pytest.raises(NotEligible) as refused:
        recommend(fund, view, GUESS)
    assert all(label in refused.value.message for label in labels)


def test_rules_whose_terms_are_decided_are_held_against_a_case_of_comara() -> None:
    codes = {one.code for one in judged(COMARA, "120000", "60000").findings}
    assert {"ownership", "country", "expands_capacity", "baseline_evidence"} <= codes
    assert not codes & {"maximum_amount", "savings_cover", "maturity"}


def test_the_short_form_asks_three_sections_and_holds_the_payback_limit(
    sqlite_database: Database,
) -> None:
    assert sections_asked(SHORT) == (Section.ENTERPRISE, Section.PROJECT, Section.MEASURES)
    line = {"code": "R04", "annual_amount": "15000.00", "evidence": "invoice"}
    investment = [{"code": "I01", "amount": "30000.00", "evidence": "quote"}]
    small = golden_measure(investment=investment, savings=[line])
    draft = golden_draft(small, finance={}, responsibilities={})
    assert gaps(draft, SHORT) == ()
    assert gaps(draft, profiles.load("nefco-1998")) != ()
    fund, view = case_of(sqlite_database, SHORT, draft)
    terms = offered_terms(view)
    assert terms is not None
    assert terms.amount_minor == 2_700_000
    recommend(fund, view, terms)
    assert set(failed(judged(SHORT, "50000", "15000"))) == {"payback_limit"}


def test_without_the_assessment_before_the_rule_sheet_fails_and_says_what_would_pass() -> None:
    found = failed(judged(PRIOR, "120000", "60000"))["prior_assessment"]
    assert "day" in (found.what_would_pass or "")
    assert found.source == PRIOR.terms.prior_assessment_required.source
    stated = {"assessed_on": "2025-10-01", "assessed_by": "The centre", "report": "Report 7"}
    assert failed(judged(PRIOR, "120000", "60000", prior_assessment=stated)) == {}
    fields = [gap.field for gap in gaps(golden_draft(), PRIOR)]
    assert fields == ["assessed_on", "assessed_by", "assessment_report"]


def test_with_the_assessment_stated_the_case_goes_on(sqlite_database: Database) -> None:
    stated = {
        "assessed_on": "2025-10-01",
        "assessed_by": "The centre",
        "assessment_report": "Report 7, in its archive",
    }
    project = {**golden_draft().project.model_dump(mode="json"), **stated}
    fund, view = case_of(sqlite_database, PRIOR, golden_draft(project=project))
    found = {one.code: one for one in view.assessment.findings}["prior_assessment"]
    assert found.outcome is Outcome.PASS
    assert "The centre" in found.value
    terms = offered_terms(view)
    assert terms is not None
    recommend(fund, view, terms)
