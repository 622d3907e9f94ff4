"""Input that nobody means, in every field of every form and in every address of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import quote_from_bytes, quote_plus

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from app.auth.access import VISITOR, access_table
from app.dependencies import COOKIE
from app.main import create_app
from app.settings import Settings
from loans.people import Role
from loans.storage.database import new_id, open_database
from tests.app.visiting import visitor
from tests.databases import Databases
from tests.demonstrations import DEMONSTRATION_DIALECTS, Demonstrations
from tests.journeys.demonstration import FILES, let_work_wait, visits_of
from tests.journeys.page_forms import Form, forms_of
from tests.sweeps import in_turn, kind_of, one_of_each_kind

RAW = "<i>q7Zx9</i>"
NINES = "9" * 5_000
NUMBERS = (b"NaN", b"-Infinity", b"1e400", str(2**63).encode(), NINES.encode(), b"1_000", b"-1")
TEXTS = (
    RAW.encode() + b"\x00",
    RAW.encode() + b"\xed\xa0\x80",
    RAW.encode() + b"\xff",
    RAW.encode() + "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe".encode(),
    RAW.encode() * 80_000,
)
STORED = (str(2**63).encode(), NINES.encode(), TEXTS[0], TEXTS[1])
"""What the two databases might take differently; the rest is refused before it gets there."""

ROLES = (VISITOR, *(role.value for role in Role))
WRITERS = (VISITOR, "enterprise", "officer", "manager", "administrator")
"""Who between them has every form; an adviser's are those of an enterprise."""

_SECRET = ("password", "request_key")


@dataclass(frozen=True)
class House:
    """The demonstration on one database: a browser for each role, and what it may open."""

    is_sqlite: bool
    whole: bool
    browsers: Mapping[str, TestClient]
    pages: Mapping[str, tuple[str, ...]]
    tried: set[str] = field(default_factory=set)
    """The kinds of forms that a role has tried already; the others need not."""
    turn: Iterator[int] = field(default_factory=count)
    """Which value is next where they take turns."""


@pytest.fixture(scope="module", params=DEMONSTRATION_DIALECTS)
def house(
    request: pytest.FixtureRequest, demonstrations: Demonstrations, *, whole: bool
) -> Iterator[House]:
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    url = databases.copy_of(demonstrations.on(databases).url)
    let_work_wait(url)
    database = open_database(url, is_test_server=True)
    tokens, paths = visits_of(database)
    browsers = {role: visitor(database) for role in ROLES}
    for role, client in browsers.items():
        client.cookies.set(COOKIE, tokens[role])
    pages = {role: tuple(p for some in paths[role].values() for p in some) for role in ROLES}
    yield House(database.dialect == "sqlite", whole, browsers, pages)
    database.close()
    databases.drop(url)


def send(client: TestClient, form: Form, answers: Mapping[str, str], name: str, bad: bytes) -> str:
    """Send a form with one field spoilt; answer the page that comes back."""
    sent = {**answers, "request_key": new_id()}
    parts = [f"{quote_plus(key)}={quote_plus(value)}" for key, value in sent.items() if key != name]
    body = "&".join([*parts, f"{quote_plus(name)}={quote_from_bytes(bad)}"])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post(form.action, content=body, headers=headers)
    what = (form.action, name, bad[:40])
    assert answer.status_code < 500, what
    assert RAW not in answer.text, what
    assert not re.search(r"traceback|sqlalchemy|pydantic", answer.text, re.IGNORECASE), what
    if answer.status_code == 422:
        assert_kept(answer.text, form, answers, name)
    return answer.text if answer.status_code == 422 else ""


def assert_kept(page: str, form: Form, answers: Mapping[str, str], spoilt: str) -> None:
    """All else that was typed still stands in the form, and a sentence says what is wrong."""
    assert 'class="error-summary"' in page
    again = next((one for one in forms_of(page) if one.action == form.action), None)
    if again is None:
        return
    for name, one in form.fields.items():
        is_typed = one.kind not in {"hidden", "submit", "file"} and name not in _SECRET
        if is_typed and name != spoilt and name in again.fields:
            assert again.fields[name].value == answers[name], (form.action, name)


def bad_for(house: House, form: Form, name: str) -> tuple[bytes, ...]:
    """Numbers that are none where a number or a choice is asked; texts that are none anywhere.

    A NUL is always among them, and on PostgreSQL a number beyond 64 bits where one is asked: the
    two databases differ most about those.
    """
    one, number = form.fields[name], next(house.turn)
    is_free = one.kind in {"text", "textarea", "email", "password"} and not one.is_number
    if not house.is_sqlite:
        stored = [bad for bad in STORED if bad != TEXTS[0]][2 if is_free else 0 :]
        large = stored[:0] if is_free else stored[:1]
        return (TEXTS[0], *(stored if house.whole else large))
    others = TEXTS[1:] if is_free else (*NUMBERS, *TEXTS[1:])
    return (TEXTS[0], *in_turn(others, number, 1, whole=house.whole))


