"""A session that ends while a form is being typed: sign in again, and nothing typed is lost."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response
from starlette.datastructures import FormData, UploadFile
from starlette.testclient import TestClient

from app import clock
from app.auth.passwords import hash_password
from app.dependencies import COOKIE
from app.interrupted import answers_kept, kept_answers
from loans import sign_ins
from loans.cases import proposals
from loans.storage.database import Database
from tests.app.visiting import boxes, errors_of, filled_in, text_of, visitor
from tests.funds import PASSWORD, Fund, open_fund

WRITER = {"email": "enterprise@example.org", "password": PASSWORD}
TYPED = {
    "name": "UAB “Ąžuolas” & sons <Kaunas>",
    "town": "Kaunas",
    "annual_turnover": "2 400 000,50",
}
BROKEN_MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def fund(sqlite_database: Database, password_hash: str) -> Fund:
    return open_fund(sqlite_database, password_hash=password_hash)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A clock that the test sets: its last element is now."""
    found = [datetime(2026, 3, 2, 9, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: found[-1])
    return found


@pytest.fixture
def client(fund: Fund, times: list[datetime]) -> TestClient:
    """An enterprise at its desk, signed in by the form."""
    assert times
    found = visitor(fund.database)
    assert found.post("/sign-in", data=WRITER).status_code == 303
    return found


def begin(client: TestClient) -> str:
    """The address of the first section of a new proposal."""
    sent = client.post("/proposals", data=boxes(client.get("/proposals").text, "/proposals"))
    return sent.headers["location"].partition("?")[0] + "/sections/enterprise"


def interrupted(client: TestClient, times: list[datetime]) -> tuple[str, Response]:
    """What is answered to a form that is sent after a long lunch, and its address."""
    address = begin(client)
    page = client.get(address)
    times.append(times[-1] + timedelta(hours=2))
    return address, client.post(address, data=filled_in(page.text, address, TYPED))


def stored(database: Database, fund: Fund, address: str) -> Any:
    with database.reading() as session:
        proposal_id = address.split("/")[2]
        return proposals.proposal_view(session, fund.enterprise, proposal_id).draft.enterprise


def test_what_was_typed_is_saved_after_signing_in_again(
    client: TestClient, fund: Fund, times: list[datetime]
) -> None:
    address, ended = interrupted(client, times)
    assert ended.status_code == 401
    assert "Your session has ended. Sign in again" in text_of(ended.text)
    assert stored(fund.database, fund, address).town is None
    back = client.post("/sign-in", data=filled_in(ended.text, "/sign-in", WRITER))
    assert back.status_code == 200
    assert "nothing was sent yet" in text_of(back.text)
    assert stored(fund.database, fund, address).town is None
    sent = client.post(address, data=boxes(back.text, address))
    assert sent.status_code == 303, errors_of(sent.text)
    found = stored(fund.database, fund, address)
    assert (found.name, found.town, str(found.annual_turnover)) == (
        TYPED["name"],
        "Kaunas",
        "2400000.50",
    )


def test_a_wrong_password_loses_nothing_either(client: TestClient, times: list[datetime]) -> None:
    address, page = interrupted(client, times)
    for wrong in ("another lantern", ""):
        answers = {**WRITER, "password": wrong}
        page = client.post("/sign-in", data=filled_in(page.text, "/sign-in", answers))
        assert page.status_code == 422
    page = client.post("/sign-in", data=filled_in(page.text, "/sign-in", WRITER))
    assert boxes(page.text, address)["name"] == TYPED["name"]


def test_the_key_of_the_form_goes_on_so_that_it_still_counts_once(
    client: TestClient, times: list[datetime]
) -> None:
    address, ended = interrupted(client, times)
    back = client.post("/sign-in", data=filled_in(ended.text, "/sign-in", WRITER))
    form = boxes(back.text, address)
    assert form["request_key"]
    first, again = (client.post(address, data=form).headers["location"] for _ in range(2))
    assert "done=already-done" not in first
    assert "done=already-done" in again


def test_who_has_no_account_is_only_asked_to_sign_in(fund: Fund) -> None:
    answered = visitor(fund.database).post("/proposals", data={"town": "Kaunas"})
    assert answered.status_code == 401
    assert boxes(answered.text, "/sign-in")["next"] == "/proposals"


def test_another_person_who_signs_in_reaches_nothing_of_the_first(
    client: TestClient, fund: Fund, times: list[datetime]
) -> None:
    address, ended = interrupted(client, times)
    other = {**WRITER, "email": "other-enterprise@example.org"}
    back = client.post("/sign-in", data=filled_in(ended.text, "/sign-in", other))
    assert client.post(address, data=boxes(back.text, address)).status_code == 404
    assert stored(fund.database, fund, address).town is None


def test_passwords_are_never_kept(fund: Fund, times: list[datetime]) -> None:
    with fund.database.writing() as session:
        token = sign_ins.open_session(session, user_id=fund.administrator.user_id, at=clock.now())
    client = visitor(fund.database)
    client.cookies.set(COOKIE, token)
    times.append(times[-1] + timedelta(hours=2))
    secret = "first-password-of-somebody"  # noqa: S105  # of nobody
    form = {"name": "Rasa", "email": "rasa@example.org", "password": secret, "new_password": secret}
    ended = client.post("/users/new", data=form)
    assert ended.status_code == 401
    assert secret not in ended.text
    assert "Rasa" in dict(answers_kept(boxes(ended.text, "/sign-in")["typed"])).values()


def test_files_are_left_out() -> None:
    file = UploadFile(file=None, filename="x")  # type: ignore[arg-type]  # it is never read
    assert kept_answers(FormData([("file", file)])) == ""
    assert answers_kept(kept_answers(FormData([("file", file), ("a", "1")]))) == (("a", "1"),)


@pytest.mark.parametrize(
    "pairs",
    [[("a", "1"), ("a", "2"), ("b", "")], [("ž", "„x“\r\ny"), ("<b>", "\"'&")]],
)
def test_answers_come_back_as_they_were(pairs: list[tuple[str, str | UploadFile]]) -> None:
    assert answers_kept(kept_answers(FormData(pairs))) == tuple(pairs)


HOSTILE = (
    "null",
    "7",
    "{}",
    '"text"',
    "[1]",
    '[["a"]]',
    '[["a", 1]]',
    '[["a", "b", "c"]]',
    '[{"a": "b"}]',
    "[" * 100_000,
    "NaN",
    "9" * 5_000,
    '[["a", "b"]' + " " * 1_000_000 + "]",
    "\x00",
    "\ud800",
)


@pytest.mark.parametrize("text", [*HOSTILE, None, 7, b"[]"], ids=range(len(HOSTILE) + 3))
def test_what_is_not_kept_answers_holds_none(text: object) -> None:
    assert answers_kept(text) == ()


@pytest.mark.parametrize("text", HOSTILE[:-1], ids=range(len(HOSTILE) - 1))
def test_hostile_answers_do_not_stop_anybody_from_signing_in(fund: Fund, text: str) -> None:
    answered = visitor(fund.database).post("/sign-in", data=WRITER | {"typed": text})
    assert answered.status_code == 303
    assert answered.headers["location"] == "/"


def test_signs_that_cannot_be_shown_are_replaced_not_obeyed(fund: Fund) -> None:
    pairs = [["a\ud800", "<script>alert(1)</script>\x00\u202e"], ['b" autofocus x="', "{{7*7}}"]]
    answered = visitor(fund.database).post(
        "/sign-in", data=WRITER | {"typed": json.dumps(pairs), "next": "/proposals"}
    )
    assert answered.status_code == 200
    assert "<script>alert" not in answered.text
    assert '" autofocus' not in answered.text
    form = boxes(answered.text, "/proposals")
    assert form["a\N{REPLACEMENT CHARACTER}"].startswith("<script>alert(1)</script>")
    assert form['b" autofocus x="'] == "{{7*7}}"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_answers_go_nowhere_but_to_this_site(fund: Fund, target: str) -> None:
    answered = visitor(fund.database).post(
        "/sign-in", data=WRITER | {"typed": '[["a", "b"]]', "next": target}
    )
    assert answered.status_code == 200
    assert re.findall(r'<form[^>]*action="([^"]*)"', answered.text)[-1] == "/"
    assert "evil" not in answered.text


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"--x\r\nbroken", BROKEN_MULTIPART),
        (b"no boundary", {"Content-Type": "multipart/form-data"}),
        (b"{}", {"Content-Type": "application/json"}),
        (b"a=%FF%00&b=%ED%A0%80", {"Content-Type": "application/x-www-form-urlencoded"}),
        (b"a=1&" * 2_000, {"Content-Type": "application/x-www-form-urlencoded"}),
        (b"a=" + b"x" * 3_000_000, {"Content-Type": "application/x-www-form-urlencoded"}),
    ],
    ids=range(6),
)
def test_a_form_that_cannot_be_read_is_no_fault(
    fund: Fund, body: bytes, headers: dict[str, str]
) -> None:
    answered = visitor(fund.database).post("/proposals", content=body, headers=headers)
    assert answered.status_code in (303, 400, 401, 413)
    assert answered.status_code == 303 or "<h1>" in answered.text
