from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from loans.books.tables import journal_entry
from loans.storage.database_faults import (
    DatabaseBusy,
    DatabaseUnavailable,
    constraint_name,
    faults_in_words,
)


class _PostgresqlFault(Exception):
    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.sqlstate = state


def _reported(fault: Exception) -> OperationalError:
    return OperationalError("SELECT secret", {"password": "x"}, fault)


def _sqlite_fault(name: str) -> sqlite3.OperationalError:
    fault = sqlite3.OperationalError(name)
    fault.sqlite_errorname = name
    return fault


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (_PostgresqlFault("40001"), DatabaseBusy, "busy"),
        (_PostgresqlFault("40P01"), DatabaseBusy, "busy"),
        (_PostgresqlFault("55P03"), DatabaseBusy, "busy"),
        (_PostgresqlFault("53100"), DatabaseUnavailable, "full"),
        (_PostgresqlFault("57P01"), DatabaseUnavailable, "reached"),
        (_PostgresqlFault("28P01"), DatabaseUnavailable, "reached"),
        (_PostgresqlFault("3D000"), DatabaseUnavailable, "reached"),
        (_sqlite_fault("SQLITE_BUSY_SNAPSHOT"), DatabaseBusy, "busy"),
        (_sqlite_fault("SQLITE_FULL"), DatabaseUnavailable, "full"),
        (_sqlite_fault("SQLITE_IOERR_WRITE"), DatabaseUnavailable, "full"),
        (_sqlite_fault("SQLITE_CANTOPEN"), DatabaseUnavailable, "cannot be opened"),
    ],
)
def test_faults_of_the_database_are_told_in_one_line(
    fault: Exception, kind: type[DatabaseUnavailable], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught, faults_in_words():
        raise _reported(fault)
    assert type(caught.value) is kind
    assert "secret" not in str(caught.value)


def test_no_free_connection_means_busy() -> None:
    with pytest.raises(DatabaseBusy), faults_in_words():
        raise PoolTimeoutError


def test_a_fault_of_a_statement_stays_what_it_is() -> None:
    with pytest.raises(DBAPIError, match="42P01"), faults_in_words():
        raise _reported(_PostgresqlFault("42P01"))


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("CHECK constraint failed: ck_account_balance_floor", "ck_account_balance_floor"),
        ("ck_journal_entry_balanced", "ck_journal_entry_balanced"),
        (
            "UNIQUE constraint failed: journal_entry.facility_id, journal_entry.idem_key",
            "uq_journal_entry_facility_id_idem_key",
        ),
        ("UNIQUE constraint failed: journal_entry.memo", ""),
        ("FOREIGN KEY constraint failed", "FOREIGN KEY constraint failed"),
    ],
)
def test_sqlite_refusals_get_the_names_that_postgresql_gives(message: str, name: str) -> None:
    metadata: MetaData = journal_entry.metadata
    assert constraint_name(IntegrityError("", {}, Exception(message)), metadata) == name
