"""Every step up and down, with rows in the books, on both databases; nothing may be lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from loans.banking.stated import StatedLine
from loans.books import tables as books
from loans.books.bank_accounts import describe_bank_account
from loans.books.ledger_check import check_ledger
from loans.storage import every_table
from loans.storage.database import Base, open_database
from loans.storage.migrate import (
    SCRIPTS,
    MigrationState,
    alembic_config,
    migrate,
    migrating_engine,
    migration_state,
)
from tests.databases import Databases
from tests.funds import Fund, open_fund
from tests.loans.banking.banks import CAPITAL, stated, take_in
from tests.loans.facilities import open_books

MODULES = every_table.MODULES
NEWEST = ScriptDirectory.from_config(alembic_config()).get_current_head()

LOSES_TRIGGERS = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "9999", "{newest}"

def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER case_event_no_update ON case_event")
    with op.batch_alter_table("case_event", table_kwargs={{"sqlite_strict": True}}) as event:
        event.alter_column("action", type_=sa.String(50))
"""
LOSES_ROWS = """
from alembic import op
revision, down_revision = "9999", "{newest}"

def upgrade():
    on_table = " ON posting" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER posting_no_delete{{on_table}}")
    op.execute("DELETE FROM posting")
    if on_table:
        op.execute("CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting "
                   "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
    else:
        op.execute("CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting "
                   "BEGIN SELECT RAISE(ABORT, 'posting_append_only'); END")
"""


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = migrating_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _step(url: str, direction: Any, revision: str, config: Config | None = None) -> None:
    settings = config or alembic_config()
    with _connected(url) as connection:
        settings.attributes["connection"] = connection
        direction(settings, revision)


def _triggers(connection: Connection) -> set[tuple[str, str, str]]:
    if connection.dialect.name == "sqlite":
        query = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) || pg_get_functiondef(t.tgfoid) "
            "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
        )
    return {(row[0], row[1], row[2]) for row in connection.execute(text(query))}


