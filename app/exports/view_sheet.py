"""The lines of a page as a table to take away: the same figures under the names of the fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from enum import Enum
from typing import Any

from app.exports.sheet import Cell, Sheet
from appraisal.money import from_minor

_MINOR = "_minor"


def view_sheet(
    name: str, lines: Iterable[Any], kind: type[Any], currency: str, *, without: Sequence[str] = ()
) -> Sheet:
    """Each line of a frozen view as a row; amounts in major units.

    A line with a currency of its own is in that, the others in ``currency``. Fields named
    in ``without`` are left out.
    """
    names = [one.name for one in fields(kind) if one.name not in without]
    columns = tuple(one.removesuffix(_MINOR) for one in names)
    rows = (tuple(_cells(line, names, currency)) for line in lines)
    return Sheet(name, columns, rows)


def _cells(line: Any, names: Sequence[str], currency: str) -> Iterator[Cell]:  # noqa: ANN401 - any view
    own = getattr(line, "currency", None)
    currency = own if isinstance(own, str) else currency
    for name in names:
        value = getattr(line, name)
        if isinstance(value, Enum):
            yield str(value.value)
        elif name.endswith(_MINOR) and value is not None:
            yield from_minor(value, currency)
        else:
            yield value
