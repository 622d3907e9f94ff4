"""The general ledger: opening + lines = closing, account by account, however it is cut in pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from loans.books.general_ledger import GeneralLedger, LedgerRow, general_ledger, ledger_rows
from loans.books.ledger import trial_balance
from loans.books.ledger_views import NoSuchAccount
from loans.chart import ALLOWANCE, CASH, LOANS
from loans.fund import the_facility
from loans.storage.database import Database
from tests.builders import FIRST_DUE_ON, PAY_OUT_ON, Fund, disbursed_loan, open_fund, receive

LAST_ON = FIRST_DUE_ON + timedelta(days=60)


@pytest.fixture
def fund(database: Database) -> Fund:
    made = open_fund(database)
    loan_id = disbursed_loan(made)
    for days in (0, 30, 45):
        receive(made, loan_id, 300_000, on=FIRST_DUE_ON + timedelta(days=days))
    return made


def read(
    fund: Fund, from_on: date, *, account: str = "", number: int = 1, size: int = 100
) -> GeneralLedger:
    with fund.database.reading() as session:
        return general_ledger(
            session,
            the_facility(session),
            from_on,
            LAST_ON,
            account=account,
            page_number=number,
            page_size=size,
        )


def rows(fund: Fund, from_on: date, account: str = "") -> list[LedgerRow]:
    with fund.database.reading() as session:
        return list(ledger_rows(session, the_facility(session), from_on, LAST_ON, account=account))


def test_every_account_runs_from_its_opening_to_its_closing_balance(fund: Fund) -> None:
    found = read(fund, FIRST_DUE_ON)
    with fund.database.reading() as session:
        here = fund.facility_id
        closing = {row.code: row for row in trial_balance(session, facility_id=here, as_of=LAST_ON)}
    assert found.line_count == sum(len(one.lines) for one in found.accounts)
    for one in found.accounts:
        sign = one.kind.shown_minor(1)
        moved = sign * (one.debits_minor - one.credits_minor)
        assert one.opening_minor + moved == one.closing_minor == closing[one.code].shown_minor
        assert sum(line.debit_minor for line in one.lines) == one.debits_minor
        assert sum(line.credit_minor for line in one.lines) == one.credits_minor
        assert all(line.line.effective_on >= FIRST_DUE_ON for line in one.lines)
        last = one.lines[-1].balance_minor if one.lines else one.opening_minor
        assert last == one.closing_minor
    assert sum(one.debits_minor for one in found.accounts) == sum(
        one.credits_minor for one in found.accounts
    )


def test_accounts_with_nothing_are_left_out_unless_asked_for(fund: Fund) -> None:
    assert ALLOWANCE not in {one.code for one in read(fund, PAY_OUT_ON).accounts}
    (empty,) = read(fund, PAY_OUT_ON, account=ALLOWANCE).accounts
    assert (empty.lines, empty.closing_minor) == ((), 0)
    with pytest.raises(NoSuchAccount):
        read(fund, PAY_OUT_ON, account="7777")


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_no_line_is_lost_or_shown_twice_between_pages(fund: Fund, size: int) -> None:
    whole = read(fund, FIRST_DUE_ON)
    pages = read(fund, FIRST_DUE_ON, size=size).page_count
    parts = [read(fund, FIRST_DUE_ON, number=number, size=size) for number in range(1, pages + 1)]
    cut = [(one.code, line) for part in parts for one in part.accounts for line in one.lines]
    assert cut == [(one.code, line) for one in whole.accounts for line in one.lines]
    for part in parts:
        for one in part.accounts:
            assert one.forward_minor == one.opening_minor or not one.begins_here
    begun = [one.code for part in parts for one in part.accounts if one.begins_here]
    ended = [one.code for part in parts for one in part.accounts if one.ends_here]
    assert begun == ended == [one.code for one in whole.accounts]
    assert read(fund, FIRST_DUE_ON, number=pages + 5, size=size).page_number == pages


def test_the_rows_to_take_away_are_the_same_lines_between_both_balances(fund: Fund) -> None:
    found = rows(fund, FIRST_DUE_ON, CASH)
    assert [row.row for row in found] == ["opening", "line", "line", "line", "closing"]
    assert [row.balance_minor for row in found[1:4]] == [
        found[0].balance_minor + paid for paid in (300_000, 600_000, 900_000)
    ]
    assert found[-1].balance_minor == fund.balance(CASH)
    assert all(row.number and row.loan == "L-2026-001" for row in found[1:4])
    assert {row.account for row in rows(fund, FIRST_DUE_ON)} > {CASH, LOANS}
