"""Proposals: drafted, saved, resumed, sent with all gaps named at once, withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest

from loans.cases import proposals
from loans.cases.case_status import WrongStatus
from loans.cases.proposals import AlreadySent, ChangedMeanwhile, Incomplete, OnlyAuthors
from loans.draft import Draft, Section
from loans.history import next_reference
from loans.people import Actor
from loans.refusal import Missing, WrongValue
from loans.storage.database import Database
from loans.tables import Application, Enterprise
from tests.builders import (
    SENT_ON,
    Fund,
    approved_application,
    draft_proposal,
    golden_draft,
    golden_measure,
    open_fund,
    submitted_application,
)
from tests.loans.proposals import NEFCO


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def test_a_new_proposal_knows_what_is_known_of_the_enterprise(fund: Fund) -> None:
    with fund.act(SENT_ON) as (session, moment):
        first = proposals.start_proposal(session, fund.enterprise, moment)
        view = proposals.proposal_view(session, fund.enterprise, first)
    assert view.draft.enterprise.registration_number == "LT-100200"
    assert view.draft.enterprise.town is None
    draft_proposal(fund)
    with fund.act(SENT_ON + timedelta(days=1)) as (session, moment):
        later = proposals.start_proposal(session, fund.adviser, moment)
        town = proposals.proposal_view(session, fund.adviser, later).draft.enterprise.town
    assert town == "Kaunas"


def test_an_adviser_of_several_enterprises_names_the_one(fund: Fund) -> None:
    both = frozenset({fund.enterprise_id, fund.other_enterprise_id})
    adviser = replace(fund.adviser, enterprise_ids=both)
    with pytest.raises(WrongValue) as refusal, fund.act(SENT_ON) as (session, moment):
        proposals.start_proposal(session, adviser, moment)
    assert refusal.value.field == "enterprise_id"
    with fund.act(SENT_ON) as (session, moment):
        named = fund.other_enterprise_id
        begun = proposals.start_proposal(session, adviser, moment, enterprise_id=named)
        view = proposals.proposal_view(session, adviser, begun)
    assert view.enterprise_id == named


def test_who_may_begin_a_proposal_and_for_whom(fund: Fund) -> None:
    for kind, actor, enterprise_id in (
        (OnlyAuthors, fund.officer, fund.enterprise_id),
        (OnlyAuthors, fund.administrator, None),
        (Missing, fund.enterprise, fund.other_enterprise_id),
        (Missing, fund.adviser, fund.other_enterprise_id),
        (Missing, fund.adviser, "no-such-enterprise"),
    ):
        with pytest.raises(kind), fund.act(SENT_ON) as (session, moment):
            proposals.start_proposal(session, actor, moment, enterprise_id=enterprise_id)


def test_a_draft_is_saved_unfinished_and_the_later_author_is_told(fund: Fund) -> None:
    proposal_id = draft_proposal(fund, Draft())
    with fund.act(SENT_ON) as (session, moment):
        view = proposals.proposal_view(session, fund.enterprise, proposal_id)
        version = proposals.save_draft(
            session, fund.adviser, moment, proposal_id, golden_draft(), version=view.version
        )
    assert version == view.version + 1
    with pytest.raises(ChangedMeanwhile), fund.act(SENT_ON) as (session, moment):
        proposals.save_draft(
            session, fund.enterprise, moment, proposal_id, Draft(), version=view.version
        )
    with fund.database.reading() as session:
        stored = proposals.proposal_view(session, fund.enterprise, proposal_id)
    assert stored.draft == golden_draft()
    assert stored.updated_by == "Adviser Person"


def test_all_gaps_are_named_at_once(fund: Fund) -> None:
    proposal_id = draft_proposal(fund, Draft())
    with pytest.raises(Incomplete) as refusal, fund.act(SENT_ON) as (session, moment):
        proposals.submit_proposal(session, fund.enterprise, moment, proposal_id)
    assert {gap.section for gap in refusal.value.gaps} == set(Section)
    assert refusal.value.message.startswith(f"{len(refusal.value.gaps)} answers are missing.")


def test_one_gap_is_counted_as_one(fund: Fund) -> None:
    finance = golden_draft().finance.model_dump() | {"own_contribution_source": None}
    proposal_id = draft_proposal(fund, golden_draft(finance=finance))
    with pytest.raises(Incomplete, match="One answer is missing"), fund.act(SENT_ON) as (s, moment):
        proposals.submit_proposal(s, fund.enterprise, moment, proposal_id)


def test_figures_that_contradict_each_other_are_a_gap_in_words(fund: Fund) -> None:
    late = [{"code": "I01", "amount": "120000", "month": 100}]
    proposal_id = draft_proposal(fund, golden_draft(golden_measure(investment=late)))
    with pytest.raises(Incomplete, match="after the horizon"), fund.act(SENT_ON) as (s, moment):
        proposals.submit_proposal(s, fund.enterprise, moment, proposal_id)


def test_what_was_sent_is_closed_for_its_authors(fund: Fund) -> None:
    application_id = submitted_application(fund)
    with fund.database.reading() as session:
        row = session.get_one(Application, application_id)
    assert (row.reference, row.status, row.submitted_on) == ("CP-2026-001", "submitted", SENT_ON)
    with pytest.raises(AlreadySent), fund.act(SENT_ON) as (session, moment):
        proposals.submit_proposal(session, fund.enterprise, moment, row.proposal_id)
    with pytest.raises(AlreadySent), fund.act(SENT_ON) as (session, moment):
        proposals.save_draft(session, fund.enterprise, moment, row.proposal_id, Draft())


def test_sending_keeps_the_register_current(fund: Fund) -> None:
    section = golden_draft().enterprise.model_dump() | {"sector": "Tissue", "ownership": "state"}
    submitted_application(fund, golden_draft(enterprise=section))
    with fund.database.reading() as session:
        row = session.get_one(Enterprise, fund.enterprise_id)
    assert (row.sector, row.ownership) == ("Tissue", "state")


def test_a_proposal_exists_only_for_its_enterprise_and_its_adviser(fund: Fund) -> None:
    proposal_id = draft_proposal(fund)
    with fund.database.reading() as session:
        for actor in (fund.other_enterprise, fund.officer, fund.manager, fund.administrator):
            with pytest.raises(Missing):
                proposals.proposal_view(session, actor, proposal_id)
            assert proposals.proposals(session, actor) == ()
        assert len(proposals.proposals(session, fund.adviser)) == 1
    with pytest.raises(Missing), fund.act(SENT_ON) as (session, moment):
        proposals.save_draft(session, fund.other_enterprise, moment, proposal_id, Draft())
    with pytest.raises(OnlyAuthors), fund.act(SENT_ON) as (session, moment):
        proposals.save_draft(session, fund.officer, moment, proposal_id, Draft())


def test_a_withdrawal_ends_the_case_until_it_is_approved(fund: Fund) -> None:
    application_id = submitted_application(fund)
    with fund.database.reading() as session:
        proposal_id = session.get_one(Application, application_id).proposal_id
    with fund.act(SENT_ON) as (session, moment):
        proposals.withdraw_proposal(session, fund.enterprise, moment, proposal_id)
    with fund.database.reading() as session:
        assert session.get_one(Application, application_id).status == "withdrawn"
    with pytest.raises(AlreadySent), fund.act(SENT_ON) as (session, moment):
        proposals.withdraw_proposal(session, fund.enterprise, moment, proposal_id)


def test_an_approved_application_is_not_withdrawn(fund: Fund) -> None:
    application_id = approved_application(fund)
    with fund.database.reading() as session:
        proposal_id = session.get_one(Application, application_id).proposal_id
    with pytest.raises(WrongStatus), fund.act(SENT_ON) as (session, moment):
        proposals.withdraw_proposal(session, fund.enterprise, moment, proposal_id)


def test_figures_so_far_need_only_a_saving() -> None:
    assert proposals.figures_so_far(Draft(), NEFCO) is None
    begun = Draft.model_validate({"measures": [golden_measure()]})
    figures = proposals.figures_so_far(begun, NEFCO)
    assert figures is not None
    assert figures.measures[0].code == "M1"


def test_the_fingerprint_of_figures_changes_with_each_of_them() -> None:
    figures = proposals.checked_figures(golden_draft(), NEFCO)
    same = proposals.checked_figures(golden_draft(), NEFCO.model_copy(update={"title": "Another"}))
    longer = golden_draft(golden_measure(life_years=6))
    other = proposals.checked_figures(longer, NEFCO)
    first, second, third = (
        proposals.figures_hash(stored.model_dump(mode="json")) for stored in (figures, same, other)
    )
    assert first == second
    assert first != third


def test_references_have_no_gaps_and_begin_anew_each_year(fund: Fund) -> None:
    with fund.database.writing() as session:
        made = [
            next_reference(session, fund.facility_id, "CP", year) for year in (2026, 2026, 2027)
        ]
    assert made == ["CP-2026-001", "CP-2026-002", "CP-2027-001"]


def test_of_two_who_save_at_once_one_is_told(fund: Fund) -> None:
    proposal_id = draft_proposal(fund)
    with fund.database.reading() as session:
        opened = proposals.proposal_view(session, fund.enterprise, proposal_id).version
    both_have_read = Barrier(2)

    def save(actor: Actor) -> str:
        with fund.act(SENT_ON) as (session, moment):
            draft = proposals.proposal_view(session, actor, proposal_id).draft
            with suppress(BrokenBarrierError):  # SQLite lets in one writer at a time
                both_have_read.wait(timeout=0.2)
            proposals.save_draft(session, actor, moment, proposal_id, draft, version=opened)
        return "saved"

    def told(actor: Actor) -> str:
        try:
            return save(actor)
        except ChangedMeanwhile:
            return "told"

    with ThreadPoolExecutor(max_workers=2) as pool:
        assert sorted(pool.map(told, (fund.enterprise, fund.adviser))) == ["saved", "told"]


def test_the_appraisal_looks_as_far_as_the_longest_life() -> None:
    draft = golden_draft(golden_measure(life_years=8))
    assert proposals.checked_figures(draft, NEFCO).assumptions.horizon_years == 8
    lasting = golden_draft(golden_measure(life_years=25))
    assert proposals.checked_figures(lasting, NEFCO).assumptions.horizon_years == 10
