"""Statements taken in once, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from loans.banking.following import NotFollowing, OtherAccount, TwoClosings
from loans.banking.importing import ImportedBefore, StatementOfTomorrow, import_statements
from loans.banking.stated import StatedLine
from loans.books.bank_accounts import (
    KnownAlready,
    NoSuchBankAccount,
    describe_bank_account,
)
from loans.entered_text import TextMissing
from loans.people import WrongPerson
from loans.storage.database import Database
from tests.builders import Fund, open_fund
from tests.loans.banking.banks import CAPITAL, TODAY, bank_of, stated, table, take_in

EARLIER = date(2026, 5, 30)
FEE = StatedLine(date(2026, 3, 9), -1_250, "B2", "", "Account fee")


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def test_the_same_file_is_taken_in_once(fund: Fund) -> None:
    first = take_in(fund, stated(CAPITAL, FEE), file_hash="a" * 64)
    assert (first.new_count, first.known_count) == (2, 0)
    with pytest.raises(ImportedBefore, match="imported on 10 June 2026 for account 1010"):
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
    with pytest.raises(StatementOfTomorrow, match="up to today, 10 June 2026"):
        take_in(fund, stated(CAPITAL), tomorrow)
    assert bank_of(fund).lines == ()


def test_the_file_is_of_the_account_it_was_before(fund: Fund) -> None:
    take_in(fund, stated(CAPITAL))
    with pytest.raises(OtherAccount, match="of account LT99; those imported for 1010 are of LT60"):
        take_in(fund, stated(FEE, holder="LT99"))


def test_the_first_file_is_of_the_account_that_the_fund_keeps(fund: Fund) -> None:
    keep_at(fund, "LT12 1000 0111 0100 1000")
    with pytest.raises(OtherAccount, match="is kept under LT121000011101001000"):
        take_in(fund, stated(CAPITAL))
    with pytest.raises(KnownAlready):
        keep_at(fund, "LT121000011101001000")
    with pytest.raises(TextMissing):
        keep_at(fund, "LT601010012345678901")
    keep_at(fund, "LT601010012345678901", reason="Typed from another contract")
    take_in(fund, stated(CAPITAL, holder="LT601010012345678901"))
    with pytest.raises(OtherAccount):
        take_in(fund, stated(FEE, holder="LT121000011101001000"))


def test_a_bank_may_name_its_own_number_that_ends_the_iban(fund: Fund) -> None:
    keep_at(fund, "LT12 1000 0111 0100 1000")
    assert take_in(fund, stated(CAPITAL, holder="111 0100-1000")).new_count == 1
    # The next file names the whole number; a few signs at its end are no number.
    assert take_in(fund, stated(FEE, holder="LT121000011101001000", to_on=EARLIER)).new_count == 1
    with pytest.raises(OtherAccount):
        take_in(fund, stated(CAPITAL, holder="1000"))


def test_a_day_is_closed_with_one_balance(fund: Fund) -> None:
    take_in(fund, stated(CAPITAL))
    more = replace(CAPITAL, amount_minor=7, bank_reference="Other")
    with pytest.raises(TwoClosings, match="Undo the import of the other one"):
        take_in(fund, stated(more))
    # Statements of one day, in any order: each begins with what another one closes with.
    first, second, third = (
        stated(replace(more, bank_reference=name), opening=CAPITAL.amount_minor + opening)
        for name, opening in (("A", 0), ("B", 7), ("C", 14))
    )
    take_in(fund, first)
    with pytest.raises(TwoClosings, match="import the statement between them"):
        take_in(fund, third)
    take_in(fund, third, second)
    assert bank_of(fund).summary.bank_minor == CAPITAL.amount_minor + 21


def test_the_balance_of_a_day_is_that_of_its_last_statement_whenever_it_came(fund: Fund) -> None:
    more = replace(CAPITAL, amount_minor=7, bank_reference="Other")
    take_in(fund, stated(more, opening=CAPITAL.amount_minor))
    take_in(fund, stated(CAPITAL))
    assert bank_of(fund).summary.bank_minor == CAPITAL.amount_minor + 7


def keep_at(fund: Fund, number: str, reason: str = "") -> None:
    with fund.act(TODAY) as (session, moment):
        describe_bank_account(
            session, fund.manager, moment, code="1010", bank="First", number=number, reason=reason
        )


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


def test_a_closing_balance_that_does_not_follow_is_refused_until_a_gap_is_stated(
    fund: Fund,
) -> None:
    take_in(fund, stated(CAPITAL, to_on=date(2026, 2, 28)))
    wrong = table(FEE, opening=CAPITAL.amount_minor + 1)
    with pytest.raises(NotFollowing, match=r"closed with EUR .* on 28 February 2026") as refused:
        take_in(fund, wrong)
    assert refused.value.field == "closing_balance"
    assert take_in(fund, wrong, has_gap=True).new_count == 1


def test_tables_that_follow_overlap_or_share_a_day_pass(fund: Fund) -> None:
    capital = CAPITAL.amount_minor
    second = replace(FEE, booked_on=date(2026, 3, 20), bank_reference="B3")
    same_day = replace(second, bank_reference="B4")
    take_in(fund, table(CAPITAL, FEE, opening=0))
    take_in(fund, table(FEE, second, opening=capital))
    take_in(fund, table(same_day, opening=capital - 2 * 1_250))
    take_in(fund, table(second, same_day, opening=capital - 1_250))
    with pytest.raises(NotFollowing):
        take_in(fund, table(second, replace(same_day, bank_reference="B5"), opening=capital))


def test_a_statement_that_names_its_opening_balance_is_taken_with_a_gap(fund: Fund) -> None:
    take_in(fund, stated(CAPITAL, to_on=date(2026, 2, 28)))
    assert take_in(fund, stated(FEE, opening=7, from_on=FEE.booked_on)).new_count == 1
