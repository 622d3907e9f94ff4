"""Signing in and out: one account, one browser, one token, and as few guesses as possible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app import clock
from app.auth.passwords import hash_password
from app.dependencies import COOKIE
from app.main import create_app
from app.settings import Settings
from loans import people, sign_ins
from loans.sign_ins import GUESSES_PER_WINDOW
from loans.storage.database import Database, open_database
from loans.tables import SignIn
from tests.app.visiting import errors_of, signed_in, text_of, visitor
from tests.databases import Databases
from tests.funds import PASSWORD, Fund, open_fund

OFFICER = {"email": "officer@example.org", "password": PASSWORD}
WRONG = "another lantern in the meadow"


@pytest.fixture(scope="module")
def fund(sqlite_databases: Databases) -> Iterator[Fund]:
    url = sqlite_databases.migrated()
    database = open_database(url)
    yield open_fund(database, password_hash=hash_password(PASSWORD))
    database.close()
    sqlite_databases.drop(url)


@pytest.fixture
def client(fund: Fund) -> TestClient:
    return visitor(fund.database)


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A clock that the test sets: its last element is now."""
    times = [datetime(2026, 3, 2, 9, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: times[-1])
    return times


def sign_in(client: TestClient, **changes: str) -> str:
    """Sign in; answer the token that the browser was given."""
    answer = client.post("/sign-in", data=OFFICER | changes)
    assert answer.status_code == 303, errors_of(answer.text)
    return str(answer.cookies[COOKIE])


def test_who_signs_in_comes_to_the_own_work(client: TestClient) -> None:
    sign_in(client)
    assert client.get("/").headers["location"] == "/queue"
    page = text_of(client.get("/queue").text)
    assert "Officer Person Loan officer, The fund" in page


@pytest.mark.parametrize("email", ["OFFICER@Example.org", "  officer@example.org "])
def test_the_address_is_read_as_people_write_it(client: TestClient, email: str) -> None:
    assert sign_in(client, email=email)


@pytest.mark.parametrize("role", ["enterprise", "adviser", "manager", "auditor", "administrator"])
def test_each_role_has_a_first_page(client: TestClient, role: str) -> None:
    sign_in(client, email=f"{role}@example.org")
    first = client.get("/").headers["location"]
    assert client.get(first).status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(fund: Fund) -> None:
    for is_secure in (False, True):
        app = create_app(Settings(secure_cookies=is_secure))
        app.state.database = fund.database
        client = TestClient(app, follow_redirects=False)
        cookie = client.post("/sign-in", data=OFFICER).headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert ("Secure" in cookie) == is_secure
        assert "Max-Age" not in cookie, "it ends with the browser"


def test_the_database_keeps_only_a_hash_of_the_token(client: TestClient, fund: Fund) -> None:
    token = sign_in(client)
    with fund.database.reading() as session:
        stored = session.scalars(select(SignIn.token_hash)).all()
    assert len(token) >= 43
    assert not any(token in one for one in stored)


def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(
    client: TestClient, fund: Fund
) -> None:
    first = sign_in(client)
    second = sign_in(client)
    assert first != second
    stale = visitor(fund.database)
    stale.cookies.set(COOKIE, first)
    assert stale.get("/queue").status_code == 303


def test_a_token_that_was_not_given_out_opens_nothing(client: TestClient) -> None:
    client.cookies.set(COOKIE, "chosen-by-somebody-else")
    assert client.get("/queue").headers["location"] == "/sign-in?next=/queue"
    assert sign_in(client) != "chosen-by-somebody-else"


def test_signing_out_ends_the_session_on_the_server_too(client: TestClient, fund: Fund) -> None:
    token = sign_in(client)
    answer = client.post("/sign-out")
    assert answer.headers["location"] == "/"
    again = visitor(fund.database)
    again.cookies.set(COOKIE, token)
    assert again.get("/queue").status_code == 303


def test_who_is_not_signed_in_may_sign_out(client: TestClient) -> None:
    assert client.post("/sign-out").status_code == 303


def test_a_wrong_password_and_an_unknown_address_read_alike(client: TestClient) -> None:
    wrong = client.post("/sign-in", data=OFFICER | {"password": WRONG})
    unknown = client.post("/sign-in", data=OFFICER | {"email": "nobody@example.org"})
    assert wrong.status_code == unknown.status_code == 422
    assert errors_of(wrong.text) == errors_of(unknown.text)
    assert "do not belong together" in errors_of(wrong.text)["password"]


def test_what_was_typed_is_kept_but_for_the_password(client: TestClient) -> None:
    page = client.post("/sign-in", data=OFFICER | {"password": WRONG, "next": "/loans"}).text
    assert 'value="officer@example.org"' in page
    assert 'value="/loans"' in page
    assert WRONG not in page


def test_both_fields_are_asked_for(client: TestClient) -> None:
    errors = errors_of(client.post("/sign-in", data={}).text)
    assert errors == {
        "email": "Enter your e-mail address.",
        "password": "Enter your password.",
    }


def test_guesses_are_few_a_minute_and_only_for_the_one_account_and_address(
    client: TestClient, travel: list[datetime]
) -> None:
    guess = OFFICER | {"email": "second-officer@example.org", "password": WRONG}
    for _ in range(GUESSES_PER_WINDOW):
        assert "do not belong" in client.post("/sign-in", data=guess).text
    right = guess | {"password": PASSWORD}
    assert "Too many wrong passwords" in client.post("/sign-in", data=right).text
    assert sign_in(client, email="second-manager@example.org")
    elsewhere = TestClient(client.app, client=("192.0.2.7", 50_000), follow_redirects=False)
    assert elsewhere.post("/sign-in", data=right).status_code == 303
    travel.append(travel[-1] + timedelta(seconds=61))
    assert client.post("/sign-in", data=right).status_code == 303


def test_a_forged_sender_address_does_not_bring_more_guesses(
    client: TestClient, travel: list[datetime]
) -> None:
    travel.append(travel[-1] + timedelta(days=1))
    guess = OFFICER | {"email": "auditor@example.org", "password": WRONG}
    answers = [
        client.post("/sign-in", data=guess, headers={"X-Forwarded-For": f"192.0.2.{number}"})
        for number in range(GUESSES_PER_WINDOW + 1)
    ]
    assert "Too many wrong passwords" in answers[-1].text


def test_a_session_ends_after_half_an_hour_without_use(
    client: TestClient, travel: list[datetime]
) -> None:
    sign_in(client)
    for _ in range(3):
        travel.append(travel[-1] + timedelta(minutes=29))
        assert client.get("/queue").status_code == 200
    travel.append(travel[-1] + timedelta(minutes=31))
    assert client.get("/queue").status_code == 303


def test_a_session_ends_after_twelve_hours_of_use(
    client: TestClient, travel: list[datetime]
) -> None:
    sign_in(client)
    for _ in range(36):
        travel.append(travel[-1] + timedelta(minutes=20))
        assert client.get("/queue").status_code == 200
    travel.append(travel[-1] + timedelta(minutes=1))
    assert client.get("/queue").status_code == 303


def test_a_closed_account_is_out_at_once_and_stays_out(client: TestClient, fund: Fund) -> None:
    sign_in(client, email="second-manager@example.org")
    with fund.database.writing() as session:
        user_id = fund.second_manager.user_id
        people.set_active(session, user_id=user_id, is_active=False, at=clock.now())
    assert client.get("/fund").headers["location"] == "/sign-in?next=/fund"
    answer = client.post("/sign-in", data=OFFICER | {"email": "second-manager@example.org"})
    assert answer.status_code == 422
    with fund.database.writing() as session:
        people.set_active(session, user_id=user_id, is_active=True, at=clock.now())


def test_a_session_that_begins_as_the_account_is_closed_opens_nothing(fund: Fund) -> None:
    """The password is read before, and the account may be closed in between."""
    with fund.database.writing() as session:
        user_id, at = fund.second_manager.user_id, clock.now()
        people.set_active(session, user_id=user_id, is_active=False, at=at)
        token = sign_ins.open_session(session, user_id=user_id, at=at)
    with fund.database.reading() as session:
        assert sign_ins.find_session(session, token=token, at=at) is None
        with pytest.raises(people.UnknownEmail, match="No active account"):
            people.actor_by_email(session, fund.second_manager.email)
        with pytest.raises(people.UnknownEmail):
            people.actor_by_email(session, "nobody@example.org")
    with fund.database.writing() as session:
        people.set_active(session, user_id=user_id, is_active=True, at=at)
    with fund.database.reading() as session:
        assert sign_ins.find_session(session, token=token, at=at) is not None


def test_after_signing_in_the_page_is_the_one_that_was_asked_for(client: TestClient) -> None:
    asked = client.get("/loans").headers["location"]
    assert asked == "/sign-in?next=/loans"
    assert 'name="next" value="/loans"' in client.get(asked).text
    answer = client.post("/sign-in", data=OFFICER | {"next": "/loans"})
    assert answer.headers["location"] == "/loans"


ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/\nSet-Cookie: a=b",
    "evil",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(client: TestClient, target: str) -> None:
    answer = client.post("/sign-in", data=OFFICER | {"next": target})
    location = answer.headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "set-cookie: a=b" not in str(answer.headers).lower()


def test_there_is_no_default_account(sqlite_database: Database) -> None:
    client = visitor(sqlite_database)
    for name in ("admin", "administrator", "root", "demo", "admin@demo.example"):
        answer = client.post("/sign-in", data={"email": name, "password": name})
        assert answer.status_code == 422


def test_only_get_requests_are_sent_back_to_their_page(fund: Fund) -> None:
    client = signed_in(fund.database, fund.officer)
    client.cookies.clear()
    answer = client.post("/proposals")
    assert answer.headers["location"] == "/sign-in?next=/"
