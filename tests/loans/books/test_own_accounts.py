"""Accounts of the fund's own income and costs in another currency, on first use."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

from loans.books.own_accounts import own_account
from loans.chart import ADMINISTRATION, administration_account
from tests.loans.facilities import Books

A_CHANCE = 0.3
"""Seconds in which the second payment gets to where it has to wait."""


def opened(books: Books, currency: str) -> str:
    with books.database.writing() as session:
        return own_account(session, books.facility_id, administration_account(), currency)


def test_money_of_the_fund_s_currency_goes_to_the_account_of_the_chart(books: Books) -> None:
    assert opened(books, "EUR") == ADMINISTRATION
    assert opened(books, "USD") == opened(books, "USD") == "5010-USD"


def test_two_first_payments_in_a_currency_at_once_share_the_account(books: Books) -> None:
    with ThreadPoolExecutor() as threads:
        with books.database.writing() as session:
            first = own_account(session, books.facility_id, administration_account(), "JPY")
            second = threads.submit(opened, books, "JPY")
            sleep(A_CHANCE)
            assert not second.done()
        assert second.result() == first == "5010-JPY"
