"""Taking the records away: each table as CSV, or all of them as a workbook or an archive."""

from collections.abc import Iterator
from typing import IO, Literal

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from app import clock
from app.dependencies import Reading
from app.exports.all_records import MEDIA_TYPES, Ending, all_records, sheet_of
from app.exports.archive import Made
from app.exports.csv_file import csv_text
from app.rendering import page
from app.router import Router
from loans.fund import the_facility
from loans.refusal import Missing
from loans.storage.records import record_tables

router = Router()
_CHUNK_BYTES = 64_000


@router.get("/exports")
def show(request: Request, session: Reading) -> Response:
    """What can be taken away."""
    return page(request, "exports/show.html", tables=record_tables(session))


@router.get("/exports/records.{ending}")
def take_all(session: Reading, ending: Literal["xlsx", "zip"]) -> Response:
    """Every table in one file."""
    made, kind = Made(the_facility(session), clock.now()), Ending(ending)
    file = all_records(session, made, kind)
    return StreamingResponse(
        _pieces(file), media_type=MEDIA_TYPES[kind], headers=_kept_as(made.name(kind))
    )


@router.get("/exports/records/{table_name}.csv")
def take_table(session: Reading, table_name: str) -> Response:
    """One table."""
    made = Made(the_facility(session), clock.now())
    found = next((one for one in record_tables(session) if one.name == table_name), None)
    if found is None:
        raise Missing
    text = "".join(csv_text(sheet_of(session, made, found)))
    name = made.name("csv").replace("-records-", f"-{found.name.replace('_', '-')}-")
    return Response(text, media_type="text/csv; charset=utf-8", headers=_kept_as(name))


def _kept_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece
