"""Bank statements as tables: columns guessed or stated, and every amount and day exact."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exports.csv_file import csv_text
from app.exports.sheet import Sheet
from app.imports.bank_csv import Columns, ColumnsUnknown, StatedEnd, read_bank_table
from app.imports.bank_file import EndMissing, read_bank_file
from app.imports.grid import FileUnread
from loans.banking.stated import StatedLine, line_keys

END = StatedEnd(100_000)


def read(text: str, columns: Columns | None = None) -> tuple[StatedLine, ...]:
    content = text.encode("utf-8-sig")
    found, _ = read_bank_table(content, "march.csv", "EUR", columns or Columns(), END)
    return found.lines


def test_a_table_with_known_headings_needs_no_mapping() -> None:
    found = read(
        "Date;Amount;Bank reference;Counterparty;Details;Currency\n"
        "04.03.2026;4 143,82;B1;UAB Pavyzdys;Loan L-2026-001;EUR\n"
        "2026-03-09;-12,50;B2;;Account fee;EUR\n"
    )
    assert found == (
        StatedLine(date(2026, 3, 4), 414_382, "B1", "UAB Pavyzdys", "Loan L-2026-001"),
        StatedLine(date(2026, 3, 9), -1_250, "B2", "", "Account fee"),
    )


def test_debit_and_credit_may_stand_in_two_columns() -> None:
    found = read("Date,Debit,Credit\n2026-03-04,,10.00\n2026-03-05,-2.50,\n2026-03-06,3.00,\n")
    assert [line.amount_minor for line in found] == [1_000, -250, -300]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("-2,00;K", "below nothing, and the file calls it money in"),
        ("11,00;Z", "“Z” is no direction in row 2"),
        ("2,00;", "There is no direction in row 2"),
    ],
)
def test_a_direction_that_leaves_open_what_moved_is_refused(row: str, words: str) -> None:
    with pytest.raises(FileUnread, match=words):
        read(f"Date;Amount;D/K\n2026-03-04;{row}\n")


def test_a_negative_credit_is_no_money_in() -> None:
    with pytest.raises(FileUnread, match="below nothing"):
        read("Date;Debit;Credit\n2026-03-04;;-5,00\n")
    (line,) = read("Date;Debit;Credit\n2026-03-04;-5,00;\n")
    assert line.amount_minor == -500


@pytest.mark.parametrize("field", ["direction", "counterparty", "reference", "text", "currency"])
def test_a_column_that_was_named_and_is_not_there_is_refused(field: str) -> None:
    with pytest.raises(ColumnsUnknown, match="no column “nope”"):
        read("Date;Amount\n2026-03-04;1,00\n", Columns.of({field: "Nope"}))


def test_the_direction_may_stand_in_a_column_of_its_own() -> None:
    found = read("Data;Suma;D/K;Paskirtis\n2026-03-04;10,00;K;In\n2026-03-05;2,50;D;Out\n")
    assert [line.amount_minor for line in found] == [1_000, -250]


def test_headings_may_stand_below_words_about_the_account() -> None:
    found = read("Account LT60\nPeriod;March\n\nDate;Amount\n2026-03-04;1,00\n")
    assert [line.amount_minor for line in found] == [100]
    with pytest.raises(FileUnread, match="in row 6 cannot be read"):
        read("Account LT60\nPeriod;March\n\nDate;Amount\n2026-03-04;1,00\n2026-03-05;x\n")


def test_a_stated_mapping_reads_what_could_be_read_in_two_ways() -> None:
    text = "When;How much\n03/04/2026;1,000\n"
    with pytest.raises(ColumnsUnknown, match="It has: when, how_much"):
        read(text)
    with pytest.raises(FileUnread, match="which sign stands for cents"):
        read(text, Columns.of({"day": "When", "amount": "How much"}))
    stated = Columns.of({"day": "When", "amount": "How much", "decimal": ","})
    with pytest.raises(FileUnread, match="in which order days are written"):
        read(text, stated)
    whole = Columns.of({"day": "When", "amount": "How much", "decimal": ".", "day_order": "mdy"})
    assert read(text, whole)[0] == StatedLine(date(2026, 3, 4), 100_000, "", "", "")


def test_a_table_has_the_balance_that_a_person_states() -> None:
    content = b"Date;Amount\n2026-03-04;1,00\n2026-03-09;2,00\n"
    with pytest.raises(EndMissing, match="balance at the end"):
        read_bank_file(content, "march.csv", "EUR", Columns(), None)
    end = StatedEnd(1_000, date(2026, 3, 31))
    (found,) = read_bank_file(content, "march.csv", "EUR", Columns(), end).statements
    assert (found.opening_minor, found.closing_minor) == (700, 1_000)
    assert (found.from_on, found.to_on) == (date(2026, 3, 4), date(2026, 3, 31))
    with pytest.raises(FileUnread, match="The last line is of 9 March 2026"):
        read_bank_file(content, "march.csv", "EUR", Columns(), StatedEnd(1_000, date(2026, 3, 8)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Date;Amount\n", "no line"),
        ("", "no table with a day and an amount"),
        ("Date;Amount;Currency\n2026-03-04;1,00;USD\n", "in USD, the account in EUR"),
        ("Date;Amount\n31.02.2026;1,00\n", "February 2026 has 28 days"),
        ("Date;Amount\n2026-03-04;1,00\n2026-03-05;\n", "amount in row 3 is missing"),
        ("Date;Debit;Credit\n2026-03-04;5,00;6,00\n", "debit and a credit in row 2"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(FileUnread, match=words):
        read(text)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1251", "Завод Ромашка и партнёры"),
        ("cp1257", "UAB Ąžuolų slėnis"),
        ("cp1257", "Müller & Söhne, Tõnis Mägi"),
        ("cp1252", "Ørsted på Ærø"),
        ("utf-8", "UAB Ąžuolų slėnis, Завод Ромашка"),
        ("utf-16", "Завод Ромашка"),
    ],
)
def test_names_are_read_in_the_signs_of_the_bank(encoding: str, name: str) -> None:
    text = f'Date;Amount;Counterparty\n2026-03-04;1,00;"{name}"\n'
    found, _ = read_bank_table(text.encode(encoding), "march.csv", "EUR", Columns(), END)
    assert [line.counterparty for line in found.lines] == [name]


AMOUNTS = st.integers(-(10**9), 10**9).filter(bool)
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@given(st.lists(st.tuples(DAYS, AMOUNTS), min_size=1, max_size=6), st.sampled_from((".", ",")))
def test_any_amount_and_day_come_back_as_they_were_written(
    rows: list[tuple[date, int]], decimal: str
) -> None:
    amounts = [f"{Decimal(minor) / 100:.2f}".replace(".", decimal) for _, minor in rows]
    text = "Date;Amount\n" + "".join(
        f"{day:%d.%m.%Y};{amount}\n" for (day, _), amount in zip(rows, amounts, strict=True)
    )
    found = read(text, Columns.of({"decimal": decimal}))
    assert [(line.booked_on, line.amount_minor) for line in found] == rows


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 2), st.sampled_from("AB"))))
def test_lines_that_are_alike_have_keys_of_their_own(
    rows: list[tuple[int, int, str]],
) -> None:
    lines = [
        StatedLine(date(2026, 3, 1) + timedelta(days=days), minor, reference, "", "")
        for days, minor, reference in rows
    ]
    keys = line_keys(lines)
    assert len(set(keys)) == len(lines)
    assert line_keys(lines[:2]) == keys[:2]


def test_formulas_of_a_bank_leave_as_text() -> None:
    (line,) = read('Date;Amount;Counterparty\n2026-03-04;1,00;"=HYPERLINK(""http://x"")"\n')
    assert line.counterparty.startswith("=")
    sheet = Sheet("bank_line", ("counterparty",), [(line.counterparty,)])
    rows = list(csv.reader(io.StringIO("".join(csv_text(sheet)))))
    assert rows[1][0].startswith("'=")
