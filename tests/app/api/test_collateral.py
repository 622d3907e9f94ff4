"""What secures the loans, over JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app import clock
from loans.storage.database import Database, new_id
from tests.app.api.programs import Program, program_of, refusal
from tests.builders import Fund, disbursed_loan, open_fund
from tests.loans.collateral.securing import demand

TODAY = date(2026, 6, 10)


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 10, 9, 0, tzinfo=UTC))


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def officer(fund: Fund) -> Program:
    return program_of(fund.database, fund.officer)


def made(program: Program, path: str, body: dict[str, Any]) -> str:
    """The id of what was entered; the same key answers the same again."""
    key = new_id()
    first = program.post(path, body, key=key)
    assert first.status_code == 201, first.text
    assert program.post(path, body, key=key).json() == first.json()
    return str(first.json().get("id") or first.json()["act_id"])


def an_asset(program: Program, fund: Fund, value: str) -> str:
    asset_id = made(
        program,
        "/assets",
        {
            "enterprise_id": fund.enterprise_id,
            "kind": "deposit",
            "description": "Money at the bank",
            "register_number": new_id(),
        },
    )
    valuation = {
        "value": value,
        "valued_on": "2026-06-01",
        "valued_by": "The bank",
        "basis": "market",
        "document": "Statement",
    }
    made(program, f"/assets/{asset_id}/valuations", valuation)
    return asset_id


def a_charge(**changes: Any) -> dict[str, Any]:
    return {"rank": 1, "charged_on": "2026-06-01", "document": "Contract 7", **changes}


def test_a_loan_is_secured_and_its_coverage_read(fund: Fund, officer: Program) -> None:
    loan_id = disbursed_loan(fund)
    asset_id = an_asset(officer, fund, "100000.00")
    claim = a_charge(creditor="House Bank", limit="19000.00")
    claim_id = made(officer, f"/assets/{asset_id}/claims", claim)
    made(officer, f"/loans/{loan_id}/pledges", a_charge(asset_id=asset_id, rank=2))
    guarantee = {
        "guarantor": "Ministry",
        "kind": "state",
        "share": "0.5",
        "given_on": "2026-06-01",
        "valid_until": "2029-06-01",
        "document": "Deed 4",
    }
    made(officer, f"/loans/{loan_id}/guarantees", guarantee)
    found = officer.get(f"/loans/{loan_id}/collateral").json()
    assert (found["counted"], found["exposure"], found["coverage"]) == (
        "135000.00",
        "108000.00",
        1.25,
    )
    assert found["pledges"][0]["before"] == "19000.00"
    assert officer.get(f"/loans/{loan_id}/collateral", as_of="2026-05-31").json()["coverage"] == 0
    ended = officer.post(f"/assets/{asset_id}/claims/{claim_id}/end", {"reason": "Paid"})
    assert ended.json() == {"id": claim_id}
    assert officer.get(f"/loans/{loan_id}/collateral").json()["counted"] == "154000.00"
    one = officer.get(f"/assets/{asset_id}").json()
    assert [line["value"] for line in one["valuations"]] == ["100000.00"]
    listed = officer.get("/assets", search="money at").json()
    assert (listed["count"], listed["assets"][0]["asset_id"]) == (1, asset_id)
    assert officer.get("/assets", page=2).json()["assets"] == []


def test_a_release_needs_two_and_keeps_the_minimum(
    fund: Fund, officer: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = disbursed_loan(fund)
    first = an_asset(officer, fund, "135000.00")
    second = an_asset(officer, fund, "1.00")
    needed = made(officer, f"/loans/{loan_id}/pledges", a_charge(asset_id=first))
    spare = made(officer, f"/loans/{loan_id}/pledges", a_charge(asset_id=second))
    demand(monkeypatch)
    refused = officer.post(f"/loans/{loan_id}/collateral/{needed}/release", {"reason": "Sold"})
    assert refused.status_code == 409
    assert "Pledge EUR 134,999.00 more after haircut" in refusal(refused)[0]
    act_id = made(officer, f"/loans/{loan_id}/collateral/{spare}/release", {"reason": "Sold"})
    manager = program_of(fund.database, fund.manager)
    agreed = manager.post(f"/loans/{loan_id}/acts/{act_id}/agree")
    assert agreed.json() == {"act_id": act_id, "status": "done"}
    found = officer.get(f"/loans/{loan_id}/collateral").json()
    assert (found["coverage"], found["is_short"]) == (1.25, False)
    assert found["ended"][0]["ended_on"] == "2026-06-10"


def test_others_read_their_own_and_enter_nothing(fund: Fund, officer: Program) -> None:
    loan_id = disbursed_loan(fund)
    asset_id = an_asset(officer, fund, "1.00")
    own = program_of(fund.database, fund.enterprise)
    assert own.get(f"/loans/{loan_id}/collateral").status_code == 200
    assert own.get("/assets").status_code == 403
    pledge = a_charge(asset_id=asset_id)
    assert own.post(f"/loans/{loan_id}/pledges", pledge).status_code == 403
    stranger = program_of(fund.database, fund.other_enterprise)
    assert stranger.get(f"/loans/{loan_id}/collateral").status_code == 404
    unknown = officer.post(f"/loans/{loan_id}/pledges", a_charge(asset_id=new_id()))
    assert unknown.status_code == 404
    taken = made(officer, f"/loans/{loan_id}/pledges", pledge)
    again = officer.post(f"/loans/{loan_id}/pledges", pledge)
    assert taken
    assert again.status_code == 422
    assert refusal(again)[1] == ("rank",)
