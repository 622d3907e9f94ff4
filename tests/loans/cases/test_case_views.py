from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy.orm import Session

from appraisal.measure_type import MeasureType
from loans import own_money, people
from loans.cases import applications, approvals, proposals
from loans.cases.case_acts import standing_obstacle
from loans.cases.case_status import CaseStatus
from loans.cases.case_views import (
    ApplicationView,
    Group,
    Order,
    QueuePage,
    Sort,
    application_view,
    fund_effect,
    offered_terms,
    queue,
)
from loans.cases.contract_making import ContractDays
from loans.cases.contract_preview import contract_preview
from loans.people import Actor
from loans.refusal import Missing, WrongValue
from loans.storage.database import Database
from tests import builders
from tests.builders import APPROVED_ON, GOLDEN_TERMS, SENT_ON, Fund, open_fund
from tests.drafts import golden_draft, golden_measure

LATER = date(2026, 3, 12)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


@pytest.fixture
def quick_fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@contextmanager
def reading(fund: Fund) -> Iterator[Session]:
    with fund.database.reading() as session:
        yield session


def view_of(
    fund: Fund, application_id: str, actor: Actor | None = None, *, on: date = LATER
) -> ApplicationView:
    with reading(fund) as session:
        return application_view(session, actor or fund.officer, application_id, on=on)


def list_of(fund: Fund, actor: Actor | None = None, **filters: object) -> QueuePage:
    with reading(fund) as session:
        return queue(session, actor or fund.officer, on=LATER, **filters)  # type: ignore[arg-type]


def references(page: QueuePage) -> list[str]:
    return [line.reference for line in page.lines]


def sent_by_other(fund: Fund) -> str:
    """An application of the other enterprise, two days older than the golden one."""
    on = SENT_ON - timedelta(days=2)
    with fund.act(on) as (session, moment):
        author = fund.other_enterprise
        proposal_id = proposals.start_proposal(session, author, moment)
        draft = golden_draft()
        proposals.save_draft(session, author, moment, proposal_id, draft)
        return proposals.submit_proposal(session, author, moment, proposal_id)


def test_the_queue_puts_the_own_work_first_and_the_oldest_on_top(fund: Fund) -> None:
    recommended = builders.recommended_application(fund)
    mine = builders.submitted_application(fund)
    older = sent_by_other(fund)
    refused_id = builders.submitted_application(fund)
    with fund.act(LATER) as (session, moment):
        applications.refuse(
            session, fund.officer, moment, refused_id, reason_code="other", reason="No meters"
        )
    for_officer = list_of(fund)
    assert [line.application_id for line in for_officer.lines] == [older, mine, recommended]
    assert [line.waits_for_actor for line in for_officer.lines] == [True, True, False]
    assert [line.days_in_status for line in for_officer.lines] == [61, 59, 38]
    assert (for_officer.count, for_officer.waiting_count) == (3, 2)
    for_manager = list_of(fund, fund.manager)
    assert for_manager.lines[0].application_id == recommended
    assert for_manager.waiting_count == 1
    assert list_of(fund, fund.auditor).waiting_count == 0
    assert [x.application_id for x in list_of(fund, status=Group.SETTLED).lines] == [refused_id]
    assert list_of(fund, status=Group.ALL).lines[-1].application_id == refused_id


def test_a_status_or_a_group_limits_the_list(quick_fund: Fund) -> None:
    builders.recommended_application(quick_fund)
    builders.submitted_application(quick_fund)
    assert [x.status for x in list_of(quick_fund, status=CaseStatus.RECOMMENDED).lines] == [
        CaseStatus.RECOMMENDED
    ]
    assert list_of(quick_fund, status=CaseStatus.SIGNED).count == 0
    assert [x.status for x in list_of(quick_fund, status=Group.MINE).lines] == [
        CaseStatus.SUBMITTED
    ]


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ("zalias", 1),
        ("PAVYZDYS  ŽAL", 1),
        ("lt-100200", 1),
        ("cp-2026-001", 1),
        ("zalias 2026", 1),
        ("zalias nothing", 0),
        ("%", 0),
        ("_", 0),
        ("", 1),
    ],
)
def test_the_search_finds_parts_whatever_case_and_accents(
    fund: Fund, search: str, count: int
) -> None:
    builders.submitted_application(fund)
    with fund.act(SENT_ON) as (session, moment):
        other = people.add_enterprise(
            session,
            name="Severny Zavod",
            registration_number="RU-77",
            country="RU",
            ownership="state",
            sector="Paper",
            at=moment.at,
        )
    assert other
    assert list_of(fund, search=search).count == count


