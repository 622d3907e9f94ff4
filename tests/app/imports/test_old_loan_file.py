"""Reading a file of old loans: every row, and in words what is wrong in which column."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.imports.grid import LARGEST_FILE_BYTES, FileUnread, heading, read_file
from app.imports.old_loan_file import OldLoanFile, read_old_loans

LOAN: dict[str, object] = {
    "Reference": "OLD-1",
    "Borrower": "Upės malūnas UAB",
    "Registration number": "302 111",
    "Country": "LT",
    "Ownership": "local_private",
    "Sector": "Food",
    "Project": "Heat recovery",
    "Principal": 90000.0,
    "Annual rate": 6,
    "Method": "level",
    "Day count": "ACT/365F",
    "Signed on": datetime(2024, 1, 10),  # noqa: DTZ001 - a workbook's day
    "First due on": date(2024, 2, 15),
    "Instalments": 24,
}
PAY_OUT: dict[str, object] = {"Loan": "OLD-1", "Paid on": "15 January 2024", "Amount": "90 000,00"}
RECEIPT: dict[str, object] = {
    "Loan": "OLD-1",
    "Received on": "2024-02-15",
    "Amount": 3988.85,
    "Bank reference": "B-1",
}


def workbook(**tables: list[dict[str, object]]) -> bytes:
    book = Workbook()
    for name, rows in tables.items():
        tab = book.create_sheet(name.replace("_", "-"))
        tab.append(list(rows[0]))
        for row in rows:
            tab.append([row.get(column) for column in rows[0]])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(
    loan: dict[str, object] | None = None,
    pay_out: dict[str, object] | None = None,
    receipt: dict[str, object] | None = None,
) -> OldLoanFile:
    content = workbook(
        loans=[{**LOAN, **(loan or {})}],
        pay_outs=[{**PAY_OUT, **(pay_out or {})}],
        receipts=[{**RECEIPT, **(receipt or {})}],
    )
    return read_old_loans([("old.xlsx", content)], "EUR")


def problems(found: OldLoanFile) -> dict[tuple[str, int, str], str]:
    return {
        (row.table, row.number, column): message
        for row in found.report
        for column, message in row.problems
    }


def test_a_late_interest_margin_is_a_percentage_that_may_be_absent() -> None:
    assert read().loans[0].row.late_interest_margin is None
    stated = read({"Late interest margin": "1.5"})
    assert stated.loans[0].row.late_interest_margin == Decimal("0.015")
    assert ("loans", 2, "late_interest_margin") in problems(read({"Late interest margin": "-1"}))


def test_a_good_file_gives_its_loans_and_movements() -> None:
    found = read()
    assert found.is_good
    assert found.loans[0].row.principal == Decimal(90000)
    assert found.loans[0].row.annual_rate == Decimal("0.06")
    assert found.loans[0].row.signed_on == date(2024, 1, 10)
    assert found.pay_outs[0].row.amount == Decimal(90000)
    assert found.receipts[0].row.amount == Decimal("3988.85")


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("loans", "Principal", -5, "Enter more than EUR 0.00"),
        ("loans", "Annual rate", 170, "too large"),
        ("loans", "Country", "Lithuania", "two capital letters"),
        ("loans", "Method", "balloon", "from the list"),
        ("loans", "Signed on", "31.2.2024", "has 29 days"),
        ("loans", "Borrower", "", "Enter the full name"),
        ("loans", "Instalments", "2.5", "no decimals"),
        ("pay_outs", "Amount", "1,000", "can be read as"),
        ("pay_outs", "Loan", "OLD-9", "No loan of the file"),
        ("receipts", "Amount", 0, "too small"),
        ("receipts", "Amount", "12 USD", "in EUR"),
    ],
)
def test_each_wrong_cell_is_named(table: str, column: str, value: object, words: str) -> None:
    changes = {"loans": "loan", "pay_outs": "pay_out", "receipts": "receipt"}
    found = read(**{changes[table]: {column: value}})
    message = problems(found)[table, 2, heading(column)]
    assert words in message
    assert str(value) not in message or value in (0, "")


def test_the_same_reference_twice_is_named_in_both_rows() -> None:
    content = workbook(loans=[LOAN, LOAN], pay_outs=[PAY_OUT], receipts=[RECEIPT])
    found = read_old_loans([("old.xlsx", content)], "EUR")
    assert [key[:2] for key in problems(found)] == [("loans", 2), ("loans", 3)]


def test_three_csv_files_serve_as_well_as_one_workbook() -> None:
    def csv(row: dict[str, object]) -> bytes:
        cells = [
            value.date().isoformat() if isinstance(value, datetime) else str(value)
            for value in row.values()
        ]
        return (";".join(row) + "\r\n" + ";".join(cells) + "\r\n").encode("cp1251", "replace")

    found = read_old_loans(
        [
            ("Loans.csv", csv(LOAN)),
            ("pay-outs.csv", csv(PAY_OUT)),
            ("receipts.csv", csv(RECEIPT)),
        ],
        "EUR",
    )
    assert found.is_good, problems(found)


def test_a_missing_table_or_column_is_named() -> None:
    with pytest.raises(FileUnread, match="no table named receipts"):
        read_old_loans([("o.xlsx", workbook(loans=[LOAN], pay_outs=[PAY_OUT]))], "EUR")
    less = {name: value for name, value in LOAN.items() if name != "Principal"}
    with pytest.raises(FileUnread, match="no column “principal”"):
        read_old_loans(
            [("o.xlsx", workbook(loans=[less], pay_outs=[PAY_OUT], receipts=[RECEIPT]))], "EUR"
        )


def test_files_that_are_no_tables_are_refused_in_words() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 101_000_000)
    for content in (b"PK\x03\x04broken", bomb.getvalue(), b"\x00\x01\x02", b"x" * 5_000_001):
        with pytest.raises(FileUnread):
            read_file(content, "file")
    assert len(bomb.getvalue()) < LARGEST_FILE_BYTES


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        grids = read_file(content, "any.csv")
    except FileUnread as refusal:
        assert refusal.field == "file"  # noqa: PT017 - either is right
    else:
        assert len(grids) == 1


def test_a_formula_without_its_value_is_no_blank() -> None:
    with pytest.raises(FileUnread, match="Row 2 of “loans” has a formula without its value"):
        read({"Outstanding": "=SUM(A1:A9)"})


def test_a_file_without_a_loan_is_refused() -> None:
    book = Workbook()
    for name, row in (("loans", LOAN), ("pay-outs", PAY_OUT), ("receipts", RECEIPT)):
        book.create_sheet(name).append(list(row))
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(FileUnread, match="The table loans has no row"):
        read_old_loans([("old.xlsx", file.getvalue())], "EUR")
