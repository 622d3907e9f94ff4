"""The pages of the administrator: who signs in, adding people, closing and opening accounts."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock
from loans import people
from loans.accounts import open_account, set_account
from loans.people import Role, WrongPerson
from loans.storage.database import Database, new_id
from tests.app.visiting import boxes, errors_of, filled_in, signed_in, text_of, visitor
from tests.funds import PASSWORD, Fund, at, open_fund

ADD = "/users/new"


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def administrator(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.administrator)


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """A real hash takes a tenth of a second; the password itself must never be stored."""
    monkeypatch.setattr("app.auth.passwords._hasher", QuickHasher)


class QuickHasher:
    """Stands in for the slow hash."""

    def hash(self, password: str) -> str:
        return f"hash of {len(password)} characters"


def add(client: TestClient, **answers: Any) -> Any:
    whole = {
        "name": "Nora New",
        "email": "nora@example.org",
        "role": "officer",
        "password": PASSWORD,
        **answers,
    }
    return client.post(ADD, data=filled_in(client.get(ADD).text, ADD, whole))


def actor(fund: Fund, email: str = "nora@example.org") -> people.Actor:
    with fund.database.reading() as session:
        return people.actor_by_email(session, email)


def test_all_users_are_listed_with_role_and_for_whom_they_act(administrator: TestClient) -> None:
    read = text_of(administrator.get("/users").text)
    assert "adviser@example.org Adviser Person CP adviser UAB Pavyzdys Žalias Open" in read
    assert "enterprise@example.org Enterprise Person Enterprise UAB Pavyzdys Žalias" in read
    assert "Your own account" in read


def test_a_person_of_the_fund_is_added(fund: Fund, administrator: TestClient) -> None:
    done = add(administrator)
    assert done.headers["location"] == "/users?done=user-added"
    assert actor(fund).role is Role.OFFICER
    assert "The user is entered." in text_of(administrator.get(done.headers["location"]).text)


def test_a_person_of_an_enterprise_acts_for_it(fund: Fund, administrator: TestClient) -> None:
    add(administrator, role="enterprise", enterprise=fund.enterprise_id)
    assert actor(fund).enterprise_ids == frozenset({fund.enterprise_id})


def test_a_new_enterprise_enters_the_register_with_its_person(
    fund: Fund, administrator: TestClient
) -> None:
    done = add(
        administrator,
        role="enterprise",
        enterprise="new",
        new_name="UAB Naujoji",
        new_registration_number="LT-9",
        new_country="LT",
        new_ownership="joint_venture",
        new_sector="Textiles",
    )
    assert done.status_code == 303
    assert actor(fund).organisation == "UAB Naujoji"


def test_an_adviser_sees_the_enterprises_assigned(fund: Fund, administrator: TestClient) -> None:
    add(administrator, role="adviser", assigned=[fund.other_enterprise_id])
    assert actor(fund).enterprise_ids == frozenset({fund.other_enterprise_id})


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Nora\x00"}, "name"),
        ({"email": "nowhere"}, "email"),
        ({"email": "officer@example.org"}, "email"),
        ({"role": ""}, "role"),
        ({"role": "emperor"}, "role"),
        ({"password": ""}, "password"),
        ({"password": "short"}, "password"),
        ({"role": "enterprise"}, "enterprise"),
        ({"role": "enterprise", "enterprise": "nobody"}, "enterprise"),
        ({"role": "enterprise", "enterprise": "new"}, "new_name"),
        ({"role": "enterprise", "enterprise": "new", "new_name": "UAB"}, "new_registration_number"),
        ({"role": "adviser", "assigned": ["nobody"]}, "assigned"),
    ],
)
def test_what_is_missing_or_wrong_is_named_at_its_field(
    administrator: TestClient, answers: dict[str, Any], field: str
) -> None:
    page = add(administrator, **answers)
    assert page.status_code == 422
    assert list(errors_of(page.text)) == [field]
    assert PASSWORD not in page.text


def test_closing_an_account_ends_its_sessions_and_opening_lets_it_in_again(
    fund: Fund, administrator: TestClient
) -> None:
    officer = signed_in(fund.database, fund.officer)
    assert officer.get("/queue").status_code == 200
    address = f"/users/{fund.officer.user_id}/active"
    done = administrator.post(address, data=boxes(administrator.get("/users").text, address))
    assert done.headers["location"] == "/users?done=user-changed"
    assert officer.get("/queue").status_code == 303
    administrator.post(address, data=boxes(administrator.get("/users").text, address))
    assert actor(fund, "officer@example.org").role is Role.OFFICER


def test_nobody_closes_their_own_account(fund: Fund, administrator: TestClient) -> None:
    address = f"/users/{fund.administrator.user_id}/active"
    page = administrator.post(address, data={"request_key": "k", "active": "no"})
    assert page.status_code == 422
    assert "Another administrator" in errors_of(page.text)[""]


@pytest.mark.parametrize("user_id", ["nobody", "12%00", "x" * 900])
def test_an_account_that_is_not_there_is_not_found(administrator: TestClient, user_id: str) -> None:
    sent = {"request_key": new_id(), "active": "no"}
    assert administrator.post(f"/users/{user_id}/active", data=sent).status_code == 404


def test_an_account_is_open_or_closed_and_nothing_else(
    fund: Fund, administrator: TestClient
) -> None:
    address = f"/users/{fund.officer.user_id}/active"
    page = administrator.post(address, data={"request_key": "k", "active": "maybe"})
    assert page.status_code == 422


def test_only_the_administrator_keeps_accounts_and_books_nothing(fund: Fund) -> None:
    for person in (fund.manager, fund.officer, fund.auditor, fund.enterprise, fund.adviser):
        assert signed_in(fund.database, person).get("/users").status_code == 403
        with fund.act(at(clock.today()).on) as (session, moment):
            with pytest.raises(WrongPerson):
                set_account(session, person, moment, fund.officer.user_id, is_active=False)
            with pytest.raises(WrongPerson):
                open_account(
                    session,
                    person,
                    moment,
                    email="x@example.org",
                    name="X",
                    role=Role.ADMINISTRATOR,
                    password_hash="none",  # noqa: S106  # nobody signs in with it
                )
    administrator = signed_in(fund.database, fund.administrator)
    for address in ("/fund", "/ledger", "/fund/acts/contribution", "/queue"):
        assert administrator.get(address).status_code == 403
    assert visitor(fund.database).get("/users").status_code == 303


def test_one_key_with_other_enterprises_is_another_request(
    fund: Fund, administrator: TestClient
) -> None:
    whole = {"name": "Ada Wise", "email": "wise@example.org", "role": "adviser"}
    sent = filled_in(administrator.get(ADD).text, ADD, {**whole, "password": PASSWORD})
    one, both = [fund.enterprise_id], [fund.other_enterprise_id, fund.enterprise_id]
    assert administrator.post(ADD, data={**sent, "assigned": one}).status_code == 303
    again = administrator.post(ADD, data={**sent, "assigned": both})
    assert "sent once before, with other answers" in errors_of(again.text)[""]
    assert actor(fund, "wise@example.org").enterprise_ids == frozenset(one)
