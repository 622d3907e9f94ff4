"""The file of old loans: its three tables, and the report of what each row says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.forms import FormModel, filled
from app.imports.grid import FileUnread, Grid, Line, read_file
from app.imports.old_loan_rows import OldLoanRow, OldPayOutRow, OldReceiptRow

Row = TypeVar("Row", bound=FormModel)

TABLES: Mapping[str, type[FormModel]] = {
    "loans": OldLoanRow,
    "pay_outs": OldPayOutRow,
    "receipts": OldReceiptRow,
}
"""The tables by their name; each column is a field of the row."""


@dataclass(frozen=True)
class RowReport:
    """What one row says: its values in one line, or what to enter in which column."""

    table: str
    number: int
    problems: tuple[tuple[str, str], ...]
    """Column and message."""

    @property
    def is_good(self) -> bool:
        """Whether nothing stands in the way of this row."""
        return not self.problems


@dataclass(frozen=True)
class Read(Generic[Row]):
    """A row that could be read, with its number in the file."""

    number: int
    row: Row


@dataclass(frozen=True)
class OldLoanFile:
    """What a file says: the rows that could be read, and the report of all of them."""

    loans: tuple[Read[OldLoanRow], ...]
    pay_outs: tuple[Read[OldPayOutRow], ...]
    receipts: tuple[Read[OldReceiptRow], ...]
    report: tuple[RowReport, ...]

    @property
    def is_good(self) -> bool:
        """Whether every row can be imported."""
        return all(row.is_good for row in self.report)


def read_old_loans(files: Sequence[tuple[str, bytes]], currency: str) -> OldLoanFile:
    """Read a workbook with the three tables, or one CSV file for each of them.

    Raises:
        FileUnread: a file cannot be read, or a table or a column is missing.
    """
    grids = {grid.name: grid for name, content in files for grid in read_file(content, name)}
    if absent := [name for name in TABLES if name not in grids]:
        message = f"There is no table named {absent[0].replace('_', '-')}. Start from the template."
        raise FileUnread(message, field="file")
    for name, model in TABLES.items():
        _check_columns(grids[name], model)
    if not grids["loans"].lines:
        message = "The table loans has no row. Enter the old loans in it, one a row."
        raise FileUnread(message, field="file")
    rows = {name: list(_rows(grids[name], TABLES[name], currency)) for name in TABLES}
    found: dict[str, list[Any]] = {
        name: [Read(report.number, value) for value, report in pairs if value is not None]
        for name, pairs in rows.items()
    }
    report = [report for pairs in rows.values() for _, report in pairs]
    return OldLoanFile(
        loans=tuple(found["loans"]),
        pay_outs=tuple(found["pay_outs"]),
        receipts=tuple(found["receipts"]),
        report=tuple(_with_cross_checks(report, grids)),
    )


def _check_columns(grid: Grid, model: type[FormModel]) -> None:
    for name, info in model.model_fields.items():
        if info.is_required() and name not in grid.headings:
            message = (
                f"The table {grid.name.replace('_', '-')} has no column “{name.replace('_', ' ')}”."
                " Start from the template."
            )
            raise FileUnread(message, field="file")


def _rows(
    grid: Grid, model: type[FormModel], currency: str
) -> Iterator[tuple[FormModel | None, RowReport]]:
    for line in grid.lines:
        known = {name: text for name, text in line.texts.items() if name in model.model_fields}
        form = filled(model, known, currency=currency)
        yield form.value, RowReport(grid.name, line.number, tuple(form.errors.items()))


def _with_cross_checks(
    report: Sequence[RowReport], grids: Mapping[str, Grid]
) -> Iterator[RowReport]:
    """Each loan stands once, and each movement names a loan of the file."""
    references = Counter(line.texts.get("reference", "") for line in grids["loans"].lines)
    lines = {(name, line.number): line for name, grid in grids.items() for line in grid.lines}
    for row in report:
        found = _cross_problem(row, lines[row.table, row.number], references)
        problems = (*row.problems, found) if found else row.problems
        yield RowReport(row.table, row.number, problems)


def _cross_problem(
    row: RowReport, line: Line, references: Mapping[str, int]
) -> tuple[str, str] | None:
    if row.table == "loans":
        reference = line.texts.get("reference", "")
        if reference and references[reference] > 1:
            return "reference", "This reference stands more than once. Each loan has its own."
        return None
    named = line.texts.get("loan", "")
    if named and named not in references:
        return "loan", "No loan of the file has this reference. Enter one that stands in loans."
    return None
