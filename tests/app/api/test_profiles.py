"""The terms over JSON: read by all, drafted by one manager, published by another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock
from loans.storage.database import Database
from tests.app.api.programs import Program, program_of, refusal
from tests.app.visiting import visitor
from tests.builders import Fund, open_fund

CODE = "nefco-1998"


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def client(sqlite_database: Database) -> TestClient:
    return visitor(sqlite_database)


def asked(**change: Any) -> dict[str, Any]:
    one = {"term": "annual_rate", "value": "0.05", "source": "Board", "decided": True, **change}
    today = clock.today().isoformat()
    return {"profile_code": CODE, "valid_from": today, "reason": "Lower", "changes": [one]}


def test_a_version_is_drafted_by_one_manager_and_published_by_another(
    fund: Fund, client: TestClient
) -> None:
    drafter = program_of(fund.database, fund.manager, client)
    other = program_of(fund.database, fund.second_manager, client)
    made = drafter.post("/profiles", asked())
    assert made.status_code == 201
    assert made.json() == {"profile_code": CODE, "version": 2, "status": "draft"}
    publish = f"/profiles/{CODE}/versions/2/publish"
    draft = other.get(f"/profiles/{CODE}/versions/2").json()
    assert (draft["reason"], draft["drafted_by"]) == ("Lower", "Manager Person")
    assert draft["terms"]["annual_rate"]["value"] == "0.05"
    read = {"content_hash": draft["content_hash"]}
    assert drafter.post(publish, read).status_code == 403
    assert other.post(publish).status_code == 422
    assert other.post(publish, {"content_hash": "0" * 64}).status_code == 409
    assert Program(client).get(f"/profiles/{CODE}").json()["version"] == 1
    assert other.post(publish, read).json()["status"] == "published"
    found = Program(client).get(f"/profiles/{CODE}").json()
    assert (found["version"], found["versions"]) == (2, [1, 2])
    assert found["terms"]["annual_rate"]["value"] == "0.05"
    first = Program(client).get(f"/profiles/{CODE}/versions/1").json()
    assert (first["terms"]["annual_rate"]["value"], first["content_hash"]) == ("0.06", None)
    assert Program(client).get(f"/profiles/{CODE}/versions/3").status_code == 404
    listed = {one["code"]: one for one in Program(client).get("/profiles").json()["profiles"]}
    assert listed[CODE]["version"] == 2
    assert {"nefco-later", "oecd-short-form", "comara", "prior-assessment"} < set(listed)


def test_what_cannot_be_a_term_is_refused_in_words(fund: Fund, client: TestClient) -> None:
    drafter = program_of(fund.database, fund.manager, client)
    wrong = drafter.post("/profiles", asked(value="lots"))
    assert wrong.status_code == 422
    assert "annual_rate" in refusal(wrong)[0]
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    late = drafter.post("/profiles", {**asked(), "valid_from": yesterday})
    assert refusal(late)[1] == ("valid_from",)
    officer = program_of(fund.database, fund.officer, client)
    assert officer.post("/profiles", asked()).status_code == 403


def test_a_draft_that_is_given_up_leaves_the_terms_as_they_are(
    fund: Fund, client: TestClient
) -> None:
    drafter = program_of(fund.database, fund.manager, client)
    drafter.post("/profiles", asked())
    assert drafter.post("/profiles", asked()).status_code == 409
    third = drafter.post(f"/profiles/{CODE}/versions/3/give-up", {"reason": "Too early"})
    assert third.status_code == 404
    ended = drafter.post(f"/profiles/{CODE}/versions/2/give-up", {"reason": "Too early"})
    assert ended.json()["status"] == "discarded"
    assert drafter.post("/profiles", asked()).json()["version"] == 2


def test_a_draft_is_read_by_managers_and_auditors_only(fund: Fund, client: TestClient) -> None:
    program_of(fund.database, fund.manager, client).post("/profiles", asked())
    address = f"/profiles/{CODE}/versions/2"
    read = {
        actor.role.value: program_of(fund.database, actor, client).get(address).status_code
        for actor in (fund.second_manager, fund.auditor, fund.officer, fund.enterprise)
    }
    assert read == {"manager": 200, "auditor": 200, "officer": 404, "enterprise": 404}
    assert Program(client).get(address).status_code == 404


def test_every_shipped_profile_is_read(client: TestClient) -> None:
    for code in ("comara", "nefco-1998", "nefco-later", "oecd-short-form", "prior-assessment"):
        found = Program(client).get(f"/profiles/{code}")
        assert found.status_code == 200, code
        assert found.json()["versions"] == [1]
