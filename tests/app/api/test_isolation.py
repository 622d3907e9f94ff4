"""What an enterprise may never see or set: another's case, the fund's notes, fields not its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.api.openapi import description
from app.auth.access import access_table
from app.main import create_app
from app.settings import Settings
from loans.cases import applications, approvals
from loans.people import Role
from loans.servicing import write_offs
from loans.storage.database import new_id, open_database
from tests.app.api.described import Described
from tests.app.api.programs import API, Program, program_of
from tests.builders import (
    APPROVED_ON,
    FIRST_DUE_ON,
    GOLDEN_TERMS,
    SENT_ON,
    Fund,
    disbursed_loan,
    draft_proposal,
    golden_draft,
    open_fund,
    submitted_application,
    written_off_loan,
)
from tests.databases import DIALECTS, Databases

MARK = "Zq9secret"
"""In every text of the first enterprise; the second may never read it."""

INNER = "Kx7inner"
"""In every note of the fund's people to each other; no enterprise may ever read it."""

DESCRIBED = Described(description(create_app(Settings())))
OPEN_TO_ENTERPRISES = sorted(
    (method, path.removeprefix(API))
    for (method, path), roles in access_table().items()
    if path.startswith(API) and Role.ENTERPRISE in roles and "_id}" in path
)
LISTS = ("/proposals", "/loans")


@dataclass(frozen=True)
class Neighbours:
    """A fund in which the first enterprise has cases in every state, and what they are called."""

    fund: Fund
    ids: dict[str, str]

    def of(self, name: str) -> Program:
        """The program of a person of the fund."""
        return program_of(self.fund.database, getattr(self.fund, name))


@pytest.fixture(scope="module", params=DIALECTS)
def neighbours(request: pytest.FixtureRequest) -> Iterator[Neighbours]:
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    url = databases.migrated()
    database = open_database(url, is_test_server=True)
    fund = open_fund(database)
    draft = golden_draft(
        project={
            "title": f"{MARK} title",
            "description": f"{MARK} description",
            "expands_capacity": False,
            "adds_production_equipment": False,
        }
    )
    loan_id = disbursed_loan(fund, draft)
    ids = {
        "proposal_id": draft_proposal(fund, draft),
        "application_id": submitted_application(fund, draft),
        "loan_id": loan_id,
        "enterprise_id": fund.enterprise_id,
        "profile_code": "nefco-1998",
        "version": "1",
        "period": "2026-01",
    }
    seen = program_of(database, fund.officer).get(f"/loans/{loan_id}").json()
    ids["disbursement_id"] = seen["pay_outs"][0]["disbursement_id"]
    yield Neighbours(fund, ids)
    database.close()
    databases.drop(url)


def address(path: str, ids: dict[str, str]) -> str:
    """The path with its ids; one that nobody gave out where there is none."""
    for part in path.split("/"):
        if part.startswith("{"):
            path = path.replace(part, ids.get(part[1:-1], new_id()))
    return path


def a_body(method: str, path: str) -> dict[str, object] | None:
    """A body that can be read; a proposal may be empty."""
    schema = DESCRIBED.body(method, API + path)
    if schema is None:
        return None
    sample: dict[str, object] = DESCRIBED.sample(schema)
    return {} if method == "PUT" else sample


@pytest.mark.parametrize(("method", "path"), OPEN_TO_ENTERPRISES)
def test_what_is_anothers_looks_like_what_there_is_not(
    neighbours: Neighbours, method: str, path: str
) -> None:
    other, body = neighbours.of("other_enterprise"), a_body(method, path)
    foreign = other.act(method, address(path, neighbours.ids), body)
    nowhere = other.act(method, address(path, {}), body)
    assert foreign.status_code == nowhere.status_code == 404
    assert foreign.content == nowhere.content
    assert MARK not in foreign.text


@pytest.mark.parametrize("path", LISTS)
def test_lists_and_searches_hold_nothing_of_another(neighbours: Neighbours, path: str) -> None:
    other = neighbours.of("other_enterprise")
    assert other.get(path).json()["count"] == 0
    own = neighbours.of("enterprise").get(path)
    assert own.json()["count"] > 0
    if path == "/loans":
        for words in ("Pavyzdys", "LT-100200", "L-2026-001"):
            assert other.get(path, search=words).json()["count"] == 0


def test_nobody_writes_for_another_enterprise(neighbours: Neighbours) -> None:
    body = {"enterprise_id": neighbours.fund.enterprise_id}
    foreign = neighbours.of("other_enterprise").post("/proposals", body)
    nowhere = neighbours.of("other_enterprise").post("/proposals", {"enterprise_id": new_id()})
    assert (foreign.status_code, foreign.content) == (404, nowhere.content)
    stranger = {"enterprise_id": neighbours.fund.other_enterprise_id}
    assert neighbours.of("adviser").post("/proposals", stranger).status_code == 404


