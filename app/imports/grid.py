"""A workbook or a CSV file as rows of texts, as a person would have typed them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.amounts import as_typed
from loans.refusal import WrongValue

LARGEST_FILE_BYTES = 5_000_000
MOST_ROWS = 20_000
_LARGEST_UNPACKED_BYTES = 100_000_000
_MOST_COLUMNS = 60
_PLACES_KEPT = 6
_SEPARATORS = ";,\t"
_CYRILLIC, _BALTIC, _WESTERN = "cp1251", "cp1257", "cp1252"
_HIGH_RUN = re.compile(rb"[\xc0-\xff]+")
_SHORTEST_CYRILLIC_RUN = 3
_NORDIC = frozenset("æøÆØ".encode("cp1252"))
_ONLY_BALTIC = frozenset("šžčėąįūāēīķļņģŠŽČĖĄĮŪĀĒĪĶĻŅĢ".encode("cp1257"))


class FileUnread(WrongValue):
    """A file that is no workbook and no CSV, or too large."""

    code = "file_unread"


@dataclass(frozen=True)
class Line:
    """One row: its number as the spreadsheet shows it, and its texts by heading."""

    number: int
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Grid:
    """One tab: the headings of its first row, and the rows below that are not blank."""

    name: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read_file(content: bytes, name: str) -> tuple[Grid, ...]:
    """The tabs of a workbook (XLSX), or the one table of a CSV file, named as the file.

    Raises:
        FileUnread: neither, or larger than what can be read in one go.
    """
    if len(content) > LARGEST_FILE_BYTES:
        message = f"The file is too large. Send at most {LARGEST_FILE_BYTES // 1_000_000} MB."
        raise FileUnread(message, field="file")
    if content.startswith(b"PK"):
        return tuple(_workbook(content))
    return (_csv(content, name.rsplit(".", 1)[0]),)


def _workbook(content: bytes) -> Iterator[Grid]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > _LARGEST_UNPACKED_BYTES:
            message = "The workbook is far larger inside than it looks. Send a smaller one."
            raise FileUnread(message, field="file")
        # Twice: what a formula came to when the workbook was saved, and that it is a formula.
        book, formulas = (
            load_workbook(io.BytesIO(content), read_only=True, data_only=is_worked_out)
            for is_worked_out in (True, False)
        )
        for tab, written in zip(book.worksheets, formulas.worksheets, strict=True):
            pairs = zip(
                *(
                    _bounded(one.iter_rows(max_col=_MOST_COLUMNS, values_only=True))
                    for one in (tab, written)
                ),
                strict=True,
            )
            rows = [
                [_worked_out(tab.title, number, *cells) for cells in zip(*row, strict=True)]
                for number, row in enumerate(pairs, start=1)
            ]
            yield _grid(tab.title, rows)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as fault:
        if isinstance(fault, FileUnread):
            raise
        message = "The file cannot be read as a workbook. Save it as XLSX or as CSV."
        raise FileUnread(message, field="file") from fault


def _worked_out(tab: str, number: int, value: object, written: object) -> str:
    """The text of a cell; a formula that no program has worked out yet is no blank.

    Raises:
        FileUnread: there is no value.
    """
    if value is None and written is not None:
        message = (
            f"Row {number} of “{tab}” has a formula without its value. Open the file in a "
            "spreadsheet program and save it again, or enter the value itself."
        )
        raise FileUnread(message, field="file")
    return _text(value)


def _csv(content: bytes, name: str) -> Grid:
    text = _decoded(content)
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return _grid(name, [list(row[:_MOST_COLUMNS]) for row in _bounded(rows)])
    except csv.Error as fault:
        message = "The file cannot be read as CSV. Save it as XLSX or as CSV in UTF-8."
        raise FileUnread(message, field="file") from fault


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", *_old_encodings(content)):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    message = "The file cannot be read as text. Save it as XLSX or as CSV in UTF-8."
    raise FileUnread(message, field="file")


def _old_encodings(content: bytes) -> tuple[str, ...]:
    """The encodings of old Windows programs, the likeliest first.

    In Russian whole words are of letters beyond ASCII; in Lithuanian, Latvian, Estonian or German
    a few stand among others. Danish and Norwegian have two signs where Lithuanian has rarer ones
    than its carons and dots.
    """
    runs = [len(run) for run in _HIGH_RUN.findall(content)]
    in_words = sum(length for length in runs if length >= _SHORTEST_CYRILLIC_RUN)
    if 2 * in_words >= sum(runs):
        return (_CYRILLIC, _BALTIC, _WESTERN)
    signs = set(content)
    if signs & _NORDIC and not signs & _ONLY_BALTIC:
        return (_WESTERN, _BALTIC, _CYRILLIC)
    return (_BALTIC, _WESTERN, _CYRILLIC)


def _bounded(rows: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            message = f"The file has more than {MOST_ROWS:,} rows. Divide it."
            raise FileUnread(message, field="file")
        yield row


def _grid(name: str, rows: Sequence[Sequence[object]]) -> Grid:
    headings = tuple(heading(str(cell or "")) for cell in rows[0]) if rows else ()
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        texts = [str(cell or "").strip() for cell in row]
        if any(texts):
            named = dict(zip(headings, texts, strict=False))
            lines.append(Line(number, {key: text for key, text in named.items() if key}))
    return Grid(heading(name), tuple(one for one in headings if one), tuple(lines))


def heading(text: str) -> str:
    """A heading without what people vary: "First due, on" -> "first_due_on"."""
    words = "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()
    return "_".join(words)


def _text(cell: object) -> str:
    """What a person would have typed: days in ISO form, numbers without grouping."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case int() | float():
            return _number(cell)
        case _:
            return str(cell)


def _number(cell: float) -> str:
    """A spreadsheet's numbers are binary fractions: six decimals are what was meant."""
    try:
        return as_typed(round(Decimal(repr(cell)), _PLACES_KEPT))
    except InvalidOperation:
        return str(cell)
