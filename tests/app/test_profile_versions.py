"""The pages of the versions of the terms: drafted by one manager, published by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock
from app.term_boxes import box_groups
from app.term_forms import ABOUT_THE_VERSION, BOXED, TermsForm
from app.term_words import TERM_GROUPS, changed_terms
from loans import profile as profiles
from loans.profile import Profile, Term, Terms
from loans.storage.database import Database
from loans.versions.profile_drafts import TermChange, draft_version
from loans.versions.profile_versions import profile_in_force
from loans.versions.profile_views import draft_of
from tests.app.visiting import errors_of, filled_in, signed_in, text_of
from tests.builders import Fund, draft_proposal, open_fund

CODE = "nefco-1998"
OWN = f"/profiles/{CODE}"
DRAFT = f"{OWN}/draft"
SECOND = f"{OWN}/versions/2"
SHIPPED = profiles.load(CODE)


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def manager(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.manager)


@pytest.fixture
def other(fund: Fund, manager: TestClient) -> TestClient:
    return signed_in(fund.database, fund.second_manager, beside=manager)


def kept(client: TestClient, **answers: Any) -> Any:
    """Send the form of the draft with these boxes typed."""
    words = {"reason": "Lower rates", "source": "Board of 3 May 2026", **answers}
    return client.post(DRAFT, data=filled_in(client.get(DRAFT).text, DRAFT, words))


def sent(client: TestClient, act: str, **answers: Any) -> Any:
    address = f"{SECOND}/{act}"
    return client.post(address, data=filled_in(client.get(SECOND).text, address, answers))


def in_force(fund: Fund) -> Profile:
    with fund.database.reading() as session:
        return profile_in_force(session, fund.facility_id, CODE, clock.today())


def test_every_term_stands_under_one_heading_and_every_box_is_a_term() -> None:
    named = [name for names in TERM_GROUPS.values() for name in names]
    assert sorted(named) == sorted(Terms.model_fields)
    assert set(BOXED) == set(named)
    assert sum(len(group.boxes) for group in box_groups(SHIPPED, SHIPPED)) == len(BOXED)
    assert set(TermsForm.model_fields) == {*BOXED, *ABOUT_THE_VERSION}


@pytest.mark.parametrize("code", profiles.codes())
def test_a_version_beside_itself_has_no_difference_and_every_box_can_be_shown(code: str) -> None:
    shipped = profiles.load(code)
    assert changed_terms(shipped, shipped) == ()
    assert all(
        box.label and box.hint for group in box_groups(shipped, shipped) for box in group.boxes
    )


def test_a_draft_says_before_and_after_in_plain_words_and_another_publishes_it(
    fund: Fund, manager: TestClient, other: TestClient
) -> None:
    answer = kept(manager, annual_rate="5.25", payback_limit_years="4", own_contribution_minimum="")
    assert answer.headers["location"] == f"{SECOND}?done=terms-drafted"
    words = text_of(manager.get(SECOND).text)
    assert "Interest rate, fixed for the life of the loan 6 % 5.25 % Board of 3 May 2026" in words
    assert "Longest simple payback that may borrow Left open 4 years Board" in words
    assert "Nothing can be approved under this version yet." in words
    assert "Publish version 2" not in words
    assert in_force(fund) == SHIPPED
    published = sent(other, "publish")
    assert published.headers["location"] == f"{SECOND}?done=terms-published"
    terms = in_force(fund).terms
    assert str(terms.annual_rate.value) == "0.0525"
    assert terms.own_contribution_minimum.value is None
    assert (terms.annual_rate.source, terms.annual_rate.decided) == ("Board of 3 May 2026", False)
    assert terms.haircuts == SHIPPED.terms.haircuts
    page = text_of(other.get(OWN).text)
    assert "version 2, in force from" in page
    assert "Manager Person Second Manager Person Lower rates" in page


def test_nothing_typed_is_lost_and_each_message_stands_at_its_box(manager: TestClient) -> None:
    yesterday = clock.today() - timedelta(days=1)
    answer = kept(manager, annual_rate="106", longest_maturity_months="x", target_cover="1.5")
    assert answer.status_code == 422
    assert set(errors_of(answer.text)) == {"annual_rate", "longest_maturity_months"}
    assert 'value="106"' in answer.text
    assert 'value="1.5"' in answer.text
    late = kept(
        manager,
        annual_rate="5",
        **{
            f"valid_from-{part}": str(getattr(yesterday, part)) for part in ("day", "month", "year")
        },
    )
    assert set(errors_of(late.text)) == {"valid_from"}
    crossed = kept(manager, minimum_amount="300000")
    assert errors_of(crossed.text) == {
        "": "The smallest loan is larger than the largest. Correct one of them."
    }
    same = kept(manager)
    assert "Change a term." in errors_of(same.text)[""]
    blank = kept(manager, annual_rate="5", source="", reason="")
    assert set(errors_of(blank.text)) == {"reason", "source"}


def test_the_drafter_changes_the_draft_and_what_programs_drafted_stays(
    fund: Fund, manager: TestClient, other: TestClient
) -> None:
    with fund.act(clock.today()) as (session, moment):
        changes = {
            "frequency_months": TermChange([1], "Board", is_decided=False),
            "annual_rate": TermChange("0.05", "Board", is_decided=False),
        }
        draft_version(
            session,
            fund.manager,
            moment,
            CODE,
            valid_from=moment.on,
            reason="First",
            changes=changes,
        )
    assert kept(manager, annual_rate="6", late_interest_margin="2").status_code == 303
    words = text_of(manager.get(SECOND).text)
    assert "Months between instalments 1, 3 months 1 months Board" in words
    assert "Late interest above the contract rate Left open 2 % Board of 3 May 2026" in words
    assert "Interest rate" not in words.partition("Change it")[0]
    assert other.get(DRAFT).headers["location"] == SECOND


def test_what_the_drafter_does_not_touch_keeps_its_source_and_its_note(
    fund: Fund, manager: TestClient
) -> None:
    noted = TermChange("0.05", "Committee", is_decided=True, note="For a year")
    elsewhere = TermChange("0.07", "Auditors", is_decided=True, note="Asked for")
    with fund.act(clock.today()) as (session, moment):
        draft_version(
            session,
            fund.manager,
            moment,
            CODE,
            valid_from=moment.on,
            reason="First",
            changes={"annual_rate": noted, "liquidity_reserve": elsewhere},
        )
    kept(manager, source="Committee", late_interest_margin="2")
    terms = drafted_terms(fund)
    assert as_change(terms.annual_rate) == noted
    assert as_change(terms.liquidity_reserve) == elsewhere
    assert as_change(terms.late_interest_margin) == TermChange("0.02", "Committee", False)  # noqa: FBT003
    kept(manager, source="Committee of 3 May")
    terms = drafted_terms(fund)
    assert as_change(terms.annual_rate) == replace(noted, source="Committee of 3 May")
    assert as_change(terms.liquidity_reserve) == elsewhere
    assert terms.late_interest_margin.source == "Committee of 3 May"
    assert terms.origination_fee == SHIPPED.terms.origination_fee
    kept(manager, source="Committee of 3 May", annual_rate="6")
    assert drafted_terms(fund).annual_rate == SHIPPED.terms.annual_rate


def as_change(term: Term[Any]) -> TermChange:
    return TermChange(f"{term.value}", term.source, term.decided, term.note)


def drafted_terms(fund: Fund) -> Terms:
    with fund.database.reading() as session:
        draft = draft_of(session, CODE)
    assert draft is not None
    return draft.profile.terms


def test_nobody_publishes_what_they_have_not_read(
    fund: Fund, manager: TestClient, other: TestClient
) -> None:
    kept(manager, annual_rate="5")
    address = f"{SECOND}/publish"
    read = filled_in(other.get(SECOND).text, address, {})
    kept(manager, annual_rate="50")
    refused = other.post(address, data=read)
    assert refused.status_code == 422
    assert "changed since you read it" in errors_of(refused.text)[""]
    assert "50 %" in text_of(refused.text)
    assert in_force(fund) == SHIPPED
    unread = other.post(address, data={**read, "content_hash": "", "request_key": "two"})
    assert set(errors_of(unread.text)) == {"content_hash"}
    shown = filled_in(refused.text, address, {})
    assert other.post(address, data=shown).status_code == 303


def test_a_form_opened_before_a_version_was_published_reverts_nothing(
    fund: Fund, manager: TestClient, other: TestClient
) -> None:
    words = {"reason": "Cash", "source": "Board", "liquidity_reserve": "7"}
    old = filled_in(manager.get(DRAFT).text, DRAFT, words)
    kept(other, annual_rate="5")
    sent(manager, "publish")
    refused = manager.post(DRAFT, data=old)
    assert refused.status_code == 422
    assert "version 2 has been published since" in errors_of(refused.text)[""]
    assert 'value="7"' in refused.text
    again = filled_in(refused.text, DRAFT, {"reason": "Once more"})
    assert manager.post(DRAFT, data=again).status_code == 422
    assert kept(manager, liquidity_reserve="7").status_code == 303
    assert str(drafted_terms(fund).annual_rate.value) == "0.05"


def test_only_managers_draft_and_only_fund_and_auditor_read_the_draft(
    fund: Fund, manager: TestClient
) -> None:
    kept(manager, annual_rate="5")
    auditor = signed_in(fund.database, fund.auditor, beside=manager)
    assert auditor.get(SECOND).status_code == 200
    assert "Give the draft up" not in auditor.get(SECOND).text
    officer = signed_in(fund.database, fund.officer, beside=manager)
    assert officer.get(DRAFT).status_code == 403
    assert officer.get(SECOND).status_code == 404
    page = officer.get(OWN).text
    assert SECOND not in page
    assert "Draft the next version" not in page
    assert manager.get("/profiles/comara/draft").status_code == 404
    refused = manager.post(f"{SECOND}/publish", data={"request_key": "one", "content_hash": "0"})
    assert refused.status_code == 403


def test_a_draft_is_given_up_with_a_reason(
    fund: Fund, manager: TestClient, other: TestClient
) -> None:
    kept(manager, annual_rate="5")
    assert set(errors_of(sent(other, "give-up", reason=" ").text)) == {"reason"}
    done = sent(other, "give-up", reason="Too early")
    assert done.headers["location"] == f"{OWN}?done=terms-given-up"
    assert manager.get(SECOND).status_code == 404
    assert in_force(fund) == SHIPPED
    assert "Draft the next version" in other.get(OWN).text


def test_any_two_versions_are_compared(manager: TestClient, other: TestClient) -> None:
    page = text_of(other.get(f"{OWN}/compare").text)
    assert "No difference: both versions say the same in every term." in page
    kept(manager, annual_rate="5", liquidity_reserve="7.5")
    changed = text_of(other.get(f"{OWN}/compare").text)
    assert "Capital kept in cash 5 % 7.5 %" in changed
    backwards = text_of(other.get(f"{OWN}/compare?before=2&after=1").text)
    assert "Capital kept in cash 7.5 % 5 %" in backwards
    wrong = other.get(f"{OWN}/compare?before=9&after=1")
    assert wrong.status_code == 422
    assert errors_of(wrong.text) == {"before": "Choose a version from the list."}


def test_forms_quote_the_version_that_a_case_is_under(
    fund: Fund, manager: TestClient, other: TestClient
) -> None:
    author = signed_in(fund.database, fund.enterprise, beside=manager)
    finance = f"/proposals/{draft_proposal(fund)}/sections/finance"
    assert "At least 10 % of the investment" in author.get(finance).text
    kept(manager, own_contribution_minimum="12.34", financed_share="87.66")
    sent(other, "publish")
    assert "At least 12.34 % of the investment" in author.get(finance).text
