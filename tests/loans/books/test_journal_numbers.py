"""Entries are numbered from 1 without a gap, facility by facility, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from loans.books import ledger
from loans.books.ledger_check import check_ledger
from loans.books.ledger_lines import account_lines
from loans.chart import CASH, LOANS
from loans.ledger_legs import credit, debit
from tests.loans.facilities import DONOR, MORNING, Books, open_books


def _number(books: Books, entry_id: str) -> int | None:
    with books.database.reading() as session:
        return ledger.entry(session, facility_id=books.facility_id, entry_id=entry_id).number


def _post_and_fail(books: Books) -> None:
    with books.database.writing() as session:
        books.post(session, (debit(CASH, 5), credit(DONOR, 5)))
        raise ZeroDivisionError


def test_entries_are_numbered_in_their_order_for_each_facility(books: Books) -> None:
    other = open_books(books.database, "other")
    first = books.pay_in(100)
    elsewhere = other.pay_in(100)
    second = books.reverse(first)
    assert [_number(books, first), _number(other, elsewhere), _number(books, second)] == [1, 1, 2]


def test_several_entries_of_one_transaction_get_consecutive_numbers(books: Books) -> None:
    with books.database.writing() as session:
        legs = (debit(CASH, 5), credit(DONOR, 5))
        ids = [books.post(session, legs) for _ in range(3)]
    assert [_number(books, one) for one in ids] == [1, 2, 3]


def test_a_refused_or_undone_posting_leaves_no_gap(books: Books) -> None:
    books.pay_in(100)
    with pytest.raises(ledger.Overdrawn):
        books.pay_out(500)
    with pytest.raises(ZeroDivisionError):
        _post_and_fail(books)
    with books.database.writing() as session:
        with pytest.raises(ledger.Overdrawn):
            books.post(session, (debit(LOANS, 500), credit(CASH, 500)))
        books.post(session, (debit(LOANS, 50), credit(CASH, 50)))
    assert books.numbers() == [1, 2]


def test_the_journal_and_the_account_know_the_number(books: Books) -> None:
    for _ in range(3):
        books.pay_in(100)
    with books.database.reading() as session:
        here = books.facility_id
        found = ledger.entries(session, facility_id=here, number=2)
        assert [one.number for one in found.entries] == [2]
        assert ledger.count_entries(session, facility_id=here, number=9) == 0
        lines = account_lines(session, facility_id=here, account=CASH)
        assert sorted(line.number or 0 for line in lines) == [1, 2, 3]
        assert check_ledger(session).ok


def test_a_refusal_names_the_month_that_is_closed(books: Books) -> None:
    books.pay_in(100)
    books.close("2026-03")
    with pytest.raises(ledger.PeriodClosed, match=r"up to March 2026\. Book it in an open month"):
        books.pay_in(100)
    with pytest.raises(ledger.PeriodClosed, match="closed up to March 2026"):
        books.reserve(100)
    april = MORNING.replace(month=4)
    books.pay_in(100, booked_at=april, effective_on=date(2026, 3, 9))
    hold_id = books.reserve(100, reserved_at=april)
    with pytest.raises(ledger.PeriodClosed, match="closed up to March 2026"):
        books.release(hold_id)
