import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api.calculators import LARGEST_REQUEST_BYTES, router
from app.calculators import Calculator
from app.rate_limit import limit_visitors
from tests.app.test_calculators import GOOD, INDICATORS, ask, fields


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    app.include_router(router)
    app.dependency_overrides[limit_visitors] = lambda: None
    return TestClient(app)


def test_a_number_without_end_spoils_only_its_own_request(client: TestClient) -> None:
    long = b'{"flows": [' + b"9" * 5_000 + b'], "rate": 0}'
    body = b"[" + long + b", " + json.dumps(INDICATORS).encode() + b"]"
    first, second = client.post("/api/v1/indicators", content=body).json()
    assert list(fields(first)) == ["flows.0"]
    assert second == ask("indicators", INDICATORS)


BAD_BODIES = [
    b"",
    b"{",
    b"\xff\xfe",
    b'{"flows": [1], "rate": 0.1',
    b"[" * 100_000,
    b'{"a":' * 50_000,
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_body_that_is_no_json_is_refused(client: TestClient, body: bytes) -> None:
    answered = client.post("/api/v1/indicators", content=body)
    assert answered.status_code == 422
    assert answered.json()["error"]["code"] == "unreadable"


HARD_VALUES = ["NaN", "-Infinity", "1e400", "9" * 5_000, "9223372036854775808", '"\\u0000"']


@pytest.mark.parametrize("value", [*HARD_VALUES, '"\\ud800"', "true", "null", "[]", "{}"])
@pytest.mark.parametrize("calculator", Calculator)
def test_hard_values_over_http_are_never_a_fault(
    client: TestClient, calculator: Calculator, value: str
) -> None:
    for field in GOOD[calculator]:
        rest = {k: v for k, v in GOOD[calculator].items() if k != field}
        body = json.dumps(rest)[:-1] + f', "{field}": {value}}}'
        answered = client.post(f"/api/v1/{calculator}", content=body)
        assert answered.status_code in (200, 422)
        assert "99999" not in answered.text
        assert "Traceback" not in answered.text


def test_a_field_named_with_half_a_character_is_refused(client: TestClient) -> None:
    answered = client.post("/api/v1/indicators", content=b'{"\\ud800": 1, "\\u0000": 2}')
    assert answered.status_code == 422


@pytest.mark.parametrize("calculator", Calculator)
def test_http_answers_as_the_function_does(client: TestClient, calculator: Calculator) -> None:
    answered = client.post(f"/api/v1/{calculator}", json=GOOD[calculator])
    assert answered.status_code == 200
    assert answered.json() == ask(calculator, GOOD[calculator])
    both = client.post(f"/api/v1/{calculator}", json=[GOOD[calculator], {}])
    assert both.status_code == 200
    assert "error" in both.json()[1]


def test_a_body_over_one_mebibyte_is_refused(client: TestClient) -> None:
    answered = client.post("/api/v1/indicators", content=b" " * (LARGEST_REQUEST_BYTES + 1))
    assert answered.status_code == 413
    assert answered.json()["error"]["message"] == (
        "The request is too large. Send at most 1 MiB at a time."
    )


def test_the_interface_description_states_requests_and_answers(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for calculator in Calculator:
        described = paths[f"/api/v1/{calculator}"]["post"]
        one, many = described["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
        assert set(GOOD[calculator]) <= set(one["properties"])
        assert many["items"] == one
        assert "$ref" not in json.dumps(one)
        assert {"200", "413", "422"} <= set(described["responses"])
