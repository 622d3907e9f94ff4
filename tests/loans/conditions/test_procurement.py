"""Quotations by tier, near suppliers first, and a reason where they are passed over (rule N9)."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from loans.conditions import procurement
from loans.conditions.procurement import ReasonNeeded, UnknownCountry, UnknownTier
from loans.people import WrongPerson
from loans.refusal import Missing
from loans.storage.database import Database, new_id
from tests.builders import GOLDEN_TERMS, SIGNED_ON, Fund, loan_with_open_conditions, open_fund
from tests.loans.conditions.test_precedents import ask_waiver, view_of, waive

LATER_TERMS = replace(GOLDEN_TERMS, maturity_months=27, frequency_months=3)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def quote(fund: Fund, line_id: str, tier: str, amount_minor: int, **changes: Any) -> str:
    values: dict[str, Any] = {
        "supplier": f"{tier} works",
        "country": "LT",
        "quoted_on": SIGNED_ON,
    } | changes
    actor = values.pop("actor", fund.officer)
    with fund.act(SIGNED_ON) as (session, moment):
        return procurement.add_quotation(
            session, actor, moment, line_id, tier=tier, amount_minor=amount_minor, **values
        )


def choose(fund: Fund, quotation_id: str, **reasons: str) -> None:
    with fund.act(SIGNED_ON) as (session, moment):
        procurement.choose_quotation(session, fund.officer, moment, quotation_id, **reasons)


def line_of(fund: Fund, loan_id: str) -> str:
    return view_of(fund, loan_id).plan[0].plan_line_id


def test_the_plan_is_the_proposals_investment(fund: Fund) -> None:
    plan = view_of(fund, loan_with_open_conditions(fund)).plan
    assert [(one.number, one.planned_minor, one.supplier) for one in plan] == [
        (1, 12_000_000, None)
    ]
    assert plan[0].item == "Machines and equipment (M1: White-water and fibre reuse)"


def test_a_nearer_tier_without_a_quotation_needs_a_reason(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    far = quote(fund, line_of(fund, loan_id), "international", 11_000_000)
    with pytest.raises(ReasonNeeded, match="local or nordic") as refused:
        choose(fund, far)
    assert refused.value.field == "tier_reason"
    quote(fund, line_of(fund, loan_id), "local", 11_500_000)
    with pytest.raises(ReasonNeeded, match="tier nordic"):
        choose(fund, far)
    choose(fund, far, tier_reason="Nobody there builds it")
    line = view_of(fund, loan_id).plan[0]
    assert line.supplier == "international works"
    assert [one.tier_reason for one in line.quotations if one.is_chosen] == [
        "Nobody there builds it"
    ]


def test_the_cheapest_needs_no_reason_and_another_does(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    line_id = line_of(fund, loan_id)
    dear = quote(fund, line_id, "local", 11_000_001)
    cheap = quote(fund, line_id, "nordic", 11_000_000)
    with pytest.raises(ReasonNeeded, match=r"nordic works asks EUR 0\.01 less") as refused:
        choose(fund, dear)
    assert refused.value.field == "price_reason"
    choose(fund, dear, price_reason="It stands in the country")
    choose(fund, cheap)
    line = view_of(fund, loan_id).plan[0]
    assert [(one.supplier, one.is_chosen) for one in line.quotations] == [
        ("nordic works", True),
        ("local works", False),
    ]
    equal = quote(fund, line_id, "local", 11_000_000, supplier="Equal works")
    choose(fund, equal)
    assert view_of(fund, loan_id).plan[0].supplier == "Equal works"


def test_a_profile_may_demand_a_supplier_for_every_line_before_the_first_pay_out(
    sqlite_database: Database,
) -> None:
    fund = open_fund(sqlite_database, profile_code="nefco-later")
    loan_id = loan_with_open_conditions(fund, terms=LATER_TERMS)
    before = view_of(fund, loan_id)
    assert [one.words for one in before.conditions if one.is_counted] == [
        "Own contribution paid and evidenced",
        "Quotation chosen for every line of the plan",
        "Invoices that carry the pay-out",
    ]
    suppliers = before.conditions[1]
    assert suppliers.remedy.startswith("No supplier is chosen for line 1 of the plan.")
    choose(fund, quote(fund, line_of(fund, loan_id), "local", 11_500_000))
    suppliers = view_of(fund, loan_id).conditions[1]
    assert (suppliers.outcome, suppliers.blocks) == ("met", False)
    assert "Invoices that carry the pay-out" in " ".join(view_of(fund, loan_id).blocking)


def test_without_a_line_of_the_plan_the_choice_of_suppliers_is_waived(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_bought = SimpleNamespace(EQUIPMENT=None)
    monkeypatch.setattr("loans.conditions.opening.InvestmentKind", nothing_bought)
    fund = open_fund(sqlite_database, profile_code="nefco-later")
    loan_id = loan_with_open_conditions(fund, terms=LATER_TERMS)
    assert view_of(fund, loan_id).plan == ()
    suppliers = view_of(fund, loan_id).conditions[1]
    assert (suppliers.outcome, suppliers.blocks) == ("open", True)
    assert suppliers.remedy.startswith("The plan of this loan has no line")
    ask_waiver(fund, suppliers.condition_id)
    waive(fund, suppliers.condition_id, fund.second_manager)
    assert view_of(fund, loan_id).conditions[1].outcome == "waived"


def test_quotations_are_refused_in_words(fund: Fund) -> None:
    line_id = line_of(fund, loan_with_open_conditions(fund))
    with pytest.raises(UnknownTier, match="local, nordic, international"):
        quote(fund, line_id, "lunar", 1)
    for country in ("Lithuania", "lt", "L1", "ÅÄ"):
        with pytest.raises(UnknownCountry):
            quote(fund, line_id, "local", 1, country=country)
    with pytest.raises(WrongPerson):
        quote(fund, line_id, "local", 1, actor=fund.manager)
    with pytest.raises(Missing):
        quote(fund, line_id, "local", 1, actor=fund.other_enterprise)
    with pytest.raises(Missing):
        quote(fund, new_id(), "local", 1)
    with pytest.raises(Missing):
        choose(fund, new_id())
