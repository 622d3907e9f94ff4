"""Each planted fault is one that the database refuses; so its guard is taken away first."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from loans.books.ledger_check import CheckReport, check_ledger
from loans.storage.migrate import migrating_engine
from tests.loans.facilities import Books, open_books

FAULTS = {
    "an amount changed": ("UPDATE posting SET amount_minor = 7 WHERE line_no = 1", "Debits equal"),
    "a posting removed": ("DELETE FROM posting WHERE line_no = 2", "Debits equal"),
    "both postings removed": ("DELETE FROM posting", "Every entry has all its postings"),
    "a value date moved": (
        "UPDATE posting SET effective_on = '2026-01-01'",
        "Every posting has its entry",
    ),
    "an entry removed": ("DELETE FROM journal_entry", "Every posting has its entry"),
    "a balance changed": (
        "UPDATE account_balance SET debits_minor = debits_minor + 1",
        "Every account has its balance",
    ),
    "a balance removed": ("DELETE FROM account_balance", "Every account has its balance"),
    "a day changed": (
        "UPDATE account_balance_day SET delta_minor = delta_minor + 1",
        "Every day's change",
    ),
    "a day removed": ("DELETE FROM account_balance_day", "Every day's change"),
    "a reserve changed": ("UPDATE hold SET amount_minor = 299", "What is reserved"),
    "a use removed": ("DELETE FROM hold_use WHERE entry_id IS NULL", "What is reserved"),
    "a use swollen": (
        "UPDATE hold_use SET amount_minor = 999 WHERE entry_id IS NULL",
        "What is reserved",
    ),
}


@pytest.fixture
def busy(books: Books) -> Books:
    """Books with a contribution, a reserve partly used and partly released, and a reversal."""
    books.pay_in(1_000)
    hold_id = books.reserve(300)
    books.pay_out(100, hold_id=hold_id)
    books.release(hold_id, 50)
    books.reverse(books.pay_in(5))
    return books


def _report(books: Books) -> CheckReport:
    with books.database.reading() as session:
        return check_ledger(session, books.facility_id)


def _without_guards(engine: Engine, statement: str) -> None:
    """Do what nobody can do while the guards stand, and put the guards back."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(statement))
        return
    with engine.begin() as connection:
        rows = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        for name, _ in rows:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(text(statement))
        for _, definition in rows:
            connection.exec_driver_sql(definition)


def test_sound_books_pass_and_their_figures_are_told(busy: Books) -> None:
    report = _report(busy)
    assert report.ok
    assert report.first_broken is None
    assert report.figures == {"entries": 4, "postings": 8, "debits_minor": 1_110, "reserves": 1}


def test_empty_books_pass(books: Books) -> None:
    assert _report(books).ok


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_and_named(busy: Books, database_url: str, fault: str) -> None:
    statement, expected = FAULTS[fault]
    engine = migrating_engine(database_url)
    _without_guards(engine, statement)
    engine.dispose()
    report = _report(busy)
    assert not report.ok
    assert any(not result.ok and result.name.startswith(expected) for result in report.results)
    assert report.first_broken is not None
    assert " broken, first " in report.first_broken


def test_a_fault_is_found_in_its_own_facility_only(busy: Books, database_url: str) -> None:
    other = open_books(busy.database, "other")
    other.pay_in(500)
    engine = migrating_engine(database_url)
    _without_guards(
        engine,
        "UPDATE account_balance_day SET delta_minor = 1 "  # noqa: S608 - an id made here
        f"WHERE facility_id = '{other.facility_id}'",
    )
    engine.dispose()
    assert _report(busy).ok
    assert not _report(other).ok
    with busy.database.reading() as session:
        assert not check_ledger(session).ok


def test_a_missing_guard_is_named(busy: Books, database_url: str) -> None:
    engine = migrating_engine(database_url)
    on_table = " ON posting" if engine.dialect.name == "postgresql" else ""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER posting_no_update{on_table}")
    engine.dispose()
    report = _report(busy)
    assert report.first_broken is not None
    assert report.first_broken.endswith("1 broken, first posting_no_update")


def test_an_account_below_its_floor_is_found(busy: Books, database_url: str) -> None:
    engine = migrating_engine(database_url)
    _without_guards(engine, "UPDATE account_balance SET floor_minor = NULL")
    _without_guards(engine, "UPDATE account_balance SET credits_minor = credits_minor + 9999")
    engine.dispose()
    broken = {result.name for result in _report(busy).results if not result.ok}
    assert "No account is below its floor" in broken
