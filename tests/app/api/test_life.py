"""The whole life of a case over JSON, on both databases, with the books in balance at each step."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock
from loans.people import Actor
from loans.storage.database import Database, new_id
from tests.app.api.programs import Program, program_of, refusal
from tests.app.visiting import visitor
from tests.builders import golden_draft
from tests.funds import Fund, open_fund

SENT_ON, APPROVED_ON, SIGNED_ON = date(2026, 1, 12), date(2026, 2, 2), date(2026, 2, 9)
PAID_OUT_ON, FIRST_DUE_ON = date(2026, 3, 2), date(2026, 4, 2)
LOAN = {
    "amount": "108000.00",
    "maturity_months": 28,
    "annual_rate": "0.06",
    "method": "level",
    "reason": "Sound and short",
}


class Stage:
    """The fund, its people's programs, and the day that the clock shows."""

    def __init__(self, fund: Fund, client: TestClient, times: list[datetime]) -> None:
        self.fund = fund
        self._client = client
        self._times = times

    def on(self, day: date) -> None:
        """Let it be the morning of a day."""
        self._times.append(datetime.combine(day, time(9), tzinfo=UTC))

    def of(self, actor: Actor) -> Program:
        """The actor's program, signed in on the day."""
        return program_of(self.fund.database, actor, self._client)

    def did(self, actor: Actor, path: str, body: Any = None, *, method: str = "POST") -> Any:
        """What an act answers; the books balance after it, and its key answers the same again."""
        key, program = new_id(), self.of(actor)
        first = program.act(method, path, body, key=key)
        assert first.is_success, first.text
        again = program.act(method, path, body, key=key)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        self.check_books()
        return first.json()

    def seen(self, actor: Actor, path: str, **asked: Any) -> Any:
        """What is read."""
        answered = self.of(actor).get(path, **asked)
        assert answered.status_code == 200, answered.text
        return answered.json()

    def check_books(self) -> None:
        """The trial balance sums to zero."""
        rows = self.seen(self.fund.auditor, "/ledger/trial-balance")["accounts"]
        assert sum(Decimal(row["balance"]) for row in rows) == 0

    def balance(self, code: str) -> str:
        """The balance of an account, debit positive."""
        rows = self.seen(self.fund.auditor, "/ledger/accounts")["accounts"]
        return str(next(row["balance"] for row in rows if row["code"] == code))


