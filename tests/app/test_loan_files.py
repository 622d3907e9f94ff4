"""Lists, schedules and statements as files: the same figures as on the pages, safe to open."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from loans.storage.database import Database
from tests.app.visiting import signed_in
from tests.builders import FIRST_DUE_ON, Fund, disbursed_loan, open_fund, receive


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def rows(client: TestClient, address: str) -> list[dict[str, str]]:
    answered = client.get(address)
    assert answered.status_code == 200
    assert answered.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment; filename=" in answered.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answered.text.removeprefix("\ufeff"))))


def test_the_schedule_adds_up_to_the_loan(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    lines = rows(signed_in(fund.database, fund.enterprise), f"/loans/{loan_id}/schedule.csv")
    assert len(lines) == 28
    assert sum(Decimal(line["principal"]) for line in lines) == Decimal("108000.00")
    assert lines[0]["due_on"] == FIRST_DUE_ON.isoformat()


def test_the_statement_of_a_day_is_the_page_s(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, 414_382, on=FIRST_DUE_ON, bank_reference="=1+1")
    officer = signed_in(fund.database, fund.officer)
    lines = rows(officer, f"/loans/{loan_id}/statement.csv?as_of={FIRST_DUE_ON.isoformat()}")
    assert [line["movement"] for line in lines] == ["pay-out", "due", "receipt"]
    assert lines[-1]["balance"] == "104406.54"
    assert lines[-1]["note"] == "'=1+1"
    assert len(rows(officer, f"/loans/{loan_id}/statement.csv?as_of=2026-03-10")) == 1
    assert officer.get(f"/loans/{loan_id}/statement.csv?as_of=2020-01-01").status_code == 422


def test_a_file_names_its_days_and_refuses_those_it_cannot_read(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    officer = signed_in(fund.database, fund.officer)
    day = FIRST_DUE_ON.isoformat()
    for address in ("/loans.csv", f"/loans/{loan_id}/statement.csv"):
        named = officer.get(f"{address}?as_of={day}&known_on=2026-12-01")
        assert f"{day}-known-2026-12-01.csv" in named.headers["content-disposition"], address
        for wrong in ("as_of=31+February+2026", f"as_of={day}&known_on=never"):
            assert officer.get(f"{address}?{wrong}").status_code == 422, (address, wrong)


def test_each_person_takes_away_their_own_loans(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    found = rows(signed_in(fund.database, fund.officer), "/loans.csv")
    assert [line["loan_id"] for line in found] == [loan_id]
    stranger = signed_in(fund.database, fund.other_enterprise)
    assert rows(stranger, "/loans.csv") == []
    for name in ("schedule", "statement"):
        assert stranger.get(f"/loans/{loan_id}/{name}.csv").status_code == 404
