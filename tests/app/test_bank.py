"""The pages of accounts at banks and of the allowance, as each role sees them."""

import base64
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock
from loans.banking.line_views import MATCHED
from loans.banking.stated import StatedLine
from loans.chart import ADMINISTRATION, ALLOWANCE, BANK_INTEREST
from loans.own_money import record_contribution
from loans.storage.database import Database
from tests.app.api.programs import program_of, refusal
from tests.app.imports.statements import Movement, camt
from tests.app.visiting import boxes, errors_of, filled_in, signed_in, text_of
from tests.builders import FIRST_DUE_ON, Fund, disbursed_loan, open_fund, receive
from tests.loans.banking.banks import CAPITAL, TODAY, bank_of, line_id_of, stated, take_in

ACCOUNT = "/ledger/bank/1010"
LINE = "/ledger/bank-lines/{}"
FEE = Movement("2026-03-09", "-12.50", "B2", "", "Account fee")


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 10, 9, 0, tzinfo=UTC))


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def officer(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.officer)


def send_file(client: TestClient, content: bytes, **answers: str) -> Any:
    address = f"{ACCOUNT}/import"
    values = filled_in(client.get(address).text, address, answers)
    del values["file"]
    return client.post(address, data=values, files={"file": ("march.xml", content, "text/xml")})


def test_a_statement_is_imported_once_and_its_lines_are_shown(fund: Fund) -> None:
    client, content = officer(fund), camt([FEE])
    sent = send_file(client, content)
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        f"{ACCOUNT}?done=statement-imported",
    )
    assert "Account fee" in text_of(client.get(ACCOUNT).text)
    again = send_file(client, content)
    assert again.status_code == 422
    assert "was imported on 10 June 2026" in errors_of(again.text)["file"]


def test_a_table_asks_for_its_columns_and_remembers_them(fund: Fund) -> None:
    client, table = officer(fund), b"When;How much\n2026-03-04;1,50\n"
    refused = send_file(client, table, closing_balance="10.00")
    assert "It has: when, how_much" in errors_of(refused.text)["day"]
    sent = send_file(client, table, closing_balance="10.00", day="When", amount="How much")
    assert sent.status_code == 303
    shown = boxes(client.get(f"{ACCOUNT}/import").text, f"{ACCOUNT}/import")
    assert (shown["day"], shown["amount"]) == ("when", "how_much")


def test_a_table_that_does_not_follow_is_refused_until_the_gap_is_ticked(fund: Fund) -> None:
    client = officer(fund)
    assert send_file(client, b"Date;Amount\n2026-03-04;1,50\n", closing_balance="10").is_redirect
    wrong = b"Date;Amount\n2026-03-05;2,00\n"
    refused = send_file(client, wrong, closing_balance="13")
    assert "closed with EUR 10.00 on 4 March 2026" in errors_of(refused.text)["closing_balance"]
    assert send_file(client, wrong, closing_balance="13", has_gap="yes").status_code == 303


def test_what_is_no_file_is_refused_at_its_field(fund: Fund) -> None:
    client = officer(fund)
    assert "Choose the file" in errors_of(send_file(client, b"").text)["file"]
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]><Document>&a;</Document>'
    assert "declares entities" in errors_of(send_file(client, bomb).text)["file"]
    too_large = send_file(client, b"<" + b" " * 3_000_000)
    assert too_large.status_code == 413


