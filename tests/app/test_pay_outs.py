"""The pages of what stands before a pay-out, as officer, manager and borrower use them."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock
from loans.conditions.views import PayOutsView, pay_outs_view
from loans.people import Actor
from loans.storage.database import Database
from tests.app.api.programs import program_of
from tests.app.visiting import errors_of, filled_in, signed_in, text_of
from tests.builders import (
    PAY_OUT_ON,
    Fund,
    at,
    disbursed_loan,
    loan_with_open_conditions,
    open_fund,
    signed_loan,
)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(PAY_OUT_ON).at)


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def client_of(fund: Fund, actor: Actor) -> TestClient:
    return signed_in(fund.database, actor)


def view_of(fund: Fund, loan_id: str) -> PayOutsView:
    with fund.database.reading() as session:
        return pay_outs_view(session, fund.officer, loan_id, as_of=PAY_OUT_ON)


def do(client: TestClient, loan_id: str, act: str, target: str = "", **answers: Any) -> Any:
    """Open the form of an act, type the answers and send it."""
    address = f"/loans/{loan_id}/pay-outs/{act}"
    page = client.get(address + (f"?target={target}" if target else ""))
    assert page.status_code == 200, text_of(page.text)
    return client.post(address, data=filled_in(page.text, address, answers))


def test_the_page_names_what_blocks_and_every_list_has_its_words(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    told = text_of(client_of(fund, fund.officer).get(f"/loans/{loan_id}/pay-outs").text)
    for words in (
        "The next pay-out cannot be released yet:",
        "EUR 12,000.00 of EUR 12,000.00 is not shown yet",
        "Collateral agreement signed",
        "No own money is shown yet.",
        "No quotation is entered yet.",
        "No invoice is entered yet.",
        "Nothing is paid out yet.",
        "Of a plan of EUR 120,000.00, EUR 0.00 is invoiced",
    ):
        assert words in told


def test_an_officer_meets_the_conditions_at_the_pages(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    officer = client_of(fund, fund.officer)
    done = do(
        officer, loan_id, "own-money", supplier="Baltic", proof="bank", document="Statement 3",
        paid_on=PAY_OUT_ON.isoformat(),
    )  # fmt: skip
    assert done.headers["location"] == f"/loans/{loan_id}/pay-outs?done=own-money"
    pledge = view_of(fund, loan_id).conditions[1].condition_id
    done = do(officer, loan_id, "meet", pledge, document="Deed 7")
    assert done.headers["location"].endswith("done=condition-met")
    assert view_of(fund, loan_id).blocking == ()
    told = text_of(officer.get(f"/loans/{loan_id}/pay-outs").text)
    assert "Every condition that applies is met or waived." in told
    assert do(officer, loan_id, "reopen", pledge, reason="Lost").status_code == 303
    assert view_of(fund, loan_id).blocking


def test_a_waiver_is_asked_for_and_given_by_two_people(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    officer, manager = client_of(fund, fund.officer), client_of(fund, fund.manager)
    pledge = view_of(fund, loan_id).conditions[1].condition_id
    assert "Waive it" not in text_of(manager.get(f"/loans/{loan_id}/pay-outs").text)
    asks = f"pay-outs/ask-waiver?target={pledge}"
    assert asks in officer.get(f"/loans/{loan_id}/pay-outs").text
    assert do(officer, loan_id, "ask-waiver", pledge, reason="A deposit").status_code == 303
    assert "Waive it" in text_of(manager.get(f"/loans/{loan_id}/pay-outs").text)
    shown = officer.get(f"/loans/{loan_id}/pay-outs").text
    assert f"pay-outs/reopen?target={pledge}" in shown
    assert asks not in shown
    again = do(officer, loan_id, "ask-waiver", pledge, reason="Another reason")
    assert again.status_code == 422
    assert "is asked for already" in text_of(again.text)
    assert "Another reason" in again.text
    assert do(manager, loan_id, "waive", pledge, reason="Agreed").status_code == 303
    assert view_of(fund, loan_id).conditions[1].outcome == "waived"
    assert officer.get(f"/loans/{loan_id}/pay-outs/waive?target={pledge}").status_code == 403


def test_a_waiver_is_refused_at_its_page_and_over_json(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    officer, manager = client_of(fund, fund.officer), client_of(fund, fund.manager)
    pledge = view_of(fund, loan_id).conditions[-1].condition_id
    address = f"/loans/{loan_id}/pay-outs"
    assert "No asset is pledged" in text_of(officer.get(f"{address}/meet?target={pledge}").text)
    for act, client in (("ask-waiver", officer), ("refuse-waiver", manager)):
        sent = do(client, loan_id, act, pledge, reason="A deposit is promised")
        assert sent.status_code == 303
    shown = text_of(officer.get(address).text)
    assert "Open, waiver refused A deposit is promised" in shown
    over_json = f"/loans/{loan_id}/conditions/{pledge}"
    asked = program_of(fund.database, fund.officer).post(f"{over_json}/waive", {"reason": "Again"})
    assert asked.status_code == 200
    body = {"reason": "No"}
    refused = program_of(fund.database, fund.manager).post(f"{over_json}/refuse-waiver", body)
    assert refused.json()["status"] == "waiver_refused"
    page = officer.get(f"/loans/{loan_id}/acts/prepare-disbursement").text
    assert "No asset is pledged" in text_of(page)


def test_a_supplier_that_needs_a_reason_is_refused_at_its_field(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    officer = client_of(fund, fund.officer)
    line = view_of(fund, loan_id).plan[0].plan_line_id
    quoted = {"supplier": "Nord", "country": "SE", "tier": "nordic", "amount": "100 000"}
    wrong = do(officer, loan_id, "quotation", line, **quoted | {"country": "Sweden"})
    assert set(errors_of(wrong.text)) == {"country", "quoted_on"}
    day = PAY_OUT_ON.isoformat()
    assert do(officer, loan_id, "quotation", line, **quoted, quoted_on=day).status_code == 303
    quotation = view_of(fund, loan_id).plan[0].quotations[0].quotation_id
    refused = do(officer, loan_id, "choose", quotation)
    assert "no quotation of the tier local" in errors_of(refused.text)["tier_reason"]
    chosen = do(officer, loan_id, "choose", quotation, tier_reason="Nobody builds it")
    assert chosen.headers["location"].endswith("done=supplier-chosen")


def test_the_borrower_asks_and_the_officer_prepares_what_was_asked(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    borrower, officer = client_of(fund, fund.enterprise), client_of(fund, fund.officer)
    line = view_of(fund, loan_id).plan[0].plan_line_id
    day = PAY_OUT_ON.isoformat()
    bill = {"number": "17", "supplier": "Baltic", "plan_line": line, "invoiced_on": day}
    assert do(borrower, loan_id, "invoice", **bill, amount="60 000,00").status_code == 303
    invoice = view_of(fund, loan_id).invoices[0].invoice_id
    wanted = {"invoices": invoice, "purpose": "Filters"}
    too_much = do(borrower, loan_id, "ask", **wanted, amount="54 000.01")
    assert "at most EUR 54,000.00" in errors_of(too_much.text)["amount"]
    assert do(borrower, loan_id, "ask", **wanted, amount="54000").status_code == 303
    page = officer.get(f"/loans/{loan_id}/acts/prepare-disbursement").text
    assert 'value="54000"' in page
    assert f'value="{invoice}" checked' in " ".join(page.split())
    request = view_of(fund, loan_id).requests[0].request_id
    back = do(officer, loan_id, "send-back", request, reason="Name the delivery")
    assert back.headers["location"].endswith("done=sent-back")
    assert "Name the delivery" in text_of(borrower.get(f"/loans/{loan_id}/pay-outs").text)


def test_the_manager_sees_the_invoices_that_the_pay_out_pays(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    officer, manager = client_of(fund, fund.officer), client_of(fund, fund.manager)
    line = view_of(fund, loan_id).plan[0].plan_line_id
    day = PAY_OUT_ON.isoformat()
    bill = {"number": "17", "supplier": "Baltic", "plan_line": line, "invoiced_on": day}
    assert do(officer, loan_id, "invoice", **bill, amount="60 000,00").status_code == 303
    invoice = view_of(fund, loan_id).invoices[0].invoice_id
    address = f"/loans/{loan_id}/acts/prepare-disbursement"
    page = officer.get(address).text
    assert "No supplier is chosen for line 1." in text_of(page)
    wanted = {"invoices": invoice, "amount": "50000", "pay_on": day, "purpose": "Filters"}
    assert officer.post(address, data=filled_in(page, address, wanted)).status_code == 303
    pay_out = view_of(fund, loan_id).invoices[0].disbursement_id
    release = f"/loans/{loan_id}/acts/release-disbursement?disbursement={pay_out}"
    told = text_of(manager.get(release).text)
    assert "17, Baltic" in told
    assert "No supplier is chosen for line 1." in told


def test_what_is_paid_out_offers_nothing_more(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    page = client_of(fund, fund.officer).get(f"/loans/{loan_id}/pay-outs").text
    assert "Nothing is left to be paid out." in text_of(page)
    assert f"/loans/{loan_id}/pay-outs/" not in page


def test_what_is_not_there_or_of_others_is_not_found(fund: Fund) -> None:
    loan_id = loan_with_open_conditions(fund)
    officer, stranger = client_of(fund, fund.officer), client_of(fund, fund.other_enterprise)
    assert stranger.get(f"/loans/{loan_id}/pay-outs").status_code == 404
    assert stranger.get(f"/loans/{loan_id}/pay-outs/invoice").status_code == 404
    for act in ("meet", "quotation", "choose", "withdraw-invoice", "withdraw-own-money"):
        assert officer.get(f"/loans/{loan_id}/pay-outs/{act}?target=none").status_code == 404
    assert officer.get(f"/loans/{loan_id}/pay-outs/unknown").status_code == 404
    assert client_of(fund, fund.auditor).get(f"/loans/{loan_id}/pay-outs").status_code == 200
