"""A sheet answered as a CSV file to keep."""

from datetime import date

from fastapi.responses import Response

from app.exports.csv_file import csv_text
from app.exports.sheet import Sheet, file_name


def csv_answer(sheet: Sheet, on: date, known_on: date | None = None) -> Response:
    """The file, named after what it holds, the day of its figures, and what was known when."""
    days = on.isoformat() if known_on is None else f"{on.isoformat()}-known-{known_on.isoformat()}"
    name = f"{file_name(sheet.name, days)}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response("".join(csv_text(sheet)), media_type="text/csv; charset=utf-8", headers=headers)
