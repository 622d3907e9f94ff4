"""An account at a bank in another currency than the fund's: explained to the last line as well."""

from __future__ import annotations

from datetime import date

import pytest

from loans import fund, own_money
from loans.banking import line_bookings, matching
from loans.banking.signed_months import sign_month
from loans.banking.stated import StatedLine
from loans.banking.views import reconciliation_of
from loans.books import ledger
from loans.books.books_check import check_books
from loans.chart import ADMINISTRATION, BANK_INTEREST
from loans.figures.fund_figures import fund_figures
from loans.servicing.reversals import reverse_entry
from loans.storage.database import Database, new_id
from tests.builders import OPENED_ON, Fund, open_fund
from tests.loans.banking.banks import TODAY, bank_of, foreign_account, line_id_of, stated, take_in

DOLLARS = "1011"
END = date(2026, 5, 31)
GIVEN = StatedLine(OPENED_ON, 700_000, "D0", "Donor One", "Contribution")
FEE = StatedLine(date(2026, 4, 9), -1_250, "D1", "", "Account fee")
INTEREST = StatedLine(date(2026, 4, 30), 375, "D2", "", "Credit interest")


@pytest.fixture
def dollars(database: Database) -> Fund:
    """A fund with 7,000 dollars at a bank, whose statement has a fee and interest too."""
    opened = open_fund(database)
    assert foreign_account(opened, "USD", 700_000) == DOLLARS
    take_in(opened, stated(GIVEN, FEE, INTEREST, to_on=END, holder="USD-1"), account=DOLLARS)
    return opened


def book(dollars: Fund) -> tuple[str, str]:
    """Book the fee and the interest from their lines."""
    with dollars.act(TODAY) as (session, moment):
        fee, interest = (line_id_of(dollars, one, DOLLARS) for one in ("D1", "D2"))
        return (
            line_bookings.book_charge(
                session, dollars.manager, moment, fee, purpose="Fee of April", key=new_id()
            ),
            line_bookings.book_interest(
                session, dollars.manager, moment, interest, purpose="April", key=new_id()
            ),
        )


def test_its_fees_and_interest_are_booked_from_their_lines_in_its_currency(dollars: Fund) -> None:
    book(dollars)
    with dollars.act(TODAY) as (session, moment):
        line_id = line_id_of(dollars, "D0", DOLLARS)
        (line,) = [one for one in bank_of(dollars, account=DOLLARS).lines if one.line_id == line_id]
        assert line.proposal is not None
        entry_id = line.proposal.entries[0].entry_id
        matching.match_line(session, dollars.officer, moment, line_id, entry_ids=[entry_id])
    balances = dollars.trial_balance()
    assert (balances[DOLLARS], balances["5010-USD"], balances["4040-USD"]) == (699_125, 1_250, -375)
    assert ADMINISTRATION not in balances
    assert BANK_INTEREST not in balances
    with dollars.act(TODAY) as (session, moment):
        _, found = reconciliation_of(session, DOLLARS, END)
        assert found is not None
        assert (found.difference_minor, found.is_explained) == (0, True)
        sign_month(session, dollars.manager, moment, DOLLARS, month="2026-04")
        assert check_books(session).is_sound


def test_they_are_no_part_of_the_figures_in_the_fund_s_currency(dollars: Fund) -> None:
    def capital() -> dict[str, object]:
        with dollars.database.reading() as session:
            found = fund_figures(session, fund.the_facility(session), TODAY).figures
            return {code: one.value for code, one in found.items()}

    before = capital()
    book(dollars)
    assert capital() == before


def test_a_second_fee_goes_to_the_same_account_and_the_first_can_be_reversed(
    dollars: Fund,
) -> None:
    fee_id, _ = book(dollars)
    with dollars.act(TODAY) as (session, moment):
        reverse_entry(session, dollars.manager, moment, fee_id, reason="Of another", key=new_id())
    with dollars.act(TODAY) as (session, moment):
        own_money.record_administration(
            session,
            dollars.manager,
            moment,
            purpose="Audit",
            amount_minor=99,
            paid_on=TODAY,
            key="audit",
            bank_account=DOLLARS,
        )
        rows = ledger.trial_balance(session, facility_id=dollars.facility_id)
    (costs,) = [row for row in rows if row.code == "5010-USD"]
    assert (costs.name, costs.currency, costs.balance_minor) == (
        "Administration costs",
        "USD",
        99,
    )
