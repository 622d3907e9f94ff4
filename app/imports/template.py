"""The workbook to fill in: a tab for each table, its headings, and one row that shows how."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

from app.exports.sheet import Cell, Sheet
from app.exports.workbook import write_workbook
from app.imports.old_loan_file import TABLES

_EXAMPLES: dict[str, tuple[Cell, ...]] = {
    "loans": (
        *("OLD-001", "UAB Pavyzdys", "302111222", "LT", "local_private", "Food", "Heat recovery"),
        *(Decimal("90000.00"), Decimal(6), "level", "ACT/365F", date(2024, 1, 10)),
        *(date(2024, 2, 15), 24, 1, 0, Decimal("86469.67"), date(2024, 2, 15), Decimal(0)),
    ),
    "pay_outs": ("OLD-001", date(2024, 1, 15), Decimal("90000.00"), "Invoice 17"),
    "receipts": ("OLD-001", date(2024, 2, 15), Decimal("3988.96"), "Line 4 of 15 February"),
}


def template() -> bytes:
    """The workbook; its example rows are to be replaced."""
    file = io.BytesIO()
    write_workbook(
        (
            Sheet(
                name.replace("_", "-"),
                tuple(field.replace("_", " ") for field in model.model_fields),
                (_EXAMPLES[name],),
            )
            for name, model in TABLES.items()
        ),
        file,
    )
    return file.getvalue()