def test_a_foreign_draft_stays_as_it_was(neighbours: Neighbours) -> None:
    path = f"/proposals/{neighbours.ids['proposal_id']}"
    before = neighbours.of("enterprise").get(path).content
    other = neighbours.of("other_enterprise")
    other.act("PUT", path, {})
    other.post(f"{path}/submit")
    other.post(f"{path}/withdraw", {"reason": "Not mine"})
    assert neighbours.of("enterprise").get(path).content == before


def test_the_borrower_reads_no_names_notes_or_entries(neighbours: Neighbours) -> None:
    fund = neighbours.fund
    loan_id, proposal_id = _loan_with_inner_notes(fund)
    people = [getattr(fund, role) for role in ("officer", "second_officer", "manager")]
    for name in ("enterprise", "adviser"):
        reader = neighbours.of(name)
        answers = [
            reader.get(path)
            for path in (
                *LISTS,
                f"/proposals/{proposal_id}",
                *(f"/loans/{loan_id}{part}" for part in ("", "/schedule", "/statement")),
            )
        ]
        assert all(answered.status_code == 200 for answered in answers)
        text = " ".join(answered.text for answered in answers)
        assert INNER not in text
        assert "The plant stands still" not in text
        for person in people:
            assert person.user_id not in text
            assert person.name not in text
        values = json.loads(answers[3].text)
        assert values["history"] == values["acts"] == []
        assert {one["entry_id"] for one in (*values["pay_outs"], *values["receipts"])} == {None}


def _loan_with_inner_notes(fund: Fund) -> tuple[str, str]:
    """A loan on whose way the fund's people wrote to each other; with its proposal."""
    application_id = submitted_application(fund)
    for act, actor, given in (
        (applications.confirm_complete, fund.officer, {"note": INNER}),
        (applications.confirm_appraisal, fund.officer, {"note": INNER}),
        (approvals.recommend, fund.officer, {"terms": GOLDEN_TERMS, "reason": INNER}),
        (approvals.send_back, fund.manager, {"reason": INNER}),
        (approvals.recommend, fund.officer, {"terms": GOLDEN_TERMS, "reason": INNER}),
        (approvals.approve, fund.manager, {"reason": INNER}),
    ):
        with fund.act(APPROVED_ON) as (session, moment):
            act(session, actor, moment, application_id, **given)
    listed = program_of(fund.database, fund.enterprise).get("/proposals").json()["proposals"]
    proposal_id = next(
        one["proposal_id"] for one in listed if one["application_id"] == application_id
    )
    return written_off_loan(fund), proposal_id


def test_a_write_off_asked_for_leaves_no_trace_with_the_borrower(neighbours: Neighbours) -> None:
    fund = neighbours.fund
    loan_id, reader = disbursed_loan(fund), neighbours.of("enterprise")
    paths = ("/loans", *(f"/loans/{loan_id}{part}" for part in ("", "/schedule", "/statement")))
    before = [reader.get(path).content for path in paths]
    with fund.act(FIRST_DUE_ON + timedelta(days=100)) as (session, moment):
        write_offs.request_write_off(session, fund.officer, moment, loan_id, reason=INNER)
    assert [reader.get(path).content for path in paths] == before
    assert INNER in neighbours.of("manager").get(f"/loans/{loan_id}").text


def test_authors_read_what_the_fund_wrote_to_them(neighbours: Neighbours) -> None:
    fund = neighbours.fund
    application_id = submitted_application(fund)
    with fund.act(SENT_ON) as (session, moment):
        applications.return_application(
            session, fund.officer, moment, application_id, reason="Send the water bills"
        )
    reader = neighbours.of("enterprise")
    listed = reader.get("/proposals", status="draft").json()["proposals"]
    own = next(one for one in listed if one["application_id"] == application_id)
    told = reader.get(f"/proposals/{own['proposal_id']}").json()["history"]
    assert (told[-1]["what"], told[-1]["note"]) == (
        "returned it with questions",
        "Send the water bills",
    )


OUTPUTS = sorted(
    {
        name
        for schema in DESCRIBED.description["components"]["schemas"].values()
        for name in schema.get("properties", {})
    }
    | {"owner", "role", "class", "created_at", "approved_by", "is_admin", "__class__", "_key"}
)
BODIES = sorted(
    (method.upper(), path)
    for path, methods in DESCRIBED.description["paths"].items()
    for method, operation in methods.items()
    if "requestBody" in operation
)


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_no_field_of_an_answer_can_be_set(neighbours: Neighbours, method: str, path: str) -> None:
    schema = DESCRIBED.body(method, path)
    assert schema is not None
    good = DESCRIBED.sample(schema)
    added = {name: "1" for name in OUTPUTS if name not in good}
    role = next(role for role in Role if role in access_table()[method, path])
    sender = neighbours.of(role.value)
    answered = sender.act(method, address(path.removeprefix(API), neighbours.ids), added | good)
    assert answered.status_code == 422
    unknown = [
        field
        for field in answered.json()["error"]["fields"]
        if field["message"] == "A field here is not known. Leave it out."
    ]
    assert len(unknown) == len(added)
