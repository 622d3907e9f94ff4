"""Recommended by one, approved by another: limits, the reserve, and figures that may not change."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from appraisal.money import as_text
from loans.books import ledger
from loans.books.cash_accounts import lendable_minor
from loans.cases import approvals
from loans.cases.approvals import FiguresChanged, NotEligible, SamePerson
from loans.cases.case_status import WrongRole, WrongStatus
from loans.cases.case_views import application_view
from loans.cases.decisions import Terms, latest_decision
from loans.cases.recommended_terms import AboveOffer
from loans.entered_text import TextMissing
from loans.figures.fund_figures import figures_of
from loans.figures.fund_state import fund_state
from loans.fund import the_facility
from loans.people import Actor, Role
from loans.refusal import Missing, Refusal
from loans.storage.database import Database
from loans.tables import Application, Approval
from tests.builders import (
    APPROVED_ON,
    GOLDEN_TERMS,
    PAY_OUT_ON,
    Fund,
    appraised_application,
    approved_application,
    disbursed_loan,
    golden_draft,
    golden_measure,
    open_fund,
    receive,
    recommended_application,
    signed_loan,
)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def recommend(
    fund: Fund,
    application_id: str,
    actor: Actor | None = None,
    *,
    terms: Terms = GOLDEN_TERMS,
    reason: str = "Sound",
) -> None:
    with fund.act(APPROVED_ON) as (session, moment):
        approvals.recommend(
            session, actor or fund.officer, moment, application_id, terms=terms, reason=reason
        )


def approve(fund: Fund, application_id: str, actor: Actor | None = None) -> None:
    with fund.act(APPROVED_ON) as (session, moment):
        approvals.approve(session, actor or fund.manager, moment, application_id, reason="Agreed")


def status(fund: Fund, application_id: str) -> str:
    with fund.database.reading() as session:
        return session.get_one(Application, application_id).status


def test_an_approval_reserves_the_money_and_moves_none(fund: Fund) -> None:
    approved_application(fund)
    assert fund.balance() == 100_000_000
    assert fund.available() == 100_000_000 - GOLDEN_TERMS.amount_minor


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (replace(GOLDEN_TERMS, amount_minor=10_800_001), "amount"),
        (replace(GOLDEN_TERMS, amount_minor=4_999_999), "amount"),
        (replace(GOLDEN_TERMS, maturity_months=29), "maturity_months"),
        (replace(GOLDEN_TERMS, maturity_months=0), "maturity_months"),
        (replace(GOLDEN_TERMS, annual_rate=Decimal("0.07")), "annual_rate"),
        (replace(GOLDEN_TERMS, annual_rate=Decimal("NaN")), "annual_rate"),
        (replace(GOLDEN_TERMS, method="bullet"), "method"),
    ],
)
def test_terms_outside_the_rules_are_refused_at_their_field(
    sqlite_database: Database, terms: Terms, field: str
) -> None:
    fund = open_fund(sqlite_database)
    application_id = appraised_application(fund)
    with pytest.raises(AboveOffer) as refusal:
        recommend(fund, application_id, terms=terms)
    assert refusal.value.field == field
    recommend(fund, application_id, terms=replace(GOLDEN_TERMS, amount_minor=5_000_000))


def test_a_rule_that_fails_stops_the_recommendation_in_words(fund: Fund) -> None:
    section = golden_draft().project.model_copy(update={"expands_capacity": True})
    application_id = appraised_application(fund, golden_draft(project=section.model_dump()))
    with pytest.raises(NotEligible, match="One rule fails"):
        recommend(fund, application_id)


def test_who_may_recommend(fund: Fund) -> None:
    application_id = appraised_application(fund)
    cases: list[tuple[type[Refusal], Actor, str]] = [
        (WrongRole, fund.manager, "Sound"),
        (Missing, fund.other_enterprise, "Sound"),
        (TextMissing, fund.officer, ""),
    ]
    for kind, actor, reason in cases:
        with pytest.raises(kind):
            recommend(fund, application_id, actor, reason=reason)


def test_nobody_approves_their_own_recommendation(fund: Fund) -> None:
    application_id = recommended_application(fund)
    promoted = replace(fund.officer, role=Role.MANAGER)
    with pytest.raises(SamePerson):
        approve(fund, application_id, promoted)
    for actor in (fund.second_officer, fund.auditor, fund.enterprise):
        with pytest.raises(WrongRole):
            approve(fund, application_id, actor)
    with pytest.raises(Missing):
        approve(fund, application_id, fund.other_enterprise)
    approve(fund, application_id)
    with pytest.raises(WrongStatus):
        approve(fund, application_id)


def test_the_database_itself_wants_two_people(fund: Fund) -> None:
    application_id = recommended_application(fund)
    with fund.database.reading() as session:
        decision = latest_decision(session, application_id, "recommend")
    assert decision is not None
    alone = Approval(
        application_id=application_id,
        recommendation_id=decision.id,
        approval_id=decision.id,
        recommended_by=fund.officer.user_id,
        approved_by=fund.officer.user_id,
        hold_id=decision.id,
    )
    with pytest.raises(IntegrityError, match="two_people"), fund.act(APPROVED_ON) as (session, _):
        session.add(alone)


def test_figures_that_changed_since_the_recommendation_are_not_approved(fund: Fund) -> None:
    application_id = recommended_application(fund)
    with fund.act(APPROVED_ON) as (session, _):
        session.get_one(Application, application_id).figures_hash = "0" * 64
    with pytest.raises(FiguresChanged):
        approve(fund, application_id)


def test_the_fund_promises_no_money_that_it_has_not_got(database: Database) -> None:
    fund = open_fund(database, capital_minor=GOLDEN_TERMS.amount_minor + 1)
    first, second = recommended_application(fund), recommended_application(fund)
    approve(fund, first)
    with pytest.raises(ledger.Overdrawn):
        approve(fund, second)
    assert fund.available() == 1
    assert status(fund, second) == "recommended"


def test_the_fund_promises_no_money_that_waits_for_borrowers(sqlite_database: Database) -> None:
    """Cash would do, but part of it is a borrower's; refusal, page and figure say one amount."""
    capital = 2 * GOLDEN_TERMS.amount_minor - 20_000
    fund = open_fund(sqlite_database, capital_minor=capital)
    loan_id = disbursed_loan(fund)
    on = PAY_OUT_ON + timedelta(days=5)
    receive(fund, loan_id, GOLDEN_TERMS.amount_minor + 200_000, on=on)
    first, second = recommended_application(fund), recommended_application(fund)
    with fund.act(on) as (session, moment):
        approvals.approve(session, fund.manager, moment, first, reason="Agreed")
    with fund.database.reading() as session:
        facility = the_facility(session)
        lendable = lendable_minor(session, fund.facility_id, "EUR")
        seen = application_view(session, fund.manager, second, on=on)
        net_available = figures_of(fund_state(session, facility, on)).figures["c5"].value
    assert net_available == seen.available_minor == lendable
    assert lendable < GOLDEN_TERMS.amount_minor < fund.available()
    approval = seen.act("approve")
    assert approval is not None
    assert "less money available" in (approval.obstacle or "")
    words = as_text(lendable, "EUR")
    with (
        pytest.raises(ledger.Overdrawn, match=f"can lend {words}"),
        fund.act(on) as (session, moment),
    ):
        approvals.approve(session, fund.manager, moment, second, reason="Agreed")
    assert status(fund, second) == "recommended"
    assert fund.available() > GOLDEN_TERMS.amount_minor


