from datetime import UTC, date, datetime
from typing import Any

import pytest

from loans.books import ledger
from loans.books.ledger_entries import EntryPage
from loans.books.ledger_lines import account_lines
from loans.chart import CASH, LOANS
from tests.loans.facilities import DONOR, Books, open_books


def test_the_journal_is_read_page_by_page_newest_first(books: Books) -> None:
    booked = [books.pay_in(100 + number) for number in range(5)]
    open_books(books.database, "other").pay_in(7)
    seen: list[str] = []
    before = None
    with books.database.reading() as session:
        while True:
            page = ledger.entries(session, facility_id=books.facility_id, before=before, limit=2)
            seen += [entry.entry_id for entry in page.entries]
            assert len(page.entries) <= 2
            if page.before is None:
                break
            before = page.before
    assert seen == booked[::-1]


def test_the_journal_can_be_narrowed(books: Books) -> None:
    contribution = books.pay_in(1_000, event="contribution")
    loan = books.pay_out(300, event="disbursement", loan_id="a")
    here: dict[str, Any] = {"facility_id": books.facility_id}
    with books.database.reading() as session:

        def ids(page: EntryPage) -> list[str]:
            return [entry.entry_id for entry in page.entries]

        assert ids(ledger.entries(session, **here, account=CASH)) == [loan, contribution]
        assert ids(ledger.entries(session, **here, account=LOANS)) == [loan]
        assert ids(ledger.entries(session, **here, loan_id="a")) == [loan]
        assert ids(ledger.entries(session, **here, account=DONOR, loan_id="a")) == []
        assert ids(ledger.entries(session, **here, event="contribution")) == [contribution]
        with pytest.raises(ledger.UnknownAccount):
            ledger.entries(session, **here, account="77")
        with pytest.raises(ledger.NoSuchEntry):
            ledger.entry(session, **here, entry_id="none")


LATE = date(2026, 3, 20)
DATES: tuple[dict[str, Any], ...] = (
    {},
    {"as_of": date(2026, 3, 10)},
    {"known_on": date(2026, 3, 10)},
    {"as_of": LATE, "known_on": LATE},
)


def test_the_rows_behind_a_balance_sum_to_it(books: Books) -> None:
    books.pay_in(1_000)
    books.pay_out(300, loan_id="a", effective_on=LATE)
    books.pay_in(50, effective_on=date(2026, 1, 1), booked_at=datetime(2026, 4, 1, tzinfo=UTC))
    here: dict[str, Any] = {"facility_id": books.facility_id, "account": CASH}
    with books.database.reading() as session:
        for dates in DATES:
            lines = account_lines(session, **here, **dates)
            total = ledger.balance(session, **here, **dates)
            assert sum(line.amount_minor for line in lines) == total
            assert [line.effective_on for line in lines] == sorted(
                line.effective_on for line in lines
            )
        on_loan = account_lines(session, **here, loan_id="a")
    assert [(line.amount_minor, line.loan_id, line.event) for line in on_loan] == [
        (-300, "a", "test")
    ]
