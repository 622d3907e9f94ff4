"""Bank statements as tables: any bank's columns, by a mapping that is guessed or stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from app.days import DayUnread, read_day
from app.imports.bank_text import kept, typed_minor
from app.imports.grid import FileUnread, Grid, Line, heading, read_file
from appraisal.money import as_text
from loans.banking.stated import (
    LONGEST_NAME,
    LONGEST_REFERENCE,
    LONGEST_TEXT,
    TABLE,
    StatedLine,
    StatedStatement,
)
from loans.day_words import shown_day

_MOST_LINES_ABOVE = 15
_OUTWARD = frozenset({"d", "db", "dr", "dbit", "debit", "debet", "soll", "s", "out", "-"})
_INWARD = frozenset({"c", "k", "cr", "kr", "crdt", "credit", "kredit", "haben", "h", "in", "+"})
_NUMBERS = 3

_KNOWN: Mapping[str, tuple[str, ...]] = {
    "day": (
        *("booking_date", "booked_on", "date", "day", "posting_date", "transaction_date"),
        *("value_date", "datum", "buchungstag", "data", "kuupäev", "datums"),
    ),
    "amount": ("amount", "suma", "sum", "summa", "betrag", "kwota"),
    "debit": ("debit", "debet", "withdrawal", "money_out", "paid_out", "soll"),
    "credit": ("credit", "kredit", "deposit", "money_in", "paid_in", "haben"),
    "direction": ("d_k", "d_c", "dr_cr", "debit_credit", "deebet_kreedit_d_c"),
    "reference": (
        *("bank_reference", "reference", "transaction_id", "archive_id", "entry_reference"),
        *("transaction_reference", "arhiveerimistunnus", "ref"),
    ),
    "counterparty": (
        *("counterparty", "beneficiary_payer", "payer_beneficiary", "payer", "beneficiary"),
        *("partner", "name"),
    ),
    "text": (
        *("text", "details", "payment_details", "description", "purpose", "narrative"),
        *("paskirtis", "selgitus", "verwendungszweck"),
    ),
    "currency": ("currency", "valiuta", "valuuta", "valūta", "währung"),
}


_FEWEST_COLUMNS = 2
_PLAIN = ("day_order", "decimal")
"""What a mapping says beside headings."""


class ColumnsUnknown(FileUnread):
    """The file's headings do not say which column is the day or the amount."""

    code = "columns_unknown"


@dataclass(frozen=True)
class Columns:
    """Which heading of the file says what; blank where no column says it.

    Either ``amount`` (signed, or with a ``direction``) or ``debit`` and ``credit``. ``day_order``
    is "", "dmy" or "mdy"; ``decimal`` is "", "," or ".".
    """

    day: str = ""
    amount: str = ""
    debit: str = ""
    credit: str = ""
    direction: str = ""
    reference: str = ""
    counterparty: str = ""
    text: str = ""
    currency: str = ""
    day_order: str = ""
    decimal: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> Columns:
        """A mapping as it was kept or typed; headings are compared without what people vary."""
        known = {name: str(stored.get(name) or "") for name in cls.__dataclass_fields__}
        return cls(
            **{name: text if name in _PLAIN else heading(text) for name, text in known.items()}
        )

    def kept(self) -> Mapping[str, str]:
        """As it is remembered."""
        return asdict(self)

    @property
    def has_amount(self) -> bool:
        """Whether it says where the amount stands."""
        return bool(self.amount or (self.debit and self.credit))


@dataclass(frozen=True)
class StatedEnd:
    """The balance that the bank states, and the day at whose end it stood (None: the last line)."""

    closing_minor: int
    closed_on: date | None = None


def read_bank_table(
    content: bytes, name: str, currency: str, columns: Columns, end: StatedEnd
) -> tuple[StatedStatement, Columns]:
    """The statement of a CSV or XLSX file, and the mapping by which it was read.

    Headings may stand below a few lines about the account. Columns that ``columns`` leaves blank
    are guessed from their headings.

    Raises:
        FileUnread: no table, a cell that cannot be read, or no line.
        ColumnsUnknown: the day or the amount is in no column; the message names the headings.
    """
    grid, used, above = _grid_and_columns(content, name, columns)
    _refuse_absent(columns, grid)
    lines = tuple(_lines(grid, used, currency, above))
    if not lines:
        message = "The file has headings but no line. Send a statement with movements."
        raise FileUnread(message, field="file")
    days = [line.booked_on for line in lines]
    if end.closed_on is not None and end.closed_on < max(days):
        message = (
            f"The last line is of {shown_day(max(days))}. Enter that day or a later one as the "
            "last day of the statement."
        )
        raise FileUnread(message, field="closing_on")
    total = sum(line.amount_minor for line in lines)
    statement = StatedStatement(
        kind=TABLE,
        holder="",
        from_on=min(days),
        to_on=max([*days, *([end.closed_on] if end.closed_on else [])]),
        opening_minor=end.closing_minor - total,
        closing_minor=end.closing_minor,
        lines=lines,
        is_opening_counted=True,
    )
    return statement, used


