"""What the bank of a test fund states, and short ways to take it in and match it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from loans.banking.importing import Imported, import_statements
from loans.banking.stated import StatedLine, StatedStatement
from loans.banking.views import BankView, bank_view
from loans.books import bank_accounts
from loans.chart import CASH
from loans.own_money import record_contribution
from loans.storage.database import new_id
from tests.funds import CAPITAL_MINOR, OPENED_ON, Fund

TODAY = date(2026, 6, 10)
CAPITAL = StatedLine(OPENED_ON, CAPITAL_MINOR, "B0", "Donor One", "Contribution")


def stated(
    *lines: StatedLine,
    opening: int = 0,
    to_on: date = date(2026, 5, 31),
    from_on: date = OPENED_ON,
    holder: str = "LT60",
) -> StatedStatement:
    """A statement whose balances fit its lines."""
    closing = opening + sum(line.amount_minor for line in lines)
    return StatedStatement("camt.053", holder, from_on, to_on, opening, closing, lines)


def table(*lines: StatedLine, opening: int) -> StatedStatement:
    """A statement as a table tells it: nobody states its opening balance."""
    days = [line.booked_on for line in lines]
    found = stated(*lines, opening=opening, from_on=min(days), to_on=max(days), holder="")
    return replace(found, kind="table", is_opening_counted=True)


def take_in(
    fund: Fund,
    *statements: StatedStatement,
    account: str = CASH,
    file_hash: str = "",
    on: date = TODAY,
    has_gap: bool = False,
) -> Imported:
    """Import a file with these statements."""
    with fund.act(on) as (session, moment):
        return import_statements(
            session,
            fund.officer,
            moment,
            account,
            statements=statements,
            file_hash=file_hash or new_id(),
            file_name="statement.xml",
            has_gap=has_gap,
        )


def foreign_account(fund: Fund, currency: str, given_minor: int) -> str:
    """The code of a second account at a bank with what Donor One paid in, in another currency."""
    with fund.act(OPENED_ON) as (session, moment):
        code = bank_accounts.open_bank_account(
            session,
            fund.manager,
            moment,
            name=currency,
            bank="Bank Two",
            number=f"{currency}-1",
            currency=currency,
        )
        record_contribution(
            session,
            fund.manager,
            moment,
            source="Donor One",
            amount_minor=given_minor,
            paid_on=OPENED_ON,
            key=currency,
            bank_account=code,
        )
    return code


def bank_of(fund: Fund, state: str | None = None, account: str = CASH) -> BankView:
    """The account as it stands."""
    with fund.database.reading() as session:
        return bank_view(session, account, state)


def line_id_of(fund: Fund, reference: str, account: str = CASH) -> str:
    """The line with this reference."""
    lines = bank_of(fund, account=account).lines
    found = [one.line_id for one in lines if one.bank_reference == reference]
    (line_id,) = found
    return line_id
