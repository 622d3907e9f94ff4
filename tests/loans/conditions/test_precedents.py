"""Conditions precedent: each named at the release, met by an officer, waived by two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from loans.conditions import precedents
from loans.conditions.gate import ConditionsOpen
from loans.conditions.precedents import CountedFromFigures, NothingToReopen, NotOpen, WaiverAsked
from loans.conditions.tables import ConditionStep
from loans.conditions.views import ConditionView, PayOutsView, pay_outs_view
from loans.entered_text import TextMissing
from loans.fund import FutureDay
from loans.lending.loan_case import WrongLoanStatus
from loans.people import Actor, Role, WrongPerson
from loans.precedent import Occasion
from loans.refusal import Missing
from loans.servicing import disbursing
from loans.storage.database import Database, new_id
from tests.builders import (
    PAY_OUT_ON,
    SIGNED_ON,
    Fund,
    disbursed_loan,
    loan_with_open_conditions,
    meet_conditions,
    open_fund,
    pay_out,
    prepare_pay_out,
    signed_loan,
)
from tests.loans.collateral.securing import guarantee

WHOLE = 10_800_000
NEXT_ON = PAY_OUT_ON + timedelta(days=10)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def view_of(
    fund: Fund, loan_id: str, actor: Actor | None = None, *, as_of: date = SIGNED_ON
) -> PayOutsView:
    with fund.database.reading() as session:
        return pay_outs_view(session, actor or fund.officer, loan_id, as_of=as_of)


def pledge_of(fund: Fund, loan_id: str) -> ConditionView:
    return next(one for one in view_of(fund, loan_id).conditions if not one.is_counted)


def meet(fund: Fund, condition_id: str, actor: Actor | None = None, document: str = "Deed") -> str:
    with fund.act(SIGNED_ON) as (session, moment):
        return precedents.meet_condition(
            session,
            actor or fund.officer,
            moment,
            condition_id,
            document=document,
            on=SIGNED_ON,
        )


def ask_waiver(fund: Fund, condition_id: str, reason: str = "A deposit") -> None:
    with fund.act(SIGNED_ON) as (session, moment):
        precedents.ask_waiver(session, fund.officer, moment, condition_id, reason=reason)


def waive(fund: Fund, condition_id: str, actor: Actor) -> None:
    with fund.act(SIGNED_ON) as (session, moment):
        precedents.waive_condition(session, actor, moment, condition_id, reason="Agreed")


def reopen(fund: Fund, condition_id: str) -> None:
    with fund.act(SIGNED_ON) as (session, moment):
        precedents.reopen_condition(session, fund.officer, moment, condition_id, reason="Lost")


def add(fund: Fund, loan_id: str, occasion: Occasion, actor: Actor | None = None) -> str:
    with fund.act(SIGNED_ON) as (session, moment):
        return precedents.add_condition(
            session,
            actor or fund.officer,
            moment,
            loan_id,
            words="Permit of the city",
            occasion=occasion,
        )


def release(fund: Fund, pay_out_id: str) -> str:
    with fund.act(NEXT_ON) as (session, moment):
        return disbursing.release_disbursement(
            session, fund.manager, moment, pay_out_id, key=new_id()
        )


def test_a_release_names_every_open_condition_and_posts_nothing(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    pay_out_id = prepare_pay_out(fund, loan_id, amount_minor=WHOLE)
    before = fund.trial_balance()
    with pytest.raises(ConditionsOpen) as refused:
        release(fund, pay_out_id)
    assert refused.value.blocking == (
        (
            "Own contribution paid and evidenced: EUR 12,000.00 of EUR 12,000.00 is not shown "
            "yet. A loan officer enters the evidence, or asks to waive it."
        ),
        (
            "Collateral agreement signed: A loan officer enters the document that meets it, "
            "or asks to waive it."
        ),
    )
    assert all(sentence in refused.value.message for sentence in refused.value.blocking)
    assert fund.trial_balance() == before
    assert view_of(fund, loan_id).blocking == refused.value.blocking
    meet_conditions(fund, loan_id)
    assert view_of(fund, loan_id).blocking == ()
    release(fund, pay_out_id)
    assert fund.outstanding(loan_id) == WHOLE


def test_a_waiver_needs_the_officer_who_asks_and_a_manager(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    pledge = pledge_of(fund, loan_id).condition_id
    with pytest.raises(NotOpen, match="nobody asks"):
        waive(fund, pledge, fund.manager)
    ask_waiver(fund, pledge)
    asked = pledge_of(fund, loan_id)
    assert (asked.outcome, asked.blocks) == ("waiver_asked", True)
    assert asked.remedy.startswith("A fund manager waives it")
    with pytest.raises(WrongPerson):
        waive(fund, pledge, fund.officer)
    with pytest.raises(WrongPerson, match="You asked for it yourself"):
        waive(fund, pledge, replace(fund.officer, role=Role.MANAGER))
    waive(fund, pledge, fund.manager)
    waived = pledge_of(fund, loan_id)
    assert (waived.outcome, waived.blocks, waived.remedy) == ("waived", False, "")
    with pytest.raises(NotOpen, match="waived already"):
        meet(fund, pledge)


def test_a_second_request_for_a_waiver_is_refused_and_the_first_stands(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    pledge = pledge_of(fund, loan_id).condition_id
    ask_waiver(fund, pledge)
    with pytest.raises(WaiverAsked, match="a fund manager has to decide"):
        ask_waiver(fund, pledge, reason="Another reason")
    assert pledge_of(fund, loan_id).note == "A deposit"
    reopen(fund, pledge)
    ask_waiver(fund, pledge, reason="Another reason")
    assert pledge_of(fund, loan_id).note == "Another reason"


def test_a_refused_waiver_leaves_the_condition_open_with_its_reason(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    pledge = pledge_of(fund, loan_id).condition_id

    def refuse(actor: Actor, reason: str = "The plant is all that there is") -> None:
        with fund.act(SIGNED_ON) as (session, moment):
            precedents.refuse_waiver(session, actor, moment, pledge, reason=reason)

    with pytest.raises(NotOpen, match="nobody asks"):
        refuse(fund.manager)
    ask_waiver(fund, pledge)
    with pytest.raises(WrongPerson):
        refuse(fund.officer)
    with pytest.raises(TextMissing):
        refuse(fund.manager, " ")
    refuse(fund.manager)
    refused = pledge_of(fund, loan_id)
    assert (refused.outcome, refused.blocks) == ("waiver_refused", True)
    assert refused.note == "The plant is all that there is"
    assert refused.remedy.startswith("The waiver was refused.")
    with pytest.raises(NotOpen, match="nobody asks"):
        waive(fund, pledge, fund.second_manager)
    with pytest.raises(NothingToReopen):
        reopen(fund, pledge)
    ask_waiver(fund, pledge)
    assert pledge_of(fund, loan_id).warning
    waive(fund, pledge, fund.second_manager)
    waived = pledge_of(fund, loan_id)
    assert (waived.blocks, waived.warning) == (False, "")


def test_collateral_said_to_be_signed_and_not_recorded_is_warned_of(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    meet(fund, pledge_of(fund, loan_id).condition_id)
    met = pledge_of(fund, loan_id)
    assert (met.outcome, met.blocks) == ("met", False)
    assert met.warning.startswith("No asset is pledged and no guarantee is recorded")
    assert view_of(fund, loan_id).warnings == (f"Collateral agreement signed: {met.warning}",)
    guarantee(fund, loan_id, valid_until=NEXT_ON)
    assert view_of(fund, loan_id, as_of=NEXT_ON).warnings == ()
    assert view_of(fund, loan_id, as_of=NEXT_ON + timedelta(days=1)).warnings != ()


def test_the_database_refuses_that_one_person_asks_and_waives(fund: Fund) -> None:
    pledge = pledge_of(fund, loan_with_open_conditions(fund)).condition_id
    with pytest.raises(IntegrityError), fund.act(SIGNED_ON) as (session, moment):
        session.add(
            ConditionStep(
                id=new_id(),
                condition_id=pledge,
                pay_out_number=1,
                outcome="waived",
                note="",
                happened_on=moment.on,
                made_by=fund.manager.user_id,
                made_at=moment.at,
                asked_by=fund.manager.user_id,
            )
        )


def test_own_money_may_be_waived_but_never_ticked(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    own = next(one for one in view_of(fund, loan_id).conditions if one.is_counted)
    with pytest.raises(CountedFromFigures):
        meet(fund, own.condition_id)
    ask_waiver(fund, own.condition_id)
    assert view_of(fund, loan_id).conditions[0].blocks
    waive(fund, own.condition_id, fund.manager)
    meet(fund, pledge_of(fund, loan_id).condition_id)
    assert pay_out(fund, loan_id, amount_minor=WHOLE)


def test_meeting_is_refused_in_words(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    pledge = pledge_of(fund, loan_id).condition_id
    for actor in (fund.manager, fund.auditor, fund.enterprise):
        with pytest.raises(WrongPerson):
            meet(fund, pledge, actor)
    with pytest.raises(Missing):
        meet(fund, pledge, fund.other_enterprise)
    with pytest.raises(Missing):
        meet(fund, new_id())
    with pytest.raises(TextMissing):
        meet(fund, pledge, document="  ")
    with pytest.raises(FutureDay), fund.act(SIGNED_ON) as (session, moment):
        precedents.meet_condition(
            session, fund.officer, moment, pledge, document="Deed", on=NEXT_ON
        )
    meet(fund, pledge)
    with pytest.raises(NotOpen, match="met already"):
        meet(fund, pledge)


def test_what_was_met_wrongly_is_open_again(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    pledge = pledge_of(fund, loan_id).condition_id
    with pytest.raises(NothingToReopen):
        reopen(fund, pledge)
    meet(fund, pledge)
    reopen(fund, pledge)
    assert pledge_of(fund, loan_id).blocks
    meet(fund, pledge)
    assert not pledge_of(fund, loan_id).blocks


def test_a_condition_of_every_pay_out_is_met_anew_for_each(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    permit = add(fund, loan_id, Occasion.EVERY)
    meet(fund, permit)
    pay_out(fund, loan_id, amount_minor=WHOLE // 2)
    blocked = [one for one in view_of(fund, loan_id).conditions if one.blocks]
    assert [one.condition_id for one in blocked] == [permit]
    first_ones = [one for one in view_of(fund, loan_id).conditions if one.occasion == "first"]
    assert not any(one.applies for one in first_ones)
    with pytest.raises(NotOpen, match="first pay-out, which is made"):
        reopen(fund, first_ones[1].condition_id)
    waiting = prepare_pay_out(fund, loan_id, amount_minor=WHOLE // 2, pay_on=NEXT_ON)
    with pytest.raises(ConditionsOpen, match="Permit of the city"):
        release(fund, waiting)
    meet(fund, permit)
    release(fund, waiting)
    assert fund.outstanding(loan_id) == WHOLE


def test_conditions_are_added_by_officers_while_something_is_left_to_pay(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    with pytest.raises(WrongPerson):
        add(fund, loan_id, Occasion.FIRST, fund.manager)
    add(fund, loan_id, Occasion.FIRST)
    assert view_of(fund, loan_id).blocking
    meet_conditions(fund, loan_id)
    pay_out(fund, loan_id, amount_minor=WHOLE)
    with pytest.raises(WrongLoanStatus):
        add(fund, loan_id, Occasion.FIRST)


def test_the_borrower_reads_its_conditions_without_names_and_notes(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    own = view_of(fund, loan_id, fund.enterprise)
    assert [one.outcome for one in own.conditions] == ["met", "met"]
    assert all(one.who is None and not one.note for one in own.conditions)
    assert own.own_money.evidence[0].who is None
    with pytest.raises(Missing):
        view_of(fund, loan_id, fund.other_enterprise)
