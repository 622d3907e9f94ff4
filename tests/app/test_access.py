"""The table of every route x role, asked of the running program cell by cell."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from app import clock
from app.auth.access import VISITOR, access_table
from app.dependencies import COOKIE
from app.main import create_app
from app.settings import Settings
from loans import fund, people, sign_ins
from loans.people import Role
from loans.storage.database import new_id, open_database
from tests.databases import Databases

ROLES = (VISITOR, *Role)


@pytest.fixture(scope="module")
def asking(sqlite_databases: Databases) -> Iterator[dict[str, tuple[TestClient, str]]]:
    """A client and token for each role, on a fund without cases."""
    url = sqlite_databases.migrated()
    database = open_database(url)
    tokens = {VISITOR: ""}
    with database.writing() as session:
        fund.open_facility(
            session,
            clock.moment(),
            code="test",
            name="Test fund",
            currency="EUR",
            profile_code="nefco-1998",
        )
        at = datetime.now(UTC)  # noqa: TID251  # the sessions are of now
        enterprise_id = people.add_enterprise(
            session,
            name="UAB Test",
            registration_number="1",
            country="LT",
            ownership="state",
            sector="tests",
            at=at,
        )
        for role in Role:
            user_id = people.add_user(
                session,
                email=f"{role}@test.example",
                name=role,
                role=role,
                password_hash="-",  # noqa: S106  # nobody signs in with it
                at=at,
                enterprise_id=enterprise_id if role is Role.ENTERPRISE else None,
            )
            tokens[role] = sign_ins.open_session(session, user_id=user_id, at=at)
    database.close()
    app = create_app(Settings(database_url=url))
    with ExitStack() as stack:
        yield {
            role: (stack.enter_context(TestClient(app, follow_redirects=False)), token)
            for role, token in tokens.items()
        }
    sqlite_databases.drop(url)


def _ask(asking: dict[str, tuple[TestClient, str]], role: str, method: str, path: str) -> int:
    client, token = asking[role]
    address = path
    while "{" in address:
        before, _, rest = address.partition("{")
        address = f"{before}{new_id()}{rest.partition('}')[2]}"
    headers = {"Idempotency-Key": new_id()}
    if token and path.startswith("/api/"):
        headers["Authorization"] = f"Bearer {token}"
    elif token:
        headers["Cookie"] = f"{COOKIE}={token}"
    client.cookies.clear()
    return client.request(method, address, headers=headers).status_code


# These two end the session that the other cells need; their own tests are in test_session.
CELLS = sorted(set(access_table()) - {("POST", "/sign-out"), ("DELETE", "/api/v1/session")})


@pytest.mark.parametrize(("method", "path"), CELLS)
def test_each_cell_answers_as_the_table_says(
    asking: dict[str, tuple[TestClient, str]], method: str, path: str
) -> None:
    for role in ROLES:
        status = _ask(asking, role, method, path)
        is_open = role in access_table()[method, path]
        is_closed = status == HTTPStatus.FORBIDDEN
        if role == VISITOR:
            wanted = HTTPStatus.UNAUTHORIZED if path.startswith("/api/") else HTTPStatus.SEE_OTHER
            is_closed = status == wanted and not (path == "/" and is_open)
        assert is_open != is_closed, f"{role}: {status}"
        assert status < HTTPStatus.INTERNAL_SERVER_ERROR, f"{role}: {status}"


def test_the_table_names_every_route(asking: dict[str, tuple[TestClient, str]]) -> None:
    app = asking[VISITOR][0].app
    contexts = iter_route_contexts(app.routes)  # type: ignore[attr-defined]  # a FastAPI program
    routes = {
        (method, context.path)
        for context in contexts
        if isinstance(context.original_route, APIRoute)
        for method in context.methods or ()
    }
    assert routes == set(access_table())


def test_the_table_itself_keeps_the_roles_apart() -> None:
    """The cells are the program's truth, so these lines are drawn without them."""
    public = {"/sign-in", "/sign-out", "/pre-check"}
    public |= {f"/api/v1/{name}" for name in ("indicators", "schedule", "appraise", "session")}
    of_the_fund = ("queue", "applications", "fund", "ledger", "users", "portfolio")
    money = ("loans", "fund", "ledger", "applications", "proposals")
    for (method, path), roles in access_table().items():
        room = path.removeprefix("/api/v1").strip("/").split("/")[0]
        if room in of_the_fund:
            assert not roles & {VISITOR, Role.ENTERPRISE, Role.ADVISER}, path
        if method != "GET" and path not in public:
            assert not roles & {VISITOR, Role.AUDITOR}, path
        if room in money:
            assert Role.ADMINISTRATOR not in roles, path