@pytest.mark.parametrize("by", Sort)
def test_every_column_sorts_both_ways_with_every_row_once(fund: Fund, by: Sort) -> None:
    builders.recommended_application(fund)
    builders.submitted_application(fund)
    sent_by_other(fund)
    up = list_of(fund, order=Order(by))
    down = list_of(fund, order=Order(by, descending=True))
    assert sorted(references(up)) == sorted(references(down))
    assert len(set(references(up))) == 3
    keys: dict[Sort, list[Any]] = {
        Sort.WAITING: [not line.waits_for_actor for line in up.lines],
        Sort.REFERENCE: references(up),
        Sort.ENTERPRISE: [people.fold(line.enterprise_name) for line in up.lines],
        Sort.PROJECT: [line.title.lower() for line in up.lines],
        Sort.STAGE: [list(CaseStatus).index(line.status) for line in up.lines],
        Sort.NEXT: [str(line.next_role) != "officer" for line in up.lines],
        Sort.SENT: [line.submitted_on for line in up.lines],
        Sort.DAYS: [line.days_in_status for line in up.lines],
    }
    assert keys[by] == sorted(keys[by])
    if by in {Sort.REFERENCE, Sort.SENT, Sort.DAYS}:
        assert references(down) != references(up)


def test_pages_cut_nothing(quick_fund: Fund) -> None:
    for _ in range(5):
        builders.submitted_application(quick_fund)
    pages = [list_of(quick_fund, page_size=2, page_number=number) for number in (1, 2, 3)]
    assert [reference for page in pages for reference in references(page)] == [
        f"CP-2026-00{number}" for number in range(1, 6)
    ]
    assert {(page.count, page.page_count) for page in pages} == {(5, 3)}
    assert list_of(quick_fund, page_size=2, page_number=99).page_number == 3
    assert list_of(quick_fund, page_number=-1).page_number == 1
    assert list_of(quick_fund, search="nobody").page_count == 1


def test_another_enterprise_finds_nothing(quick_fund: Fund) -> None:
    application_id = builders.submitted_application(quick_fund)
    assert list_of(quick_fund, quick_fund.other_enterprise, status=Group.ALL).count == 0
    for nobody in (quick_fund.other_enterprise, quick_fund.administrator):
        with pytest.raises(Missing):
            view_of(quick_fund, application_id, nobody)


@pytest.mark.parametrize("unknown", ["", "x", "\0", "01a20b33-12a4-79eb-8403-cf408a53f4c6"])
def test_what_is_no_application_is_missing(fund: Fund, unknown: str) -> None:
    with pytest.raises(Missing):
        view_of(fund, unknown)


def test_a_fresh_application_names_what_is_next_and_what_is_not_possible(quick_fund: Fund) -> None:
    view = view_of(quick_fund, builders.submitted_application(quick_fund))
    assert view.status is CaseStatus.SUBMITTED
    assert (view.stage_number, view.days_in_status, view.gaps) == (0, 59, ())
    assert view.enterprise.registration_number == "LT-100200"
    open_acts = [act.name for act in view.acts if act.obstacle is None]
    assert open_acts == ["return", "complete", "refuse"]
    recommend = view.act("recommend")
    assert recommend is not None
    assert recommend.obstacle == ("This needs an application that is appraised; this one is sent.")
    assert view.act("approve") is None
    assert view_of(quick_fund, view.application_id, quick_fund.auditor).acts == ()


