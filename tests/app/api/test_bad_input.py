"""Input that no sane program sends, in every field, address and header of every route.

The routes and their fields come from the description of the interface, so that a new one is
included. Each request must be refused in a sentence that does not repeat what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import quote

import pytest
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from app import clock
from app.api.openapi import description
from app.auth.access import VISITOR, access_table
from app.calculators import Calculator
from app.main import create_app
from app.settings import Settings
from loans import sign_ins
from loans.people import Actor, Role
from loans.servicing import cancellations
from loans.storage.database import new_id, open_database
from loans.tables import RequestKey
from tests.app.api.described import Described, Place, Schema, replaced
from tests.app.api.programs import API
from tests.builders import (
    SIGNED_ON,
    Fund,
    appraised_application,
    disbursed_loan,
    draft_proposal,
    open_fund,
    prepare_pay_out,
    signed_loan,
)
from tests.databases import DIALECTS, Databases
from tests.sweeps import in_turn

MARK = "q7Zx9mark"
"""Part of what is sent; no answer may show it."""

NINES = "9" * 5_000
NESTED = "[" * 100_000
UNREADABLE_NUMBERS = ("NaN", "-Infinity", "1e400", str(2**63), NINES)
UNREADABLE_TEXTS = (
    f'"{MARK}\\u0000"',
    f'"{MARK}\\ud800"',
    f'"{MARK}\\u202e"',
    f'"{MARK * 1_000}"',
    f'"{MARK}\\udcff"'.replace("\\udcff", "\udcff"),
)
"""The last one is a byte that is not UTF-8."""

UNREADABLE = (*UNREADABLE_NUMBERS, *UNREADABLE_TEXTS)
"""What no field takes, of any kind."""

STORED = (str(2**63), NINES, *UNREADABLE_TEXTS[:2])
"""What the two databases might take differently; the rest is refused before it gets there."""

NUMBERS_IN_TEXT = (
    "NaN",
    "sNaN",
    "Infinity",
    "1e400",
    "1_000",
    "0x10",
    "\u0661\u0662",
    "\uff11\uff12",
)
DAYS_IN_TEXT = ("2026-02-30", "0000-01-01", "9999-12-31", "10000-01-01", "03/04/2026", "26-03-02")
BAD_TOKENS = ("", "Bearer", f"Bearer {MARK}\x85", f"Bearer {NINES}", f"Basic {MARK}")
SWEPT_ELSEWHERE = {
    ("DELETE", f"{API}/session"),  # ends the session that the other requests need
    *(("POST", f"{API}/{name}") for name in Calculator),  # test_calculators.py
}
ROUTES = sorted({route for route in access_table() if route[1].startswith(API)} - SWEPT_ELSEWHERE)

IN_ADDRESSES = ("%00", f"{MARK}%00", "%ED%A0%80", f"{MARK}%FF", NINES, f"{MARK}%0A", "NaN")
ONE_WORKER_EACH = tuple(
    pytest.param(name, marks=pytest.mark.xdist_group(f"bad input on {name}")) for name in DIALECTS
)
"""The cases are made once for each database, and not by every worker that gets a route."""

BEFORE_THE_DATABASE = pytest.mark.parametrize("target", ONE_WORKER_EACH[:1], indirect=True)
"""What is refused before a database hears of it is tried on one."""


@dataclass(frozen=True)
class Target:
    """The program with a case in every state that routes ask for, and who may open each."""

    fund: Fund
    client: TestClient
    described: Described
    ids: dict[str, str]
    tokens: dict[Role, str]
    whole: bool

    def address(self, path: str, **changes: str) -> str:
        """The path with its ids; ``changes`` replace some by what is sent instead."""
        for name, value in (self.ids | changes).items():
            path = path.replace(f"{{{name}}}", value)
        return path

    def ask(
        self,
        method: str,
        path: str,
        address: str,
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Send a request as somebody whom the route lets in."""
        role = next(role for role in Role if role in access_table()[method, path])
        usual = {
            "Authorization": f"Bearer {self.tokens[role]}",
            "Content-Type": "application/json",
            "Idempotency-Key": new_id(),
        }
        content = None if body is None else body.encode("utf-8", "surrogateescape")
        sent = [
            (name.encode(), value.encode("latin-1"))
            for name, value in (usual | (headers or {})).items()
        ]
        return self.client.request(method, address, content=content, headers=sent)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the database on which everything is tried."""
        return self.fund.database.dialect == "sqlite"

    def acts(self) -> int:
        """How many requests were carried out."""
        with self.fund.database.reading() as session:
            outcomes = session.scalars(select(RequestKey.outcome)).all()
        return sum("refused" not in (outcome or {}) for outcome in outcomes)


@pytest.fixture(scope="module", params=ONE_WORKER_EACH)
def target(request: pytest.FixtureRequest, *, whole: bool) -> Iterator[Target]:
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    url = databases.migrated()
    database = open_database(url, is_test_server=True)
    fund = open_fund(database)
    waiting_loan = signed_loan(fund)
    ids = {
        "proposal_id": draft_proposal(fund),
        "application_id": appraised_application(fund),
        "loan_id": disbursed_loan(fund),
        "disbursement_id": prepare_pay_out(fund, waiting_loan, amount_minor=100),
        "act_id": asked_act(fund, signed_loan(fund)),
        "entry_id": new_id(),
        **dict.fromkeys(("condition_id", "contribution_id", "quotation_id"), new_id()),
        **dict.fromkeys(("invoice_id", "request_id"), new_id()),
        **dict.fromkeys(("asset_id", "claim_id", "security_id", "reminder_id"), new_id()),
        **dict.fromkeys(("line_id", "match_id", "statement_id"), new_id()),
        "account_code": "1010",
        "version": "1",
        "day": "2026-03-02",
        "period": "2026-01",
        "profile_code": "nefco-1998",
    }
    tokens = {role: _token(fund, getattr(fund, role.value)) for role in Role}
    app = create_app(Settings(database_url=url, test_server=True))
    with TestClient(app) as client:
        yield Target(fund, client, Described(description(app)), ids, tokens, whole)
    database.close()
    databases.drop(url)


def asked_act(fund: Fund, loan_id: str) -> str:
    """An act that waits for the manager."""
    with fund.act(SIGNED_ON) as (session, moment):
        return cancellations.request_giving_up(
            session, fund.officer, moment, loan_id, reason="The project stops"
        )


def _token(fund: Fund, actor: Actor) -> str:
    with fund.database.writing() as session:
        return sign_ins.open_session(session, user_id=actor.user_id, at=clock.now())


def check_refused(answered: Response, what: object) -> None:
    """A 4xx with a sentence that repeats nothing."""
    assert 400 <= answered.status_code < 500, (what, answered.status_code, answered.text)
    error = answered.json()["error"]
    assert error["message"].endswith((".", "”.")), (what, error)
    assert MARK not in answered.text, what
    assert "99999" not in answered.text, what
    assert str(2**63) not in answered.text, what


def hostile_values(schema: Schema) -> Iterator[str]:
    """JSON that cannot be a value of this kind, beside what no field takes."""
    kinds = schema["kinds"]
    yield f'{{"{MARK}": 1}}'
    if "array" not in kinds:
        yield f'["{MARK}"]'
    if kinds & {"number", "integer"}:
        yield from (json.dumps(text) for text in NUMBERS_IN_TEXT)
    elif "boolean" not in kinds:
        yield from ("1.5", "-1", "0")
    if "boolean" not in kinds:
        yield "true"
    if schema.get("format") == "date":
        yield from (json.dumps(text) for text in DAYS_IN_TEXT)


def _is_named(answered: Response, place: Place) -> bool:
    """Whether the refusal is about the place, so that nothing else has caused it."""
    if answered.status_code != 422 or not place:
        return True
    fields = answered.json()["error"]["fields"]
    where = ".".join(map(str, place))
    named = [field["field"] for field in fields]
    return any(name.startswith(where) for name in named)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_field_of_a_body_takes_it(target: Target, method: str, path: str) -> None:
    schema = target.described.body(method, path)
    if schema is None:
        assert method == "GET" or path.endswith(
            ("/submit", "/release", "/close", "/agree", "/send", "/sign", "/publish")
        )
        return
    good, acts = target.described.sample(schema), target.acts()
    places = target.described.places(schema)
    for number, (place, part) in enumerate(places, start=ROUTES.index((method, path))):
        others = tuple(hostile_values(part)) if target.is_sqlite else ()
        usual = UNREADABLE if target.is_sqlite else STORED
        for value in (
            *in_turn(usual, number, 1, whole=target.whole),
            *in_turn(others, number, 2, whole=target.whole),
        ):
            body = json.dumps(replaced(good, place, "the place")).replace('"the place"', value)
            answered = target.ask(method, path, target.address(path), body)
            what = (place, value[:40])
            check_refused(answered, what)
            assert _is_named(answered, place), (what, answered.text)
    assert target.acts() == acts


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_address_takes_it(target: Target, method: str, path: str) -> None:
    body = target.described.body(method, path)
    good = json.dumps(target.described.sample(body)) if body else None
    acts = target.acts()
    for parameter in target.described.parameters(method, path, "path"):
        for value in in_turn(IN_ADDRESSES, ROUTES.index((method, path)), 3, whole=target.whole):
            address = target.address(path, **{parameter["name"]: value})
            answered = target.ask(method, path, address, good)
            check_refused(answered, (parameter["name"], value[:40]))
            assert answered.status_code == 404, (parameter["name"], value[:40])
    assert target.acts() == acts


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_query_takes_it(target: Target, method: str, path: str) -> None:
    turn = count(ROUTES.index((method, path)))
    for parameter in target.described.parameters(method, path, "query"):
        schema = target.described.resolved(parameter["schema"])
        is_text = schema["type"] == "string" and not {"enum", "format", "pattern"} & set(schema)
        values = [f"{MARK}%00", f"{MARK}%ED%A0%80", f"{MARK}%FF", NINES, MARK * 1_000]
        if target.is_sqlite and not is_text:
            words = (*NUMBERS_IN_TEXT, *DAYS_IN_TEXT, str(2**63), "-1", "1.5", MARK, "[" * 9_000)
            values.extend(quote(word) for word in words)
        for value in ("%00", *in_turn(values, next(turn), 3, whole=target.whole)):
            address = f"{target.address(path)}?{parameter['name']}={value}"
            check_refused(target.ask(method, path, address, "{}"), (parameter["name"], value[:40]))


@BEFORE_THE_DATABASE
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_header_takes_it(target: Target, method: str, path: str) -> None:
    body = target.described.body(method, path)
    good = json.dumps(target.described.sample(body)) if body else None
    keyed = target.described.parameters(method, path, "header")
    assert bool(keyed) == (method in ("POST", "PUT") and path != f"{API}/session")
    for key in ("", " ", MARK * 30, f"{MARK}\x7f", f"{MARK}\x85") if keyed else ():
        answered = target.ask(
            method, path, target.address(path), good, headers={"Idempotency-Key": key}
        )
        check_refused(answered, key)
        assert answered.status_code == 422, (key, answered.text)
    is_public = VISITOR in access_table()[method, path]
    for token in () if is_public else BAD_TOKENS:
        answered = target.ask(
            method, path, target.address(path), good, headers={"Authorization": token}
        )
        check_refused(answered, token[:40])
        assert answered.status_code == 401


@BEFORE_THE_DATABASE
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_body_takes_it(target: Target, method: str, path: str) -> None:
    if target.described.body(method, path) is None:
        return
    huge = json.dumps({"note": "x" * (2 * 1024 * 1024)})
    # Without a body that may be left out, the state decides.
    without = (400, 422) if target.described.needs_body(method, path) else (409,)
    for body, wanted in (
        (huge, (413,)),
        (NESTED, (400, 422)),
        ('{"a":' * 50_000, (400, 422)),
        ("\udcff\udcfe", (400, 422)),
        ("", without),
        (f"{{{MARK}", (400, 422)),
        (json.dumps({MARK: "\ud800"}), (422,)),
        (f'{{"{MARK}\\ud800": 1}}', (422,)),
        (f'{{"{MARK}\\u0000": 1}}', (422,)),
    ):
        answered = target.ask(method, path, target.address(path), body)
        check_refused(answered, body[:40])
        assert answered.status_code in wanted, (body[:40], answered.text)
