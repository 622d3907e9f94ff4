"""Sheets as a workbook (XLSX): numbers as numbers, days as days, texts always as texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError

from app.exports.sheet import Cell, Sheet

MOST_ROWS = 1_048_575
"""Rows of a tab below its headings; what is longer goes on in a further tab."""

_LONGEST_TAB_NAME = 28
_LONGEST_TEXT = 32_767
_BOLD = Font(bold=True)


def write_workbook(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    """Write all sheets, each in a tab of its own, row by row."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    book.save(file)


def _write(book: Workbook, sheet: Sheet) -> None:
    tab = _tab(book, sheet, 1)
    for number, row in enumerate(sheet.rows):
        if number and number % MOST_ROWS == 0:
            tab = _tab(book, sheet, number // MOST_ROWS + 1)
        tab.append(list(_cells(tab, row)))


def _tab(book: Workbook, sheet: Sheet, part: int) -> Any:  # noqa: ANN401 - the library has no types
    name = sheet.name[:_LONGEST_TAB_NAME]
    tab = book.create_sheet(name if part == 1 else f"{name} {part}")
    tab.freeze_panes = "A2"
    heads = []
    for column in sheet.columns:
        head = WriteOnlyCell(tab, value=column)
        head.font = _BOLD
        heads.append(head)
    tab.append(heads)
    return tab


def _cells(tab: Any, row: Sequence[Cell]) -> Iterator[object]:  # noqa: ANN401 - as above
    for cell in row:
        yield _text(tab, cell) if isinstance(cell, str) else _plain(cell)


def _text(tab: Any, text: str) -> object:  # noqa: ANN401 - as above
    """A cell of type text: a spreadsheet shows a formula in it and never works it out."""
    try:
        cell = WriteOnlyCell(tab, value=text[:_LONGEST_TEXT])
    except IllegalCharacterError:
        kept = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
        cell = WriteOnlyCell(tab, value=kept[:_LONGEST_TEXT])
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text.lstrip(" ").startswith(("=", "+", "-", "@"))
    return cell


def _plain(cell: bool | int | Decimal | date | datetime | None) -> object:  # noqa: FBT001 - a cell
    match cell:
        case bool():
            return "yes" if cell else "no"
        case datetime():
            # A spreadsheet knows no zones: instants stand there as text with theirs.
            return cell.astimezone(UTC).isoformat()
        case _:
            return cell
