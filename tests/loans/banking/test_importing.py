"""Statements taken in once, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from loans.bank_accounts import NoSuchBankAccount
from loans.banking.importing import (
    ImportedBefore,
    OtherAccount,
    StatementOfTomorrow,
    import_statements,
)
from loans.banking.stated import StatedLine
from loans.database import Database
from loans.people import (
    WrongPerson,
)
from tests.builders import Fund, open_fund
from tests.loans.banking.banks import CAPITAL, TODAY, bank_of, stated, take_in

FEE = StatedLine(date(2026, 3, 9), -1_250, "B2", "", "Account fee")


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def test_the_same_file_is_taken_in_once(fund: Fund) -> None:
    first = take_in(fund, stated(CAPITAL, FEE), file_hash="a" * 64)
    assert (first.new_count, first.known_count) == (2, 0)
    with pytest.raises(ImportedBefore, match="imported on 2026-06-10 for account 1010"):
        take_in(fund, stated(CAPITAL, FEE), file_hash="a" * 64)
    assert len(bank_of(fund).lines) == 2


def test_lines_of_an_earlier_file_are_known_again(fund: Fund) -> None:
    twin = replace(FEE, booked_on=date(2026, 4, 1))
    take_in(fund, stated(CAPITAL, FEE, to_on=date(2026, 3, 31)))
    found = take_in(fund, stated(CAPITAL, FEE, FEE, twin))
    assert (found.new_count, found.known_count) == (2, 2)
    view = bank_of(fund)
    assert [one.amount_minor for one in view.lines].count(-1_250) == 3
    assert view.statements[0].known_count == 2
    assert view.summary.bank_minor == CAPITAL.amount_minor - 3 * 1_250


def test_a_file_with_one_bad_statement_leaves_nothing(fund: Fund) -> None:
    tomorrow = stated(FEE, to_on=date(2026, 6, 11))
    with pytest.raises(StatementOfTomorrow, match="up to today, 2026-06-10"):
        take_in(fund, stated(CAPITAL), tomorrow)
    assert bank_of(fund).lines == ()


def test_the_file_is_of_the_account_it_was_before(fund: Fund) -> None:
    take_in(fund, stated(CAPITAL))
    with pytest.raises(OtherAccount, match="of account LT99; those imported for 1010 are of LT60"):
        take_in(fund, stated(FEE, holder="LT99"))


def test_only_officers_import_and_only_for_accounts_at_banks(fund: Fund) -> None:
    for actor, code, refusal in (
        (fund.manager, "1010", WrongPerson),
        (fund.auditor, "1010", WrongPerson),
        (fund.officer, "1210", NoSuchBankAccount),
    ):
        with pytest.raises(refusal), fund.act(TODAY) as (session, moment):
            import_statements(
                session, actor, moment, code, statements=(), file_hash="x", file_name="x"
            )


@pytest.mark.parametrize("change", ["UPDATE bank_line SET text = 'x'", "DELETE FROM bank_line"])
def test_nobody_changes_what_the_bank_said(fund: Fund, change: str) -> None:
    take_in(fund, stated(CAPITAL))
    with pytest.raises(DatabaseError), fund.database.writing() as session:
        session.execute(text(change))