@pytest.fixture
def stage(database: Database, monkeypatch: pytest.MonkeyPatch) -> Stage:
    times = [datetime(2026, 1, 5, 9, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: times[-1])
    return Stage(open_fund(database), visitor(database), times)


def _sent(stage: Stage) -> str:
    """A proposal written, incomplete at first, and sent; answers the application's id."""
    writer = stage.fund.enterprise
    stage.on(SENT_ON)
    proposal_id = stage.did(writer, "/proposals", {})["proposal_id"]
    path = f"/proposals/{proposal_id}"
    message, fields = refusal(stage.of(writer).post(f"{path}/submit"))
    assert "answers are missing" in message
    assert {"project.title", "measures.measures", "finance.own_contribution"} <= set(fields)
    draft = golden_draft().model_dump(mode="json")
    assert stage.did(writer, f"{path}?version=1", draft, method="PUT")["version"] == 2
    stale = stage.of(writer).act("PUT", f"{path}?version=1", draft)
    assert stale.status_code == 409
    seen = stage.seen(writer, path)
    assert (seen["gaps"], seen["draft"]) == ([], draft)
    application_id: str = stage.did(writer, f"{path}/submit")["application_id"]
    listed = stage.seen(writer, "/proposals", status="sent")
    assert [one["application_id"] for one in listed["proposals"]] == [application_id]
    return application_id


def _signed(stage: Stage, application_id: str) -> str:
    """From the officer's queue to the contract; answers the loan's id."""
    fund, path = stage.fund, f"/applications/{application_id}"
    waiting = stage.seen(fund.officer, "/applications", status="submitted")
    assert [one["application_id"] for one in waiting["applications"]] == [application_id]
    assert stage.did(fund.officer, f"{path}/complete", {})["status"] == "complete"
    noted = {"measure_code": "M1", "measure_type": "B", "reason": "Pays within the year"}
    assert stage.did(fund.officer, f"{path}/override", noted)["measure_type"] == "B"
    assert stage.did(fund.officer, f"{path}/appraise", {})["status"] == "appraised"
    view = stage.seen(fund.officer, path)
    assert view["assessment"]["offer"]["maximum_amount"] == "108000.00"
    assert view["assessment"]["offer"]["maximum_maturity_months"] == 28
    stage.on(APPROVED_ON)
    above = stage.of(fund.officer).post(f"{path}/recommend", LOAN | {"amount": "108000.01"})
    assert (above.status_code, refusal(above)[1]) == (422, ("amount",))
    stage.did(fund.officer, f"{path}/recommend", LOAN)
    assert stage.of(fund.officer).post(f"{path}/approve", {}).status_code == 403
    stage.did(fund.manager, f"{path}/send-back", {"reason": "Look at the price again"})
    stage.did(fund.officer, f"{path}/recommend", LOAN)
    before = fund.available()
    stage.did(fund.manager, f"{path}/approve", {"reason": "Agreed"})
    assert before - fund.available() == 10_800_000
    stage.on(SIGNED_ON)
    days = {
        "signed_on": SIGNED_ON.isoformat(),
        "first_pay_out_on": PAID_OUT_ON.isoformat(),
        "first_due_on": FIRST_DUE_ON.isoformat(),
    }
    signed = stage.did(fund.officer, f"{path}/sign", days)
    assert signed["status"] == "signed"
    return str(signed["loan_id"])


def _paid_out(stage: Stage, loan_id: str) -> None:
    """An invoice and a request of the borrower; released once the conditions are met."""
    fund, path = stage.fund, f"/loans/{loan_id}"
    stage.on(PAID_OUT_ON)
    plan = stage.seen(fund.enterprise, f"{path}/conditions")["plan"]
    assert [line["planned"] for line in plan] == ["120000.00"]
    invoice = {
        "number": "17",
        "supplier": "Baltic Filters",
        "invoiced_on": PAID_OUT_ON.isoformat(),
        "amount": "120000.00",
        "plan_line_id": plan[0]["plan_line_id"],
    }
    invoice_id = stage.did(fund.enterprise, f"{path}/invoices", invoice)["id"]
    wanted = {"amount": "108000.00", "purpose": "Invoice 17", "invoice_ids": [invoice_id]}
    stage.did(fund.enterprise, f"{path}/disbursement-requests", wanted)
    prepared = stage.did(
        fund.officer, f"{path}/disbursements", wanted | {"pay_on": PAID_OUT_ON.isoformat()}
    )["disbursement_id"]
    release = f"{path}/disbursements/{prepared}/release"
    assert stage.of(fund.officer).post(release).status_code == 403
    message, _ = refusal(stage.of(fund.manager).post(release))
    assert "Own contribution paid and evidenced: EUR 12,000.00 of EUR 12,000.00" in message
    assert "Collateral agreement signed: A loan officer enters the document" in message
    assert stage.balance("1210") == "0.00"
    _meet_conditions(stage, path)
    stage.did(fund.manager, release)
    assert stage.balance("1210") == "108000.00"
    assert stage.balance("1010") == "892000.00"


def _meet_conditions(stage: Stage, path: str) -> None:
    """Own money shown by the bank, and the pledge waived by the manager whom the officer asked."""
    fund, view = stage.fund, stage.seen(stage.fund.officer, f"{path}/conditions")
    own = {
        "proof": "bank",
        "supplier": "Baltic Filters",
        "document": "Statement 3",
        "amount": view["own_money"]["missing"],
        "paid_on": PAID_OUT_ON.isoformat(),
    }
    stage.did(fund.officer, f"{path}/own-contributions", own)
    pledge = next(one for one in view["conditions"] if not one["is_counted"])
    waive = f"{path}/conditions/{pledge['condition_id']}/waive"
    early = stage.of(fund.manager).post(waive, {"reason": "A deposit secures it"})
    assert early.status_code == 409
    assert stage.did(fund.officer, waive, {"reason": "A deposit"})["status"] == "waiver_asked"
    assert stage.did(fund.manager, waive, {"reason": "Agreed"})["status"] == "waived"


def _receive(stage: Stage, loan_id: str, instalment: dict[str, Any]) -> Any:
    stage.on(date.fromisoformat(instalment["due_on"]))
    receipt = {
        "amount": instalment["total"],
        "received_on": instalment["due_on"],
        "bank_reference": f"Statement {instalment['number']}",
    }
    return stage.did(stage.fund.officer, f"/loans/{loan_id}/receipts", receipt)


def test_a_case_goes_from_the_proposal_to_the_last_repayment(stage: Stage) -> None:
    loan_id = _signed(stage, _sent(stage))
    _paid_out(stage, loan_id)
    borrower, path = stage.fund.enterprise, f"/loans/{loan_id}"
    rows = stage.seen(borrower, f"{path}/schedule")["lines"]
    assert len(rows) == 28
    assert sum(Decimal(row["principal"]) for row in rows) == Decimal("108000.00")
    first = _receive(stage, loan_id, rows[0])
    assert {part["component"] for part in first["parts"]} == {"interest", "principal"}
    reversal = stage.did(
        stage.fund.officer, f"/ledger/entries/{first['entry_id']}/reverse", {"reason": "Twice"}
    )
    assert reversal["entry_id"] != first["entry_id"]
    assert stage.balance("1210") == "108000.00"
    answers = [_receive(stage, loan_id, row) for row in rows]
    assert [one["is_repaid"] for one in answers] == [False] * 27 + [True]
    assert stage.seen(borrower, path)["status"] == "repaid"
    assert stage.balance("1210") == "0.00"
    told = stage.seen(borrower, f"{path}/statement")
    assert told["lines"][-1]["balance"] == "0.00"
    assert (told["disbursed"], told["principal_paid"]) == ("108000.00", "108000.00")


def test_a_loan_given_up_is_known_on_every_day_as_it_was(stage: Stage) -> None:
    fund, loan_id = stage.fund, _signed(stage, _sent(stage))
    _paid_out(stage, loan_id)
    path, given_up_on = f"/loans/{loan_id}", FIRST_DUE_ON + timedelta(days=200)
    stage.on(given_up_on)
    late = stage.seen(fund.manager, "/portfolio")["loans"][0]
    assert (late["days_past_due"], late["principal"]) == (200, "108000.00")
    asked = stage.did(fund.officer, f"{path}/write-off", {"reason": "The plant stands still"})
    assert asked["entry_id"] is None
    assert stage.balance("1210") == "108000.00"
    confirmed = stage.did(fund.manager, f"{path}/write-off", {})
    assert confirmed["write_off_id"] is None
    assert stage.balance("5020") == "108000.00"
    money = {
        "amount": "12500.00",
        "received_on": given_up_on.isoformat(),
        "bank_reference": "Sale of the pledge",
    }
    stage.did(fund.officer, f"{path}/recoveries", money)
    figures = {one["code"]: one for one in stage.seen(fund.manager, "/fund")["figures"]}
    assert figures["c1"]["value"] == "904500.00"
    assert figures["par-90"]["value"] is None
    before = {"as_of": (given_up_on - timedelta(days=1)).isoformat()}
    then = {one["code"]: one for one in stage.seen(fund.manager, "/fund", **before)["figures"]}
    assert (then["c1"]["value"], then["par-90"]["value"]) == ("1000000.00", 1)
    assert stage.seen(fund.manager, "/portfolio", **before)["loans"][0]["status"] == "repaying"


def test_what_is_returned_refused_cancelled_or_withdrawn_ends_there(stage: Stage) -> None:
    fund, application_id = stage.fund, _sent(stage)
    path = f"/applications/{application_id}"
    proposal_id = stage.seen(fund.enterprise, "/proposals")["proposals"][0]["proposal_id"]
    stage.did(fund.officer, f"{path}/return", {"reason": "Send the invoices"})
    stage.did(fund.enterprise, f"/proposals/{proposal_id}/submit")
    refused = {"reason_code": "funds", "reason": "No money this year"}
    assert stage.did(fund.manager, f"{path}/refuse", refused)["status"] == "refused"
    late = stage.of(fund.officer).post(f"{path}/complete", {})
    assert late.status_code == 409
    second = stage.did(fund.enterprise, "/proposals", {})["proposal_id"]
    taken_back = stage.did(fund.enterprise, f"/proposals/{second}/withdraw", {"reason": "Later"})
    assert taken_back["status"] == "withdrawn"


def test_an_approval_that_is_cancelled_gives_its_money_back(stage: Stage) -> None:
    fund, path = stage.fund, f"/applications/{_sent(stage)}"
    for act in ("complete", "appraise"):
        stage.did(fund.officer, f"{path}/{act}", {"note": "Seen"})
    stage.did(fund.officer, f"{path}/recommend", LOAN)
    stage.did(fund.manager, f"{path}/approve", {})
    cancelled = stage.did(fund.manager, f"{path}/cancel", {"reason": "Paid from own money"})
    assert cancelled["status"] == "cancelled"
    assert fund.available() == 100_000_000


def test_the_books_take_contributions_back_and_close_their_months(stage: Stage) -> None:
    fund = stage.fund
    given = {"source": "Donor Two", "amount": "250000.00", "paid_on": "2026-01-05"}
    entry_id = stage.did(fund.manager, "/fund/contributions", given)["entry_id"]
    assert stage.balance("3002") == "-250000.00"
    undo = f"/ledger/entries/{entry_id}/reverse"
    assert stage.of(fund.officer).post(undo, {"reason": "Wrong donor"}).status_code == 403
    stage.did(fund.manager, undo, {"reason": "Wrong donor"})
    assert stage.balance("3002") == "0.00"
    twice = stage.of(fund.manager).post(undo, {"reason": "Wrong donor"})
    assert twice.status_code == 409
    stage.on(date(2026, 2, 1))
    address = "/ledger/periods/2026-01/close"
    unseen = stage.of(fund.manager).post(address)
    assert (unseen.status_code, "signed off" in unseen.text) == (409, True)
    closed = stage.did(fund.manager, address, {"warnings_seen": True})
    assert (closed["period"], closed["status"]) == ("2026-01", "closed")
    assert "Account 1010" in closed["warnings"][1]
    for month, status in (("2026-02", 409), ("0000-01", 422), ("9999-12", 422)):
        assert stage.of(fund.manager).post(f"/ledger/periods/{month}/close").status_code == status
