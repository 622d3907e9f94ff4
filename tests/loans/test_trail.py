"""Who did what: every act once, newest first, by person, kind and day, in the words people know."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event, func, select

from loans import accounts
from loans.books import bank_accounts
from loans.books.tables import FacilityRow
from loans.closing.months import close_month
from loans.fund import the_facility
from loans.history import record
from loans.people import Role
from loans.storage.database import Database, new_id
from loans.tables import CaseEvent
from loans.trail import SubjectKind, TrailLine, TrailPage, people_in, trail
from tests.builders import (
    FIRST_DUE_ON,
    SENT_ON,
    Fund,
    disbursed_loan,
    draft_proposal,
    open_fund,
    receive,
    submitted_application,
)
from tests.loans.banking.banks import CAPITAL, stated, take_in

AFTER = FIRST_DUE_ON + timedelta(days=60)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def read(fund: Fund, **asked: Any) -> TrailPage:
    with fund.database.reading() as session:
        return trail(session, the_facility(session), **asked)


def lines(fund: Fund, **asked: Any) -> tuple[TrailLine, ...]:
    return read(fund, limit=1_000, **asked).lines


def open_account(fund: Fund) -> None:
    with fund.act(AFTER) as (session, moment):
        bank_accounts.open_bank_account(
            session,
            fund.manager,
            moment,
            name="Reserve",
            bank="Bank Two",
            number="LT-7",
            currency="USD",
        )


def test_the_opening_of_an_account_says_who_when_and_at_which_bank(fund: Fund) -> None:
    open_account(fund)
    (line,) = lines(fund, kind=SubjectKind.ACCOUNT)
    assert (line.actor_name, line.actor_role) == (fund.manager.name, Role.MANAGER)
    assert (line.recorded_at.date(), line.happened_on) == (AFTER, AFTER)
    assert (line.action, line.about.words, line.about.key) == (
        *("bank_account", "1011 Reserve", "1011"),
    )
    assert line.details == {"bank": "Bank Two", "number": "LT-7"}


def test_each_kind_of_thing_has_the_words_that_people_know_it_by(fund: Fund) -> None:
    loan_id, draft_id = disbursed_loan(fund), draft_proposal(fund)
    with fund.act(AFTER) as (session, moment):
        user_id = accounts.open_account(
            *(session, fund.administrator, moment),
            email="new@example.org",
            name="Nora New",
            role=Role.OFFICER,
            password_hash="-",  # noqa: S106  # nobody signs in with it
        )
    found = {(line.about.kind, line.about.subject_id): line.about for line in lines(fund)}
    loan = found[SubjectKind.LOAN, loan_id]
    assert (loan.words[:7], loan.key) == ("L-2026-", loan_id)
    assert (
        found[SubjectKind.PROPOSAL, draft_id].words,
        found[SubjectKind.PROPOSAL, draft_id].key,
    ) == (*("", None),)
    assert found[SubjectKind.USER, user_id].words == "Nora New"
    (sent,) = {line.about for line in lines(fund, kind=SubjectKind.APPLICATION)}
    (written,) = {one for one in found.values() if one.kind is SubjectKind.PROPOSAL and one.words}
    assert (written.words, written.key) == (sent.words, sent.subject_id)
    assert next(one for one in found.values() if one.kind is SubjectKind.ENTRY).words == "1"


def test_acts_with_the_bank_and_on_the_fund_itself_name_account_and_month(fund: Fund) -> None:
    (statement_id,) = take_in(fund, stated(CAPITAL)).statement_ids
    with fund.act(AFTER) as (session, moment):
        close_month(session, fund.manager, moment, month="2026-01", are_warnings_seen=True)
    (taken,) = lines(fund, kind=SubjectKind.BANK)
    assert (taken.about.words, taken.about.key) == ("1010 Cash at bank", "1010")
    assert (taken.action, taken.about.subject_id) == ("import_statement", statement_id)
    (closed,) = lines(fund, kind=SubjectKind.FACILITY)
    assert (closed.action, closed.details["month"], closed.about.words) == (
        *("close_month", "2026-01", ""),
    )


def test_one_person_one_kind_and_days_of_recording_narrow_the_list(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, 100_000, on=FIRST_DUE_ON, entered_on=AFTER)
    whole = lines(fund)
    by_officer = lines(fund, actor_id=fund.officer.user_id)
    assert by_officer == tuple(one for one in whole if one.actor_id == fund.officer.user_id)
    of_loans = lines(fund, kind=SubjectKind.LOAN)
    assert of_loans == tuple(one for one in whole if one.about.kind is SubjectKind.LOAN)
    assert 0 < len(by_officer) < len(whole)
    assert 0 < len(of_loans) < len(whole)
    (late,) = lines(fund, from_on=AFTER, to_on=AFTER)
    assert (late.action, late.happened_on, late.recorded_at.date()) == (
        *("receipt", FIRST_DUE_ON, AFTER),
    )
    assert lines(fund, to_on=AFTER - timedelta(days=1)) == whole[1:]
    assert lines(fund, actor_id=new_id()) == ()


def test_pages_meet_every_act_once_and_newest_first(fund: Fund) -> None:
    disbursed_loan(fund)
    open_account(fund)
    with fund.database.reading() as session:
        count = session.execute(select(func.count()).select_from(CaseEvent)).scalar_one()
    found: list[TrailLine] = []
    page = read(fund, limit=3)
    while page.before:
        found, page = [*found, *page.lines], read(fund, limit=3, before=page.before)
    found = [*found, *page.lines]
    assert len({one.event_id for one in found}) == len(found) == count > 10
    order = [(one.recorded_at, one.event_id) for one in found]
    assert all(newer > older for newer, older in pairwise(order))
    assert len({at for at, _ in order}) < count  # some were recorded at one instant
    assert read(fund, before=new_id()).lines == ()


def test_an_act_entered_later_for_an_earlier_instant_stands_where_it_was_recorded(
    fund: Fund,
) -> None:
    open_account(fund)
    submitted_application(fund, on=SENT_ON)  # its ids are greater than that of the account
    assert lines(fund)[0].action == "bank_account"
    first = read(fund, limit=1)
    assert "bank_account" not in {one.action for one in lines(fund, before=first.before)}


def test_a_page_takes_one_question_and_one_for_each_kind(fund: Fund) -> None:
    for _ in range(3):
        submitted_application(fund)
    asked: list[str] = []
    event.listen(
        fund.database.reader, "before_cursor_execute", lambda *given: asked.append(given[2])
    )
    with fund.database.reading() as session:
        facility = the_facility(session)
        asked.clear()
        found = trail(session, facility).lines
    kinds = {one.about.kind for one in found}
    assert kinds == {SubjectKind.APPLICATION, SubjectKind.PROPOSAL, SubjectKind.ENTRY}
    assert len([one for one in asked if one.startswith("SELECT")]) == 1 + len(kinds)


def test_acts_of_another_facility_are_left_out(fund: Fund) -> None:
    with fund.act(AFTER) as (session, moment):
        facility, other = the_facility(session), new_id()
        session.add(
            FacilityRow(
                id=other,
                code="other",
                name="Other",
                currency="EUR",
                profile_code="nefco-1998",
                is_demonstration=False,
                created_at=moment.at,
            )
        )
        session.flush()
        subject = ("facility", other)
        record(
            *(session, fund.auditor, moment),
            subject=subject,
            action="close_month",
            facility_id=other,
        )
    with fund.database.reading() as session:
        assert [one.action for one in trail(session, facility).lines] == ["contribution"]
        assert set(people_in(session, facility)) == {fund.manager.user_id}


def test_who_acted_is_named_once_with_the_role(fund: Fund) -> None:
    submitted_application(fund)
    with fund.database.reading() as session:
        people = people_in(session, the_facility(session))
    assert people == {
        fund.enterprise.user_id: (fund.enterprise.name, Role.ENTERPRISE),
        fund.manager.user_id: (fund.manager.name, Role.MANAGER),
    }
