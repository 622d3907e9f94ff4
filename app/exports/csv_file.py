"""A sheet as CSV: comma, quotes where needed, UTF-8 with its mark, ISO days, plain numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from app.exports.sheet import Cell, Sheet, harmless

_MARK = "\ufeff"
"""By it spreadsheets know the text as UTF-8."""

_ROWS_AT_ONCE = 500


def csv_text(sheet: Sheet) -> Iterator[str]:
    """The file piece by piece, so that a long table is never whole in memory."""
    yield _MARK + _lines([sheet.columns])
    waiting: list[Sequence[Cell]] = []
    for row in sheet.rows:
        waiting.append(row)
        if len(waiting) == _ROWS_AT_ONCE:
            yield _lines(waiting)
            waiting = []
    if waiting:
        yield _lines(waiting)


def _lines(rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue()


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case Decimal():
            return f"{cell:f}"
        case datetime() | date():
            return cell.isoformat()
        case str():
            return harmless(cell)
        case _:
            return str(cell)
