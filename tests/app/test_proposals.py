"""The pages on which an enterprise or its adviser writes, checks, sends and follows a proposal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.routes import proposals as proposals_page
from loans import people
from loans.cases import applications, proposals
from loans.draft import Section
from loans.storage.database import Database
from tests.app.visiting import boxes, errors_of, filled_in, signed_in, text_of
from tests.builders import draft_proposal
from tests.drafts import golden_draft, golden_measure
from tests.funds import Fund, open_fund

SECTIONS = [section for section in Section if section is not Section.MEASURES]
HOSTILE = ["NaN", "Infinity", "1e400", str(2**63) * 3, "9" * 5000, "12\x00", "\ud800", "<i>7</i>"]


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def client(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.enterprise)


def begin(client: TestClient) -> str:
    """Begin a proposal as the page does; answers its address."""
    page = client.get("/proposals")
    sent = client.post("/proposals", data=boxes(page.text, "/proposals"))
    assert sent.status_code == 303
    return sent.headers["location"].partition("?")[0]


def save(client: TestClient, address: str, *, to: str = "", **answers: Any) -> Response:
    """Fill in the form at an address and send it."""
    page = client.get(f"{address}{to}")
    return client.post(address, data=filled_in(page.text, address, answers))


def send(client: TestClient, proposal: str) -> Response:
    page = client.get(f"{proposal}/check")
    return client.post(f"{proposal}/send", data=boxes(page.text, f"{proposal}/send"))


def stored(fund: Fund, proposal: str) -> proposals.ProposalView:
    with fund.database.reading() as session:
        return proposals.proposal_view(session, fund.enterprise, proposal.rpartition("/")[2])


def test_a_person_of_one_enterprise_begins_at_once_with_what_is_known(client: TestClient) -> None:
    proposal = begin(client)
    page = text_of(client.get(proposal).text)
    assert "The enterprise In progress" in page
    assert "The project Not yet started" in page
    form = boxes(
        client.get(f"{proposal}/sections/enterprise").text, f"{proposal}/sections/enterprise"
    )
    assert form["registration_number"] == "LT-100200"


def test_an_adviser_of_several_chooses_the_enterprise(fund: Fund) -> None:
    with fund.act(date(2026, 1, 6)) as (session, _):
        people.assign_adviser(
            session, adviser_id=fund.adviser.user_id, enterprise_id=fund.other_enterprise_id
        )
    adviser = signed_in(fund.database, fund.adviser)
    page = adviser.get("/proposals").text
    refused = adviser.post("/proposals", data=boxes(page, "/proposals"))
    assert errors_of(refused.text) == {"enterprise_id": "Choose the enterprise."}
    chosen = filled_in(page, "/proposals", {"enterprise_id": fund.other_enterprise_id})
    proposal = adviser.post("/proposals", data=chosen).headers["location"]
    assert "OAO Severnaya Tkan" in adviser.get(proposal).text


def test_an_enterprise_that_is_not_theirs_cannot_be_chosen(fund: Fund) -> None:
    adviser = signed_in(fund.database, fund.adviser)
    data = {"request_key": "k", "enterprise_id": fund.other_enterprise_id}
    # The adviser has one enterprise, for which the proposal is begun whatever was sent.
    location = adviser.post("/proposals", data=data).headers["location"]
    assert "UAB Pavyzdys" in adviser.get(location).text


@pytest.mark.parametrize("section", SECTIONS)
def test_going_on_names_every_gap_and_coming_back_later_saves_half(
    client: TestClient, section: Section
) -> None:
    address = f"{begin(client)}/sections/{section}"
    blank = dict.fromkeys(boxes(client.get(address).text, address), "")
    page = client.get(address).text
    typed = {**blank, "version": "1", "request_key": "a"}
    refused = client.post(address, data=typed)
    assert refused.status_code == 422
    found = errors_of(refused.text)
    assert found
    assert all(f'id="{name}"' in refused.text for name in found)
    assert all(refused.text.count(words) >= 2 for words in found.values())
    later = client.post(address, data=filled_in(page, address, {"go": "later"}))
    assert later.headers["location"].endswith("?done=saved")


def test_a_whole_proposal_is_written_section_by_section(fund: Fund, client: TestClient) -> None:
    proposal = begin(client)
    golden = golden_draft()
    first = save(
        client, f"{proposal}/sections/enterprise", town="Kaunas", annual_turnover="2 400 000"
    )
    assert first.headers["location"] == f"{proposal}/sections/project?done=saved"
    second = save(
        client,
        f"{proposal}/sections/project",
        title=golden.project.title,
        description=golden.project.description,
        expands_capacity="no",
        adds_production_equipment="no",
        baseline_year="2025",
    )
    assert second.headers["location"] == f"{proposal}/measures?done=saved"
    saved = save(
        client,
        f"{proposal}/measures/new",
        **{
            "title": "White-water and fibre reuse",
            "technique": "on_site_recovery",
            "life_years": "5",
            "investment-0-label": "Tank and pumps",
            "investment-0-amount": "€120,000.00",
            "investment-0-evidence": "quote",
            "savings-0-label": "Water",
            "savings-0-unit": "m3",
            "savings-0-quantity_before": "400 000",
            "savings-0-quantity_after": "100 000",
            "savings-0-unit_price": "0,20",
            "savings-0-evidence": "invoice",
        },
    )
    assert saved.headers["location"] == f"{proposal}/measures?done=saved"
    money = save(
        client,
        f"{proposal}/sections/finance",
        requested_amount="108 000",
        requested_maturity_months="28",
        own_contribution="12000.00",
        own_contribution_source="Cash flow of the year",
    )
    assert money.headers["location"] == f"{proposal}/sections/responsibilities?done=saved"
    answers = {
        f"{task}_{name}": text
        for task in ("identification", "preparation", "supervision", "monitoring")
        for name, text in (
            ("person", "J. Jonaitis"),
            ("plan", f"Plan of {task}"),
            ("on-day", "30"),
            ("on-month", "June"),
            ("on-year", "2026"),
        )
    }
    last = save(client, f"{proposal}/sections/responsibilities", **answers)
    assert last.headers["location"] == f"{proposal}/check?done=saved"
    draft = stored(fund, proposal).draft
    assert draft.enterprise == golden.enterprise
    assert draft.project == golden.project.model_copy(update={"baseline_year": 2025})
    assert draft.finance == golden.finance
    assert draft.responsibilities == golden.responsibilities
    assert send(client, proposal).status_code == 303


def test_a_change_from_the_check_page_leads_back_to_it(fund: Fund, client: TestClient) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    check = client.get(f"{proposal}/check").text
    assert f'href="{proposal}/sections/enterprise?to=check#town">Change<' in check
    back = save(client, f"{proposal}/sections/enterprise", to="?to=check", town="Vilnius")
    assert back.headers["location"] == f"{proposal}/check?done=saved"
    assert "Town of the plant Vilnius" in text_of(client.get(f"{proposal}/check").text)


def test_what_an_adviser_saved_bears_the_advisers_name(fund: Fund, client: TestClient) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    adviser = signed_in(fund.database, fund.adviser)
    save(adviser, f"{proposal}/sections/enterprise", town="Vilnius")
    page = text_of(client.get(proposal).text)
    assert "by Adviser Person. " in page
    assert "Adviser Person saved answers." in page


def test_a_parallel_save_is_noticed_and_nothing_typed_is_lost(
    fund: Fund, client: TestClient
) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    address = f"{proposal}/sections/enterprise"
    opened = client.get(address).text
    save(signed_in(fund.database, fund.adviser), address, town="Vilnius")
    refused = client.post(address, data=filled_in(opened, address, {"town": "Klaipėda"}))
    assert refused.status_code == 422
    assert "Somebody else saved this proposal" in errors_of(refused.text)[""]
    assert "Town of the plant Vilnius" in text_of(refused.text)
    again = boxes(refused.text, address)
    assert again["town"] == "Klaipėda"
    assert client.post(address, data=again).status_code == 303
    assert stored(fund, proposal).draft.enterprise.town == "Klaipėda"


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(
    ("section", "field"),
    [
        ("enterprise", "annual_turnover"),
        ("enterprise", "country"),
        ("enterprise", "version"),
        ("finance", "requested_amount"),
        ("finance", "requested_maturity_months"),
        ("responsibilities", "monitoring_on-day"),
        ("project", "expands_capacity"),
    ],
)
def test_hostile_answers_are_refused_in_words_without_an_echo_as_markup(
    client: TestClient, fund: Fund, section: str, field: str, hostile: str
) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    body: dict[str, Any] = {field: hostile.encode("utf-8", "surrogatepass")}
    refused = save(client, f"{proposal}/sections/{section}", **body)
    assert refused.status_code == 422
    assert errors_of(refused.text)
    assert "<i>7</i>" not in refused.text
    assert stored(fund, proposal).version == 2


def test_the_check_page_shows_every_answer_and_what_it_comes_to(
    fund: Fund, client: TestClient
) -> None:
    page = text_of(client.get(f"/proposals/{draft_proposal(fund)}/check").text)
    for words in (
        "Turnover of the last year EUR 2,400,000.00",
        "Loan asked for EUR 108,000.00",
        "EUR 60,000.00 a year: from 400,000 m3 to 100,000 m3 at EUR 0.20",
        "Payback (ROI period) 2.00 years",
        "Largest possible loan EUR 108,000.00 The fund pays at most 90 %",
        "Longest term 28 months",
        "Type C, payback 2.00 years",
        "Monitoring: by 30 June 2026",
    ):
        assert words in page


def test_the_check_page_leads_to_each_answer_of_a_measure(fund: Fund, client: TestClient) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    page = client.get(f"{proposal}/check").text
    form = f"{proposal}/measures/M1?to=check"
    for anchor in ("technique", "life_years", "investment-0-line", "savings-0-line"):
        assert f'href="{form}#{anchor}"' in page
        name = anchor.removesuffix("-line")
        assert f'id="{anchor}"' in client.get(f"{proposal}/measures/M1").text, name


SMALL = golden_measure(code="M2", investment=[{"code": "I02", "amount": "3000"}])
FREE = golden_measure(code="M3", investment=[])
RIVALS = (
    golden_measure(alternative_group="white-water"),
    SMALL | {"alternative_group": "white-water"},
)


def finance_of(fund: Fund, *measures: dict[str, Any]) -> str:
    return f"/proposals/{draft_proposal(fund, golden_draft(*measures))}/sections/finance"


def test_housekeeping_is_not_ticked_and_says_why_until_a_person_ticks_it(
    fund: Fund, client: TestClient
) -> None:
    address = finance_of(fund, golden_measure(), SMALL, FREE)
    form = boxes(client.get(address).text, address)
    assert form["measures"] == "M1"
    asked = text_of(client.get(address).text)
    assert (
        "EUR 3,000.00, type A, housekeeping. It pays for itself within a year: pay it from your "
        "own money, without a loan."
    ) in asked
    assert asked.count("without a loan") == 1
    assert "EUR 120,000.00, type C, long-term" in asked
    assert save(client, address).status_code == 303
    proposal = address.removesuffix("/sections/finance")
    assert stored(fund, proposal).draft.finance.measures is None
    read_back = text_of(client.get(f"{proposal}/check").text)
    assert "Measures that the loan pays for M1 White-water and fibre reuse Change" in read_back
    save(client, address, measures=["M1", "M2"])
    assert stored(fund, proposal).draft.finance.measures == ("M1", "M2")
    assert boxes(client.get(address).text, address)["measures"] == ["M1", "M2"]


def test_every_measure_is_ticked_where_all_are_housekeeping(fund: Fund, client: TestClient) -> None:
    address = finance_of(fund, SMALL, SMALL | {"code": "M3"})
    assert boxes(client.get(address).text, address)["measures"] == ["M2", "M3"]
    assert "without a loan" not in text_of(client.get(address).text)


@pytest.mark.parametrize(
    ("measures", "chosen", "words"),
    [
        ((golden_measure(), SMALL), [], "Choose at least one measure"),
        ((golden_measure(), SMALL), ["M1", "M3"], "have changed meanwhile"),
        (RIVALS, ["M1", "M2"], "M1 and M2 are alternatives of one another."),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_stays_as_ticked(
    fund: Fund, client: TestClient, measures: Any, chosen: list[str], words: str
) -> None:
    address = finance_of(fund, *measures)
    page = client.get(address).text
    typed = {**filled_in(page, address, {}), "measures": chosen}
    refused = client.post(address, data=typed)
    assert refused.status_code == 422
    assert words in errors_of(refused.text)["measures"]
    assert boxes(refused.text, address).get("measures", []) in (chosen, chosen[0] if chosen else 0)
    later = client.post(address, data={**typed, "go": "later", "request_key": "later"})
    assert later.status_code == 303


def test_alternatives_are_a_gap_until_one_is_chosen(fund: Fund, client: TestClient) -> None:
    address = finance_of(fund, *RIVALS)
    proposal = address.removesuffix("/sections/finance")
    assert "instead of M2" in text_of(client.get(address).text)
    assert f"{proposal}/sections/finance?to=check#measures" in client.get(f"{proposal}/check").text
    assert f"{proposal}/send" not in client.get(f"{proposal}/check").text
    assert save(client, address, measures="M1").status_code == 303
    assert send(client, proposal).status_code == 303


def test_without_a_measure_that_costs_something_nothing_is_asked(
    fund: Fund, client: TestClient
) -> None:
    address = finance_of(fund, FREE)
    assert 'name="measures"' not in client.get(address).text
    assert save(client, address).status_code == 303


@pytest.mark.parametrize("year", ["1989", "2101", "25", "last", "2100"])
def test_the_year_of_the_baseline_has_four_digits(
    fund: Fund, client: TestClient, year: str
) -> None:
    address = f"/proposals/{draft_proposal(fund)}/sections/project"
    refused = save(client, address, baseline_year=year)
    assert refused.status_code == 422
    assert "baseline_year" in errors_of(refused.text)


def test_gaps_are_all_named_and_lead_to_their_fields(fund: Fund, client: TestClient) -> None:
    draft = golden_draft(
        golden_measure(technique=None), finance={}, enterprise={"name": "UAB Pavyzdys Žalias"}
    )
    proposal = f"/proposals/{draft_proposal(fund, draft)}"
    page = client.get(f"{proposal}/check").text
    assert f"{proposal}/sections/finance?to=check#own_contribution" in page
    assert f"{proposal}/measures/M1?to=check" in page
    assert "Send your proposal" not in page
    assert "Loan asked for Not provided" in text_of(page)
    forced = client.post(f"{proposal}/send", data={"request_key": "k", "version": "2"})
    assert forced.status_code == 422
    assert "8 answers are missing" in errors_of(forced.text)[""]


def test_a_project_that_expands_is_shown_the_rule_and_may_still_be_sent(
    fund: Fund, client: TestClient
) -> None:
    project = {**golden_draft().project.model_dump(), "expands_capacity": True}
    proposal = f"/proposals/{draft_proposal(fund, golden_draft(project=project))}"
    page = text_of(client.get(f"{proposal}/check").text)
    assert "Rules that stand against it" in page
    assert "Yes: the capacity grows" in page
    assert send(client, proposal).status_code == 303


def test_sending_gives_a_reference_and_says_who_acts_next(fund: Fund, client: TestClient) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    sent = send(client, proposal)
    assert sent.headers["location"] == f"{proposal}?done=sent"
    page = text_of(client.get(proposal).text)
    assert "Reference CP-" in page
    assert "A loan officer checks that the application is complete." in page
    copy = client.get(f"{proposal}/check").text
    assert "Change<" not in copy
    assert "For signature" in copy
    for address in ("sections/project", "measures", "measures/M1"):
        assert client.get(f"{proposal}/{address}").headers["location"] == proposal


def test_sending_twice_with_one_key_sends_once(fund: Fund, client: TestClient) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    form = boxes(client.get(f"{proposal}/check").text, f"{proposal}/send")
    answers = [client.post(f"{proposal}/send", data=form) for _ in range(2)]
    assert [a.headers["location"].rpartition("=")[2] for a in answers] == ["sent", "already-done"]


def test_what_was_saved_after_checking_is_not_sent_unseen(fund: Fund, client: TestClient) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    form = boxes(client.get(f"{proposal}/check").text, f"{proposal}/send")
    save(client, f"{proposal}/sections/enterprise", town="Vilnius")
    refused = client.post(f"{proposal}/send", data=form)
    assert refused.status_code == 422
    assert "saved this proposal after you opened this page" in refused.text
    assert stored(fund, proposal).status == proposals.DRAFT


def test_a_returned_proposal_shows_the_questions_first_and_is_sent_again(
    fund: Fund, client: TestClient
) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    send(client, proposal)
    application_id = stored(fund, proposal).application_id
    assert application_id is not None
    reference = stored(fund, proposal).reference
    with fund.act(date(2026, 12, 1)) as (session, moment):
        applications.return_application(
            session, fund.officer, moment, application_id, reason="Which meter shows the water?"
        )
    page = text_of(client.get(proposal).text)
    assert page.index("Which meter shows the water?") < page.index("sections are completed")
    assert send(client, proposal).status_code == 303
    assert stored(fund, proposal).reference == reference


def test_the_funds_inner_notes_are_not_shown(fund: Fund, client: TestClient) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    send(client, proposal)
    application_id = stored(fund, proposal).application_id
    assert application_id is not None
    with fund.act(date(2026, 12, 1)) as (session, moment):
        applications.confirm_complete(
            session, fund.officer, moment, application_id, note="Director is hard to reach"
        )
    page = text_of(client.get(proposal).text)
    assert "The fund confirmed that it is complete." in page
    assert "Officer Person" not in page
    assert "hard to reach" not in page


def test_a_refused_proposal_says_why(fund: Fund, client: TestClient) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    send(client, proposal)
    application_id = stored(fund, proposal).application_id
    assert application_id is not None
    with fund.act(date(2026, 12, 1)) as (session, moment):
        applications.refuse(
            session,
            fund.officer,
            moment,
            application_id,
            reason_code="baseline",
            reason="The bills of one year are missing.",
        )
    page = text_of(client.get(proposal).text)
    assert "Why it was refused: The bills of one year are missing." in page


def test_withdrawing_asks_first_and_is_for_good(fund: Fund, client: TestClient) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    done = save(client, f"{proposal}/withdraw", reason="Another source was found")
    assert done.headers["location"] == f"{proposal}?done=withdrawn"
    assert "Nothing more happens with it." in client.get(proposal).text
    again = save(client, f"{proposal}/withdraw")
    assert errors_of(again.text) == {"": "The proposal was withdrawn before."}
    assert "Withdrawn" in text_of(client.get("/proposals").text)


Ask = Callable[[TestClient, str], Response]


@pytest.mark.parametrize(
    "ask",
    [
        lambda c, p: c.get(p),
        lambda c, p: c.get(f"{p}/check"),
        lambda c, p: c.get(f"{p}/measures"),
        lambda c, p: c.get(f"{p}/measures/M1"),
        lambda c, p: c.get(f"{p}/sections/project"),
        lambda c, p: c.get(f"{p}/withdraw"),
        lambda c, p: c.post(f"{p}/send", data={"request_key": "k", "version": "2"}),
        lambda c, p: c.post(f"{p}/withdraw", data={"request_key": "k"}),
        lambda c, p: c.post(f"{p}/measures/preview", data={}),
        lambda c, p: c.post(f"{p}/measures/M1/remove", data={"request_key": "k", "version": "2"}),
        lambda c, p: c.post(
            f"{p}/sections/project", data={"request_key": "k", "version": "2", "go": "later"}
        ),
    ],
)
def test_another_enterprise_finds_nothing_there(fund: Fund, ask: Ask) -> None:
    proposal = f"/proposals/{draft_proposal(fund)}"
    other = signed_in(fund.database, fund.other_enterprise)
    answer = ask(other, proposal)
    assert answer.status_code == 404
    assert "Pavyzdys" not in answer.text
    assert stored(fund, proposal).version == 2
    assert "White-water" not in other.get("/proposals").text


@pytest.mark.parametrize("address", ["sections/measures", "sections/other", "measures/M9"])
def test_what_a_proposal_does_not_have_is_not_found(
    fund: Fund, client: TestClient, address: str
) -> None:
    assert client.get(f"/proposals/{draft_proposal(fund)}/{address}").status_code == 404


def test_a_long_list_is_paged_and_misses_nothing(fund: Fund, client: TestClient) -> None:
    begun = {draft_proposal(fund) for _ in range(proposals_page.LINES_A_PAGE + 1)}
    pages = [client.get(f"/proposals?page={number}").text for number in ("1", "2", "9", "x")]
    assert pages[0].count('<th scope="row">') == proposals_page.LINES_A_PAGE
    assert "Page 2 of 2" in text_of(pages[1])
    listed = set(re.findall(r'href="/proposals/([0-9a-f-]{36})"', pages[0] + pages[1]))
    assert listed == begun
    assert "Page 2 of 2" in text_of(pages[2])
    assert "Page 1 of 2" in text_of(pages[3])
