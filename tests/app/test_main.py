"""The edge as a whole: headers on every answer, forged forms, and every way to end badly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from app.assets import stylesheets
from app.main import LARGEST_BODY_BYTES, create_app, status_of
from app.settings import Settings
from loans.fund import Facility
from loans.refusal import Missing, NotYours, OutOfStep, Refusal, WrongValue
from loans.storage.database import Database, open_database
from tests.app.visiting import signed_in, text_of, visitor
from tests.databases import Databases
from tests.funds import Fund, open_fund

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
SECRET = "marker-of-a-stack-trace"  # noqa: S105  # not one; it must not appear
TOO_LARGE = b"x" * (LARGEST_BODY_BYTES + 1)


@pytest.fixture(scope="module")
def fund(sqlite_databases: Databases) -> Iterator[Fund]:
    url = sqlite_databases.migrated()
    database = open_database(url)
    yield open_fund(database)
    database.close()
    sqlite_databases.drop(url)


@pytest.fixture
def client(fund: Fund) -> TestClient:
    return visitor(fund.database)


@pytest.fixture
def broken(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A visitor of a program with a fault in it."""

    def fail(_request: object, _template: str) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("app.routes.session.page", fail)
    return visitor(fund.database)


def assert_safe(answer: Any) -> None:
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "server" not in answer.headers


