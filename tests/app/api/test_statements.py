"""How often an act over the interface asks the database: each question adds to its time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from loans.storage.database import Database
from tests.app.api.programs import program_of
from tests.funds import OPENED_ON, open_fund

GIFT = {"source": "Donor Two", "amount": "1.00", "paid_on": str(OPENED_ON)}
ASKED = {"sqlite": 16, "postgresql": 10}
"""An entry is one statement on PostgreSQL; on SQLite its accounts, its tables and a savepoint."""


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements that any database is asked in the block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_contribution_asks_no_more_often_than_it_did(database: Database) -> None:
    """The second of a source: the first opens its account."""
    fund = open_fund(database)
    program = program_of(database, fund.manager)
    program.post("/fund/contributions", GIFT)
    with asked() as statements:
        answered = program.post("/fund/contributions", GIFT)
    assert answered.status_code == 201
    assert len(statements) == ASKED[database.dialect], "\n".join(statements)
