"""A hundred people at once at the fund's last money, over HTTP, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx2
import pytest

from app import clock
from app.dependencies import COOKIE
from app.main import create_app
from app.settings import Settings
from loans import sign_ins
from loans.books.books_check import check_books
from loans.cases import applications, approvals, proposals
from loans.chart import BORROWERS_CREDIT
from loans.people import Actor
from loans.storage.database import new_id, open_database
from tests.browser.serving import serving
from tests.builders import (
    APPROVED_ON,
    GOLDEN_TERMS,
    SENT_ON,
    disbursed_loan,
    prepare_pay_out,
    signed_loan,
)
from tests.drafts import golden_draft
from tests.funds import Fund, open_fund

LOAN_MINOR = GOLDEN_TERMS.amount_minor
AFFORDABLE = 4
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Office:
    """A served fund, and clients that act in it as somebody."""

    fund: Fund
    address: str

    def program(self, actor: Actor) -> httpx2.Client:
        """Somebody's program, with a bearer token."""
        headers = {"Authorization": f"Bearer {self._token(actor)}"}
        return self._client("/api/v1", headers=headers)

    def browser(self, actor: Actor) -> httpx2.Client:
        """Somebody's browser, with a cookie."""
        cookies = {COOKIE: self._token(actor)}
        return self._client("", cookies=cookies)

    def _client(
        self,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        cookies: dict[str, str] | None = None,
    ) -> httpx2.Client:
        return httpx2.Client(
            base_url=f"{self.address}{path}",
            headers=headers,
            cookies=cookies,
            timeout=PATIENCE_SECONDS,
            limits=httpx2.Limits(max_connections=100),
        )

    def _token(self, actor: Actor) -> str:
        with self.fund.database.writing() as session:
            return sign_ins.open_session(session, user_id=actor.user_id, at=clock.now())

    def assert_books(self) -> None:
        with self.fund.database.reading() as session:
            report = check_books(session)
        assert report.is_sound, report.summary
        assert self.fund.available() >= 0
        assert sum(self.fund.trial_balance().values()) == 0


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    database = open_database(database_url, is_test_server=True)
    settings = Settings(database_url=database_url, test_server=True)
    with serving(create_app(settings)) as address:
        yield Office(open_fund(database, capital_minor=AFFORDABLE * LOAN_MINOR), address)
    database.close()


def at_once(asks: Sequence[Callable[[], httpx2.Response]]) -> list[httpx2.Response]:
    """Send all requests together."""
    gate = threading.Barrier(len(asks))

    def ask(one: Callable[[], httpx2.Response]) -> httpx2.Response:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(asks)) as threads:
        return list(threads.map(ask, asks))


