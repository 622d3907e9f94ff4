"""All records in one archive of CSV files, with a list of what is in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from app.exports.csv_file import csv_text
from app.exports.sheet import Cell, Sheet, file_name
from loans.fund import Facility

CONTENTS = "contents.csv"


@dataclass(frozen=True)
class Made:
    """Whose records an archive holds, and when it was made."""

    facility: Facility
    at: datetime

    def name(self, ending: str) -> str:
        """The file name: fund, what it is, the day."""
        return f"{file_name(self.facility.code, 'records', self.at.date().isoformat())}.{ending}"


def write_archive(
    sheets: Iterable[Sheet], made: Made, file: IO[bytes], *, done: Callable[[str], None]
) -> None:
    """Write each sheet as a CSV file and the list of them last; ``done`` hears of each one."""
    contents: list[tuple[str, int, str]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            name = f"{sheet.name}.csv"
            contents.append((name, _write(archive, name, sheet), made.at.isoformat()))
            done(sheet.name)
        listed = Sheet("contents", ("file", "rows", "made_at"), contents)
        _write(archive, CONTENTS, listed)


def _write(archive: zipfile.ZipFile, name: str, sheet: Sheet) -> int:
    """Write one file; answer how many rows it has."""
    row_count = 0

    def counted() -> Iterator[Sequence[Cell]]:
        nonlocal row_count
        for row in sheet.rows:
            row_count += 1
            yield row

    with archive.open(name, "w") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
        text.writelines(csv_text(Sheet(sheet.name, sheet.columns, counted())))
    return row_count
