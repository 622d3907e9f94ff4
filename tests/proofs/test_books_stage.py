"""Each life begins from the same state, whatever the one before it wrote."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import inspect, text

from loans.storage.database import Database, open_database
from tests.builders import PAY_OUT_ON, disbursed_loan, open_fund, receive
from tests.databases import Databases
from tests.proofs.books_stage import LIVES_BETWEEN_CLEANINGS, Stage


@pytest.mark.slow
def test_a_life_finds_nothing_of_the_one_before_it(databases: Databases) -> None:
    url = databases.migrated()
    with closing(open_database(url, is_test_server=True)) as database:
        fund = open_fund(database)
        loan_id = disbursed_loan(fund)
    with closing(Stage(databases, url)) as stage:
        first = stage.begin()
        found = rows_of(first)
        receive(replace(fund, database=first), loan_id, 100, on=PAY_OUT_ON)
        changed = {table for table, rows in rows_of(first).items() if rows != found[table]}
        assert {"journal_entry", "receipt", "account_balance", "case_event"} <= changed
        stage.end(first)
        for _ in range(LIVES_BETWEEN_CLEANINGS):
            stage.end(stage.begin())
        again = stage.begin()
        assert rows_of(again) == found
        stage.end(again)


def rows_of(database: Database) -> Mapping[str, list[str]]:
    """Every row of every table."""
    tables = inspect(database.reader).get_table_names()
    with database.reading() as session:
        return {
            table: sorted(map(str, session.execute(text(f'SELECT * FROM "{table}"'))))  # noqa: S608 - a table of ours
            for table in tables
        }
