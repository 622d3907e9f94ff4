"""Every record that the program keeps, table by table, for whoever checks it elsewhere.

Nothing is chosen and nothing left out but what would let somebody in: passwords, sessions and the
keys of requests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Table, and_, func, select
from sqlalchemy.orm import Session

from appraisal.money import from_minor
from loans.banking.tables import BankLineRow
from loans.books.tables import AccountRow, hold
from loans.fund import Facility
from loans.refusal import Missing
from loans.storage import every_table
from loans.storage.column_types import Minor
from loans.storage.database import Base

# Imported so that the metadata knows every table.
_MODULES = every_table.MODULES

_SECRET_TABLES = frozenset({"sign_in", "sign_in_attempt", "request_key"})
_SECRET_COLUMNS = frozenset({"password_hash", "token_hash"})
_ROWS_AT_ONCE = 1_000

Value = str | int | bool | Decimal | date | datetime | None


@dataclass(frozen=True)
class RecordTable:
    """One table: the names of its columns; ``_minor`` is gone, as amounts are in major units."""

    name: str
    columns: tuple[str, ...]
    row_count: int


def record_tables(session: Session) -> tuple[RecordTable, ...]:
    """All tables with how many rows each has, in the order of their names."""
    return tuple(
        RecordTable(
            table.name,
            tuple(column.name.removesuffix("_minor") for column in _columns(table)),
            session.execute(select(func.count()).select_from(table)).scalar_one(),
        )
        for table in _tables()
    )


def records(session: Session, facility: Facility, table_name: str) -> Iterator[Sequence[Value]]:
    """The rows of a table by their key; amounts in major units of their own currency.

    Raises:
        Missing: there is no such table.
    """
    table = next((one for one in _tables() if one.name == table_name), None)
    if table is None:
        raise Missing
    return _rows(session, table, facility.currency)


def _tables() -> list[Table]:
    shown = (table for name, table in Base.metadata.tables.items() if name not in _SECRET_TABLES)
    return sorted(shown, key=lambda table: table.name)


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in _SECRET_COLUMNS]


def _rows(session: Session, table: Table, currency: str) -> Iterator[Sequence[Value]]:
    columns = _columns(table)
    currency_of = _currency_of(session, columns, currency)
    query = select(*columns).order_by(*table.primary_key.columns)
    found = session.execute(query.execution_options(yield_per=_ROWS_AT_ONCE))
    amounts = [isinstance(column.type, Minor) for column in columns]
    for row in found:
        paid_in = currency_of(row)
        yield tuple(
            from_minor(value, paid_in) if is_amount and value is not None else _plain(value)
            for value, is_amount in zip(row, amounts, strict=True)
        )


_CURRENCY_OF = {
    "account_id": select(AccountRow.id, AccountRow.currency),
    "account_code": select(AccountRow.code, AccountRow.currency),
    "line_id": select(BankLineRow.id, AccountRow.currency).join(
        AccountRow,
        and_(
            AccountRow.facility_id == BankLineRow.facility_id,
            AccountRow.code == BankLineRow.account_code,
        ),
    ),
    "hold_id": select(hold.c.id, AccountRow.currency).join(
        AccountRow,
        and_(AccountRow.facility_id == hold.c.facility_id, AccountRow.id == hold.c.account_id),
    ),
}
"""What a row without a currency of its own is kept in, by the account that it is about."""


def _currency_of(
    session: Session, columns: Sequence[Column[Any]], home: str
) -> Callable[[Sequence[Any]], str]:
    """Which currency the amounts of a row are in: its own, its account's, or the facility's."""
    names = [column.name for column in columns]
    if "currency" in names:
        place = names.index("currency")
        return lambda row: str(row[place])
    name = next((one for one in names if one in _CURRENCY_OF), None)
    if name is not None:
        place = names.index(name)
        known = {key: str(kept_in) for key, kept_in in session.execute(_CURRENCY_OF[name])}
        return lambda row: known.get(row[place], home)
    return lambda _row: home


def _plain(value: object) -> Value:
    if value is None or isinstance(value, str | int | date):
        return value
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
