"""Own money: shown before the fund's, and not taken back once money went out on it."""

from __future__ import annotations

import pytest

from loans.conditions import evidence
from loans.conditions.evidence import Proof, ShownBefore, StillNeeded, WithdrawnBefore
from loans.conditions.gate import ConditionsOpen
from loans.lending.loan_case import WrongAmount
from loans.people import Actor, WrongPerson
from loans.refusal import Missing
from loans.storage.database import Database
from tests.builders import (
    PAY_OUT_ON,
    Fund,
    loan_with_open_conditions,
    meet_conditions,
    open_fund,
    pay_out,
)
from tests.loans.conditions.test_precedents import meet, pledge_of, view_of

NEEDED = 1_200_000


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def show(
    fund: Fund,
    loan_id: str,
    amount_minor: int,
    actor: Actor | None = None,
    *,
    document: str = "Invoice 16, paid",
) -> str:
    with fund.act(PAY_OUT_ON) as (session, moment):
        return evidence.record_own_contribution(
            session,
            actor or fund.officer,
            moment,
            loan_id,
            proof=Proof.INVOICE,
            supplier="Baltic Filters",
            document=document,
            amount_minor=amount_minor,
            paid_on=PAY_OUT_ON,
        )


def withdraw(fund: Fund, contribution_id: str) -> None:
    with fund.act(PAY_OUT_ON) as (session, moment):
        evidence.withdraw_own_contribution(
            session, fund.officer, moment, contribution_id, reason="Entered twice"
        )


def test_exactly_the_minimum_opens_the_gate_and_a_cent_less_does_not(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    meet(fund, pledge_of(fund, loan_id).condition_id)
    show(fund, loan_id, NEEDED - 1)
    assert view_of(fund, loan_id).own_money.missing_minor == 1
    with pytest.raises(ConditionsOpen, match=r"EUR 0\.01 of EUR 12,000\.00 is not shown"):
        pay_out(fund, loan_id, amount_minor=1_000_000)
    show(fund, loan_id, 1)
    assert view_of(fund, loan_id).blocking == ()


def test_one_slip_never_counts_twice_while_it_stands(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    shown = show(fund, loan_id, NEEDED - 1)
    with pytest.raises(ShownBefore, match="entered for this loan before") as refused:
        show(fund, loan_id, NEEDED - 1, document=" invoice 16, PAID ")
    assert refused.value.field == "document"
    show(fund, loan_id, NEEDED - 1, document="Invoice 17, paid")
    withdraw(fund, shown)
    show(fund, loan_id, NEEDED - 1)
    other_id = loan_with_open_conditions(fund)
    with pytest.raises(ShownBefore, match="for loan "):
        show(fund, other_id, NEEDED - 1)


def test_withdrawn_evidence_stays_in_the_list_and_counts_no_more(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    shown = show(fund, loan_id, NEEDED)
    withdraw(fund, shown)
    money = view_of(fund, loan_id).own_money
    assert (money.missing_minor, len(money.evidence)) == (NEEDED, 1)
    assert money.evidence[0].withdrawn_because == "Entered twice"
    with pytest.raises(WithdrawnBefore):
        withdraw(fund, shown)
    with pytest.raises(Missing):
        withdraw(fund, loan_id)


def test_evidence_on_which_money_went_out_is_replaced_before_it_is_withdrawn(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    shown = show(fund, loan_id, NEEDED)
    meet_conditions(fund, loan_id, on=PAY_OUT_ON)
    pay_out(fund, loan_id, amount_minor=1_000_000)
    with pytest.raises(StillNeeded, match=r"EUR 12,000\.00"):
        withdraw(fund, shown)
    show(fund, loan_id, NEEDED, document="Invoice 17, paid")
    withdraw(fund, shown)
    assert view_of(fund, loan_id).own_money.missing_minor == 0


def test_only_officers_enter_it_and_only_amounts_above_zero(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    for actor in (fund.enterprise, fund.manager):
        with pytest.raises(WrongPerson):
            show(fund, loan_id, NEEDED, actor)
    for amount_minor in (0, -1):
        with pytest.raises(WrongAmount):
            show(fund, loan_id, amount_minor)
