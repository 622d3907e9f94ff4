"""What officers do with an application, step by step, and what each step refuses."""

import pytest
from sqlalchemy import select

from appraisal.measure_type import MeasureType
from loans.cases import applications
from loans.cases.applications import NotUnderAppraisal
from loans.cases.case_status import WrongRole, WrongStatus
from loans.cases.proposals import proposal_view, save_draft, submit_proposal
from loans.entered_text import TextMissing, TextTooLong, TextUnstorable
from loans.history import history
from loans.refusal import Missing, WrongValue
from loans.storage.database import Database
from loans.tables import Application, Decision, Proposal
from tests.builders import (
    SENT_ON,
    Fund,
    appraised_application,
    approved_application,
    complete_application,
    golden_draft,
    open_fund,
    submitted_application,
)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def read(fund: Fund, application_id: str) -> Application:
    with fund.database.reading() as session:
        return session.get_one(Application, application_id)


def test_a_returned_application_comes_back_under_its_reference(fund: Fund) -> None:
    application_id = submitted_application(fund)
    before = read(fund, application_id)
    with fund.act(SENT_ON) as (session, moment):
        applications.return_application(
            session, fund.officer, moment, application_id, reason="Which meter?"
        )
    assert read(fund, application_id).status == "returned"
    changed = golden_draft(
        finance=golden_draft().finance.model_dump() | {"requested_amount": "60000"}
    )
    with fund.act(SENT_ON) as (session, moment):
        proposal_id = before.proposal_id
        assert proposal_view(session, fund.enterprise, proposal_id).status == "draft"
        save_draft(session, fund.enterprise, moment, proposal_id, changed)
        assert submit_proposal(session, fund.enterprise, moment, proposal_id) == application_id
    after = read(fund, application_id)
    assert (after.status, after.reference) == ("submitted", before.reference)
    assert after.figures_hash != before.figures_hash


def test_completeness_and_appraisal_follow_each_other(fund: Fund) -> None:
    application_id = submitted_application(fund)
    with pytest.raises(WrongStatus), fund.act(SENT_ON) as (session, moment):
        applications.confirm_appraisal(session, fund.officer, moment, application_id)
    with fund.act(SENT_ON) as (session, moment):
        applications.confirm_complete(session, fund.officer, moment, application_id, note="All")
        applications.confirm_appraisal(session, fund.officer, moment, application_id, note="Fine")
    assert read(fund, application_id).status == "appraised"
    with fund.database.reading() as session:
        decision = session.scalars(select(Decision)).one()
        events = [line.action for line in history(session, (application_id,))]
    assert decision.snapshot["maximum_amount"] == "108000.00"
    assert decision.snapshot["profile"] == {"code": "nefco-1998", "version": 1}
    assert decision.figures_hash == read(fund, application_id).figures_hash
    assert events == ["submit", "complete", "appraise"]


def test_each_act_is_for_officers_and_exists_only_for_who_may_see_it(fund: Fund) -> None:
    application_id = submitted_application(fund)
    for kind, actor in (
        (WrongRole, fund.manager),
        (WrongRole, fund.auditor),
        (WrongRole, fund.enterprise),
        (Missing, fund.other_enterprise),
        (Missing, fund.administrator),
    ):
        with pytest.raises(kind), fund.act(SENT_ON) as (session, moment):
            applications.confirm_complete(session, actor, moment, application_id)
    with pytest.raises(Missing), fund.act(SENT_ON) as (session, moment):
        applications.confirm_complete(session, fund.officer, moment, "no-such-application")


def test_a_refusal_needs_its_reason_and_ends_the_case(fund: Fund) -> None:
    application_id = complete_application(fund)
    for kind, code, reason in (
        (TextMissing, "payback", " "),
        (TextTooLong, "payback", "x" * 4_001),
        (TextUnstorable, "payback", "No\x00"),
        (WrongValue, "because", "It is late"),
    ):
        with pytest.raises(kind), fund.act(SENT_ON) as (session, moment):
            applications.refuse(
                session, fund.officer, moment, application_id, reason_code=code, reason=reason
            )
    with fund.act(SENT_ON) as (session, moment):
        applications.refuse(
            session,
            fund.manager,
            moment,
            application_id,
            reason_code="payback",
            reason="The savings are too small",
        )
    row = read(fund, application_id)
    assert row.status == "refused"
    with fund.database.reading() as session:
        assert session.get_one(Proposal, row.proposal_id).status == "withdrawn"
    with pytest.raises(WrongStatus), fund.act(SENT_ON) as (session, moment):
        applications.confirm_appraisal(session, fund.officer, moment, application_id)


def test_what_is_approved_is_not_refused(fund: Fund) -> None:
    application_id = approved_application(fund)
    with pytest.raises(WrongStatus), fund.act(SENT_ON) as (session, moment):
        applications.refuse(
            session, fund.manager, moment, application_id, reason_code="funds", reason="No money"
        )


def override(fund: Fund, application_id: str, measure: str = "M1", reason: str = "Shared") -> None:
    with fund.act(SENT_ON) as (session, moment):
        applications.override_type(
            session,
            fund.officer,
            moment,
            application_id,
            measure_code=measure,
            measure_type=MeasureType.B,
            reason=reason,
        )


def test_an_override_is_kept_beside_what_was_computed(fund: Fund) -> None:
    application_id = appraised_application(fund)
    override(fund, application_id)
    with fund.database.reading() as session:
        line = history(session, (application_id,))[-1]
    assert line.action == "override"
    assert line.details == {"measure": "M1", "computed": "C", "type": "B"}
    with pytest.raises(WrongValue):
        override(fund, application_id, measure="M9")
    with pytest.raises(TextMissing):
        override(fund, application_id, reason="")


def test_an_override_is_possible_only_during_the_appraisal(fund: Fund) -> None:
    with pytest.raises(NotUnderAppraisal):
        override(fund, submitted_application(fund))
