from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from loans.books import ledger
from loans.books.ledger_periods import bounds_of, is_closed
from loans.books.tables import period
from loans.chart import CASH
from tests.loans.facilities import ACTOR, Books, open_books


def test_nothing_is_booked_in_a_closed_month_or_before(books: Books) -> None:
    books.pay_in(100, booked_at=datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC))
    books.close("2026-03")
    for month in (1, 3):
        with pytest.raises(ledger.PeriodClosed, match="open month"):
            books.pay_in(100, booked_at=datetime(2026, month, 31, tzinfo=UTC))
    books.pay_in(100, booked_at=datetime(2026, 4, 1, tzinfo=UTC))
    assert books.balances()[CASH] == 200


def test_a_value_date_in_a_closed_month_is_booked_in_an_open_one(books: Books) -> None:
    books.close("2026-03")
    april = datetime(2026, 4, 2, tzinfo=UTC)
    books.pay_in(100, booked_at=april, effective_on=april.date().replace(month=3))
    march_end = april.date().replace(month=3, day=31)
    assert books.balances(as_of=march_end) == {CASH: 100, "3001": -100}
    assert books.balances(as_of=march_end, known_on=march_end) == {}


def test_the_close_keeps_what_it_closed(books: Books) -> None:
    books.pay_in(100, booked_at=datetime(2026, 3, 1, tzinfo=UTC))
    books.pay_in(250, booked_at=datetime(2026, 3, 31, tzinfo=UTC))
    books.pay_in(900, booked_at=datetime(2026, 4, 1, tzinfo=UTC))
    books.close("2026-03")
    with books.database.reading() as session:
        row = session.execute(select(period)).one()
        assert is_closed(session, facility_id=books.facility_id, month="2025-12")
        assert not is_closed(session, facility_id=books.facility_id, month="2026-04")
    assert (row.month, row.entry_count, row.debits_minor) == ("2026-03", 2, 350)
    assert row.closed_by == ACTOR


def test_another_facility_stays_open(books: Books) -> None:
    books.close("2026-03")
    other = open_books(books.database, "other")
    other.pay_in(100)
    assert other.balances()[CASH] == 100


def test_a_month_is_closed_once_and_not_after_a_later_one(books: Books) -> None:
    books.close("2026-12")
    for month in ("2026-12", "2026-11"):
        with pytest.raises(ledger.PeriodClosed, match="closed already"):
            books.close(month)


def test_a_month_that_is_not_over_stays_open(books: Books) -> None:
    with (
        pytest.raises(ledger.PeriodNotOver, match="not over"),
        books.database.writing() as session,
    ):
        ledger.close_period(
            session,
            facility_id=books.facility_id,
            month="2026-12",
            actor_id=ACTOR,
            closed_at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
        )


@pytest.mark.parametrize(
    "month",
    [
        *("2026-13", "2026-00", "26-03", "2026-3", "", "2026-03-01"),
        *("0000-01", "1989-12", "2101-01", "9999-12"),
    ],
)
def test_a_month_is_written_as_year_and_month_of_years_within_reach(month: str) -> None:
    with pytest.raises(ledger.UnknownMonth, match="2026-03, of the years 1990 to 2100"):
        bounds_of(month)


def test_the_first_and_the_last_month_have_bounds() -> None:
    assert bounds_of("1990-01")[0] == datetime(1990, 1, 1, tzinfo=UTC)
    assert bounds_of("2100-12")[1] == datetime(2101, 1, 1, tzinfo=UTC)
