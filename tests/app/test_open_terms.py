"""Cases under terms that the fund left open: all is entered and shown, nothing is approved."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.verdict import verdict
from app.what_if import what_if
from loans import profile as profiles
from loans.storage.database import Database
from loans.versions.profile_drafts import TermChange, draft_version
from loans.versions.profile_publishing import NEEDED_FOR_ENTRY, publish_version
from tests.app.api.programs import program_of
from tests.app.appraised import assessed
from tests.app.visiting import filled_in, signed_in, text_of
from tests.appraisal.proposals import measure_document, proposal
from tests.builders import SENT_ON, Fund, appraised_application, draft_proposal, open_fund
from tests.funds import draft_as_read

CODE = "nefco-1998"
COMARA = profiles.load("comara")


@pytest.fixture
def undecided(sqlite_database: Database) -> Fund:
    """A fund of which every term is open that can be: no published version is emptier."""
    fund = open_fund(sqlite_database)
    changes = {
        name: TermChange(None, "Board", is_decided=False)
        for name, _ in profiles.load(CODE).all_terms()
        if name not in NEEDED_FOR_ENTRY
    }
    with fund.act(SENT_ON) as (session, moment):
        version = draft_version(
            session,
            fund.manager,
            moment,
            CODE,
            valid_from=SENT_ON,
            reason="Undecided",
            changes=changes,
        )
    with fund.act(SENT_ON) as (session, moment):
        publish_version(
            session,
            fund.second_manager,
            moment,
            CODE,
            version=version,
            content_hash=draft_as_read(session),
        )
    return fund


@pytest.fixture
def comara(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database, profile_code="comara")


def shown(client: TestClient, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, (address, text_of(page.text))
    return text_of(page.text)


def test_every_page_of_a_case_opens_though_nothing_is_decided(undecided: Fund) -> None:
    case = f"/applications/{appraised_application(undecided)}"
    officer = signed_in(undecided.database, undecided.officer)
    for part in (
        "",
        "/appraisal",
        "/what-if?savings=10",
        "/simulation?draws=1000",
        "/acts/override",
    ):
        words = shown(officer, case + part)
        assert "No loan can be worked out, recommended or approved" in words
        assert "Longest maturity; Where the ROI period begins" in words
    assert officer.get(f"{case}/acts/recommend").status_code == 409


def test_who_proposes_is_not_stopped_and_learns_what_is_open(undecided: Fund) -> None:
    own = f"/proposals/{draft_proposal(undecided)}"
    author = signed_in(undecided.database, undecided.enterprise)
    for part in ("/measures/M1", "/sections/finance", "/what-if?savings=10"):
        shown(author, own + part)
    assert "What the fund could lend is open" in shown(author, f"{own}/sections/finance")
    words = shown(author, f"{own}/check")
    assert "Largest possible loan Open" in words
    answers = {
        "country": "LT",
        "ownership": "state",
        "change": "process",
        "cost": "120000",
        "yearly_saving": "60000",
    }
    first = author.post(
        "/pre-check", data=filled_in(author.get("/pre-check").text, "/pre-check", answers)
    )
    assert "The fund has not decided yet on which terms it lends" in text_of(first.text)
    assert "What the fund has to decide first" in text_of(first.text)


def test_what_can_be_computed_is_shown_and_the_rest_names_its_term(comara: Fund) -> None:
    case = f"/applications/{appraised_application(comara)}"
    officer = signed_in(comara.database, comara.officer)
    words = shown(officer, f"{case}/appraisal")
    assert "What can be lent is open: the fund has not decided all its terms." in words
    assert "Type C" in words
    assert "Payback (ROI period) 2.00 years" in words
    assert "Largest loan Open" in words
    assert "Savings cover Open" in words
    assert (
        "Open: Largest part of the investment that the loan finances; Smallest loan; Largest loan. "
        "The ladder can be planned"
    ) in words
    assert "open: Interest rate, fixed for the life of the loan" in words
    assert "The terms set no limit to the payback." in words
    assert "Longest maturity. Amount, maturity, payment and cover need them." in words
    assert "Nothing can be lent on these figures" not in words
    changed = shown(officer, f"{case}/what-if?savings=-20")
    assert "What the fund can lend on it is open." in changed
    assert "Largest loan Open Open" in changed
    assert "(MIRR) Open: Interest rate" in changed


@pytest.mark.parametrize("grows", [True, False])
def test_a_rule_that_is_decided_refuses_though_others_are_open(grows: bool) -> None:  # noqa: FBT001
    figures = proposal(measure_document(expands_capacity=grows))
    case = assessed(figures.model_copy(update={"currency": "USD"}), COMARA)
    assert case.offer.open_terms == COMARA.missing_terms()
    assert case.offer.is_undecided is not grows
    refused = verdict(case).headline == "Nothing can be lent on these figures."
    assert refused is grows


def test_what_a_rule_refuses_is_not_called_open_in_the_comparison() -> None:
    proposed, refused = (
        assessed(
            proposal(measure_document(expands_capacity=grows)).model_copy(
                update={"currency": "USD"}
            ),
            COMARA,
        )
        for grows in (False, True)
    )
    (largest,) = (row for row in what_if(proposed, refused).figures if row.name == "Largest loan")
    assert (largest.proposed, largest.changed) == ("Open", "No loan")


def test_programs_read_the_open_terms_and_nothing_made_up(comara: Fund) -> None:
    application_id = appraised_application(comara)
    program = program_of(
        comara.database, comara.officer, signed_in(comara.database, comara.officer)
    )
    found: dict[str, Any] = program.get(f"/applications/{application_id}").json()["assessment"]
    assert found["offer"]["open_terms"] == list(COMARA.missing_terms())
    assert (found["offer"]["maximum_amount"], found["ladder_loan"], found["ladder"]) == (
        None,
        None,
        [],
    )
    project = found["appraisal"]
    assert project["payback_years"] == 2
    assert project["net_present_value"] > 0
    assert project["modified_internal_rate_of_return"] is None
    assert project["reasons"]["modified_internal_rate_of_return"] == (
        "open: Interest rate, fixed for the life of the loan"
    )