def statuses(answers: Sequence[httpx2.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def recommended(fund: Fund, count: int) -> list[str]:
    """As many golden cases, each recommended by the officer, in one sitting."""
    made = []
    with fund.act(SENT_ON) as (session, moment):
        for _ in range(count):
            proposal_id = proposals.start_proposal(session, fund.enterprise, moment)
            proposals.save_draft(session, fund.enterprise, moment, proposal_id, golden_draft())
            case = proposals.submit_proposal(session, fund.enterprise, moment, proposal_id)
            applications.confirm_complete(session, fund.officer, moment, case)
            applications.confirm_appraisal(session, fund.officer, moment, case)
            made.append(case)
    with fund.act(APPROVED_ON) as (session, moment):
        for case in made:
            approvals.recommend(
                session, fund.officer, moment, case, terms=GOLDEN_TERMS, reason="Sound and short"
            )
    return made


def test_a_hundred_approvals_on_money_for_four(office: Office) -> None:
    cases = recommended(office.fund, 100)
    with office.program(office.fund.manager) as client:
        asks = [
            lambda case=case: client.post(
                f"/applications/{case}/approve",
                json={"reason": "Agreed"},
                headers={"Idempotency-Key": new_id()},
            )
            for case in cases
        ]
        answers = at_once(asks)
    assert statuses(answers) == {200: AFFORDABLE, 409: 96}
    refusals = {a.json()["error"]["message"] for a in answers if a.status_code == 409}
    assert all("EUR" in words and words.endswith(".") for words in refusals), refusals
    assert office.fund.available() == 0
    assert office.fund.balance() == AFFORDABLE * LOAN_MINOR
    office.assert_books()


def test_fifty_managers_release_one_pay_out_on_their_pages(office: Office) -> None:
    loan_id = signed_loan(office.fund)
    target = prepare_pay_out(office.fund, loan_id, amount_minor=LOAN_MINOR)
    with office.browser(office.fund.manager) as client:
        path = f"/loans/{loan_id}/acts/release-disbursement"
        asks = [
            lambda: client.post(path, data={"target": target, "request_key": new_id()})
            for _ in range(50)
        ]
        answers = at_once(asks)
    done = [a for a in answers if a.headers.get("location", "").endswith("done=released")]
    assert len(done) == 1
    assert statuses(answers) == {303: 1, 422: 49}
    assert office.fund.outstanding(loan_id) == LOAN_MINOR
    assert office.fund.balance() == (AFFORDABLE - 1) * LOAN_MINOR
    office.assert_books()


def test_one_key_fifty_times_is_one_pay_out_and_one_answer(office: Office) -> None:
    loan_id = signed_loan(office.fund)
    target = prepare_pay_out(office.fund, loan_id, amount_minor=LOAN_MINOR)
    with office.program(office.fund.manager) as client:
        path = f"/loans/{loan_id}/disbursements/{target}/release"
        key = {"Idempotency-Key": new_id()}
        answers = at_once([lambda: client.post(path, headers=key, json={})] * 50)
    assert statuses(answers) == {200: 50}, answers[0].text
    assert len({answer.text for answer in answers}) == 1
    assert office.fund.outstanding(loan_id) == LOAN_MINOR
    office.assert_books()


def receipts_at_once(
    office: Office, loan_id: str, amount: str, lines: Sequence[int]
) -> Counter[int]:
    """Each receipt under a key of its own; answers how many ended how."""
    with office.program(office.fund.officer) as client:
        asks = [
            lambda line=line: client.post(
                f"/loans/{loan_id}/receipts",
                json={
                    "amount": amount,
                    "received_on": "2026-06-01",
                    "bank_reference": f"Line {line}",
                },
                headers={"Idempotency-Key": new_id()},
            )
            for line in lines
        ]
        return statuses(at_once(asks))


def test_fifty_receipts_at_once_pay_no_more_than_is_owed_and_the_rest_waits(office: Office) -> None:
    loan_id = disbursed_loan(office.fund)
    assert receipts_at_once(office, loan_id, "60000.00", range(50)) == {201: 50}
    owed = 10_800_000 + 161_556  # interest of 91 days; the second of them closes the loan
    assert office.fund.outstanding(loan_id) == 0
    assert office.fund.balance(BORROWERS_CREDIT) == -(50 * 6_000_000 - owed)
    office.assert_books()


def test_one_line_of_the_bank_statement_is_one_receipt_whoever_enters_it(office: Office) -> None:
    loan_id = disbursed_loan(office.fund)
    assert receipts_at_once(office, loan_id, "100.00", [9] * 50) == {201: 1, 409: 49}
    office.assert_books()


def test_one_receipt_form_sent_fifty_times_is_one_receipt(office: Office) -> None:
    loan_id = disbursed_loan(office.fund)
    body = {
        "amount": "4 143.06",
        "received_on": "2026-04-02",
        "bank_reference": "Line 9",
        "confirmed": "yes",
        "request_key": new_id(),
    }
    with office.browser(office.fund.officer) as client:
        answers = at_once([lambda: client.post(f"/loans/{loan_id}/acts/receipt", data=body)] * 50)
    ends = Counter(a.headers["location"].rpartition("done=")[2] for a in answers)
    assert ends == {"receipt": 1, "already-done": 49}
    assert office.fund.balance() == (AFFORDABLE - 1) * LOAN_MINOR + 414_306
    office.assert_books()


def test_a_key_of_somebody_else_or_for_something_else_is_no_way_in(office: Office) -> None:
    loan_id = disbursed_loan(office.fund)
    path, key = f"/loans/{loan_id}/receipts", {"Idempotency-Key": "one"}
    body = {"amount": "100.00", "received_on": "2026-04-02", "bank_reference": "Line 9"}
    with office.program(office.fund.officer) as officer:
        first = officer.post(path, json=body, headers=key)
        other = officer.post(path, json=body | {"amount": "200.00"}, headers=key)
        none = officer.post(path, json=body)
    with office.program(office.fund.second_officer) as second:
        theirs = second.post(path, json=body | {"bank_reference": "Line 10"}, headers=key)
    assert (first.status_code, other.status_code, none.status_code) == (201, 409, 422)
    assert theirs.status_code == 201
    assert theirs.json()["entry_id"] != first.json()["entry_id"]
    office.assert_books()
