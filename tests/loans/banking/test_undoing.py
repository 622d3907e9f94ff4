"""An import undone: its lines count no more, and the same file may come again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from loans.banking import matching
from loans.banking.following import OtherAccount
from loans.banking.importing import (
    ImportedBefore,
    MonthSigned,
    import_statements,
    remembered_columns,
)
from loans.banking.line_views import first_values, line_detail
from loans.banking.matching import UndoneBefore
from loans.banking.signed_months import sign_month
from loans.banking.stated import StatedLine
from loans.banking.undoing import ImportInUse, import_to_undo, undo_import
from loans.banking.views import reconciliation_of
from loans.books.bank_accounts import bank_account
from loans.entered_text import TextMissing
from loans.people import Actor, WrongPerson
from loans.refusal import Missing
from loans.storage.database import Database
from loans.tables import CaseEvent
from tests.builders import Fund, open_fund
from tests.loans.banking.banks import CAPITAL, TODAY, bank_of, line_id_of, stated, table, take_in

FEE = StatedLine(date(2026, 3, 9), -1_250, "B2", "", "Account fee")
WRONG_SIGN = replace(FEE, amount_minor=1_250)
FILE = "a" * 64


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def undo(
    fund: Fund, statement_id: str, *, reason: str = "Wrong sign", actor: Actor | None = None
) -> None:
    with fund.act(TODAY) as (session, moment):
        undo_import(session, actor or fund.officer, moment, statement_id, reason=reason)


def what_stands_against(fund: Fund, statement_id: str) -> str | None:
    with fund.database.reading() as session:
        return import_to_undo(session, statement_id).obstacle


def match_capital(fund: Fund) -> str:
    """Match the line of the capital to its entry; answer the match."""
    line_id = line_id_of(fund, "B0")
    with fund.database.reading() as session:
        entry = line_detail(session, line_id).candidates[0][0]
    with fund.act(TODAY) as (session, moment):
        (match_id,) = matching.match_line(
            session, fund.officer, moment, line_id, entry_ids=[entry.entry_id]
        )
    return match_id


def test_what_was_read_by_the_wrong_sign_is_undone_and_read_again(fund: Fund) -> None:
    first = take_in(fund, stated(CAPITAL, WRONG_SIGN), file_hash=FILE)
    undo(fund, first.statement_ids[0])
    empty = bank_of(fund)
    assert (empty.lines, empty.summary.bank_minor, empty.summary.stated_to_on) == ((), None, None)
    again = take_in(fund, stated(CAPITAL, FEE), file_hash=FILE)
    assert (again.new_count, again.known_count) == (2, 0)
    view = bank_of(fund)
    assert {one.amount_minor for one in view.lines} == {CAPITAL.amount_minor, -1_250}
    assert view.summary.bank_minor == CAPITAL.amount_minor - 1_250
    stands, undone = view.statements
    assert (stands.undone_by, stands.reason) == (None, "")
    assert (undone.undone_by, undone.reason) == ("Officer Person", "Wrong sign")
    assert undone.undone_at is not None
    with pytest.raises(ImportedBefore):
        take_in(fund, stated(CAPITAL, FEE), file_hash=FILE)


def test_it_can_be_undone_and_come_again_as_often_as_needed(fund: Fund) -> None:
    for _ in range(3):
        taken = take_in(fund, stated(CAPITAL, FEE, FEE), file_hash=FILE)
        assert (taken.new_count, taken.known_count) == (3, 0)
        undo(fund, taken.statement_ids[0])
    take_in(fund, stated(CAPITAL, FEE), file_hash="b" * 64)
    with fund.database.reading() as session:
        found = reconciliation_of(session, "1010", date(2026, 5, 31))[1]
    assert found is not None
    assert (found.bank_minor, found.missing_minor) == (CAPITAL.amount_minor - 1_250, 0)
    assert len(bank_of(fund).statements) == 4


def test_all_statements_of_the_file_go_together(fund: Fund) -> None:
    march = stated(CAPITAL, FEE, to_on=date(2026, 3, 31))
    april = stated(
        FEE,
        replace(FEE, booked_on=date(2026, 4, 9)),
        opening=CAPITAL.amount_minor,
        from_on=FEE.booked_on,
        to_on=date(2026, 4, 30),
    )
    taken = take_in(fund, march, april)
    with fund.database.reading() as session:
        found = import_to_undo(session, taken.statement_ids[1])
    assert (found.statement_count, found.line_count, found.obstacle) == (2, 3, None)
    assert (found.from_on, found.to_on) == (march.from_on, april.to_on)
    undo(fund, taken.statement_ids[1])
    assert bank_of(fund).lines == ()
    for statement_id in taken.statement_ids:
        with pytest.raises(UndoneBefore, match="was undone on 10 June 2026: Wrong sign"):
            undo(fund, statement_id)


def test_the_file_of_another_account_leaves_its_number_behind(fund: Fund) -> None:
    wrong = take_in(fund, stated(FEE, holder="LT99"))
    with pytest.raises(OtherAccount):
        take_in(fund, stated(CAPITAL))
    undo(fund, wrong.statement_ids[0])
    assert take_in(fund, stated(CAPITAL)).new_count == 1


def test_lines_that_are_matched_or_explained_are_undone_first(fund: Fund) -> None:
    taken = take_in(fund, stated(CAPITAL, FEE)).statement_ids[0]
    capital = match_capital(fund)
    with fund.act(TODAY) as (session, moment):
        fee = line_id_of(fund, "B2")
        note = matching.note_line(session, fund.officer, moment, fee, note="Asked the bank")
    assert str(what_stands_against(fund, taken)).startswith("2 lines of statement.xml are matched")
    with pytest.raises(ImportInUse, match="A loan officer undoes that at the lines first"):
        undo(fund, taken)
    for match_id in (note, capital):
        with fund.act(TODAY) as (session, moment):
            matching.unmatch(session, fund.officer, moment, match_id, reason="Wrong file")
    assert what_stands_against(fund, taken) is None
    undo(fund, taken)
    assert bank_of(fund).lines == ()


def test_a_later_import_that_took_its_lines_as_known_is_undone_first(fund: Fund) -> None:
    march = take_in(fund, stated(CAPITAL, FEE, to_on=date(2026, 3, 31))).statement_ids[0]
    april = take_in(fund, stated(CAPITAL, FEE, to_on=date(2026, 4, 30))).statement_ids[0]
    whole = take_in(fund, stated(CAPITAL, FEE, to_on=date(2026, 5, 31))).statement_ids[0]
    new = replace(FEE, booked_on=date(2026, 3, 30))
    other = take_in(fund, stated(new, opening=7, from_on=new.booked_on, to_on=new.booked_on))
    assert (other.new_count, other.known_count) == (1, 0)
    undo(fund, whole)
    with pytest.raises(
        ImportInUse,
        match=r"^The statement of 5 January 2026 to 30 April 2026 in statement.xml, imp",
    ):
        undo(fund, march)
    undo(fund, april)
    undo(fund, march)
    assert [one.undone_by is None for one in bank_of(fund).statements].count(True) == 1
    assert [one.booked_on for one in bank_of(fund).lines] == [new.booked_on]


def test_what_a_month_was_signed_off_with_stays(fund: Fund) -> None:
    taken = take_in(fund, stated(CAPITAL)).statement_ids[0]
    match_capital(fund)
    with fund.act(TODAY) as (session, moment):
        sign_month(session, fund.manager, moment, "1010", month="2026-04")
    with pytest.raises(MonthSigned, match="April 2026 was signed off with the statements of"):
        undo(fund, taken)


def test_no_month_was_signed_off_with_what_came_later_or_begins_later(fund: Fund) -> None:
    take_in(fund, stated(CAPITAL, to_on=date(2026, 4, 30)))
    began_later, began_then = (
        take_in(
            fund,
            stated(opening=CAPITAL.amount_minor, from_on=on, to_on=date(2026, 6, 9)),
            on=date(2026, 6, 9),
        ).statement_ids[0]
        for on in (date(2026, 5, 1), date(2026, 4, 30))
    )
    match_capital(fund)
    with fund.act(TODAY) as (session, moment):
        sign_month(session, fund.manager, moment, "1010", month="2026-04")
    came_later = take_in(
        fund,
        stated(opening=CAPITAL.amount_minor, from_on=date(2026, 4, 1), to_on=date(2026, 6, 11)),
        on=date(2026, 6, 11),
    ).statement_ids[0]
    for one in (began_later, came_later):
        undo(fund, one)
    with pytest.raises(MonthSigned):
        undo(fund, began_then)


def test_a_later_import_rests_on_the_one_whose_lines_it_had_again_and_on_no_other(
    fund: Fund,
) -> None:
    right = take_in(fund, stated(CAPITAL, FEE, to_on=date(2026, 3, 31))).statement_ids[0]
    stray = replace(FEE, booked_on=date(2026, 3, 10), bank_reference="B7")
    wrong = take_in(fund, stated(stray, from_on=stray.booked_on, to_on=stray.booked_on))
    again = take_in(fund, stated(FEE, opening=CAPITAL.amount_minor, from_on=FEE.booked_on))
    assert (again.new_count, again.known_count) == (0, 1)
    undo(fund, wrong.statement_ids[0])
    with pytest.raises(ImportInUse):
        undo(fund, right)
    assert {one.bank_reference for one in bank_of(fund).lines} == {"B0", "B2"}


def test_the_history_has_both_and_the_columns_are_forgotten(fund: Fund) -> None:
    columns = {"day": "Datum", "amount": "Betrag"}
    with fund.act(TODAY) as (session, moment):
        taken = import_statements(
            session,
            fund.officer,
            moment,
            "1010",
            statements=(stated(CAPITAL), stated(FEE, opening=CAPITAL.amount_minor)),
            file_hash=FILE,
            file_name="statement.csv",
            columns=columns,
        )
    with fund.database.reading() as session:
        assert remembered_columns(session, bank_account(session, "1010")) == columns
    undo(fund, taken.statement_ids[0])
    with fund.database.reading() as session:
        assert remembered_columns(session, bank_account(session, "1010")) == {}
        told = session.execute(
            select(CaseEvent.action, CaseEvent.details)
            .where(CaseEvent.subject_id == taken.statement_ids[1])
            .order_by(CaseEvent.id)
        ).all()
    assert [action for action, _ in told] == ["import_statement", "undo_import"]
    assert told[1][1] == {"account": "1010", "reason": "Wrong sign"}


def test_of_an_undo_and_a_note_at_once_one_is_refused(fund: Fund) -> None:
    taken = take_in(fund, stated(CAPITAL, FEE)).statement_ids[0]
    fee, gate = line_id_of(fund, "B2"), threading.Barrier(2)

    def note() -> str:
        gate.wait()
        with fund.act(TODAY) as (session, moment):
            return matching.note_line(session, fund.officer, moment, fee, note="Asked the bank")

    def take_back() -> None:
        gate.wait()
        undo(fund, taken)

    with ThreadPoolExecutor(2) as threads:
        acts = [threads.submit(one) for one in (note, take_back)]
    refused = [act.exception() for act in acts]
    assert [type(one) for one in refused] in ([type(None), ImportInUse], [Missing, type(None)])


def test_a_table_follows_what_stands(fund: Fund) -> None:
    """Neither an undone statement nor its lines say where the next table begins."""
    wrong = take_in(fund, table(CAPITAL, WRONG_SIGN, opening=5)).statement_ids[0]
    undo(fund, wrong)
    last = replace(FEE, booked_on=date(2026, 4, 20), bank_reference="B4")
    take_in(fund, table(CAPITAL, FEE, last, opening=0))
    again = replace(last, bank_reference="B5")
    assert take_in(fund, table(again, opening=CAPITAL.amount_minor - 1_250)).new_count == 1


def test_nothing_is_done_with_a_line_whose_import_was_undone(fund: Fund) -> None:
    taken = take_in(fund, stated(CAPITAL, FEE)).statement_ids[0]
    fee = line_id_of(fund, "B2")
    undo(fund, taken)
    with pytest.raises(Missing), fund.act(TODAY) as (session, moment):
        matching.note_line(session, fund.officer, moment, fee, note="Asked the bank")
    for read in (line_detail, first_values):
        with pytest.raises(Missing), fund.database.reading() as session:
            read(session, fee)
    with fund.act(TODAY) as (session, moment):
        matched = matching.match_recorded(
            session,
            fund.officer,
            moment,
            bank_account(session, "1010"),
            entry_id="none",
            amount_minor=-1_250,
            on=FEE.booked_on,
            bank_reference="B2",
        )
    assert matched is None


def test_an_officer_undoes_and_says_why(fund: Fund) -> None:
    taken = take_in(fund, stated(CAPITAL)).statement_ids[0]
    with pytest.raises(WrongPerson):
        undo(fund, taken, actor=fund.manager)
    with pytest.raises(TextMissing, match="Write why the import is undone"):
        undo(fund, taken, reason=" ")
    with pytest.raises(Missing):
        undo(fund, "none")
    assert len(bank_of(fund).lines) == 1


def test_that_it_was_undone_stays(fund: Fund) -> None:
    undo(fund, take_in(fund, stated(CAPITAL)).statement_ids[0])
    with pytest.raises(DatabaseError), fund.database.writing() as session:
        session.execute(text("DELETE FROM bank_statement_undo"))
