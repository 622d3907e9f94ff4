"""The books over a period as pages, files and JSON, and two trial balances side by side."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from app import clock
from loans.storage.database import Database
from tests.app.api.programs import program_of
from tests.app.visiting import errors_of, signed_in, text_of
from tests.builders import FIRST_DUE_ON, PAY_OUT_ON, Fund, disbursed_loan, open_fund, receive

PAGES = ("/ledger/general", "/ledger/roll-forward")
BEFORE = PAY_OUT_ON - timedelta(days=1)


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    made = open_fund(sqlite_database)
    receive(made, disbursed_loan(made), 414_382, on=FIRST_DUE_ON, bank_reference="=1+1")
    return made


@pytest.fixture
def auditor(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.auditor)


def rows(client: TestClient, address: str) -> list[dict[str, str]]:
    answered = client.get(address)
    assert answered.status_code == 200
    assert answered.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment; filename=" in answered.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answered.text.removeprefix("\ufeff"))))


def period(**more: str) -> str:
    asked = {"from_on": PAY_OUT_ON.isoformat(), "to_on": FIRST_DUE_ON.isoformat(), **more}
    return "&".join(f"{name}={value}" for name, value in asked.items())


def test_the_general_ledger_shows_one_account_or_all(auditor: TestClient) -> None:
    every = text_of(auditor.get(f"/ledger/general?{period()}").text)
    assert "1210 Loans to borrowers" in every
    assert "Opening balance 1,000,000.00" in every
    one = auditor.get(f"/ledger/general?{period(account='1010')}").text
    assert "1210 Loans to borrowers Value date" not in text_of(one)
    assert '<option value="1010" selected' in one
    assert "Closing balance 4,143.82 108,000.00 896,143.82" in text_of(one)
    assert auditor.get(f"/ledger/general?{period(account='7777')}").status_code == 404


def test_the_roll_forward_agrees_with_its_account(auditor: TestClient) -> None:
    read = text_of(auditor.get(f"/ledger/roll-forward?{period()}").text)
    assert "The records of the loans and account 1210 say the same" in read
    assert "Disbursed 108,000.00" in read
    assert "Closing 104,406.54 104,406.54 0.00" in read


@pytest.mark.parametrize("address", PAGES)
def test_days_that_no_period_has_are_said_at_their_field(auditor: TestClient, address: str) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for asked, field in (
        ({"from_on": "2026-03-02", "to_on": "2026-03-01"}, "to_on"),
        ({"to_on": tomorrow}, "to_on"),
        ({"from_on": tomorrow, "to_on": ""}, "from_on"),
        ({"from_on": "2026-02-31"}, "from_on"),
    ):
        page = auditor.get(address, params=asked)
        assert page.status_code == 422
        assert field in errors_of(page.text)
    assert auditor.get(address, params={"from_on": "2024-01-01", "to_on": "2024-01-31"}).is_success


def test_the_files_hold_what_the_pages_show(auditor: TestClient) -> None:
    cash = rows(auditor, f"/ledger/general.csv?{period(account='1010')}")
    assert [row["row"] for row in cash] == ["opening", "line", "line", "closing"]
    assert [row["balance"] for row in cash[-2:]] == ["896143.82", "896143.82"]
    assert all(row["number"].isdigit() for row in cash[1:3])
    loan, total = rows(auditor, f"/ledger/roll-forward.csv?{period()}")
    assert (loan["loan"], total["loan"]) == ("L-2026-001", "All loans")
    assert loan["disbursed"] == total["disbursed"] == "108000.00"
    assert Decimal(total["difference at the closing"]) == 0


def test_two_trial_balances_stand_side_by_side(auditor: TestClient) -> None:
    asked = f"as_of={FIRST_DUE_ON}&compare_on={BEFORE}"
    page = auditor.get(f"/ledger?{asked}").text
    read = text_of(page)
    assert f"Debit on {FIRST_DUE_ON.day} April 2026" in read
    assert "1010 Cash at bank Asset 896,143.82 1,000,000.00" in read
    assert read.count("Debits equal credits") == 2
    found = rows(auditor, f"/ledger/trial-balance.csv?{asked}")
    (cash,) = (row for row in found if row["account"] == "1010")
    assert cash[f"debit on {FIRST_DUE_ON}"] == "896143.82"
    assert cash[f"debit on {BEFORE}"] == "1000000.00"
    for day in (FIRST_DUE_ON, BEFORE):
        debits, credits_ = (
            sum(Decimal(row[f"{side} on {day}"]) for row in found) for side in ("debit", "credit")
        )
        assert debits == credits_ > 0
    known = rows(auditor, f"/ledger/trial-balance.csv?{asked}&known_on={BEFORE}")
    (cash,) = (row for row in known if row["account"] == "1010")
    assert cash[f"debit on {FIRST_DUE_ON}"] == cash[f"debit on {BEFORE}"] == "1000000.00"


def test_a_day_to_compare_with_that_has_not_come_is_said(auditor: TestClient) -> None:
    page = auditor.get("/ledger", params={"compare_on": "2099-01-01"})
    assert "Enter a day up to today" in errors_of(page.text)["compare_on"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("trial-balance.csv?as_of=abc", "January 2026"),
        ("trial-balance.csv?as_of=2099-01-01", "Enter a day up to today"),
        ("trial-balance.csv?as_of=2026-01-31&known_on=junk", "Enter the "),
        ("general.csv?from_on=x", "the first day of the period"),
        ("roll-forward.csv?from_on=zz", "the first day of the period"),
    ],
)
def test_a_file_of_another_day_than_asked_for_is_not_given(
    auditor: TestClient, file: str, words: str
) -> None:
    answer = auditor.get(f"/ledger/{file}")
    assert answer.status_code == 422
    assert words in text_of(answer.text)


def test_programs_read_the_same(fund: Fund) -> None:
    auditor = program_of(fund.database, fund.auditor)
    asked = {"from_on": PAY_OUT_ON.isoformat(), "to_on": FIRST_DUE_ON.isoformat()}
    ledger = auditor.get("/ledger/general", **asked, account="1010").json()
    (cash,) = ledger["accounts"]
    assert (cash["opening"], cash["closing"]) == ("1000000.00", "896143.82")
    assert [one["debit"] for one in cash["lines"]] == ["0.00", "4143.82"]
    rolled = auditor.get("/ledger/roll-forward", **asked).json()
    assert rolled["total"]["closing"] == rolled["total"]["booked_closing"] == "104406.54"
    assert [one["reference"] for one in rolled["loans"]] == ["L-2026-001"]
    misordered = {"from_on": "2026-03-02", "to_on": "2026-03-01"}
    for path in ("general", "roll-forward"):
        assert auditor.get(f"/ledger/{path}", **misordered).status_code == 422
    assert auditor.get("/ledger/general", account="7777").status_code == 404
