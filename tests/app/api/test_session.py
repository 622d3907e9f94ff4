"""Programs sign in with a bearer token: how it is had, how long it lives, what it does not open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from app import clock
from app.auth.passwords import hash_password
from app.dependencies import COOKIE
from loans.sign_ins import GUESSES_PER_WINDOW
from loans.storage.database import Database
from tests.app.api.programs import API, Program, refusal
from tests.app.visiting import visitor
from tests.funds import PASSWORD, open_fund

OFFICER = {"email": "officer@example.org", "password": PASSWORD}
WRONG = OFFICER | {"password": "another lantern in the meadow"}


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def client(sqlite_database: Database, password_hash: str) -> TestClient:
    open_fund(sqlite_database, password_hash=password_hash)
    return visitor(sqlite_database)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A clock that the test sets: its last element is now."""
    found = [datetime(2026, 3, 2, 9, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: found[-1])
    return found


def signed_in(client: TestClient) -> Program:
    """The officer's program."""
    answered = client.post(f"{API}/session", json=OFFICER)
    assert (answered.status_code, answered.json()["token_type"]) == (200, "bearer")
    assert "set-cookie" not in answered.headers
    return Program(client, answered.json()["token"])


def test_the_token_opens_what_the_role_opens(client: TestClient) -> None:
    officer = signed_in(client)
    assert officer.get("/applications").status_code == 200
    assert officer.get("/proposals").status_code == 403
    assert refusal(Program(client).get("/applications"))[0].startswith("Sign in with POST")


def test_each_sign_in_has_a_token_of_its_own(client: TestClient) -> None:
    first, second = signed_in(client), signed_in(client)
    assert first.token != second.token
    assert first.get("/applications").status_code == 200


def test_signing_out_ends_the_token(client: TestClient) -> None:
    officer = signed_in(client)
    assert officer.act("DELETE", "/session").json() == {"status": "signed out"}
    assert officer.get("/applications").status_code == 401
    assert officer.act("DELETE", "/session").status_code == 401


@pytest.mark.parametrize(
    ("pause", "times_over", "status"), [(29, 10, 200), (31, 1, 401), (29, 26, 401)]
)
def test_a_token_ends_unused_and_after_half_a_day(
    client: TestClient, times: list[datetime], pause: int, times_over: int, status: int
) -> None:
    officer, last = signed_in(client), 200
    for _ in range(times_over):
        times.append(times[-1] + timedelta(minutes=pause))
        last = officer.get("/applications").status_code
    assert last == status


def test_a_cookie_is_no_token_and_a_token_no_cookie(client: TestClient) -> None:
    officer = signed_in(client)
    client.cookies.set(COOKIE, officer.token)
    assert Program(client).get("/applications").status_code == 401
    client.cookies.clear()
    assert client.get("/queue", headers=officer.headers()).status_code == 303


def test_a_wrong_password_and_an_unknown_address_read_alike(client: TestClient) -> None:
    wrong = client.post(f"{API}/session", json=WRONG)
    unknown = client.post(f"{API}/session", json=WRONG | {"email": "nobody@example.org"})
    assert (wrong.status_code, wrong.content) == (401, unknown.content)
    assert WRONG["password"] not in wrong.text


def test_guesses_are_few_and_the_right_one_is_no_exception(
    client: TestClient, times: list[datetime]
) -> None:
    codes = [
        client.post(f"{API}/session", json=WRONG).status_code for _ in range(GUESSES_PER_WINDOW + 1)
    ]
    assert codes == [401] * GUESSES_PER_WINDOW + [429]
    assert client.post(f"{API}/session", json=OFFICER).status_code == 429
    times.append(times[-1] + timedelta(minutes=2))
    assert signed_in(client).get("/applications").status_code == 200
