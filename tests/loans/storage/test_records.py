"""Every record as the export has it: amounts in major units of the currency they are kept in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from loans import fund
from loans.banking import line_bookings
from loans.banking.stated import StatedLine
from loans.books.ledger_periods import bounds_of, totals_between
from loans.storage.database import Database, new_id
from loans.storage.records import record_tables, records
from tests.builders import OPENED_ON, Fund, open_fund
from tests.funds import CAPITAL_MINOR
from tests.loans.banking.banks import TODAY, foreign_account, line_id_of, stated, take_in

YEN = "1011"
FEE = StatedLine(date(2026, 4, 9), -250, "Y1", "", "Account fee")
GIVEN = StatedLine(OPENED_ON, 90_000, "Y0", "Donor One", "Contribution")


@pytest.fixture
def yen(database: Database) -> Fund:
    """A fund with 90,000 yen at a bank, less a fee of 250 that was booked from its line."""
    opened = open_fund(database)
    assert foreign_account(opened, "JPY", 90_000) == YEN
    take_in(opened, stated(GIVEN, FEE, holder="JPY-1"), account=YEN)
    with opened.act(TODAY) as (session, moment):
        line_id = line_id_of(opened, "Y1", YEN)
        line_bookings.book_charge(
            session, opened.manager, moment, line_id, purpose="Fee", key=new_id()
        )
    return opened


@pytest.mark.parametrize(
    ("table", "column", "amounts"),
    [
        ("posting", "amount", {90_000, -90_000, 250, -250}),
        ("account_balance", "credits", {90_000, 250}),
        ("account_balance_day", "delta", {90_000, -90_000, 250, -250}),
        ("bank_line", "amount", {90_000, -250}),
        ("bank_match", "amount", {-250}),
        ("bank_statement", "closing", {89_750}),
    ],
)
def test_yen_have_no_hundredths(yen: Fund, table: str, column: str, amounts: set[int]) -> None:
    with yen.database.reading() as session:
        facility = fund.the_facility(session)
        (shown,) = [one for one in record_tables(session) if one.name == table]
        place = shown.columns.index(column)
        found = {row[place] for row in records(session, facility, table)}
    euro = Decimal(CAPITAL_MINOR) / 100
    assert found - {euro, -euro, 0} == {Decimal(amount) for amount in amounts}


def test_the_debits_of_a_month_are_those_in_the_fund_s_currency(yen: Fund) -> None:
    with yen.database.reading() as session:
        start, end = bounds_of(f"{OPENED_ON:%Y-%m}")
        totals = totals_between(session, yen.facility_id, start, end)
    assert totals == {"entry_count": 2, "debits_minor": CAPITAL_MINOR}
