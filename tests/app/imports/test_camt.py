"""Statements in camt.053: read exactly, of every version, and refused in a sentence."""

from __future__ import annotations

import re
from datetime import date

import pytest

from app.imports.bank_csv import Columns
from app.imports.bank_file import read_bank_file
from app.imports.camt import WrongCurrency, read_camt
from app.imports.grid import FileUnread
from loans.banking.stated import BalancesDiffer, StatedLine
from tests.app.imports.statements import IBAN, Movement, camt

MOVEMENTS = (
    Movement("2026-03-04", "4143.82", "B1", "UAB Pavyzdys", "Loan L-2026-001"),
    Movement("2026-03-09", "-12.50", "B2", "", "Account fee"),
    Movement("2026-03-31", "99.00", "B3", "Pending Payer", "Not yet", status="PDNG"),
)


@pytest.mark.parametrize("version", range(2, 9))
def test_every_version_says_the_same(version: int) -> None:
    (found,) = read_camt(camt(MOVEMENTS, version=version), "EUR")
    assert found.lines == (
        StatedLine(date(2026, 3, 4), 414_382, "B1", "UAB Pavyzdys", "Loan L-2026-001"),
        StatedLine(date(2026, 3, 9), -1_250, "B2", "", "Account fee"),
    )
    assert (found.opening_minor, found.closing_minor) == (100_000, 513_132)
    assert (found.from_on, found.to_on) == (date(2026, 3, 1), date(2026, 3, 31))
    assert found.holder == IBAN


def test_the_balance_of_the_day_before_opens_the_next_day() -> None:
    content = camt(MOVEMENTS, days=("2026-02-28", "2026-03-31")).replace(b"OPBD", b"PRCD")
    (found,) = read_camt(content, "EUR")
    assert found.from_on == date(2026, 3, 1)


def test_a_statement_that_lost_an_entry_is_refused_with_the_difference() -> None:
    content = camt(MOVEMENTS, closing="5000.00")
    with pytest.raises(BalancesDiffer, match="\N{MINUS SIGN}131\\.32"):
        read_bank_file(content, "march.xml", "EUR", Columns(), None)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Document>&c;</Document>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    b"<Document>&x;</Document>"
)


@pytest.mark.parametrize("content", [BOMB, OUTSIDE])
def test_entities_are_never_read(content: bytes) -> None:
    with pytest.raises(FileUnread, match="declares entities or a document type"):
        read_camt(content, "EUR")


def test_fifty_megabytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(FileUnread, match="too large"):
        read_bank_file(b"<" + b" " * 50_000_000, "big.xml", "EUR", Columns(), None)


CLOSED = re.findall(rb"<Bal>.*?</Bal>", camt(MOVEMENTS))[1]
OTHER = re.sub(rb">[0-9.]+</Amt>", b">1.00</Amt>", CLOSED)


def test_a_closing_balance_stated_twice_alike_is_one() -> None:
    twice = camt(MOVEMENTS).replace(CLOSED, CLOSED + CLOSED)
    assert read_camt(twice, "EUR") == read_camt(camt(MOVEMENTS), "EUR")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<Document", "not complete XML"),
        (b"<a/>", "no camt.053"),
        (camt(MOVEMENTS).replace(b"camt.053.001.02", b"camt.053.001.09"), "versions 02 to 08"),
        (camt(MOVEMENTS).replace(b"CLBD", b"ITBD"), "balance CLBD"),
        (camt(MOVEMENTS).replace(b"<Stmt>", b"<Other>").replace(b"</Stmt>", b"</Other>"), "Stmt"),
        (camt(MOVEMENTS).replace(b"4143.82", b"NaN"), "no number"),
        (camt(MOVEMENTS).replace(b"4143.82", b"4143.825"), "cannot be used"),
        (camt(MOVEMENTS).replace(b"CRDT", b"BOTH"), "its direction"),
        (camt(MOVEMENTS).replace(b">4143.82", b">-4143.82"), "direction stands in CdtDbtInd"),
        (camt(MOVEMENTS).replace(CLOSED, CLOSED + OTHER), "two balances CLBD"),
        (camt(MOVEMENTS).replace(b"2026-03-04", b"4 March"), "no day"),
    ],
)
def test_what_is_no_statement_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(FileUnread, match=words):
        read_bank_file(content, "march.xml", "EUR", Columns(), None)


def test_another_currency_is_refused() -> None:
    with pytest.raises(WrongCurrency, match="in USD, the account in EUR"):
        read_camt(camt((), currency="USD"), "EUR")
    mixed = (Movement("2026-03-04", "1.00", currency="SEK"),)
    with pytest.raises(WrongCurrency, match="in SEK"):
        read_camt(camt(mixed), "EUR")


def test_words_of_strangers_are_kept_on_one_line_and_short() -> None:
    text = "a\u202egnp\tb\n" + "x" * 900
    (found,) = read_camt(camt((Movement("2026-03-04", "1.00", "R" * 300, text=text),)), "EUR")
    line = found.lines[0]
    assert line.text.startswith("a gnp b x")
    assert (len(line.text), len(line.bank_reference)) == (500, 120)
