"""Tables to take away: texts that no spreadsheet runs, and every record that there is."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.exports.csv_file import csv_text
from app.exports.sheet import Sheet, file_name, harmless
from app.exports.workbook import write_workbook
from loans.books.tables import posting
from loans.storage.database import Base, Database
from tests.app.visiting import signed_in, text_of
from tests.builders import Fund, disbursed_loan, open_fund

AT = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_run_is_marked(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_text_comes_back_from_csv_as_it_was_but_for_the_mark(text: str) -> None:
    written = "".join(csv_text(Sheet("t", ("a",), [(text,), ("end",)])))
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert rows[1:] == [[harmless(text)] if text else [""], ["end"]]


def test_csv_has_iso_days_and_plain_numbers() -> None:
    sheet = Sheet("t", ("a", "b"), [(Decimal("1234567.50"), date(2026, 1, 31)), (None, True)])
    assert "".join(csv_text(sheet)) == "\ufeffa,b\r\n1234567.50,2026-01-31\r\n,yes\r\n"


def test_a_long_csv_comes_in_pieces() -> None:
    pieces = list(csv_text(Sheet("t", ("n",), [(number,) for number in range(1200)])))
    assert len(pieces) == 4
    assert "".join(pieces).splitlines()[-1] == "1199"


def test_a_workbook_holds_no_formula() -> None:
    file = io.BytesIO()
    rows = [(text, Decimal("2.50"), 7, AT, date(2026, 1, 31)) for text in HOSTILE]
    write_workbook([Sheet("hostile", ("a", "b", "c", "d", "e"), rows)], file)
    cells = list(openpyxl.load_workbook(file)["hostile"].iter_rows(min_row=2))
    assert {row[0].data_type for row in cells} == {"s"}
    assert [float(row[1].value) for row in cells] == [2.5] * len(HOSTILE)
    assert cells[0][3].value == "2026-01-31T12:30:00+00:00"
    assert cells[0][4].value == datetime(2026, 1, 31)  # noqa: DTZ001 - a workbook's day


def test_characters_that_a_workbook_cannot_hold_are_left_out() -> None:
    file = io.BytesIO()
    write_workbook([Sheet("t", ("a",), [("a\x00b",)])], file)
    assert openpyxl.load_workbook(file)["t"]["A2"].value == "ab"


def test_file_names_are_plain() -> None:
    assert (
        file_name("Baltic Fund / 1", "=records", "2026-01-31") == "baltic-fund-1-records-2026-01-31"
    )


@pytest.fixture
def fund(database: Database) -> Fund:
    opened = open_fund(database)
    disbursed_loan(opened)
    return opened


@pytest.fixture
def auditor(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.auditor)


def _archive(client: TestClient) -> dict[str, list[list[str]]]:
    answer = client.get("/exports/records.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {
            name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
            for name in archive.namelist()
        }


def test_the_archive_holds_every_table_but_what_would_let_somebody_in(auditor: TestClient) -> None:
    files = _archive(auditor)
    kept = {name.removesuffix(".csv") for name in files} - {"contents"}
    assert set(Base.metadata.tables) - kept == {"sign_in", "sign_in_attempt", "request_key"}
    assert not any("hash" in head for head in files["app_user.csv"][0])
    listed = {row[0]: int(row[1]) for row in files["contents.csv"][1:]}
    assert listed == {name: len(rows) - 1 for name, rows in files.items() if name != "contents.csv"}


def test_the_postings_taken_away_are_those_of_the_books(fund: Fund, auditor: TestClient) -> None:
    head, *rows = _archive(auditor)["posting.csv"]
    place = head.index("amount")
    with fund.database.reading() as session:
        count, debits = session.execute(
            select(func.count(), func.sum(func.abs(posting.c.amount_minor)))
        ).one()
    assert len(rows) == count
    assert sum(abs(Decimal(row[place])) for row in rows) == Decimal(int(debits)) / 100
    assert sum(Decimal(row[place]) for row in rows) == 0


def test_one_table_and_the_workbook(auditor: TestClient) -> None:
    one = auditor.get("/exports/records/loan.csv")
    assert "attachment" in one.headers["content-disposition"]
    assert len(one.text.splitlines()) == 2
    book = openpyxl.load_workbook(io.BytesIO(auditor.get("/exports/records.xlsx").content))
    assert book["loan"].max_row == 2
    assert auditor.get("/exports/records/sign_in.csv").status_code == 404
    assert auditor.get("/exports/records.doc").status_code in {404, 422}
    assert "All tables as one workbook" in text_of(auditor.get("/exports").text)


def test_an_officer_takes_nothing_away(fund: Fund) -> None:
    officer = signed_in(fund.database, fund.officer)
    assert officer.get("/exports/records.zip").status_code == 403
