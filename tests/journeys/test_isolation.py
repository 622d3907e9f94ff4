"""What belongs to one enterprise does not exist for another, nor for an adviser of nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import inspect, text
from starlette.testclient import TestClient

from app import clock
from app.auth.access import access_table
from app.dependencies import COOKIE
from loans import people, sign_ins
from loans.draft import Draft
from loans.people import Actor, Role
from loans.storage.database import new_id, open_database
from tests.app.visiting import visitor
from tests.builders import (
    FIRST_DUE_ON,
    approved_application,
    disbursed_loan,
    draft_proposal,
    prepare_pay_out,
    receive,
    recommended_application,
    signed_loan,
    submitted_application,
)
from tests.databases import Databases
from tests.drafts import golden_draft, golden_measure
from tests.funds import NO_PASSWORD, Fund, add_actor, open_fund
from tests.sweeps import in_turn

MARK = "Qz7MarkQz7"
SECRETS = (MARK, "Pavyzdys", "LT-100200")
OUTSIDERS = ("other-enterprise", "idle-adviser")
FIRST_CAPITAL_MINOR = 500_000_000
EMPTY_DRAFT = Draft().model_dump(mode="json")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_OTHER_NAMES = {
    "section": "project",
    "measure_code": "M1",
    "profile_code": "nefco-1998",
    "act": "receipt",
    "figure": "c1",
    "account_code": "1010",
    "period": "2026-01",
}


@dataclass(frozen=True)
class Neighbours:
    """A fund in which the first enterprise has a case in every state."""

    fund: Fund
    ids: Mapping[str, tuple[str, ...]]
    """Table, then the ids of its rows, which all concern the first enterprise."""
    actors: Mapping[str, Actor]

    def client(self, name: str) -> tuple[TestClient, str]:
        """A browser of somebody, and the token for a program of theirs."""
        with self.fund.database.writing() as session:
            user_id = self.actors[name].user_id
            token = sign_ins.open_session(session, user_id=user_id, at=clock.now())
        client = visitor(self.fund.database)
        client.cookies.set(COOKIE, token)
        return client, token


def marked(value: Any) -> Any:
    """The same document with the marker in every text that is free to choose."""
    kept = {"country", "ownership", "technique", "code", "evidence", "unit", "kind"}
    if isinstance(value, dict):
        return {
            name: part if name in kept else marked(part)
            for name, part in value.items()
            if part is not None
        }
    if isinstance(value, list | tuple):
        return [marked(part) for part in value]
    if isinstance(value, str) and not re.fullmatch(r"[-0-9.]+", value):
        return f"{MARK} {value}"[:40]
    return value


def marked_draft() -> Draft:
    draft = golden_draft(golden_measure(code="M1"))
    document = marked(draft.model_dump(mode="json"))
    document["enterprise"]["registration_number"] = "LT-100200"
    return Draft.model_validate(document)


@pytest.fixture(scope="module")
def neighbours(sqlite_databases: Databases) -> Iterator[Neighbours]:
    url = sqlite_databases.migrated()
    database = open_database(url)
    fund = open_fund(database, capital_minor=FIRST_CAPITAL_MINOR)
    with database.writing() as session:
        idle = add_actor(session, "idle-adviser", Role.ADVISER, NO_PASSWORD)
    before = _all_ids(fund)
    draft = marked_draft()
    draft_proposal(fund, draft)
    submitted_application(fund, draft)
    recommended_application(fund, draft)
    approved_application(fund, draft)
    prepare_pay_out(fund, signed_loan(fund, draft), amount_minor=1_000_000)
    receive(fund, disbursed_loan(fund, draft), 100_000, on=FIRST_DUE_ON)
    ids = {table: tuple(set(found) - set(before[table])) for table, found in _all_ids(fund).items()}
    ids["enterprise"] = (fund.enterprise_id,)
    ids["app_user"] = (fund.enterprise.user_id,)
    actors = {"other-enterprise": fund.other_enterprise, "idle-adviser": idle}
    yield Neighbours(fund, {table: found for table, found in ids.items() if found}, actors)
    database.close()
    sqlite_databases.drop(url)


def _all_ids(fund: Fund) -> dict[str, tuple[str, ...]]:
    """Table, then every value in it that looks like an id and names its row."""
    tables = inspect(fund.database.reader).get_table_names()
    with fund.database.reading() as session:
        return {
            table: tuple(
                session.execute(text(f'SELECT id FROM "{table}"')).scalars()  # noqa: S608
            )
            for table in tables
            if any(c["name"] == "id" for c in inspect(fund.database.reader).get_columns(table))
        }


def assert_silent(words: str, what: str) -> None:
    told = [secret for secret in SECRETS if secret in words]
    assert not told, (what, told)


def _addresses(path: str, one: str) -> str:
    """The address with the id in the places of ids, and usual names in the others."""
    names = re.findall(r"\{(\w+)\}", path)
    values = {name: _OTHER_NAMES.get(name, one) for name in names}
    return path.format(**values)


ROUTES = sorted((method, path) for method, path in access_table() if "_id}" in path)


def test_the_first_has_cases_in_every_table(neighbours: Neighbours) -> None:
    wanted = {"proposal", "application", "loan", "disbursement", "receipt", "decision"}
    assert wanted <= set(neighbours.ids)
    with neighbours.fund.database.reading() as session:
        stored = session.execute(text("SELECT answers FROM application LIMIT 1")).scalar_one()
    assert str(stored).count(MARK) > 12


def _told(text: str) -> str:
    """What an answer says, without the ids asked for and without its reference in the log."""
    return re.sub(r"reference-code\">[0-9a-f]{10}<", "", _ID.sub("", text))


@pytest.mark.parametrize("name", OUTSIDERS)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_address_answers_to_an_id_of_another(
    neighbours: Neighbours, method: str, path: str, name: str, *, whole: bool
) -> None:
    """Whatever the table, its ids are as unknown as one that was never given out."""
    client, token = neighbours.client(name)
    if path.startswith("/api/"):
        client.headers["Authorization"] = f"Bearer {token}"
    role = neighbours.actors[name].role
    is_open = role in access_table()[method, path]
    unknown = _ask(client, method, _addresses(path, new_id()))
    named = tuple(re.findall(r"\{(\w+)_id\}", path))
    own = [table for table in neighbours.ids if table.endswith(named)]
    others = sorted(neighbours.ids.keys() - own)
    some = in_turn(others, ROUTES.index((method, path)), 4, whole=whole)
    for table in (*own, *some):
        for one in neighbours.ids[table][: 3 if whole or table in own else 1]:
            answer = _ask(client, method, _addresses(path, one))
            assert answer.status_code == (404 if is_open else 403), (table, answer.text)
            assert answer.status_code == unknown.status_code
            assert _told(answer.text) == _told(unknown.text), table
            assert_silent(answer.text + str(answer.headers), table)


_BODIES: Mapping[str, Any] = {
    "invoices": {
        "number": "1",
        "supplier": "One",
        "invoiced_on": "2026-03-02",
        "amount": "1.00",
    },
    "disbursement-requests": {"amount": "1.00", "purpose": "One"},
    "withdraw": {"reason": "One"},
}
"""Bodies that can be read, for acts that need one, by the end of their address."""


def _ask(client: TestClient, method: str, address: str) -> Any:
    headers = {"Idempotency-Key": new_id()}
    if method == "GET":
        return client.get(address, headers=headers)
    if address.startswith("/api/"):
        body = EMPTY_DRAFT if method == "PUT" else _BODIES.get(address.rpartition("/")[2], {})
        return client.request(method, address, headers=headers, json=body)
    return client.post(address, data={"version": "1", "request_key": new_id()}, headers=headers)


LISTS = (
    "/proposals",
    "/loans",
    "/loans?search=Qz7",
    "/loans?search=Pavyz",
    "/loans?search=L-2026",
    "/",
    "/api/v1/proposals",
    "/api/v1/loans",
    "/api/v1/loans?search=Qz7",
    "/api/v1/loans?search=Pavyz",
    "/pre-check",
    "/profiles",
)


@pytest.mark.parametrize("name", OUTSIDERS)
@pytest.mark.parametrize("address", LISTS)
def test_no_list_and_no_search_tells_of_another(
    neighbours: Neighbours, address: str, name: str
) -> None:
    client, token = neighbours.client(name)
    answer = client.get(
        address, headers={"Authorization": f"Bearer {token}"}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert_silent(answer.text, address)
    theirs = {one for ids in neighbours.ids.values() for one in ids}
    assert not theirs & set(_ID.findall(answer.text))


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_begins_a_proposal_for_another(neighbours: Neighbours, name: str) -> None:
    client, token = neighbours.client(name)
    before = _all_ids(neighbours.fund)["proposal"]
    sent = {"enterprise_id": neighbours.fund.enterprise_id, "request_key": new_id()}
    page = client.post("/proposals", data=sent)
    assert_silent(page.text, "page")
    program = client.post(
        "/api/v1/proposals",
        json={"enterprise_id": neighbours.fund.enterprise_id},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": new_id()},
    )
    assert program.status_code in {404, 422}
    assert_silent(program.text, "program")
    fresh = set(_all_ids(neighbours.fund)["proposal"]) - set(before)
    with neighbours.fund.database.reading() as session:
        owners = session.execute(text("SELECT id, enterprise_id FROM proposal")).all()
    assert all(owner != neighbours.fund.enterprise_id for made, owner in owners if made in fresh)


def test_the_own_enterprise_and_its_adviser_do_see_it(neighbours: Neighbours) -> None:
    """The marker is there to be seen, or the tests above would show nothing."""
    fund = neighbours.fund
    proposal_id = neighbours.ids["proposal"][0]
    for actor in (fund.enterprise, fund.adviser):
        with fund.database.writing() as session:
            token = sign_ins.open_session(session, user_id=actor.user_id, at=clock.now())
        client = visitor(fund.database)
        client.cookies.set(COOKIE, token)
        assert MARK in client.get(f"/proposals/{proposal_id}").text
        assert MARK in client.get("/proposals").text


def test_an_adviser_sees_no_more_once_the_assignment_ends(neighbours: Neighbours) -> None:
    fund = neighbours.fund
    address = f"/proposals/{neighbours.ids['proposal'][0]}"
    with fund.database.writing() as session:
        token = sign_ins.open_session(session, user_id=fund.adviser.user_id, at=clock.now())
    client = visitor(fund.database)
    client.cookies.set(COOKIE, token)
    assert client.get(address).status_code == 200
    with fund.database.writing() as session:
        session.execute(
            text("DELETE FROM adviser_assignment WHERE adviser_id = :who"),
            {"who": fund.adviser.user_id},
        )
    assert client.get(address).status_code == 404
    with fund.database.writing() as session:
        people.assign_adviser(
            session, adviser_id=fund.adviser.user_id, enterprise_id=fund.enterprise_id
        )