def test_days_are_counted_for_each_stage(quick_fund: Fund) -> None:
    view = view_of(quick_fund, builders.approved_application(quick_fund))
    assert [(span.status.value, span.days) for span in view.spans] == [
        ("submitted", 0),
        ("complete", 0),
        ("appraised", 21),
        ("recommended", 0),
        ("approved", 38),
    ]
    assert view.spans[-1].left_on is None
    assert [line.action for line in view.history] == [
        *("start", "submit", "complete", "appraise", "recommend", "approve")
    ]


def test_a_refused_application_keeps_the_stage_it_reached_and_offers_nothing(
    quick_fund: Fund,
) -> None:
    application_id = builders.complete_application(quick_fund)
    with quick_fund.act(LATER) as (session, moment):
        applications.refuse(
            session,
            quick_fund.officer,
            moment,
            application_id,
            reason_code="baseline",
            reason="The meters were not read",
        )
    view = view_of(quick_fund, application_id)
    assert (view.stage_number, view.acts, view.next_role) == (1, (), None)
    refusal = view.latest("refuse")
    assert refusal is not None
    assert (refusal.reason_code, refusal.terms) == ("baseline", None)


def test_a_decision_shows_what_was_seen_and_whether_it_still_holds(fund: Fund) -> None:
    proposal_id = builders.draft_proposal(fund)
    with fund.act(SENT_ON) as (session, moment):
        application_id = proposals.submit_proposal(session, fund.enterprise, moment, proposal_id)
        applications.confirm_complete(session, fund.officer, moment, application_id)
        applications.confirm_appraisal(session, fund.officer, moment, application_id)
        approvals.recommend(
            session, fund.officer, moment, application_id, terms=GOLDEN_TERMS, reason="Sound"
        )
    recommended = view_of(fund, application_id).latest("recommend")
    assert recommended is not None
    assert (recommended.terms, recommended.reason) == (GOLDEN_TERMS, "Sound")
    assert (recommended.decided_by, recommended.is_current) == (fund.officer.name, True)
    seen = recommended.seen
    assert (seen.types_words, seen.payback_ratio) == ("M1 C", Fraction(2))
    assert (seen.maximum_amount, seen.maximum_maturity_months) == (Decimal("108000.00"), 28)
    assert (seen.profile_code, seen.failed_count) == ("nefco-1998", 0)
    with fund.act(APPROVED_ON) as (session, moment):
        approvals.send_back(session, fund.manager, moment, application_id, reason="Look again")
        applications.return_application(
            session, fund.officer, moment, application_id, reason="Correct the life"
        )
        draft = golden_draft(golden_measure(life_years=6))
        proposals.save_draft(session, fund.enterprise, moment, proposal_id, draft)
        proposals.submit_proposal(session, fund.enterprise, moment, proposal_id)
    changed = view_of(fund, application_id).latest("recommend")
    assert changed is not None
    assert not changed.is_current
    assert changed.seen == seen


def test_a_decision_without_a_payback_or_an_offer_can_be_read(quick_fund: Fund) -> None:
    nothing_saved = golden_measure(savings=[{"code": "R1", "annual_amount": "0.00"}])
    application_id = builders.appraised_application(quick_fund, golden_draft(nothing_saved))
    view = view_of(quick_fund, application_id)
    seen = view.decisions[0].seen
    assert (seen.payback_ratio, seen.maximum_amount, seen.types_words) == (None, None, "M1 none")
    assert offered_terms(view) is None
    assert fund_effect(view, "recommend") is None
    recommend = view.act("recommend")
    assert recommend is not None
    assert recommend.obstacle is not None
    assert recommend.obstacle.startswith("1 rule fails: ")