def test_a_recommendation_sent_back_is_made_again(fund: Fund) -> None:
    application_id = recommended_application(fund)
    with fund.act(APPROVED_ON) as (session, moment):
        approvals.send_back(session, fund.manager, moment, application_id, reason="Ask again")
    assert status(fund, application_id) == "appraised"
    recommend(fund, application_id, fund.second_officer)
    approve(fund, application_id)


def test_a_cancelled_approval_frees_the_money(fund: Fund) -> None:
    application_id = approved_application(fund)
    with pytest.raises(TextMissing), fund.act(APPROVED_ON) as (session, moment):
        approvals.cancel_approval(session, fund.manager, moment, application_id, reason="")
    with fund.act(APPROVED_ON + timedelta(days=30)) as (session, moment):
        approvals.cancel_approval(session, fund.manager, moment, application_id, reason="No need")
    assert fund.available() == 100_000_000
    assert status(fund, application_id) == "cancelled"


def test_what_is_signed_is_not_cancelled(fund: Fund) -> None:
    signed_loan(fund)
    with fund.database.reading() as session:
        application_id = session.query(Application.id).scalar()
    with pytest.raises(WrongStatus), fund.act(APPROVED_ON) as (session, moment):
        approvals.cancel_approval(session, fund.manager, moment, application_id, reason="No need")


def test_implementation_counts_in_the_terms(fund: Fund) -> None:
    draft = golden_draft(golden_measure(implementation_months=4))
    application_id = appraised_application(fund, draft)
    recommend(fund, application_id, terms=replace(GOLDEN_TERMS, maturity_months=28))
    assert status(fund, application_id) == "recommended"


def test_a_shorter_maturity_lends_only_what_the_savings_carry_in_it(fund: Fund) -> None:
    """In twelve months 60,000 a year carry no 108,000; in 24 they carry it with cover 1.04."""
    application_id = appraised_application(fund)
    short = replace(GOLDEN_TERMS, maturity_months=12)
    with pytest.raises(AboveOffer, match="for 12 months") as refusal:
        recommend(fund, application_id, terms=short)
    assert refusal.value.field == "amount"
    recommend(fund, application_id, terms=replace(GOLDEN_TERMS, maturity_months=24))
    assert status(fund, application_id) == "recommended"