def _grid_and_columns(content: bytes, name: str, columns: Columns) -> tuple[Grid, Columns, int]:
    """The table, its mapping, and how many lines stand above its headings."""
    first: Grid | None = None
    for above in range(_MOST_LINES_ABOVE):
        rest = content.split(b"\n", above)
        if len(rest) <= above or (above and content.startswith(b"PK")):
            break
        grid = read_file(rest[-1], name)[0]
        first = first or grid
        used = _guessed(columns, grid.headings)
        if used.day in grid.headings and used.has_amount and _are_there(used, grid):
            return grid, used, above
    headings = first.headings if first else ()
    if len(headings) < _FEWEST_COLUMNS:
        message = "The file is no table with a day and an amount. Send CSV, XLSX or camt.053."
        raise FileUnread(message, field="file")
    seen = ", ".join(kept(one, 40) for one in headings)
    message = (
        "The file does not say which column is the day and which the amount. Name them as the "
        f"first line of the file does. It has: {kept(seen, 400)}."
    )
    raise ColumnsUnknown(message, field="day")


def _refuse_absent(columns: Columns, grid: Grid) -> None:
    """Refuse a column that was named and is not there: what it says would be lost."""
    for field, named in columns.kept().items():
        if field not in _PLAIN and named and named not in grid.headings:
            seen = ", ".join(kept(one, 40) for one in grid.headings)
            message = (
                f"The file has no column “{kept(named, 40)}”, which was named for the {field}. "
                f"It has: {kept(seen, 400)}."
            )
            raise ColumnsUnknown(message, field=field)


def _are_there(used: Columns, grid: Grid) -> bool:
    amounts = (used.amount,) if used.amount else (used.debit, used.credit)
    return all(name in grid.headings for name in amounts)


def _guessed(columns: Columns, headings: tuple[str, ...]) -> Columns:
    """The mapping with its blanks filled from headings that are known."""
    found = {
        field: next((one for one in names if one in headings), "")
        for field, names in _KNOWN.items()
        if not getattr(columns, field)
    }
    if columns.has_amount:
        found |= dict.fromkeys(({"amount", "debit", "credit"} & found.keys()), "")
    return replace(columns, **found)


def _lines(grid: Grid, columns: Columns, currency: str, above: int) -> Iterator[StatedLine]:
    for line in grid.lines:
        where = f"in row {line.number + above}"
        stated = line.texts.get(columns.currency, "") if columns.currency else ""
        if stated and stated.upper() != currency:
            message = (
                f"The amount {where} is in {kept(stated, 3)}, the account in {currency}. "
                "Choose the account that the statement is of."
            )
            raise FileUnread(message, field="file")
        _check_amount_cells(line, columns, where)
        amount = _amount(line, columns, currency, where)
        if amount:
            yield StatedLine(
                _day(line, columns, where),
                amount,
                kept(line.texts.get(columns.reference), LONGEST_REFERENCE),
                kept(line.texts.get(columns.counterparty), LONGEST_NAME),
                kept(line.texts.get(columns.text), LONGEST_TEXT),
            )


def _check_amount_cells(line: Line, columns: Columns, where: str) -> None:
    """Refuse a row with a day but no amount, or with one on both sides."""
    names = (columns.amount,) if columns.amount else (columns.debit, columns.credit)
    texts = [text for name in names if (text := line.texts.get(name, "").strip())]
    if not texts and line.texts.get(columns.day, "").strip():
        message = f"The amount {where} is missing. Enter it, or take the row out of the file."
        raise FileUnread(message, field="file")
    if len(texts) > 1 and all(any(sign in "123456789" for sign in text) for text in texts):
        message = f"There is a debit and a credit {where}. Make two rows of it."
        raise FileUnread(message, field="file")


def _amount(line: Line, columns: Columns, currency: str, where: str) -> int:
    def read(column: str) -> int:
        text = line.texts.get(column, "")
        return typed_minor(text, currency, columns.decimal, where=where) if text else 0

    if not columns.amount:
        credit, debit = read(columns.credit), read(columns.debit)
        if credit < 0:
            raise FileUnread(_contradicts(as_text(credit, currency), "credit", where), field="file")
        return credit - abs(debit)
    amount = read(columns.amount)
    if not amount or not columns.direction:
        return amount
    return _directed(amount, line, columns, currency, where)


def _directed(amount: int, line: Line, columns: Columns, currency: str, where: str) -> int:
    """An amount with the sign of its direction; one that the file leaves open is not guessed."""
    stated = kept(line.texts.get(columns.direction), 20)
    if stated.casefold() in _OUTWARD:
        return -abs(amount)
    if stated.casefold() not in _INWARD:
        read = f"“{stated}” is no direction" if stated else "There is no direction"
        message = f"{read} {where}. Enter D for money out or K or C for money in."
        raise FileUnread(message, field="file")
    if amount < 0:
        raise FileUnread(_contradicts(as_text(amount, currency), stated, where), field="file")
    return amount


def _contradicts(amount: str, side: str, where: str) -> str:
    return (
        f"The amount {amount} {where} is below nothing, and the file calls it money in "
        f"({side}). Enter it as money in or as money out."
    )


def _day(line: Line, columns: Columns, where: str) -> date:
    text = line.texts.get(columns.day, "")
    try:
        return read_day(_in_order(text, columns.day_order))
    except DayUnread as error:
        message = f"The day {where} cannot be read. {error} Or say in which order days are written."
        raise FileUnread(message, field="file") from error


def _in_order(text: str, order: str) -> str:
    """A day of three numbers in the order that the mapping states, as year-month-day."""
    parts = "".join(sign if sign.isdigit() else " " for sign in text.partition("T")[0]).split()
    if not order or len(parts) < _NUMBERS or len(parts[0]) > len("31"):
        return text.partition("T")[0].partition(" ")[0] if text[:4].isdigit() else text
    first, second, year = parts[:_NUMBERS]
    day, month = (first, second) if order == "dmy" else (second, first)
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}"
