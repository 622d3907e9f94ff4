"""Writing the postings of an entry by the driver itself.

A run over many loans is one entry of as many postings. For each row the layer of tables would take
as long again as the database does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from loans.database import storable_minor
from loans.ledger_legs import Leg

_COLUMNS = (
    "facility_id, entry_id, n_postings, effective_on, "
    "line_no, account_id, currency, amount_minor, loan_id"
)
_ROW_ON_SQLITE = f"INSERT INTO posting ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own names
_ALL_ON_POSTGRESQL = (
    f"INSERT INTO posting ({_COLUMNS}) "  # noqa: S608 - our own names
    "SELECT %s, %s, %s, %s, line_no, account_id, currency, amount_minor, loan_id "
    "FROM unnest(%s::integer[], %s::text[], %s::text[], %s::bigint[], %s::text[]) "
    "AS line (line_no, account_id, currency, amount_minor, loan_id)"
)


class Heading(NamedTuple):
    """What all postings of an entry say alike."""

    facility_id: str
    entry_id: str
    n_postings: int
    effective_on: date


def write_postings(
    connection: Connection,
    heading: Heading,
    legs: Sequence[Leg],
    accounts: Mapping[str, tuple[str, str]],
    loan_id: str | None,
) -> None:
    """Write one posting for each leg; ``accounts`` has id and currency of each by its code.

    ``loan_id`` stands on every leg that names no loan of its own.
    """
    lines = [
        (
            number,
            *accounts[leg.account],
            storable_minor(leg.amount_minor),
            leg.loan_id or loan_id,
        )
        for number, leg in enumerate(legs, start=1)
    ]
    if connection.dialect.name == "postgresql":
        columns = tuple(map(list, zip(*lines, strict=True)))
        connection.exec_driver_sql(_ALL_ON_POSTGRESQL, (*heading, *columns))
    else:
        shared = (*heading[:3], heading.effective_on.isoformat())
        connection.exec_driver_sql(_ROW_ON_SQLITE, [(*shared, *line) for line in lines])