KINDS: Mapping[str, tuple[str, str, dict[str, Any], int]] = {
    "a page": ("GET", "/pre-check", {}, 200),
    "a page by its head": ("HEAD", "/pre-check", {}, 405),
    "a turn to the sign-in": ("GET", "/queue", {}, 303),
    "no such page": ("GET", "/nowhere", {}, 404),
    "another method": ("DELETE", "/pre-check", {}, 405),
    "a wrong form": ("POST", "/sign-in", {"data": {}}, 422),
    "too much": ("POST", "/sign-in", {"data": {"email": "x" * LARGEST_BODY_BYTES}}, 413),
    "a forged form": ("POST", "/sign-in", {"headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
    "no such route of the API": ("GET", "/api/v1/nowhere", {}, 404),
    "a visitor of the API": ("GET", "/api/v1/loans", {}, 401),
    "too much for the API": ("POST", "/api/v1/indicators", {"content": TOO_LARGE}, 413),
    "the pulse": ("GET", "/healthz", {}, 200),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_is_safe_and_not_stored(client: TestClient, kind: str) -> None:
    method, path, more, status = KINDS[kind]
    answer = client.request(method, path, **more)
    assert answer.status_code == status
    assert_safe(answer)
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_for_another_role_is_safe(fund: Fund) -> None:
    answer = signed_in(fund.database, fund.enterprise).get("/queue")
    assert answer.status_code == 403
    assert_safe(answer)


def test_a_fault_is_safe(broken: TestClient) -> None:
    answer = broken.get("/")
    assert answer.status_code == 500
    assert_safe(answer)
    assert answer.headers["cache-control"] == "no-store"


def test_files_are_safe_and_stored_for_long(client: TestClient) -> None:
    assert stylesheets(), "the style sheets were not fetched"
    answer = client.get(stylesheets()[0])
    assert_safe(answer)
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("is_secure", [True, False])
def test_only_behind_tls_is_the_browser_told_to_stay_there(fund: Fund, *, is_secure: bool) -> None:
    app = create_app(Settings(secure_cookies=is_secure))
    app.state.database = fund.database
    answer = TestClient(app).get("/healthz")
    assert ("strict-transport-security" in answer.headers) == is_secure


# What a browser says of where a form comes from: Sec-Fetch-Site, Origin, and whether it is ours.
ORIGINS: tuple[tuple[str | None, str | None, bool], ...] = (
    ("same-origin", "http://testserver", True),
    ("none", None, True),
    ("same-site", "http://other.testserver", False),
    ("cross-site", "https://evil.example", False),
    ("cross-site", None, False),
    (None, "http://testserver", True),
    (None, "https://evil.example", False),
    (None, "null", False),
    (None, None, True),
)


@pytest.mark.parametrize(("site", "origin", "is_ours"), ORIGINS)
def test_forms_of_other_sites_are_turned_away(
    fund: Fund, site: str | None, origin: str | None, *, is_ours: bool
) -> None:
    client = signed_in(fund.database, fund.enterprise)
    named = {"Sec-Fetch-Site": site, "Origin": origin}
    headers = {name: value for name, value in named.items() if value is not None}
    answer = client.post("/proposals", data={"request_key": f"{site} {origin}"}, headers=headers)
    assert answer.status_code == (303 if is_ours else 403)
    assert client.get("/proposals", headers=headers).status_code == 200


def test_a_trusted_origin_may_send_forms(fund: Fund) -> None:
    app = create_app(Settings(trusted_origins=("https://portal.example",)))
    app.state.database = fund.database
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://portal.example"}
    answer = TestClient(app).post("/pre-check", data={}, headers=headers)
    assert answer.status_code == 422


def test_a_forged_form_changes_nothing(fund: Fund) -> None:
    client = signed_in(fund.database, fund.other_enterprise)
    client.post("/proposals", data={"request_key": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert "There is no proposal yet" in client.get("/proposals").text


def assert_kind_page(answer: Any) -> str:
    words = text_of(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.count("<h1") == 1
    assert "href=" in answer.text[answer.text.index("<main") :], "no way on"
    assert not re.search(r"traceback|exception|\.py\b|invalid|please", words, re.IGNORECASE)
    return words


@pytest.mark.parametrize("path", ["/nowhere", "/profiles/none-such", "/../etc/passwd"])
def test_nothing_there_is_said_in_plain_words(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert_kind_page(answer)


def test_another_role_is_told_so(fund: Fund) -> None:
    answer = signed_in(fund.database, fund.auditor).get("/users")
    assert answer.status_code == 403
    assert "auditor" in assert_kind_page(answer)


def test_a_refused_page_is_named_in_the_log_without_what_was_asked_for(
    fund: Fund, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="cleanloop")
    client = signed_in(fund.database, fund.auditor)
    for path, route in (("/users", "/users"), ("/loans/secret-id", "/loans/{loan_id}")):
        words = assert_kind_page(client.get(path))
        found = re.search(r"Reference ([0-9a-f]{10})", words)
        assert found, words
        line = next(one.getMessage() for one in caplog.records if found[1] in one.getMessage())
        assert line.endswith(f"GET {route}")
    assert "secret-id" not in caplog.text


def test_a_form_from_another_site_is_answered_in_words(fund: Fund) -> None:
    client = signed_in(fund.database, fund.enterprise)
    forged = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post("/proposals", data={"request_key": "1"}, headers=forged)
    assert "sent from another site" in assert_kind_page(answer)
    assert_safe(answer)
    program = client.post("/api/v1/indicators", json={}, headers=forged)
    assert program.status_code == 403
    assert program.json()["error"]["code"] == "cross_origin"


def test_a_fault_is_told_by_its_reference_only_and_logged_whole(
    broken: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = broken.get("/")
    words = assert_kind_page(answer)
    assert SECRET not in answer.text
    found = re.search(r"Reference ([0-9a-f]{10})", words)
    assert found, words
    record = next(one for one in caplog.records if found[1] in one.getMessage())
    assert "GET /" in record.getMessage()
    assert record.exc_info is not None
    assert SECRET in str(record.exc_info[1])


def test_too_large_a_form_is_said_in_plain_words(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"email": "x" * LARGEST_BODY_BYTES})
    assert answer.status_code == 413
    assert_kind_page(answer)


def test_a_body_without_its_length_is_cut_off_too(client: TestClient) -> None:
    pieces = (b"x" * 65_536 for _ in range(LARGEST_BODY_BYTES // 65_536 + 2))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/sign-in", content=pieces, headers=headers)
    assert answer.status_code == 413
    assert_kind_page(answer)


def test_a_body_just_inside_the_limit_is_read(client: TestClient) -> None:
    names = ("email", "password", "next")
    room = LARGEST_BODY_BYTES // len(names) - len("&password=")
    answer = client.post("/sign-in", data=dict.fromkeys(names, "x" * room))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "code"),
    [("/api/v1/nowhere", "not_possible"), ("/api/v1/loans", "sign_in_needed")],
)
def test_programs_are_answered_in_json(client: TestClient, path: str, code: str) -> None:
    error = client.get(path).json()["error"]
    assert error["code"] == code
    assert error["message"].endswith((".", "”."))


@pytest.fixture(params=("sqlite", "postgresql"))
def lost(request: pytest.FixtureRequest) -> Iterator[tuple[Database, Callable[[], None]]]:
    """A database, and what takes it away while the program runs."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    url = databases.migrated()
    database = open_database(url, is_test_server=True)

    def lose() -> None:
        if request.param == "postgresql":
            databases.drop(url)
        else:
            database.close()
            Path(make_url(url).database or "").write_bytes(b"no database any more " * 500)

    yield database, lose
    database.close()
    if request.param == "sqlite":
        databases.drop(url)


def test_without_its_database_the_program_says_so_and_leaves_a_reference(
    lost: tuple[Database, Callable[[], None]], caplog: pytest.LogCaptureFixture
) -> None:
    database, lose = lost
    client = visitor(database)
    assert client.get("/").status_code == 200
    lose()
    answer = client.get("/")
    assert answer.status_code == 503
    assert_safe(answer)
    found = re.search(r"Reference ([0-9a-f]{10})", assert_kind_page(answer))
    assert found
    assert found[1] in caplog.text
    assert client.get("/api/v1/profiles").json()["error"]["code"] == "fault"
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("refusal", "status"), [(Missing, 404), (NotYours, 403), (OutOfStep, 409), (WrongValue, 422)]
)
def test_each_kind_of_refusal_has_its_status(refusal: type[Refusal], status: int) -> None:
    made = refusal() if refusal is Missing else refusal("Not now.")
    assert status_of(made) == status


def test_a_facility_that_opens_while_the_program_runs_is_known_from_then_on(
    database: Database,
) -> None:
    """It is asked for until it is there, and then once for as long as the program runs."""
    client = visitor(database)
    assert client.get("/pre-check").status_code == 200
    fund = open_fund(database)
    assert database.known == {}
    assert signed_in(database, fund.manager).get("/fund").status_code == 200
    known = database.known[Facility]
    assert known.facility_id == fund.facility_id
    assert known.name in text_of(client.get("/pre-check").text)
