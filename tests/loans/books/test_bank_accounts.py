"""Accounts at banks: opened, described, corrected; money moved between those of a currency."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from loans import fund, own_money
from loans.account_number import WrongAccountNumber, account_number
from loans.books import bank_accounts, ledger
from loans.books.books_check import check_books
from loans.books.cash_accounts import WrongBankAccount, cash_accounts
from loans.chart import ADMINISTRATION, CASH
from loans.entered_text import TextMissing
from loans.figures.fund_figures import fund_figures
from loans.fund_tables import BankAccountRow
from loans.history import Moment
from loans.own_money import WrongCapital
from loans.people import WrongPerson
from loans.servicing import disbursing, receipts
from loans.servicing.reversals import reverse_entry
from loans.storage.database import Database, new_id
from tests.builders import FIRST_DUE_ON, PAY_OUT_ON, receive, signed_loan
from tests.funds import CAPITAL_MINOR, Fund, open_fund

TODAY = date(2026, 3, 10)
IBAN = "LT12 1000 0111 0100 1000"


@pytest.fixture
def opened(database: Database) -> Fund:
    """A fund with capital on its first account, and a second account in euro: 1011."""
    found = open_fund(database)
    with found.act(TODAY) as (session, moment):
        assert _open(session, found, moment) == "1011"
    return found


def _open(session: Session, found: Fund, moment: Moment, **changes: str) -> str:
    values = {"name": "Reserve", "bank": "Bankas", "number": IBAN, "currency": "EUR"} | changes
    return bank_accounts.open_bank_account(session, found.manager, moment, **values)


def _transfer(found: Fund, amount_minor: int, source: str = CASH, target: str = "1011") -> str:
    with found.act(TODAY) as (session, moment):
        return bank_accounts.transfer(
            session,
            found.manager,
            moment,
            from_account=source,
            to_account=target,
            amount_minor=amount_minor,
            moved_on=TODAY,
            purpose="Room for pay-outs",
            key=new_id(),
        )


@pytest.mark.parametrize(
    ("typed", "kept"), [(IBAN, "LT121000011101001000"), (" 12-345/6 ", "12-345/6")]
)
def test_a_number_is_kept_without_blanks(typed: str, kept: str) -> None:
    assert account_number(typed) == kept


@pytest.mark.parametrize("typed", ["LT13 1000 0111 0100 1000", "12", "", "=1+1", "x" * 41])
def test_a_number_that_no_account_has_is_refused(typed: str) -> None:
    with pytest.raises(WrongAccountNumber):
        account_number(typed)


def test_accounts_are_numbered_and_keep_their_own_currency(opened: Fund) -> None:
    with opened.act(TODAY) as (session, moment):
        code = _open(session, opened, moment, name="Dollars", number="US-1", currency="USD")
        bank_accounts.describe_bank_account(
            session, opened.manager, moment, code=CASH, bank="First", number="US-2"
        )
    with opened.database.reading() as session:
        found = cash_accounts(session, opened.facility_id)
    assert [(one.code, one.currency, one.number) for one in found] == [
        (CASH, "EUR", "US-2"),
        ("1011", "EUR", "LT121000011101001000"),
        (code, "USD", "US-1"),
    ]


def test_what_cannot_be_an_account_is_refused(opened: Fund) -> None:
    with opened.act(TODAY) as (session, moment):
        with pytest.raises(WrongPerson):
            bank_accounts.open_bank_account(
                session, opened.officer, moment, name="A", bank="B", number="C-1", currency="EUR"
            )
        with pytest.raises(bank_accounts.UnknownCurrency):
            _open(session, opened, moment, number="C-1", currency="XXX")
        with pytest.raises(bank_accounts.NumberTaken):
            _open(session, opened, moment)
        with pytest.raises(TextMissing):
            bank_accounts.describe_bank_account(
                session, opened.manager, moment, code="1011", bank="B", number="C-1"
            )
        with pytest.raises(bank_accounts.NumberTaken):
            bank_accounts.describe_bank_account(
                session, opened.manager, moment, code=CASH, bank="B", number=IBAN
            )


def test_a_number_that_was_mistyped_is_corrected_and_free_again(opened: Fund) -> None:
    with opened.act(TODAY) as (session, moment):
        bank_accounts.describe_bank_account(
            session, opened.manager, moment, code=CASH, bank="First", number="US-1"
        )
    with opened.act(TODAY) as (session, moment):
        bank_accounts.describe_bank_account(
            *(session, opened.manager, moment),
            code=CASH,
            bank="First",
            number="US-2",
            reason="Typed from another contract",
        )
        code = _open(session, opened, moment, name="Dollars", number="US-1", currency="USD")
    with opened.database.reading() as session:
        numbers = {one.code: one.number for one in cash_accounts(session, opened.facility_id)}
        kept = session.execute(
            select(BankAccountRow.version, BankAccountRow.number, BankAccountRow.reason)
            .where(BankAccountRow.number.in_(("US-1", "US-2")))
            .order_by(BankAccountRow.version, BankAccountRow.number)
        ).all()
    assert (numbers[CASH], numbers[code]) == ("US-2", "US-1")
    assert [tuple(one) for one in kept] == [
        (1, "US-1", ""),
        (1, "US-1", ""),
        (2, "US-2", "Typed from another contract"),
    ]


def test_a_transfer_moves_cash_once_and_can_be_undone(opened: Fund) -> None:
    entry_id = _transfer(opened, 40_000)
    assert opened.balance(CASH) == CAPITAL_MINOR - 40_000
    assert opened.balance("1011") == 40_000
    with opened.act(TODAY) as (session, moment):
        reverse_entry(session, opened.manager, moment, entry_id, reason="Twice", key=new_id())
    assert opened.balance("1011") == 0


def test_a_reversal_names_the_account_that_is_short(opened: Fund) -> None:
    entry_id = _transfer(opened, CAPITAL_MINOR)
    _transfer(opened, 100, "1011", CASH)
    with opened.act(TODAY) as (session, moment), pytest.raises(ledger.Overdrawn, match="1011"):
        reverse_entry(session, opened.manager, moment, entry_id, reason="Twice", key=new_id())


def test_a_transfer_never_overdraws_and_stays_in_one_currency(opened: Fund) -> None:
    with pytest.raises(ledger.Overdrawn, match=r"1011, Reserve, has EUR 0\.00"):
        _transfer(opened, 1, "1011", CASH)
    with pytest.raises(WrongCapital):
        _transfer(opened, 0)
    with pytest.raises(WrongBankAccount, match="two different"):
        _transfer(opened, 1, CASH, CASH)
    with pytest.raises(WrongBankAccount, match="1010, 1011"):
        _transfer(opened, 1, CASH, "1210")
    with opened.act(TODAY) as (session, moment):
        code = _open(session, opened, moment, number="US-1", currency="USD")
    with pytest.raises(WrongBankAccount, match="one currency"):
        _transfer(opened, 1, CASH, code)


def test_amounts_of_different_currencies_are_never_added(opened: Fund) -> None:
    with opened.act(TODAY) as (session, moment):
        code = _open(session, opened, moment, number="US-1", currency="USD")
        own_money.record_contribution(
            session,
            opened.manager,
            moment,
            source="Donor One",
            amount_minor=7_000,
            paid_on=TODAY,
            key="dollars",
            bank_account=code,
        )
        for key, minor in (("audit", 1_200), ("post", 300)):
            own_money.record_administration(
                session,
                opened.manager,
                moment,
                purpose="Costs in dollars",
                amount_minor=minor,
                paid_on=TODAY,
                key=key,
                bank_account=code,
            )
        with pytest.raises(ledger.Overdrawn, match=r"USD 55\.00 available"):
            own_money.record_administration(
                session,
                opened.manager,
                moment,
                purpose="More than there is",
                amount_minor=5_501,
                paid_on=TODAY,
                key="more",
                bank_account=code,
            )
    balances = opened.trial_balance()
    assert (balances["3002"], balances["5010-USD"], balances[code]) == (-7_000, 1_500, 5_500)
    assert opened.balance(ADMINISTRATION) == 0
    with opened.database.reading() as session:
        figures = fund_figures(session, fund.the_facility(session), TODAY).figures
        assert figures["c3"].value == CAPITAL_MINOR
        assert figures["c1"].value == CAPITAL_MINOR
        assert check_books(session).is_sound


def test_a_loan_is_paid_out_and_repaid_through_another_account(opened: Fund) -> None:
    _transfer(opened, 20_000_000)
    loan_id = signed_loan(opened)
    with opened.act(PAY_OUT_ON) as (session, moment):
        pay_out_id = disbursing.prepare_disbursement(
            session,
            opened.officer,
            moment,
            loan_id,
            amount_minor=10_800_000,
            pay_on=PAY_OUT_ON,
            purpose="Invoice 17",
            bank_account="1011",
        )
    with opened.act(PAY_OUT_ON) as (session, moment):
        disbursing.release_disbursement(session, opened.manager, moment, pay_out_id, key="out")
    assert opened.balance("1011") == 9_200_000
    assert opened.available() == CAPITAL_MINOR - 20_000_000
    receive(opened, loan_id, 100_000, on=FIRST_DUE_ON)
    with opened.act(FIRST_DUE_ON) as (session, moment):
        receipts.record_receipt(
            session,
            opened.officer,
            moment,
            loan_id,
            amount_minor=200_000,
            received_on=FIRST_DUE_ON,
            bank_reference="Line 9",
            key="in",
            bank_account="1011",
        )
    assert opened.balance("1011") == 9_400_000
    assert opened.balance(CASH) == CAPITAL_MINOR - 20_000_000 + 100_000
    with opened.database.reading() as session:
        assert check_books(session).summary.startswith("The books are sound")
