"""Versions of the terms: drafted by one manager, published by another, kept by what was lodged."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from loans import profile as profiles
from loans.cases.case_views import application_view
from loans.fund import the_facility
from loans.history import Moment
from loans.people import Actor, WrongPerson
from loans.profile import Profile, ProfileRefused
from loans.refusal import Missing
from loans.storage.database import Database
from loans.versions.profile_draft_views import newest_profile, open_draft
from loans.versions.profile_drafts import (
    DraftOpen,
    NoDraft,
    NotTheDrafter,
    TermChange,
    WrongFirstDay,
    draft_version,
    give_up_draft,
    rewrite_draft,
)
from loans.versions.profile_publishing import (
    DraftChanged,
    EntryTermOpen,
    NothingChanged,
    OwnDraft,
    publish_version,
)
from loans.versions.profile_tables import ProfileVersion
from loans.versions.profile_versions import profile_in_force, profile_version, published_versions
from tests.builders import SENT_ON, Fund, open_fund, submitted_application
from tests.funds import draft_as_read

CODE = "nefco-1998"
Changes = dict[str, TermChange]
RATE = TermChange("0.05", "Decision of the board, May 2026", is_decided=True)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def drafted(
    fund: Fund, on: date, valid_from: date | None = None, changes: Changes | None = None
) -> int:
    with fund.act(on) as (session, moment):
        return draft_version(
            session,
            fund.manager,
            moment,
            CODE,
            valid_from=valid_from or on,
            reason="A lower rate",
            changes=changes or {"annual_rate": RATE},
        )


def published(
    fund: Fund, on: date, valid_from: date | None = None, changes: Changes | None = None
) -> int:
    version = drafted(fund, on, valid_from, changes)
    with fund.act(on) as (session, moment):
        _publish(session, fund.second_manager, moment, version=version)
    return version


def _publish(session: Session, actor: Actor, moment: Moment, *, version: int) -> None:
    """Publish the draft as it is now, which the actor has just read."""
    read = draft_as_read(session)
    publish_version(session, actor, moment, CODE, version=version, content_hash=read)


def in_force(fund: Fund, on: date) -> Profile:
    with fund.database.reading() as session:
        return profile_in_force(session, fund.facility_id, CODE, on)


def version_of(fund: Fund, application_id: str) -> int:
    with fund.database.reading() as session:
        view = application_view(session, fund.officer, application_id, on=SENT_ON)
    return view.assessment.profile.version


def test_a_fund_opens_with_the_terms_that_the_program_ships(fund: Fund) -> None:
    with fund.database.reading() as session:
        (first,) = published_versions(session, fund.facility_id, CODE)
        assert profile_version(session, fund.facility_id, CODE, 1) == first.profile
        with pytest.raises(Missing):
            profile_version(session, fund.facility_id, CODE, 2)
    assert first.profile == profiles.load(CODE)
    assert (first.drafted_by, first.published_by) == (None, None)


def test_a_second_manager_publishes_and_the_version_holds_from_its_first_day(fund: Fund) -> None:
    later = SENT_ON + timedelta(days=10)
    version = published(fund, SENT_ON, later)
    assert version == 2
    assert in_force(fund, later - timedelta(days=1)).version == 1
    assert in_force(fund, later).version == 2
    assert str(in_force(fund, later).terms.annual_rate.value) == "0.05"
    with fund.database.reading() as session:
        newest = published_versions(session, fund.facility_id, CODE)[-1]
    assert (newest.drafted_by, newest.published_by) == ("Manager Person", "Second Manager Person")


def test_what_was_lodged_before_keeps_its_version_and_what_comes_after_takes_the_new(
    fund: Fund,
) -> None:
    before = submitted_application(fund)
    published(fund, SENT_ON)
    assert version_of(fund, before) == 1
    after = submitted_application(fund)
    assert version_of(fund, after) == 2


def test_a_draft_changes_nothing_until_it_is_published(fund: Fund) -> None:
    drafted(fund, SENT_ON)
    assert in_force(fund, SENT_ON + timedelta(days=500)).version == 1
    with fund.database.reading() as session:
        draft = open_draft(session, the_facility(session))
        assert newest_profile(session, the_facility(session)).version == 1
    assert draft is not None
    assert draft.changed_terms == ("annual_rate",)
    assert draft.drafted_by == "Manager Person"


def test_the_drafter_does_not_publish_and_another_does_not_change(fund: Fund) -> None:
    drafted(fund, SENT_ON)
    with pytest.raises(OwnDraft), fund.act(SENT_ON) as (session, moment):
        _publish(session, fund.manager, moment, version=2)
    with pytest.raises(NotTheDrafter), fund.act(SENT_ON) as (session, moment):
        rewrite_draft(session, fund.second_manager, moment, CODE, valid_from=SENT_ON, reason="Mine")


@pytest.mark.parametrize(
    ("reason", "days_later", "changes"),
    [
        ("A lower rate", 0, {"annual_rate": TermChange("0.04", RATE.source, is_decided=True)}),
        ("A lower rate", 0, {"annual_rate": TermChange("0.05", "Elsewhere", is_decided=True)}),
        ("A lower rate", 1, None),
        ("Another reason", 0, None),
    ],
)
def test_nobody_publishes_a_draft_that_was_changed_since_they_read_it(
    fund: Fund, reason: str, days_later: int, changes: Changes | None
) -> None:
    drafted(fund, SENT_ON)
    with fund.act(SENT_ON) as (session, moment):
        read = draft_as_read(session)
        rewrite_draft(
            session,
            fund.manager,
            moment,
            CODE,
            valid_from=SENT_ON + timedelta(days=days_later),
            reason=reason,
            changes=changes,
        )
    with pytest.raises(DraftChanged), fund.act(SENT_ON) as (session, moment):
        publish_version(session, fund.second_manager, moment, CODE, version=2, content_hash=read)
    with fund.act(SENT_ON) as (session, moment):
        _publish(session, fund.second_manager, moment, version=2)


def test_a_draft_begun_anew_under_the_same_number_is_another_draft(fund: Fund) -> None:
    drafted(fund, SENT_ON)
    with fund.act(SENT_ON) as (session, moment):
        read = draft_as_read(session)
        give_up_draft(session, fund.manager, moment, CODE, reason="Too low")
    other = TermChange("0.09", "Decision of the board, June 2026", is_decided=True)
    assert drafted(fund, SENT_ON, changes={"annual_rate": other}) == 2
    with pytest.raises(DraftChanged), fund.act(SENT_ON) as (session, moment):
        publish_version(session, fund.second_manager, moment, CODE, version=2, content_hash=read)


def test_only_managers_touch_the_terms_and_only_those_of_the_fund(fund: Fund) -> None:
    for actor in (fund.officer, fund.auditor, fund.administrator, fund.enterprise):
        with pytest.raises(WrongPerson):
            _draft_by(fund, actor, CODE)
    with pytest.raises(Missing):
        _draft_by(fund, fund.manager, "comara")


def _draft_by(fund: Fund, actor: Actor, code: str) -> None:
    with fund.act(SENT_ON) as (session, moment):
        draft_version(session, actor, moment, code, valid_from=SENT_ON, reason="x")


def test_one_version_is_drafted_at_a_time_and_one_given_up_makes_room(fund: Fund) -> None:
    drafted(fund, SENT_ON)
    with pytest.raises(DraftOpen):
        drafted(fund, SENT_ON)
    with fund.act(SENT_ON) as (session, moment):
        give_up_draft(session, fund.second_manager, moment, CODE, reason="Too low")
    assert drafted(fund, SENT_ON) == 2


def test_nothing_is_published_that_is_not_there_or_says_nothing_new(fund: Fund) -> None:
    with pytest.raises(NoDraft), fund.act(SENT_ON) as (session, moment):
        _publish(session, fund.second_manager, moment, version=2)
    drafted(fund, SENT_ON)
    with fund.act(SENT_ON) as (session, moment):
        old = dict(profiles.load(CODE).all_terms())["annual_rate"]
        same = TermChange(str(old.value), old.source, old.decided, old.note)
        rewrite_draft(
            session,
            fund.manager,
            moment,
            CODE,
            valid_from=SENT_ON,
            reason="None after all",
            changes={"annual_rate": same},
        )
    with pytest.raises(NothingChanged), fund.act(SENT_ON) as (session, moment):
        _publish(session, fund.second_manager, moment, version=2)
    with pytest.raises(Missing), fund.act(SENT_ON) as (session, moment):
        _publish(session, fund.second_manager, moment, version=3)


def test_the_first_day_is_never_in_the_past_nor_before_the_version_that_it_follows(
    fund: Fund,
) -> None:
    with pytest.raises(WrongFirstDay):
        drafted(fund, SENT_ON, SENT_ON - timedelta(days=1))
    drafted(fund, SENT_ON)
    late = SENT_ON + timedelta(days=3)
    with pytest.raises(WrongFirstDay), fund.act(late) as (session, moment):
        _publish(session, fund.second_manager, moment, version=2)
    with fund.act(late) as (session, moment):
        rewrite_draft(session, fund.manager, moment, CODE, valid_from=late, reason="Later")
    with fund.act(late) as (session, moment):
        _publish(session, fund.second_manager, moment, version=2)
    with pytest.raises(WrongFirstDay):
        drafted(fund, SENT_ON, SENT_ON)


@pytest.mark.parametrize(
    ("term", "value"), [("annual_rate", "lots"), ("no_such_term", 1), ("minimum_amount", "300000")]
)
def test_a_term_that_cannot_be_is_refused_and_nothing_is_drafted(
    fund: Fund, term: str, value: object
) -> None:
    with pytest.raises(ProfileRefused):
        drafted(fund, SENT_ON, changes={term: TermChange(value, "Somewhere", is_decided=False)})
    with fund.database.reading() as session:
        assert open_draft(session, the_facility(session)) is None


def test_a_term_may_be_left_open_unless_every_proposal_needs_it(fund: Fund) -> None:
    open_rate = TermChange(None, "Not decided yet", is_decided=False)
    published(fund, SENT_ON, changes={"annual_rate": open_rate})
    assert in_force(fund, SENT_ON).missing_terms() == (
        "Interest rate, fixed for the life of the loan",
    )
    with pytest.raises(EntryTermOpen):
        published(fund, SENT_ON, changes={"minor_investment": open_rate})


def test_the_database_itself_keeps_published_versions_and_two_people(fund: Fund) -> None:
    published(fund, SENT_ON)
    with pytest.raises(DatabaseError), fund.database.writing() as session:
        session.execute(update(ProfileVersion).values(reason="Another"))
    with pytest.raises(DatabaseError), fund.database.writing() as session:
        _copy_as_third_version_by_one_person(session)


def _copy_as_third_version_by_one_person(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO profile_version SELECT 'x', facility_id, code, 3, document, valid_from, "
            "reason, drafted_by, drafted_by, published_at FROM profile_version WHERE version = 2"
        )
    )


@pytest.fixture
def sqlite_fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["publish", "lodge"]), min_size=2, max_size=5))
def test_every_application_keeps_the_version_of_its_day(
    sqlite_fund: Fund, steps: list[str]
) -> None:
    with sqlite_fund.database.reading() as session:
        found = published_versions(session, sqlite_fund.facility_id, CODE)
    newest = found[-1].profile.version
    lodged: dict[str, int] = {}
    for step in steps:
        if step == "publish":
            rate = TermChange(f"0.0{1 + newest % 9}", f"Board {newest}", is_decided=True)
            newest = published(sqlite_fund, SENT_ON, changes={"annual_rate": rate})
        else:
            lodged[submitted_application(sqlite_fund)] = newest
        assert {one: version_of(sqlite_fund, one) for one in lodged} == lodged