def test_an_override_stands_beside_the_computed_type(quick_fund: Fund) -> None:
    application_id = builders.complete_application(quick_fund)
    with quick_fund.act(LATER) as (session, moment):
        applications.override_type(
            session,
            quick_fund.officer,
            moment,
            application_id,
            measure_code="M1",
            measure_type=MeasureType.B,
            reason="The bills show more",
        )
    (override,) = view_of(quick_fund, application_id).overrides
    assert (override.measure_code, override.computed, override.type) == ("M1", "C", "B")
    assert (override.reason, override.noted_by) == ("The bills show more", "Officer Person")


def test_approval_waits_for_a_second_person_with_money_and_the_same_figures(
    quick_fund: Fund,
) -> None:
    application_id = builders.recommended_application(quick_fund)
    approve = view_of(quick_fund, application_id, quick_fund.manager).act("approve")
    assert approve is not None
    assert approve.obstacle is None
    assert approve.leads_on
    poor = open_fund_without_money(quick_fund)
    short = view_of(poor, application_id, poor.manager).act("approve")
    assert short is not None
    assert short.obstacle == "The fund has less money available than this loan needs."


def open_fund_without_money(fund: Fund) -> Fund:
    """The same fund after almost all its money was spent on administration."""
    with fund.act(LATER) as (session, moment):
        own_money.record_administration(
            session,
            fund.manager,
            moment,
            purpose="Building",
            amount_minor=95_000_000,
            paid_on=LATER,
            key="building",
        )
    return fund


def test_the_effect_on_the_fund_is_that_of_the_books(fund: Fund) -> None:
    application_id = builders.recommended_application(fund)
    before = fund.available()
    planned = fund_effect(view_of(fund, application_id), "approve")
    assert planned is not None
    assert (planned.available_before_minor, planned.change_minor) == (before, -10_800_000)
    with fund.act(APPROVED_ON) as (session, moment):
        approvals.approve(session, fund.manager, moment, application_id, reason="Agreed")
    assert fund.available() == planned.available_after_minor
    approved = view_of(fund, application_id)
    freed = fund_effect(approved, "cancel")
    assert freed is not None
    assert freed.available_after_minor == before
    assert fund_effect(approved, "sign") is None


def test_the_offer_is_what_can_be_recommended(quick_fund: Fund) -> None:
    view = view_of(quick_fund, builders.appraised_application(quick_fund))
    assert offered_terms(view) == GOLDEN_TERMS


def test_the_preview_is_the_schedule_of_the_signed_loan(quick_fund: Fund) -> None:
    loan_id = builders.signed_loan(quick_fund)
    rows = builders.loan_record(quick_fund, loan_id).at(builders.SIGNED_ON).schedule
    application_id = list_of(quick_fund, status=Group.ALL).lines[0].application_id
    view = view_of(quick_fund, application_id)
    assert view.loan is not None
    assert view.loan.loan_id == loan_id
    preview = contract_preview(
        view.assessment,
        GOLDEN_TERMS,
        ContractDays(builders.PAY_OUT_ON, builders.FIRST_DUE_ON),
    )
    assert preview.instalments == rows
    assert len(rows) == 28
    assert (preview.first_due_on, preview.last_due_on) == (rows[0].due_on, rows[-1].due_on)
    assert preview.total_minor == sum(row.total_minor for row in rows)
    assert preview.total_minor == preview.principal_minor + preview.interest_minor
    assert preview.first_repayment_minor == rows[0].total_minor
    with pytest.raises(WrongValue):
        contract_preview(view.assessment, GOLDEN_TERMS, ContractDays(LATER, LATER))


def test_an_act_of_another_role_says_whose_it_is(quick_fund: Fund) -> None:
    assert standing_obstacle("approve", CaseStatus.RECOMMENDED, quick_fund.officer) == (
        "“Approve” is for the role manager. Your role is officer."
    )
    assert standing_obstacle("approve", CaseStatus.RECOMMENDED, quick_fund.manager) is None
    assert standing_obstacle("override", CaseStatus.APPROVED, quick_fund.officer) == (
        "This needs an application that is complete or appraised; this one is approved."
    )
