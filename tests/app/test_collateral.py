"""The pages of what secures the loans."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock
from loans.people import Actor
from loans.storage.database import Database
from tests.app.visiting import errors_of, filled_in, signed_in, text_of
from tests.builders import Fund, disbursed_loan, open_fund
from tests.loans.collateral.securing import (
    ask_release,
    asset,
    demand,
    guarantee,
    other_charge,
    pledge,
    ratio_on,
)

TODAY = date(2026, 6, 10)


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 10, 9, 0, tzinfo=UTC))


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def client_of(fund: Fund, actor: Actor) -> TestClient:
    return signed_in(fund.database, actor)


def do(client: TestClient, address: str, query: str = "", **answers: Any) -> Any:
    """Open a form, type the answers and send it."""
    asked = client.get(address + query)
    assert asked.status_code == 200, text_of(asked.text)
    return client.post(address, data=filled_in(asked.text, address, answers))


def test_an_officer_registers_values_and_pledges_an_asset(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    officer = client_of(fund, fund.officer)
    base = f"/loans/{loan_id}/collateral"
    made = do(
        officer,
        f"{base}/asset",
        kind="real_estate",
        description="Boiler house",
        register_number="LT-1",
    )
    address = made.headers["location"].removesuffix("?done=asset-registered")
    assert "counts for nothing" in text_of(officer.get(address).text)
    valued = do(
        officer,
        f"{address}/valuation",
        value="200 000",
        valued_by="Baltic Valuers",
        basis="market",
        document="Report 12",
    )
    assert valued.headers["location"] == f"{address}?done=valued"
    asset_id = address.rsplit("/", 1)[1]
    pledged = do(officer, f"{base}/pledge", f"?asset={asset_id}", document="Contract 7")
    assert pledged.headers["location"] == f"{base}?done=pledged"
    told = text_of(officer.get(f"{base}?done=pledged").text)
    assert "The asset is pledged to the loan." in told
    assert "Boiler house Land and buildings, LT-1; UAB Pavyzdys Žalias" in told
    assert "200,000.00 10 June 2026 Ordinary sale 30 % 1 0.00 none 140,000.00" in told
    assert "Coverage 129.62 %" in told
    assert "Coverage 129.62 %" in text_of(officer.get(f"/loans/{loan_id}").text)


def test_a_guarantee_is_entered_and_its_end_is_told_ahead(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    officer = client_of(fund, fund.officer)
    base = f"/loans/{loan_id}/collateral"
    answers = {
        "guarantor": "Bank of Amber",
        "kind": "bank",
        "share": "50",
        "valid_until": "1 August 2026",
        "document": "Deed 4",
    }
    made = do(officer, f"{base}/guarantee", **answers)
    assert made.headers["location"] == f"{base}?done=guaranteed"
    for path in (base, f"/loans/{loan_id}", "/queue", "/collateral"):
        assert "Bank of Amber" in text_of(officer.get(path).text), path
    assert "in 52 days" in text_of(officer.get("/queue").text)
    assert "50 % of what is at stake" in text_of(officer.get(base).text)


def test_a_release_is_asked_for_by_one_and_agreed_to_by_another(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    pledge_id = pledge(fund, loan_id, asset(fund, 5_400_000))
    officer, manager = client_of(fund, fund.officer), client_of(fund, fund.manager)
    base = f"/loans/{loan_id}/collateral"
    asked = do(officer, f"{base}/release", f"?target={pledge_id}", reason="Sold, bank replaces it")
    assert asked.headers["location"] == f"{base}?done=asked"
    assert "Release waits for the fund manager" in text_of(officer.get(base).text)
    assert "A request to release a security waits" in text_of(manager.get(f"/loans/{loan_id}").text)
    agree = f"/loans/{loan_id}/acts/agree"
    shown = manager.get(agree)
    told = text_of(shown.text)
    assert "Boiler house in Kaunas, rank 1; it counts for EUR 54,000.00" in told
    done = manager.post(agree, data=filled_in(shown.text, agree, {}))
    assert done.headers["location"] == f"/loans/{loan_id}?done=agreed"
    assert ratio_on(fund, loan_id, TODAY) == 0
    ended = text_of(officer.get(base).text)
    assert "Boiler house in Kaunas 9 February 2026 10 June 2026 Released" in ended
    history = text_of(officer.get(f"/loans/{loan_id}").text)
    assert "Release of a security" in history
    assert "Asset pledged" in history
    assert "Security released" in text_of(officer.get(f"/loans/{loan_id}/statement").text)


def test_a_guarantee_to_release_is_named_to_the_second_person(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    guarantee_id = guarantee(fund, loan_id)
    officer, manager = client_of(fund, fund.officer), client_of(fund, fund.manager)
    page = officer.get(f"/loans/{loan_id}/collateral/release?target={guarantee_id}")
    assert "Guarantee of Ministry of Finance" in text_of(page.text)
    ask_release(fund, loan_id, guarantee_id, on=TODAY)
    told = text_of(manager.get(f"/loans/{loan_id}/acts/agree").text)
    assert "Guarantee of Ministry of Finance; it counts for EUR 100,000.00" in told


def test_a_refused_release_says_what_would_pass_and_keeps_what_was_typed(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = disbursed_loan(fund)
    pledge_id = pledge(fund, loan_id, asset(fund, 13_500_000))
    demand(monkeypatch)
    officer = client_of(fund, fund.officer)
    address = f"/loans/{loan_id}/collateral/release"
    refused = do(officer, address, f"?target={pledge_id}", reason="Sold")
    assert refused.status_code == 422
    assert "Without it the coverage would be 0 %" in text_of(refused.text)
    assert ">\nSold</textarea>" in refused.text


def test_a_short_loan_is_told_on_its_page_and_in_the_register(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = disbursed_loan(fund)
    demand(monkeypatch)
    officer = client_of(fund, fund.officer)
    for path in (f"/loans/{loan_id}", f"/loans/{loan_id}/collateral"):
        told = text_of(officer.get(path).text)
        assert "The collateral is short by EUR 135,000.00 after haircut." in told
    assert "108,000.00 0.00 0 % 125 % 135,000.00" in text_of(officer.get("/collateral").text)


def test_a_claim_of_another_is_entered_and_ends(fund: Fund) -> None:
    asset_id = asset(fund, 20_000_000)
    officer = client_of(fund, fund.officer)
    address = f"/collateral/assets/{asset_id}"
    made = do(officer, f"{address}/claim", creditor="House Bank", limit="9000", document="Extract")
    assert made.headers["location"] == f"{address}?done=claim-entered"
    page = officer.get(address).text
    assert "1 House Bank 9,000.00 10 June 2026 Extract Stands" in text_of(page)
    found = re.search(r"claim-ended\?target=([0-9a-f-]+)", page)
    assert found is not None
    ended = do(officer, f"{address}/claim-ended", f"?target={found[1]}", reason="Letter")
    assert ended.headers["location"] == f"{address}?done=claim-ended"
    assert "Until 10 June 2026" in text_of(officer.get(address).text)
    again = officer.post(
        f"{address}/claim-ended",
        data={"target": found[1], "reason": "Letter", "request_key": "another"},
    )
    assert again.status_code == 422
    assert "had ended before" in text_of(again.text)


@pytest.mark.parametrize(
    ("act", "changes", "field"),
    [
        ("pledge", {"asset": ""}, "asset"),
        ("pledge", {"rank": "0"}, "rank"),
        ("pledge", {"limit": "1.005"}, "limit"),
        ("pledge", {"charged_on": "11 June 2026"}, "charged_on"),
        ("pledge", {"document": ""}, "document"),
        ("guarantee", {"share": "", "amount": ""}, "amount"),
        ("guarantee", {"amount": "5000"}, "amount"),
        ("guarantee", {"share": "101"}, "share"),
        ("guarantee", {"valid_until": "1 June 2026"}, "valid_until"),
        ("asset", {"kind": ""}, "kind"),
        ("asset", {"description": ""}, "description"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(
    fund: Fund, act: str, changes: dict[str, str], field: str
) -> None:
    loan_id, asset_id = disbursed_loan(fund), asset(fund)
    usual: dict[str, dict[str, str]] = {
        "pledge": {"asset": asset_id, "document": "Contract 7"},
        "guarantee": {
            "guarantor": "Bank of Amber",
            "kind": "bank",
            "share": "50",
            "valid_until": "1 August 2026",
            "document": "Deed 4",
        },
        "asset": {"kind": "deposit", "description": "Money", "register_number": "1"},
    }
    officer = client_of(fund, fund.officer)
    refused = do(officer, f"/loans/{loan_id}/collateral/{act}", **(usual[act] | changes))
    assert refused.status_code == 422
    assert list(errors_of(refused.text)) == [field]


def test_a_borrower_sees_its_own_pledges_and_no_forms(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    asset_id = asset(fund, 5_400_000)
    other_charge(fund, asset_id, creditor="Secret Bank", limit_minor=100)
    pledge(fund, loan_id, asset_id, rank=2)
    own = client_of(fund, fund.enterprise)
    for path in (f"/loans/{loan_id}/collateral", f"/loans/{loan_id}"):
        page = own.get(path)
        assert "Boiler house in Kaunas" in page.text
        assert "Secret Bank" not in page.text
        assert "collateral/release" not in page.text
    assert own.get(f"/loans/{loan_id}/collateral/pledge").status_code == 403
    stranger = client_of(fund, fund.other_enterprise)
    assert stranger.get(f"/loans/{loan_id}/collateral").status_code == 404


def test_a_day_before_the_signature_is_refused_in_words(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    officer = client_of(fund, fund.officer)
    early = officer.get(f"/loans/{loan_id}/collateral?as_of=2025-01-01")
    assert early.status_code == 422
    assert "signed on 9 February 2026" in text_of(early.text)
    past = officer.get(f"/loans/{loan_id}/collateral?as_of=2026-03-05&known_on=2026-03-05")
    assert past.status_code == 200
    assert officer.get(f"/loans/{loan_id}/collateral/none-such").status_code == 404
    assert officer.get("/collateral?search=none-such").status_code == 200
