"""The description of the interface: whole, exact about who may open what, strict about input."""

from __future__ import annotations

from typing import Any

import pytest

from app.api.acting import REFUSALS
from app.api.openapi import description
from app.auth.access import VISITOR, access_table
from app.calculators import Calculator
from app.main import create_app
from app.settings import Settings
from loans.storage.database import Database
from tests.app.api.described import Described
from tests.app.api.programs import API, program_of
from tests.funds import open_fund

DESCRIBED = Described(description(create_app(Settings())))
ROUTES = sorted(route for route in access_table() if route[1].startswith(API))
CALCULATORS = {("POST", f"{API}/{name}") for name in Calculator}
ERROR = {"$ref": "#/components/schemas/ErrorAnswer"}


def answered(operation: Any, status: str) -> Any:
    """The schema of the answer with a status."""
    return operation["responses"][status]["content"]["application/json"]["schema"]


def test_it_lists_exactly_the_routes_of_the_table_of_roles() -> None:
    found = {
        (method.upper(), path)
        for path, methods in DESCRIBED.description["paths"].items()
        for method in methods
    }
    assert found == set(ROUTES)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_each_route_says_who_may_open_it_and_by_which_token(method: str, path: str) -> None:
    operation, roles = DESCRIBED.operation(method, path), access_table()[method, path]
    if VISITOR in roles:
        assert "security" not in operation
    else:
        assert operation["security"] == [{"token": []}]
        assert operation["description"].endswith(f"For: {', '.join(sorted(roles))}.")
    assert operation["tags"]
    assert operation["summary"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_each_route_documents_its_answer_and_its_refusals(method: str, path: str) -> None:
    operation = DESCRIBED.operation(method, path)
    refusals = {"413", "422"} if (method, path) in CALCULATORS else set(map(str, REFUSALS))
    assert refusals <= set(operation["responses"])
    assert all(answered(operation, status) == ERROR for status in refusals)
    success = next(status for status in operation["responses"] if status.startswith("2"))
    is_free = path.endswith("/openapi.json")
    assert ("properties" in DESCRIBED.resolved(answered(operation, success))) != is_free


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_body_has_room_for_fields_that_are_not_named(method: str, path: str) -> None:
    body = DESCRIBED.body(method, path)
    for place, schema in DESCRIBED.places(body) if body else ():
        if "properties" in schema:
            assert schema["additionalProperties"] is False, place


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_an_act_needs_its_key(method: str, path: str) -> None:
    keys = DESCRIBED.parameters(method, path, "header")
    acts = method in ("POST", "PUT") and (method, path) not in CALCULATORS
    assert [key["name"] for key in keys] == ["idempotency-key"] * (acts and "session" not in path)
    assert all(key["required"] and "default" not in key["schema"] for key in keys)


def test_the_scheme_is_a_bearer_token() -> None:
    schemes = DESCRIBED.description["components"]["securitySchemes"]
    assert [(one["type"], one["scheme"]) for one in schemes.values()] == [("http", "bearer")]


def test_no_schema_is_named_after_a_module_or_left_over() -> None:
    text, schemas = str(DESCRIBED.description), DESCRIBED.description["components"]["schemas"]
    assert [name for name in schemas if f"schemas/{name}'" not in text] == []
    assert [name for name in schemas if name.startswith("app__")] == []


def test_staff_read_it_over_the_interface(sqlite_database: Database) -> None:
    fund = open_fund(sqlite_database)
    seen = program_of(sqlite_database, fund.auditor).get("/openapi.json")
    assert seen.json() == DESCRIBED.description
