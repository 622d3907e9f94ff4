"""Old loans from a file, as a manager sends them: checked, recorded, and by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.cli import app
from app.imports.template import template
from loans.storage.database import Database, new_id
from loans.tables import Loan
from tests.app.imports.test_old_loan_file import LOAN, PAY_OUT, RECEIPT, workbook
from tests.app.visiting import errors_of, filled_in, signed_in, text_of
from tests.builders import Fund, open_fund


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def good(**changes: object) -> bytes:
    loan = {**LOAN, **changes}
    return workbook(loans=[loan], pay_outs=[PAY_OUT], receipts=[RECEIPT])


def test_a_file_is_sent_by_one_and_recorded_by_another(fund: Fund) -> None:
    manager = signed_in(fund.database, fund.manager)
    officer = signed_in(fund.database, fund.officer)
    sent = officer.post(
        "/imports",
        data={"request_key": new_id()},
        files={"file": ("old.xlsx", good())},
    )
    assert sent.status_code == 303
    address = sent.headers["location"]
    assert "You sent this file." in text_of(officer.get(address).text)
    checked = manager.get(address)
    assert "Every row can be taken over. Nothing is recorded yet." in text_of(checked.text)
    form = filled_in(checked.text, f"{address}/record", {"opening": ""})
    done = manager.post(f"{address}/record", data=form)
    assert done.headers["location"] == f"{address}?done=imported"
    shown = text_of(manager.get(address).text)
    assert "OLD-1" in shown
    assert "Recorded" in shown
    with fund.database.reading() as session:
        loan = session.scalars(select(Loan)).one()
    assert (loan.reference, loan.status) == ("OLD-1", "repaying")
    page = text_of(manager.get(f"/loans/{loan.id}").text)
    assert "Taken over from a file of old loans." in page
    again = manager.post(f"{address}/record", data={**form, "request_key": new_id()})
    assert again.status_code == 422
    assert "was recorded on" in text_of(again.text)


def test_a_form_without_a_file_asks_for_one(fund: Fund) -> None:
    """Browsers send a file without name and content where none was chosen."""
    body = (
        f'--x\r\nContent-Disposition: form-data; name="request_key"\r\n\r\n{new_id()}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n'
    )
    sent = signed_in(fund.database, fund.manager).post(
        "/imports", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert sent.status_code == 422
    assert errors_of(sent.text)["file"].startswith("Choose one workbook, or the three CSV files")


def test_each_row_to_correct_is_shown_and_nothing_can_be_recorded(fund: Fund) -> None:
    manager = signed_in(fund.database, fund.manager)
    sent = manager.post(
        "/imports",
        data={"request_key": new_id()},
        files={"file": ("old.xlsx", good(Principal=-5))},
    )
    page = manager.get(sent.headers["location"]).text
    told = text_of(page)
    assert "loans 2 principal" in told
    assert "Record 1 loan" not in told


def test_what_the_rows_come_to_is_shown_before_anything_is_recorded(fund: Fund) -> None:
    manager = signed_in(fund.database, fund.manager)
    stated = {"Outstanding": 50_000, "Outstanding on": "2024-02-15"}
    sent = manager.post(
        "/imports", data={"request_key": new_id()}, files={"file": ("old.xlsx", good(**stated))}
    )
    told = text_of(manager.get(sent.headers["location"]).text)
    assert "For 1 loan the rows give another principal than the file states." in told
    assert "change the fund's cash by" in told
    nowhere = manager.post(
        "/imports", data={"request_key": new_id()}, files={"file": ("old.xlsx", good(Country="XX"))}
    )
    assert "There is no country XX." in text_of(manager.get(nowhere.headers["location"]).text)


def test_no_file_and_no_workbook_are_named_on_the_page(fund: Fund) -> None:
    manager = signed_in(fund.database, fund.manager)
    nothing = manager.post("/imports", data={"request_key": new_id()})
    assert "Choose one workbook" in errors_of(nothing.text)["file"]
    broken = manager.post(
        "/imports",
        data={"request_key": new_id()},
        files={"file": ("old.xlsx", b"PK\x03\x04broken")},
    )
    assert (broken.status_code, "Save it as XLSX" in text_of(broken.text)) == (422, True)


def test_the_template_is_a_file_that_can_be_taken_over(fund: Fund) -> None:
    manager = signed_in(fund.database, fund.manager)
    content = manager.get("/imports/template.xlsx").content
    sent = manager.post(
        "/imports", data={"request_key": new_id()}, files={"file": ("t.xlsx", content)}
    )
    told = text_of(manager.get(sent.headers["location"]).text)
    assert "Every row can be taken over." in told


def test_borrowers_see_nothing_of_it(fund: Fund) -> None:
    assert signed_in(fund.database, fund.enterprise).get("/imports").status_code == 403
    assert signed_in(fund.database, fund.auditor).get("/imports").status_code == 200


def test_the_command_checks_first_and_compares_afterwards(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_fund(sqlite_database)
    url = sqlite_database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("CLEANLOOP_DATABASE_URL", url)
    file = tmp_path / "old.xlsx"
    file.write_bytes(template())
    sent = ["import-loans", str(file), "--officer", "officer@example.org"]
    asked = [*sent, "--manager", "manager@example.org"]
    checked = CliRunner().invoke(app, sent)
    assert (checked.exit_code, checked.output.strip()) == (0, "1 loans can be taken over.")
    done = CliRunner().invoke(app, asked)
    assert "1 loans are recorded; 1 were compared, 0 differ." in done.output
    file.write_bytes(good(Principal=-5))
    bad = CliRunner().invoke(app, asked)
    assert bad.exit_code == 1
    assert "Nothing is recorded" in bad.output
