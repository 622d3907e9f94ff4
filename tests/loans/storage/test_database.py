from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from loans.books.tables import FacilityRow
from loans.chart import CASH
from loans.storage.database import Database, dialect_of, new_id, open_database
from loans.storage.database_faults import ATTEMPTS, DatabaseBusy, DatabaseUnavailable
from tests.databases import Databases
from tests.loans.facilities import MORNING, Books


def test_ids_are_uuids_of_version_7_that_only_grow() -> None:
    ids = [new_id() for _ in range(2_000)]
    assert ids == sorted(set(ids))
    assert {(uuid.UUID(made).version, uuid.UUID(made).variant) for made in ids} == {
        (7, uuid.RFC_4122)
    }


def test_ids_made_by_many_threads_differ() -> None:
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.extend([new_id() for _ in range(200)]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1_600


def test_amounts_and_days_come_back_as_they_went(books: Books) -> None:
    at = datetime(2026, 3, 10, 8, 0, 0, 123456, tzinfo=UTC)
    with books.database.writing() as session:
        session.add(
            FacilityRow(
                id=new_id(),
                code="ž ľ 水",
                name="x" * 200,
                currency="EUR",
                profile_code="p",
                is_demonstration=True,
                created_at=at,
            )
        )
    with books.database.reading() as session:
        row = session.scalars(select(FacilityRow).where(FacilityRow.code == "ž ľ 水")).one()
        assert (row.created_at, row.is_demonstration) == (at, True)


def test_reading_cannot_write(database: Database) -> None:
    row = {
        "id": new_id(),
        "code": "x",
        "name": "x",
        "currency": "EUR",
        "profile_code": "p",
        "is_demonstration": False,
        "created_at": MORNING,
    }
    with pytest.raises((DBAPIError, DatabaseUnavailable)), database.reading() as session:
        session.execute(insert(FacilityRow), row)
    with database.reading() as session:
        assert session.scalars(select(FacilityRow)).all() == []


def test_a_question_changes_nothing(books: Books) -> None:
    change = text("UPDATE facility SET name = 'changed'")
    with pytest.raises(RuntimeError):
        books.database.asking(lambda session: session.execute(change))
    with books.database.reading() as session:
        assert session.scalars(select(FacilityRow.name)).all() == ["Test facility"]


def test_a_reader_sees_one_state_while_others_write(books: Books) -> None:
    books.pay_in(100)
    with books.database.reading() as session:
        count = select(func.count()).select_from(text("journal_entry"))
        before = session.execute(count).scalar_one()
        books.pay_in(100)
        assert session.execute(count).scalar_one() == before
    assert books.balances()[CASH] == 200


def test_a_transaction_that_met_another_is_tried_again_as_a_whole(database: Database) -> None:
    tries: list[int] = []

    def work(session: Session) -> str:
        tries.append(session.execute(text("SELECT 1")).scalar_one())
        if len(tries) < ATTEMPTS:
            raise _met_another()
        return "done"

    assert database.retrying(work) == "done"
    assert len(tries) == ATTEMPTS


class _Deadlock(Exception):
    sqlstate = "40P01"


def _met_another() -> OperationalError:
    return OperationalError("", {}, _Deadlock())


def test_a_transaction_that_always_meets_another_is_given_up(sqlite_database: Database) -> None:
    def work(session: Session) -> None:
        del session
        raise _met_another()

    with pytest.raises(DatabaseBusy, match="Try again"):
        sqlite_database.retrying(work)


def test_a_fault_in_the_statement_is_not_tried_again(database: Database) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(DBAPIError):
        database.retrying(work)
    assert tries == [1]


@pytest.mark.parametrize("fault", [DatabaseBusy, DatabaseUnavailable])
def test_a_question_is_asked_again_for_a_lost_connection_only(
    sqlite_database: Database, fault: type[DatabaseUnavailable]
) -> None:
    asked = []

    def ask(session: Session) -> None:
        asked.append(session)
        raise fault

    with pytest.raises(fault):
        sqlite_database.asking(ask)
    assert len(asked) == 1


def test_two_writers_that_wait_for_each_other_both_finish(database: Database) -> None:
    """A real deadlock on PostgreSQL; on SQLite the second writer waits for its turn."""
    first, second = new_id(), new_id()
    with database.writing() as session:
        for number, facility_id in enumerate((first, second)):
            session.execute(
                insert(FacilityRow),
                {
                    "id": facility_id,
                    "code": f"f{number}",
                    "name": "x",
                    "currency": "EUR",
                    "profile_code": "p",
                    "is_demonstration": False,
                    "created_at": MORNING,
                },
            )
    change = text("UPDATE facility SET name = name || :mark WHERE id = :id")
    gate = threading.Barrier(2)

    def work(ids: tuple[str, str], mark: str) -> None:
        waited = threading.Event()

        def both(session: Session) -> None:
            session.execute(change, {"id": ids[0], "mark": mark})
            if database.dialect == "postgresql" and not waited.is_set():
                waited.set()
                gate.wait()
            session.execute(change, {"id": ids[1], "mark": mark})

        database.retrying(both)

    threads = [
        threading.Thread(target=work, args=((first, second), "a")),
        threading.Thread(target=work, args=((second, first), "b")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        names = set(session.scalars(select(FacilityRow.name)))
    assert {frozenset(name) for name in names} == {frozenset("xab")}


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://localhost/x", "oracle://x"])
def test_an_address_of_no_database_is_refused_in_words(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="must begin with sqlite"):
        dialect_of(url)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="needs a file"):
        open_database(url)


def test_a_missing_file_is_refused_and_not_made(tmp_path: Path) -> None:
    file = tmp_path / "none.db"
    with pytest.raises(DatabaseUnavailable, match="no database file"):
        open_database(f"sqlite:///{file}")
    assert not file.exists()


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "text.db"
    file.write_text("This is not a database, but a sentence of some length." * 50)
    with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
        open_database(f"sqlite:///{file}")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1",
        "postgres://nobody@127.0.0.1:1/none",
        "postgresql+psycopg://nobody@/none?host=/nowhere",
    ],
)
def test_a_server_that_does_not_answer_is_refused_in_words(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        open_database(url)


def test_a_database_that_is_not_on_the_server_is_refused(
    postgresql_databases: Databases,
) -> None:
    url = postgresql_databases.empty()
    postgresql_databases.drop(url)
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        open_database(url)