@pytest.mark.parametrize("role", WRITERS)
def test_no_field_of_a_form_takes_it(house: House, role: str) -> None:
    client = house.browsers[role]
    tried: set[str] = set() if house.whole else house.tried
    known, refused = len(tried), 0
    for path in house.pages[role]:
        for form in forms_of(client.get(path).text):
            if kind_of(form.action) in tried:
                continue
            tried.add(kind_of(form.action))
            answers = form.answers()
            for name in form.fields:
                if name != "request_key":
                    bad_ones = bad_for(house, form, name)
                    pages = [send(client, form, answers, name, bad) for bad in bad_ones]
                    refused += sum(bool(page) for page in pages)
    assert refused >= len(tried) - known > 0


@pytest.mark.parametrize("bad", [b"", b" ", b"x" * 201, b"a\x00", b"a\n"])
def test_no_form_takes_such_a_key(house: House, bad: bytes) -> None:
    client = house.browsers["manager"]
    form = forms_of(client.get("/fund/acts/contribution").text)[0]
    body = f"source=A&amount=1&paid_on=2026-03-01&checked=yes&request_key={quote_from_bytes(bad)}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post(form.action, content=body, headers=headers)
    assert answer.status_code == 422


ADDRESSES = (
    "%00",
    "a%00",
    "%ED%A0%80",
    "%FF",
    "%E2%80%AEgnp",
    "NaN",
    "-1",
    str(2**63),
    NINES,
    quote_plus(RAW),
    "..%2F..%2Fetc%2Fpasswd",
    "%2e%2e",
    "a%0D%0ASet-Cookie:%20a=b",
)
PAGES = sorted(
    path for method, path in access_table() if method == "GET" and not path.startswith("/api/")
)


def _queries() -> dict[str, tuple[str, ...]]:
    """The names that each page reads from its address."""
    found = {}
    for context in iter_route_contexts(create_app(Settings()).routes):
        route = context.original_route
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and context.path in PAGES:
            found[context.path] = tuple(one.alias for one in route.dependant.query_params)
    return found


QUERIES = _queries()


def addresses_for(house: House, number: int) -> tuple[str, ...]:
    """What is tried in place of one name of an address."""
    if house.is_sqlite:
        return in_turn(ADDRESSES, number, 2, whole=house.whole)
    return ADDRESSES if house.whole else ADDRESSES[:1]


def _open(house: House, path: str, address: str) -> None:
    role = next(role for role in ROLES if role in access_table()["GET", path])
    answer = house.browsers[role].get(address)
    assert answer.status_code < 500, (address[:80], answer.status_code)
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert RAW not in answer.text, address[:80]
    assert "set-cookie" not in answer.headers, address[:80]


@pytest.mark.parametrize("path", [path for path in PAGES if "{" in path])
def test_no_address_takes_it(house: House, path: str) -> None:
    names = re.findall(r"\{(\w+)\}", path)
    for bad in addresses_for(house, PAGES.index(path)):
        _open(house, path, path.format(**dict.fromkeys(names, bad)))
        if len(names) > 1:
            _open(house, path, path.format(**{**dict.fromkeys(names, "a"), names[-1]: bad}))


@pytest.mark.parametrize("path", PAGES)
def test_no_query_takes_it(house: House, path: str) -> None:
    names = (*QUERIES[path], "done", "unknown")
    known = {concrete for pages in house.pages.values() for concrete in pages} | {*FILES.values()}
    shape = re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$")
    address = next(one for one in sorted(known) if shape.match(one)) if "{" in path else path
    for number, name in enumerate(names, start=PAGES.index(path)):
        for bad in addresses_for(house, number):
            _open(house, path, f"{address}?{name}={bad}")
    for bad in addresses_for(house, PAGES.index(path)):
        _open(house, path, f"{address}?{'&'.join(f'{name}={bad}&{name}=2' for name in names)}")


def test_after_all_this_the_pages_still_open(house: House) -> None:
    statuses = {
        (role, path): house.browsers[role].get(path).status_code
        for role, paths in one_of_each_kind(house.pages, whole=house.whole).items()
        for path in paths
    }
    assert len(statuses) > len(PAGES)
    assert all(status in {200, 303, 404, 409} for status in statuses.values()), statuses
