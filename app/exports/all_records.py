"""All records of the program as sheets, and as the file that somebody takes away."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import IO

from sqlalchemy.orm import Session

from app.exports.archive import Made, write_archive
from app.exports.sheet import Sheet
from app.exports.workbook import write_workbook
from loans.storage.records import RecordTable, record_tables, records

_IN_MEMORY_BYTES = 8_000_000


class Ending(StrEnum):
    """What kind of file holds all records."""

    WORKBOOK = "xlsx"
    ARCHIVE = "zip"


MEDIA_TYPES = {
    Ending.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Ending.ARCHIVE: "application/zip",
}


def sheet_of(session: Session, made: Made, table: RecordTable) -> Sheet:
    """One table of records."""
    return Sheet(table.name, table.columns, records(session, made.facility, table.name))


def all_records(
    session: Session,
    made: Made,
    ending: Ending,
    *,
    done: Callable[[str], None] = lambda _name: None,
) -> IO[bytes]:
    """Every table in one file, ready to be read from its beginning."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - the caller closes it
    tables = record_tables(session)
    sheets = (sheet_of(session, made, table) for table in tables)
    if ending is Ending.ARCHIVE:
        write_archive(sheets, made, file, done=done)
    else:
        write_workbook(_telling(sheets, done), file)
    file.seek(0)
    return file


def _telling(sheets: Iterator[Sheet], done: Callable[[str], None]) -> Iterator[Sheet]:
    for sheet in sheets:
        yield sheet
        done(sheet.name)
