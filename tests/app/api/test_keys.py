"""One act for one key: repeats, twins at once, other content, refusals that stay."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.testclient import TestClient

from app import clock
from loans.chart import CASH
from loans.people import Actor
from loans.storage import postgresql_engine
from loans.storage.database import Database, new_id, open_database
from tests.app.api.programs import API, Program, program_of, refusal
from tests.app.visiting import visitor
from tests.builders import (
    FIRST_DUE_ON,
    Fund,
    disbursed_loan,
    open_fund,
    prepare_pay_out,
    recommended_application,
    signed_loan,
    submitted_application,
)
from tests.databases import Databases, cut_all

TWINS = 50
GIFT = {"source": "Donor Two", "amount": "1000.00", "paid_on": "2026-01-05"}


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


@pytest.fixture
def client(database: Database) -> TestClient:
    return visitor(database)


def program(fund: Fund, client: TestClient, actor: Actor) -> Program:
    return program_of(fund.database, actor, client)


def at_once(sender: Program, path: str, body: Any, keys: list[str]) -> list[Response]:
    """The answers to one act sent for all ``keys`` at the same time."""

    async def send_all() -> list[Response]:
        transport = ASGITransport(app=sender.client.app)
        async with AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await asyncio.gather(
                *(
                    client.post(
                        API + path, json=body, headers=sender.headers() | {"Idempotency-Key": key}
                    )
                    for key in keys
                )
            )

    assert sender.client.portal
    return sender.client.portal.call(send_all)


def test_fifty_twins_are_one_posting_and_have_one_answer(fund: Fund, client: TestClient) -> None:
    before = fund.balance(CASH)
    manager = program(fund, client, fund.manager)
    answers = at_once(manager, "/fund/contributions", GIFT, ["one key"] * TWINS)
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert fund.balance(CASH) == before + 100_000
    listed = manager.get("/ledger/entries", account="3002").json()
    assert [one["entry_id"] for one in listed["entries"]] == [answers[0].json()["entry_id"]]


def test_one_act_under_fifty_keys_is_done_once(fund: Fund, client: TestClient) -> None:
    loan_id = signed_loan(fund)
    prepared = prepare_pay_out(fund, loan_id, amount_minor=10_800_000)
    path = f"/loans/{loan_id}/disbursements/{prepared}/release"
    manager = program(fund, client, fund.manager)
    answers = at_once(manager, path, None, [new_id() for _ in range(TWINS)])
    assert Counter(one.status_code for one in answers) == {200: 1, 409: TWINS - 1}
    assert fund.outstanding(loan_id) == 10_800_000


@pytest.mark.parametrize("change", [{"amount": "2000.00"}, {"source": "Donor Three"}])
def test_a_key_is_for_one_content(fund: Fund, client: TestClient, change: dict[str, str]) -> None:
    manager = program(fund, client, fund.manager)
    assert manager.post("/fund/contributions", GIFT, key="k").status_code == 201
    before = fund.trial_balance()
    other = manager.post("/fund/contributions", GIFT | change, key="k")
    assert other.status_code == 409
    assert (
        refusal(other)[0] == "This key was used for something else. Send a new key for a new act."
    )
    assert fund.trial_balance() == before


def test_a_key_is_for_one_route(fund: Fund, client: TestClient) -> None:
    first, second = disbursed_loan(fund), disbursed_loan(fund)
    officer = program(fund, client, fund.officer)
    money = {
        "amount": "100.00",
        "received_on": FIRST_DUE_ON.isoformat(),
        "bank_reference": "Statement 4",
    }
    assert officer.post(f"/loans/{first}/receipts", money, key="k").status_code == 201
    assert officer.post(f"/loans/{second}/receipts", money, key="k").status_code == 409
    assert fund.outstanding(second) == 10_800_000


def test_each_person_has_keys_of_their_own(fund: Fund, client: TestClient) -> None:
    before = fund.balance(CASH)
    answers = [
        program(fund, client, actor).post("/fund/contributions", GIFT, key="k")
        for actor in (fund.manager, fund.second_manager)
    ]
    assert len({one.json()["entry_id"] for one in answers}) == 2
    assert fund.balance(CASH) == before + 200_000


def test_the_order_of_the_fields_does_not_make_another_content(
    fund: Fund, client: TestClient
) -> None:
    manager = program(fund, client, fund.manager)
    first = manager.post("/fund/contributions", GIFT, key="k")
    turned = manager.post("/fund/contributions", dict(reversed(GIFT.items())), key="k")
    assert turned.content == first.content


def test_what_was_refused_stays_refused_though_money_came_meanwhile(
    database: Database, client: TestClient
) -> None:
    fund = open_fund(database, capital_minor=10_000_000)
    path = f"/applications/{recommended_application(fund)}/approve"
    manager = program(fund, client, fund.manager)
    first = manager.post(path, {"reason": "Agreed"}, key="k")
    assert first.status_code == 409
    gift = GIFT | {"amount": "50000.00", "paid_on": clock.today().isoformat()}
    assert manager.post("/fund/contributions", gift).status_code == 201
    again = manager.post(path, {"reason": "Agreed"}, key="k")
    assert (again.status_code, refusal(again)[0]) == (409, refusal(first)[0])
    assert manager.post(path, {"reason": "Agreed"}).json()["status"] == "approved"


def test_a_value_that_cannot_be_read_does_not_use_the_key_up(
    fund: Fund, client: TestClient
) -> None:
    manager = program(fund, client, fund.manager)
    assert manager.post("/fund/contributions", GIFT | {"amount": "1,5"}, key="k").status_code == 422
    assert manager.post("/fund/contributions", GIFT, key="k").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\tb"])
def test_an_act_without_a_usable_key_is_refused(fund: Fund, client: TestClient, key: str) -> None:
    application_id = submitted_application(fund)
    officer = program(fund, client, fund.officer)
    headers = officer.headers() | {"Idempotency-Key": key}
    path = f"{API}/applications/{application_id}/complete"
    answered = client.post(path, json={}, headers=headers)
    assert (answered.status_code, refusal(answered)[1]) == (422, ("Idempotency-Key",))
    assert "Send the header Idempotency-Key" in refusal(answered)[0]
    assert officer.get(f"/applications/{application_id}").json()["status"] == "submitted"


def test_an_act_behind_a_restart_of_the_server_is_carried_out(
    postgresql_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next act comes before anybody asks whether the connections still live."""
    monkeypatch.setattr(postgresql_engine, "PAUSE_SECONDS", 60.0)
    url = postgresql_databases.migrated()
    database = open_database(url, is_test_server=True)
    fund = open_fund(database)
    program = program_of(database, fund.manager)
    cut_all(database)
    answered = [program.post("/fund/contributions", GIFT).status_code for _ in range(2)]
    database.close()
    postgresql_databases.drop(url)
    assert answered == [201, 201]
