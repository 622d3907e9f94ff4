"""The demonstration fund: what it must show, and that it is made as people would make it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app import clock, demo
from app.auth.passwords import is_right
from app.demo import cast, timeline
from app.demo.projects import published_projects, told_as_draft
from app.demo.story import BEGUN, ENDED
from appraisal.cost_inventory import CountedAs, counted
from appraisal.environment import environment_report
from appraisal.measure_type import MeasureType
from appraisal.proposal import InvestmentKind
from loans import fund, people, profile, sign_ins
from loans.assessing.finding import Outcome
from loans.books.books_check import check_books
from loans.cases.assessment import Assessment, assess
from loans.cases.proposal_figures import checked_figures
from loans.chart import CASH
from loans.figures.portfolio import loans_at
from loans.storage.database import Database, open_database
from loans.tables import Application, CaseEvent, Enterprise, Loan, Receipt
from tests.databases import Databases
from tests.demonstrations import DEMONSTRATION_DIALECTS, Demonstrations


@pytest.fixture(scope="module", params=DEMONSTRATION_DIALECTS)
def databases(request: pytest.FixtureRequest) -> Databases:
    made: Databases = request.getfixturevalue(f"{request.param}_databases")
    return made


@pytest.fixture(scope="module")
def database(databases: Databases, demonstrations: Demonstrations) -> Iterator[Database]:
    url = databases.copy_of(demonstrations.on(databases).url)
    database = open_database(url, is_test_server=True)
    yield database
    database.close()
    databases.drop(url)


def test_it_shows_how_far_it_is(databases: Databases, demonstrations: Demonstrations) -> None:
    screen = demonstrations.on(databases).screen
    assert "Loading the demonstration fund" in screen
    assert "100%" in screen


def test_its_books_are_sound(database: Database) -> None:
    with database.reading() as session:
        report = check_books(session)
    assert report.is_sound, report.summary
    assert report.loan_count == 18


def test_contributions_grow_from_two_to_six_point_seven_million(database: Database) -> None:
    paid_in = text(
        "SELECT e.effective_on, sum(p.amount_minor) FROM journal_entry e JOIN posting p "
        "ON p.facility_id = e.facility_id AND p.entry_id = e.id "
        "WHERE e.event = 'contribution' AND p.amount_minor > 0 "
        "GROUP BY e.effective_on ORDER BY e.effective_on"
    )
    with database.reading() as session:
        by_day = [int(minor) for _, minor in session.execute(paid_in)]
    assert by_day[0] == 200_000_000
    assert sum(by_day) == 670_000_000


def test_the_cases_come_to_every_end(database: Database) -> None:
    with database.reading() as session:
        statuses = session.execute(
            select(Application.status, func.count()).group_by(Application.status)
        )
        applications = {row[0] for row in statuses}
        loans = Counter(session.scalars(select(Loan.status)))
        ever_approved = session.scalar(
            select(func.count(func.distinct(CaseEvent.subject_id))).where(
                CaseEvent.action == "approve"
            )
        )
    assert ever_approved == 39
    assert loans["repaid"] == 5
    assert loans["repaying"] + loans["disbursing"] == 10
    assert loans["written_off"] == 1
    assert loans["signed"] == 2
    ends = {"refused", "submitted", "complete", "appraised", "recommended", "cancelled"}
    assert ends <= applications


def test_some_borrowers_are_late_and_a_recovery_came_after_the_write_off(
    database: Database,
) -> None:
    with database.reading() as session:
        loans = loans_at(session, fund.the_facility(session), clock.today())
        kinds = Counter(session.scalars(select(Receipt.kind)))
    late_days = [loan.days_past_due for loan in loans if loan.days_past_due]
    assert len(late_days) >= len(timeline.DAYS_BEHIND)
    assert any(30 < days <= 90 for days in late_days)
    assert max(late_days) > 90
    assert kinds["recovery"] == 1
    assert kinds["repayment"] > 100


def test_every_refusal_has_its_reason(database: Database) -> None:
    with database.reading() as session:
        notes = session.scalars(select(CaseEvent.note).where(CaseEvent.action == "refuse")).all()
    assert len(notes) >= 4
    assert all(len(note) > 20 for note in notes)


def test_every_enterprise_is_invented_and_marked_so(database: Database) -> None:
    with database.reading() as session:
        rows = session.execute(select(Enterprise.is_invented, Enterprise.registration_number)).all()
    assert len(rows) >= 50
    assert all(is_invented and number.startswith("DEMO-") for is_invented, number in rows)


def test_the_figures_are_real_and_name_their_source(database: Database) -> None:
    with database.reading() as session:
        stored = session.scalars(select(Application.answers)).all()
    told = "\n".join(document["project"]["description"] for document in stored)
    assert len(stored) >= 50
    assert all(row["source"] in told for rows in published_projects()["approved"] for row in rows)


def test_each_account_signs_in_with_the_printed_password(database: Database) -> None:
    with database.reading() as session:
        for email, role in demo.ACCOUNTS:
            assert people.actor_by_email(session, email).role == role
        stored = sign_ins.stored_password(session, demo.ACCOUNTS[0][0])
    assert stored is not None
    assert is_right(demo.PASSWORD, stored[1])


def test_it_is_marked_as_a_demonstration_and_never_overdrawn(database: Database) -> None:
    with database.reading() as session:
        facility = fund.find_facility(session)
        assert facility is not None
        assert facility.is_demonstration
        lowest = session.execute(
            text(
                "SELECT min(running) FROM (SELECT sum(p.amount_minor) OVER "
                "(ORDER BY e.effective_on, e.id) AS running FROM posting p "
                "JOIN journal_entry e ON e.facility_id = p.facility_id AND e.id = p.entry_id "
                "JOIN account a ON a.facility_id = p.facility_id AND a.id = p.account_id "
                "WHERE a.code = :cash) AS days"
            ),
            {"cash": CASH},
        ).scalar_one()
    assert lowest > 0


def test_nothing_in_it_lies_in_the_future(database: Database) -> None:
    today = clock.today()
    with database.reading() as session:
        told = CaseEvent.action.not_in((BEGUN, ENDED))
        newest = session.scalar(select(func.max(CaseEvent.happened_on)).where(told))
    assert newest is not None
    assert newest < today


def test_one_day_tells_one_story() -> None:
    on = date(2026, 11, 24)
    assert [timeline.steps_of(n, on) for n in range(39)] == [
        timeline.steps_of(n, on) for n in range(39)
    ]
    fates = Counter(timeline.fate_of(number) for number in range(timeline.APPROVED))
    lent = (timeline.Fate.REPAID, timeline.Fate.ACTIVE, timeline.Fate.WRITTEN_OFF)
    assert [fates[kind] for kind in lent] == [5, 10, 1]


@pytest.mark.parametrize("name", sorted(p.name for p in Path(demo.__file__).parent.glob("*.py")))
def test_it_is_played_by_use_cases_never_by_writing_rows(name: str) -> None:
    tree = ast.parse((Path(demo.__file__).parent / name).read_text("utf-8"))
    calls = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not calls & {"add", "add_all", "execute", "merge", "bulk_insert_mappings", "commit"}


def assessments() -> Iterator[Assessment]:
    """The cases under way, as the officer finds them."""
    terms = profile.load("nefco-1998")
    for number, rows in enumerate(published_projects()["pending"]):
        draft = told_as_draft(cast.invented_enterprise(number), rows, finished_by=date(2026, 6, 1))
        yield assess(checked_figures(draft, terms), terms)


def test_every_part_of_the_appraisal_has_a_case() -> None:
    shown = list(assessments())
    measures = [measure for one in shown for measure in one.figures.measures]
    lines = [line for m in measures for line in (*m.savings, *m.added_costs)]
    outlays = [outlay for measure in measures for outlay in measure.investment]
    assert {counted(x) for x in lines} | {counted(x) for x in outlays} == set(CountedAs) - {
        CountedAs.PROVISIONAL
    }
    assert {line.tier for line in lines} == {1, 2, 3, 4}
    assert {outlay.kind for outlay in outlays} == set(InvestmentKind)
    assert any(line.growth for line in lines)
    assert any(line.active_months for line in lines)
    assert any(line.emission_factor_kg for line in lines)
    assert any(one.appraisal.alternatives for one in shown)
    types = [[m.type for m in one.appraisal.measures] for one in shown]
    assert any(set(MeasureType) == set(some) for some in types)
    assert any(not m.financed for one in shown for m in one.appraisal.measures)


def test_one_claim_about_carbon_cannot_be_true_and_is_flagged() -> None:
    flagged = [
        finding.value
        for one in assessments()
        for finding in one.findings
        if finding.code == "stated_co2" and finding.outcome is Outcome.WARN
    ]
    assert flagged == ["M2: 2,400 t stated"]
    carbon = [environment_report(one.figures).of("co2e") for one in assessments()]
    assert sum(result is not None and result.reduction > 100 for result in carbon) == 2


def test_enterprises_are_told_apart() -> None:
    names = {cast.invented_enterprise(number).name for number in range(55)}
    assert len(names) == 55
