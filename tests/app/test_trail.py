"""The page and the interface "Who did what": words and links of each act, filters, who may read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app import clock
from app.navigation import ROLE_NAMES
from app.trail_words import TRAIL_ACTION
from loans import bookings, own_money
from loans.books import bank_accounts
from loans.closing.reminding import ReminderStatus
from loans.conditions.standing import Outcome
from loans.people import Role
from loans.servicing.reversals import reverse_entry
from loans.servicing_kinds import REVERSIBLE, ActKind
from loans.storage.database import Database, open_database
from loans.tables import CaseEvent
from loans.trail import SubjectKind
from tests.app.api.programs import program_of
from tests.app.visiting import errors_of, filled_in, signed_in, text_of
from tests.builders import (
    FIRST_DUE_ON,
    SENT_ON,
    Fund,
    disbursed_loan,
    draft_proposal,
    open_fund,
    receive,
    submitted_application,
    written_off_loan,
)
from tests.databases import Databases
from tests.demonstrations import DEMONSTRATION_DIALECTS, Demonstrations

LOANS = Path(__file__).resolve().parents[2] / "loans"
HOSTILE = ["NaN", "9" * 5000, "12\x00", "<i>7</i>", "2026-02-31", "\u0663"]
DAY = date(2026, 3, 10)
STAFF = ("officer", "manager", "auditor")


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def auditor(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.auditor)


def open_account(fund: Fund) -> None:
    """Through the page, as the manager does."""
    manager, address = signed_in(fund.database, fund.manager), "/fund/acts/bank-account"
    answers = {"name": "Reserve", "bank": "Bank Two", "account_number": "LT121000011101001000"}
    page = manager.post(address, data=filled_in(manager.get(address).text, address, answers))
    done = manager.post(address, data=filled_in(page.text, address, {"checked": "yes"}))
    assert done.status_code == 303


def links(page: str) -> set[str]:
    """Where the table leads."""
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return set(re.findall(r'href="([^"]+)"', table))


def test_an_account_opened_on_its_page_is_told_with_who_when_what_and_bank(
    fund: Fund, auditor: TestClient
) -> None:
    open_account(fund)
    page = auditor.get("/ledger/trail", params={"kind": "account"}).text
    today = clock.today()
    assert re.search(
        rf"{today.day} {today:%B %Y}, \d\d:\d\d UTC {fund.manager.name}, Fund manager "
        r"Account at a bank entered Account 1011 Reserve Bank Two; LT121000011101001000",
        text_of(page),
    )
    assert links(page) == {"/ledger/accounts/1011"}


def test_the_last_tab_of_the_books_leads_to_it(auditor: TestClient) -> None:
    tabs = auditor.get("/ledger").text.partition('aria-label="The books"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', tabs)[-1] == "/ledger/trail"


@pytest.mark.parametrize("name", STAFF)
def test_what_each_act_is_about_opens_for_everybody_who_reads_the_page(
    fund: Fund, name: str
) -> None:
    written_off_loan(fund)
    draft_proposal(fund)
    reader = signed_in(fund.database, getattr(fund, name))
    page = reader.get("/ledger/trail").text
    assert {one.split("/")[1] for one in links(page)} == {"applications", "ledger", "loans"}
    assert "Proposal, not sent" in text_of(page)
    for address in links(page):
        assert reader.get(address).status_code == 200, address


def test_the_day_from_which_an_act_counts_stands_beside_a_later_recording(
    fund: Fund, auditor: TestClient
) -> None:
    loan_id, entered_on = disbursed_loan(fund), FIRST_DUE_ON + timedelta(days=9)
    assert "dated" not in text_of(auditor.get("/ledger/trail").text)
    receive(fund, loan_id, 100_000, on=FIRST_DUE_ON, entered_on=entered_on)
    assert (
        "11 April 2026, 09:00 UTC dated 2 April 2026 Officer Person, Loan officer "
        "Receipt recorded: EUR 1,000.00 Loan L-2026-001"
    ) in text_of(auditor.get("/ledger/trail").text)


def test_person_kind_and_days_narrow_the_page_and_stay_with_the_next_one(
    fund: Fund, auditor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    disbursed_loan(fund)
    sent = f"{SENT_ON.day} {SENT_ON:%B %Y}"
    asked = {"actor_id": fund.officer.user_id, "kind": "application", "to_on": sent}
    page = auditor.get("/ledger/trail", params=asked)
    read = text_of(page.text.partition("<tbody>")[2])
    assert page.status_code == 200
    assert ("Confirmed complete" in read, "Appraisal confirmed" in read) == (True, True)
    assert ("Recommended" in read, "Sent to the fund" in read) == (False, False)
    later = auditor.get("/ledger/trail", params=asked | {"to_on": "", "from_on": "2026-02-02"})
    read = text_of(later.text.partition("<tbody>")[2])
    assert ("Recommended" in read, "Appraisal confirmed" in read) == (True, False)
    nobody = auditor.get("/ledger/trail", params=asked | {"kind": "user"})
    assert "No act fits." in text_of(nobody.text)
    monkeypatch.setattr("app.routes.trail.ACTS_A_PAGE", 1)
    first = auditor.get("/ledger/trail", params=asked).text
    second = auditor.get(next_page(first) or "").text
    assert ("Appraisal confirmed" in first, "Confirmed complete" in second) == (True, True)
    assert ("Confirmed complete" in first, "Appraisal confirmed" in second) == (False, False)
    assert next_page(second) is None
    assert "Newest acts" in second


def next_page(page: str) -> str | None:
    """The address of the link to earlier acts."""
    found = re.search(r'href="([^"]+)" rel="next">Earlier acts', page)
    return found and f"/ledger/trail{found[1].replace('&amp;', '&')}"


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_filter_that_cannot_be_read_is_said_at_its_field(auditor: TestClient, typed: str) -> None:
    for name in ("actor_id", "kind", "from_on", "to_on"):
        page = auditor.get("/ledger/trail", params={name: typed})
        assert page.status_code == 422, name
        assert set(errors_of(page.text)) == {name}
        assert "<i>7</i>" not in page.text
    assert auditor.get("/ledger/trail", params={"before": typed}).status_code == 200


def test_days_in_the_wrong_order_are_said(auditor: TestClient) -> None:
    page = auditor.get("/ledger/trail?from_on=2026-03-02&to_on=2026-03-01")
    assert (page.status_code, list(errors_of(page.text))) == (422, ["to_on"])
    assert "No act fits." in text_of(page.text)  # and not all acts, under boxes that ask for few


@pytest.mark.parametrize("name", ["enterprise", "other_enterprise", "adviser", "administrator"])
def test_nobody_else_reads_it(fund: Fund, name: str) -> None:
    actor = getattr(fund, name)
    assert signed_in(fund.database, actor).get("/ledger/trail").status_code == 403
    assert program_of(fund.database, actor).get("/ledger/trail").status_code == 403


def test_a_program_reads_it_page_by_page_with_amounts_as_money(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    open_account(fund)
    program = program_of(fund.database, fund.auditor)
    whole = program.get("/ledger/trail", page_size=100).json()
    found, page = [], program.get("/ledger/trail", page_size=7).json()
    while page["before"]:
        found += page["acts"]
        page = program.get("/ledger/trail", page_size=7, before=page["before"]).json()
    assert [*found, *page["acts"]] == whole["acts"]
    assert (len(whole["acts"]) > 14, whole["before"]) == (True, None)
    newest = whole["acts"][0]
    assert newest["about"]["words"] == "1011 Reserve"
    assert newest["details"] == {"bank": "Bank Two", "number": "LT121000011101001000"}
    of_loan = program.get("/ledger/trail", kind="loan", actor_id=fund.manager.user_id).json()
    assert {one["about"]["subject_id"] for one in of_loan["acts"]} == {loan_id}
    assert {one["action"] for one in of_loan["acts"]} == {"release_disbursement", "write_off"}
    released = next(one for one in of_loan["acts"] if one["action"] == "release_disbursement")
    assert released["details"]["amount"] == "108000.00"
    day = {"from_on": SENT_ON.isoformat(), "to_on": SENT_ON.isoformat()}
    acts = program.get("/ledger/trail", **day).json()["acts"]
    assert {one["recorded_at"][:10] for one in acts} == {SENT_ON.isoformat()}
    for asked in ({"kind": "none"}, {"from_on": "2026-02-31"}, {"page_size": 101}, {"more": "1"}):
        assert program.get("/ledger/trail", **asked).status_code == 422
    assert program.get("/ledger/trail", before="x").status_code == 404
    turned = {"from_on": "2026-03-02", "to_on": "2026-03-01"}
    assert program.get("/ledger/trail", **turned).status_code == 422


def test_the_fund_s_own_acts_have_amount_currency_day_and_purpose(fund: Fund) -> None:
    with fund.act(DAY) as (session, moment):
        bank_accounts.open_bank_account(
            *(session, fund.manager, moment),
            name="Dollars",
            bank="Bank Two",
            number="US-1",
            currency="USD",
        )
        entry_id = own_money.record_contribution(
            *(session, fund.manager, moment),
            source="Donor Two",
            amount_minor=1_234,
            paid_on=DAY - timedelta(days=3),
            key="dollars",
            bank_account="1011",
        )
    with fund.act(DAY) as (session, moment):
        reverse_entry(session, fund.manager, moment, entry_id, reason="Twice", key="back")
    program = program_of(fund.database, fund.auditor)
    back, given = program.get("/ledger/trail", kind="entry").json()["acts"][:2]
    assert (given["action"], given["note"]) == ("contribution", "Contribution of Donor Two")
    assert given["happened_on"] == (DAY - timedelta(days=3)).isoformat()
    for act in (given, back):
        assert act["details"] == {"amount": "12.34", "currency": "USD"}
    page = text_of(signed_in(fund.database, fund.auditor).get("/ledger/trail").text)
    assert "Contribution: USD 12.34" in page


@pytest.fixture(scope="module", params=DEMONSTRATION_DIALECTS)
def demonstration(
    request: pytest.FixtureRequest, demonstrations: Demonstrations
) -> Iterator[Database]:
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    url = databases.copy_of(demonstrations.on(databases).url)
    database = open_database(url, is_test_server=True)
    yield database
    database.close()
    databases.drop(url)


def test_every_act_of_the_demonstration_has_words(demonstration: Database) -> None:
    with demonstration.reading() as session:
        told = set(session.execute(select(CaseEvent.action, CaseEvent.subject_kind)))
    assert len(told) > 30
    assert {action for action, _ in told} <= set(TRAIL_ACTION)
    assert {kind for _, kind in told} <= set(SubjectKind)


def test_every_act_that_the_code_records_has_words() -> None:
    worked_out = {
        *ActKind,
        *(f"{verb}_{kind}" for verb in ("request", "send_back") for kind in ActKind),
        *(f"reverse_{kind}" for kind in REVERSIBLE),
        *(f"condition_{outcome.value}" for outcome in Outcome),
        *(f"reminder_{end.value}" for end in ReminderStatus if end is not ReminderStatus.DUE),
        *(bookings.CONTRIBUTION, bookings.ADMINISTRATION_PAID, bookings.TRANSFER),
        *(bookings.RELEASE, bookings.INTEREST_FROM_BANK),
        *("open_account", "close_account", "receipt", "recovery"),
    }
    written, subjects = set[object](), set[object]()
    for call in recordings():
        named = {one.arg: one.value for one in call.keywords}
        written.add(text_in(named.get("action") or next(iter(call.args[4:5]), None)))
        subject = named.get("subject")
        subjects.add(text_in(subject.elts[0] if isinstance(subject, ast.Tuple) else None))
    written, subjects = written - {None}, subjects - {None}
    assert {
        "close_month",
        "open_account",
        "import",
        "pledge",
        "appraise",
        "draft_terms",
        "value_asset",
    } <= written
    assert worked_out | written <= set(TRAIL_ACTION)
    assert {"account", "bank", "user", "facility", "loan"} <= subjects <= set(SubjectKind)


def text_in(node: ast.expr | None) -> object:
    """A text that stands in the code as it is; None for all else."""
    return node.value if isinstance(node, ast.Constant) else None


def recordings() -> Iterator[ast.Call]:
    """Every call in the code that appends to the history."""
    names = {"record", "write_event", "write_of_asset", "move", "note_act"}
    for path in LOANS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in names:
                yield node


def test_roles_are_named(fund: Fund, auditor: TestClient) -> None:
    submitted_application(fund)
    page = auditor.get("/ledger/trail").text
    people = re.findall(r'<option value="[0-9a-f-]{36}">([^<]+)</option>', page)
    assert people == [
        f"{one.name}, {ROLE_NAMES[Role(one.role)]}" for one in (fund.enterprise, fund.manager)
    ]