def test_a_named_line_leads_to_its_receipt_and_is_matched_by_it(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    text = "Payment L-2026-001"
    take_in(fund, stated(CAPITAL, StatedLine(FIRST_DUE_ON, 414_382, "B2", "", text)))
    client = officer(fund)
    found = re.search(r'href="(/loans/[^"]+/acts/receipt\?line=[^"]+)"', client.get(ACCOUNT).text)
    assert found
    address = f"/loans/{loan_id}/acts/receipt"
    page = client.get(found[1].replace("&amp;", "&")).text
    form = boxes(page, address)
    assert (form["amount"], form["bank_reference"]) == ("4143.82", "B2")
    check = client.post(address, data={**form, "purpose": "due"})
    assert check.status_code == 200, errors_of(check.text)
    done = client.post(address, data={**boxes(check.text, address), "confirmed": "yes"})
    assert done.status_code == 303
    assert {one.bank_reference: one.state for one in bank_of(fund).lines}["B2"] == MATCHED


def test_lines_are_matched_undone_explained_and_the_month_signed(fund: Fund) -> None:
    fee = StatedLine(date(2026, 3, 9), -1_250, "B2", "", "Account fee")
    interest = StatedLine(date(2026, 3, 31), 375, "B3", "", "Credit interest")
    take_in(fund, stated(CAPITAL, fee, interest))
    client, manager = officer(fund), signed_in(fund.database, fund.manager)
    address = f"/ledger/bank-lines/{line_id_of(fund, 'B0')}"
    entry_id = re.search(r'name="entry" value="([^"]+)"', client.get(address).text)
    assert entry_id
    matched = client.post(
        f"{address}/match", data={"entry": entry_id[1], "request_key": "first-match"}
    )
    assert matched.status_code == 303
    undo = boxes(client.get(address).text, f"{address}/undo")
    match_id = re.search(r'<option value="([0-9a-f-]{36})"', client.get(address).text)
    assert match_id
    missing = client.post(f"{address}/undo", data={**undo, "match": match_id[1], "reason": ""})
    assert errors_of(missing.text) == {"reason": "Enter why the match is undone."}
    undone = client.post(f"{address}/undo", data={**undo, "match": match_id[1], "reason": "Slip"})
    assert undone.status_code == 303
    assert "Slip" in text_of(client.get(address).text)
    client.post(f"{address}/match", data={"entry": entry_id[1], "request_key": "second"})
    fee_page = f"/ledger/bank-lines/{line_id_of(fund, 'B2')}"
    form = filled_in(manager.get(fee_page).text, f"{fee_page}/charge", {"purpose": "Fee"})
    assert manager.post(f"{fee_page}/charge", data=form).status_code == 303
    assert fund.balance(ADMINISTRATION) == 1_250
    earned = f"/ledger/bank-lines/{line_id_of(fund, 'B3')}"
    program = program_of(fund.database, fund.manager)
    refused = program.post(f"/bank-lines/{line_id_of(fund, 'B2')}/interest", {"purpose": "March"})
    assert refused.status_code == 409
    form = filled_in(manager.get(earned).text, f"{earned}/interest", {"purpose": "March"})
    assert manager.post(f"{earned}/interest", data=form).status_code == 303
    assert fund.balance(BANK_INTEREST) == -375
    end = f"{ACCOUNT}/reconciliation?as_of=2026-05-31"
    page = manager.get(end).text
    assert "Bank and books agree" in text_of(page)
    signed = manager.post(f"{ACCOUNT}/sign", data=boxes(page, f"{ACCOUNT}/sign"))
    assert signed.status_code == 303
    assert "signed May 2026 off" in text_of(manager.get(end).text)
    assert "0 May 2026" in text_of(manager.get("/ledger/bank").text)
    assert "has changed since" not in text_of(manager.get(end).text)
    with fund.act(TODAY) as (session, moment):
        record_contribution(
            *(session, fund.manager, moment),
            source="Donor One",
            amount_minor=700,
            paid_on=date(2026, 5, 20),
            key="late",
        )
    assert "The month has changed since" in text_of(manager.get(end).text)
    assert "Changed since" in text_of(manager.get(ACCOUNT).text)
    answer = program.get("/bank/1010/reconciliation", as_of="2026-05-31").json()
    assert (answer["signed_by"], answer["changed_since_signed"]) == (fund.manager.name, True)


def test_an_import_is_undone_on_its_page_and_by_a_program(fund: Fund) -> None:
    fee = StatedLine(date(2026, 3, 9), -1_250, "B2", "", "Account fee")
    taken = take_in(fund, stated(CAPITAL, fee)).statement_ids[0]
    client, line_id = officer(fund), line_id_of(fund, "B2")
    client.post(f"/ledger/bank-lines/{line_id}/note", data={"note": "Why", "request_key": "note"})
    address = f"/ledger/bank-statements/{taken}/undo"
    assert f'href="{address}"' in client.get(ACCOUNT).text
    assert "/undo" not in signed_in(fund.database, fund.auditor).get(ACCOUNT).text
    used = text_of(client.get(address).text)
    assert "1 line of statement.xml is matched or explained." in used
    assert "Why the import is undone" not in used
    refused = client.post(address, data={"reason": "Slip", "request_key": "first"})
    assert "1 line of statement.xml is matched" in errors_of(refused.text)[""]
    assert "Slip</textarea>" in refused.text
    note = re.search(r'<option value="([0-9a-f-]{36})"', client.get(LINE.format(line_id)).text)
    assert note
    undone = {"match": note[1], "reason": "Slip", "request_key": "note-undone"}
    assert client.post(f"/ledger/bank-lines/{line_id}/undo", data=undone).status_code == 303
    page = client.get(address).text
    assert "Lines that came with it 2" in text_of(page)
    blank = client.post(address, data=boxes(page, address))
    assert errors_of(blank.text) == {"reason": "Enter why the import is undone."}
    done = client.post(address, data=filled_in(page, address, {"reason": "Other account"}))
    assert done.headers["location"] == f"{ACCOUNT}?done=import-undone"
    assert "Officer Person, " in (after := text_of(client.get(ACCOUNT).text))
    assert ": Other account" in after
    assert client.get(LINE.format(line_id)).status_code == 404
    gone = text_of(client.get(address).text)
    assert "The import of statement.xml was undone on" in gone
    assert "Lines that came with it 2" in gone
    again = take_in(fund, stated(CAPITAL)).statement_ids[0]
    program = program_of(fund.database, fund.officer)
    answered = program.post(f"/bank-statements/{again}/undo", {"reason": "Wrong file"})
    assert answered.json() == {"statement_id": again, "status": "undone"}
    listed = program.get("/bank/1010/statements").json()["statements"]
    assert [one["reason"] for one in listed] == ["Wrong file", "Other account"]
    second = program.post(f"/bank-statements/{again}/undo", {"reason": "Wrong file"})
    assert second.status_code == 409
    assert refusal(second)[0].endswith(": Wrong file")


def test_the_page_of_the_allowance_shows_and_sets_it(fund: Fund) -> None:
    disbursed_loan(fund)
    manager = signed_in(fund.database, fund.manager)
    page = manager.get("/ledger/provisions").text
    assert "Set aside EUR 0.00" in text_of(page)
    below = page.partition("Set the allowance</h2>")[2]
    form = filled_in(below, "/ledger/provisions", {"run_on": "2026-05-10"})
    assert manager.post("/ledger/provisions", data=form).status_code == 303
    assert fund.balance(ALLOWANCE) == -1_080_000
    again = manager.post(
        "/ledger/provisions", data={"run_on": "2026-05-09", "request_key": "again"}
    )
    assert "Enter a later day" in errors_of(again.text)["run_on"]
    auditor = signed_in(fund.database, fund.auditor).get("/ledger/provisions").text
    assert "10,800" in auditor
    assert 'action="/ledger/provisions"' in auditor
    assert "request_key" not in auditor


def test_programs_import_match_and_read(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, 414_382, on=FIRST_DUE_ON, bank_reference="Order 7")
    program = program_of(fund.database, fund.officer)
    content = camt(
        [
            Movement("2026-01-05", "1000000.00", "B0", "Donor One"),
            Movement("2026-03-02", "-108000.00", "B1"),
            Movement("2026-04-02", "4143.82", "B2", "", "Order 7"),
        ],
        opening="0.00",
        days=("2026-01-05", "2026-04-30"),
    )
    body = {"file_name": "a.xml", "content_base64": base64.b64encode(content).decode()}
    sent = program.post("/bank/1010/statements", body)
    assert (sent.status_code, sent.json()["new_count"]) == (201, 3)
    lines = program.get("/bank/1010/lines", state="unmatched").json()
    assert lines["count"] == 3
    for line in lines["lines"]:
        entries = [one["entry_id"] for one in line["proposal"]["entries"]]
        answered = program.post(f"/bank-lines/{line['line_id']}/matches", {"entry_ids": entries})
        assert answered.status_code == 201, answered.text
    held = program.get("/bank/1010/reconciliation", as_of="2026-04-30").json()
    assert (held["bank"], held["books"], held["is_explained"]) == ("896143.82", "896143.82", True)
    manager = program_of(fund.database, fund.manager)
    assert manager.post("/bank/1010/months/2026-04/sign").status_code == 200
    assert refusal(manager.post("/bank/1010/months/2026-04/sign"))[0].endswith("signed off before.")
    assert program.get("/bank/1010/statements").json()["statements"][0]["closing"] == "896143.82"
    assert program.get("/bank").json()["accounts"][0]["signed_to"] == "2026-04"
    wrong = program.post("/bank/1010/statements", {**body, "content_base64": "*"})
    assert refusal(wrong) == ("Send the content of the file in base64.", ("content_base64",))
    run = manager.post("/ledger/provisions", {"run_on": "2026-06-01"})
    assert run.status_code == 201
    shown = program.get("/ledger/provisions", as_of="2026-06-01").json()
    assert shown["set_aside"] == shown["needed"] == "5220.33"