def _constraints(connection: Connection) -> set[tuple[str, str]]:
    """Names of all constraints and indexes by table."""
    inspector = inspect(connection)
    found: set[tuple[str, str]] = set()
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        items: list[Any] = [
            inspector.get_pk_constraint(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_foreign_keys(table),
            *inspector.get_check_constraints(table),
            *(
                index
                for index in inspector.get_indexes(table)
                if "duplicates_constraint" not in index
            ),
        ]
        found |= {(table, str(item["name"])) for item in items}
    return found


def _shape(url: str) -> tuple[set[tuple[str, str, str]], set[tuple[str, str]]]:
    with _connected(url) as connection:
        return _triggers(connection), _constraints(connection)


def _fill(url: str) -> dict[str, int]:
    """Post, reserve and reverse; answer the figures that must survive."""
    database = open_database(url, is_test_server=True)
    ledger_books = open_books(database)
    ledger_books.pay_in(100_000)
    hold_id = ledger_books.reserve(30_000)
    ledger_books.pay_out(20_000, hold_id=hold_id)
    ledger_books.reverse(ledger_books.pay_in(500))
    database.close()
    return _figures(url)


def _figures(url: str) -> dict[str, int]:
    database = open_database(url, is_test_server=True)
    with database.reading() as session:
        report = check_ledger(session)
    database.close()
    assert report.first_broken is None
    return report.figures


def test_down_and_up_again_loses_nothing_of_the_books(database_url: str) -> None:
    figures, shape = _fill(database_url), _shape(database_url)
    _step(database_url, command.downgrade, "0001")
    assert "enterprise" not in {table for table, _ in _shape(database_url)[1]}
    _step(database_url, command.upgrade, "head")
    assert _shape(database_url) == shape
    assert _figures(database_url) == figures


def test_lines_that_came_again_before_anybody_noted_it_are_found(database_url: str) -> None:
    """The earlier lines of the days of a statement that had some again, and of no other."""
    database = open_database(database_url, is_test_server=True)
    fund = open_fund(database)
    fee = StatedLine(date(2026, 3, 9), -1_250, "B2", "", "Account fee")
    take_in(fund, stated(CAPITAL, fee, to_on=date(2026, 3, 31)))
    own = StatedLine(date(2026, 4, 9), -1_250, "B3", "", "Account fee")
    take_in(fund, stated(CAPITAL, fee, own, to_on=date(2026, 4, 30)))
    take_in(fund, stated(opening=7, from_on=date(2026, 3, 1), to_on=date(2026, 3, 30)))
    database.close()
    noted = "SELECT statement_id, line_id FROM bank_line_again ORDER BY line_id"
    with _connected(database_url) as connection:
        before = connection.execute(text(noted)).all()
    _step(database_url, command.downgrade, "0014")
    _step(database_url, command.upgrade, "head")
    with _connected(database_url) as connection:
        assert connection.execute(text(noted)).all() == before
    assert len(before) == 2


def test_a_corrected_bank_account_is_kept_and_keeps_the_step(database_url: str) -> None:
    database = open_database(database_url, is_test_server=True)
    fund = open_fund(database)

    def keep_at(fund: Fund, number: str, reason: str = "") -> None:
        with fund.act(date(2026, 3, 10)) as (session, moment):
            describe_bank_account(
                *(session, fund.manager, moment),
                code="1010",
                bank="First",
                number=number,
                reason=reason,
            )

    keep_at(fund, "ONE-1")
    database.close()
    kept = "SELECT number, entered_by, entered_at FROM bank_account"
    with _connected(database_url) as connection:
        before = connection.execute(text(kept)).all()
    _step(database_url, command.downgrade, "0017")
    _step(database_url, command.upgrade, "head")
    with _connected(database_url) as connection:
        assert connection.execute(text(kept)).all() == before
    database = open_database(database_url, is_test_server=True)
    keep_at(replace(fund, database=database), "ONE-2", reason="Typed from another contract")
    database.close()
    with pytest.raises(Exception, match="this step back would lose that"):
        _step(database_url, command.downgrade, "0017")


def test_the_first_step_cannot_be_undone_over_entries(database_url: str) -> None:
    figures = _fill(database_url)
    with pytest.raises(Exception, match="would destroy them"):
        _step(database_url, command.downgrade, "base")
    assert _figures(database_url) == figures


def test_all_steps_down_leave_nothing_and_up_again_the_same(database_url: str) -> None:
    shape = _shape(database_url)
    _step(database_url, command.downgrade, "base")
    with _connected(database_url) as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
        assert _triggers(connection) == set()
    migrate(database_url)
    assert _shape(database_url) == shape


def test_each_step_down_brings_back_the_function_that_the_program_before_calls(
    postgresql_databases: Databases,
) -> None:
    url, steps = postgresql_databases.empty(), ("0012", "0013", "0014", "0015", "head")
    upward = []
    for revision in steps:
        _step(url, command.upgrade, revision)
        upward.append(_posting_function(url))
    assert upward[0] is None
    assert len(set(upward)) == len({"none", "arrays", "json", "places"})
    downward = [upward[-1]]
    for revision in reversed(steps[:-1]):
        _step(url, command.downgrade, revision)
        downward.append(_posting_function(url))
    postgresql_databases.drop(url)
    assert downward == upward[::-1]


def _posting_function(url: str) -> str | None:
    """The text of ``post_entry``; None before there is one."""
    query = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'post_entry'"
    with _connected(url) as connection:
        found = connection.execute(text(query)).scalar_one_or_none()
    return None if found is None else str(found)


def test_the_schema_is_what_the_program_declares(database_url: str) -> None:
    with _connected(database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert MODULES


def test_both_databases_have_the_same_guards_and_constraints(
    sqlite_databases: Databases, postgresql_databases: Databases
) -> None:
    shapes = [_shape(made.migrated()) for made in (sqlite_databases, postgresql_databases)]
    triggers = [
        {(table, name) for table, name, _ in shape[0] if not name.endswith("_no_truncate")}
        for shape in shapes
    ]
    assert triggers[0] == triggers[1]
    assert shapes[0][1] == shapes[1][1]
    truncation = {table for table, name, _ in shapes[1][0] if name.endswith("_no_truncate")}
    assert truncation == {table for table, name in triggers[1] if name.endswith("_no_update")}


def test_the_guards_that_are_checked_are_those_of_the_books(database_url: str) -> None:
    ours = {
        table.name
        for table in Base.metadata.tables.values()
        if table.name in {*books.APPEND_ONLY, "facility", "account_balance", "account_balance_day"}
    }
    with _connected(database_url) as connection:
        names = {name for table, name, _ in _triggers(connection) if table in ours}
    assert {name for name in names if not name.endswith("_no_truncate")} == books.GUARDS


@pytest.mark.parametrize("script", [LOSES_TRIGGERS, LOSES_ROWS], ids=["triggers", "rows"])
def test_a_step_that_loses_protection_or_rows_is_undone(
    database_url: str, tmp_path: Path, script: str
) -> None:
    figures, shape = _fill(database_url), _shape(database_url)
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_loses.py").write_text(script.format(newest=NEWEST))
    config = alembic_config()
    config.set_main_option("script_location", str(scripts))
    with pytest.raises(Exception, match="was undone: it lost"):
        _step(database_url, command.upgrade, "head", config)
    assert _shape(database_url) == shape
    assert _figures(database_url) == figures


def test_servers_that_start_at_once_migrate_once(empty_url: str) -> None:
    program = "import sys; from loans.storage.migrate import migrate; migrate(sys.argv[1])"
    servers = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", program, empty_url], cwd=SCRIPTS.parent
        )
        for _ in range(3)
    ]
    assert [server.wait(timeout=60) for server in servers] == [0, 0, 0]
    assert _state(empty_url) == MigrationState(NEWEST, NEWEST)


def test_an_older_database_is_told_from_a_current_one(database_url: str) -> None:
    assert _state(database_url).is_current
    _step(database_url, command.downgrade, "0001")
    assert _state(database_url) == MigrationState("0001", NEWEST)
    assert not _state(database_url).is_current


def _state(url: str) -> MigrationState:
    database = open_database(url, is_test_server=True)
    state = migration_state(database)
    database.close()
    return state


def test_a_database_that_was_never_migrated_is_not_current(postgresql_databases: Databases) -> None:
    url = postgresql_databases.empty()
    assert _state(url) == MigrationState(None, NEWEST)
    postgresql_databases.drop(url)


def test_the_folder_of_a_new_file_is_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "data" / "fund.db"
    migrate(f"sqlite:///{file}")
    assert file.parent.stat().st_mode & 0o777 == 0o700
