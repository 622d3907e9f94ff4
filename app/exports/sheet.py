"""A table to take away: plain values under plain headings, and texts that no program runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | bool | Decimal | date | datetime | None

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a text that begins so for a formula or a command."""


@dataclass(frozen=True)
class Sheet:
    """A table: ``name`` is its file or tab, each row has one cell for each column."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]


def harmless(text: str) -> str:
    """A text that spreadsheets show and never run: an apostrophe before what looks like a formula.

    Spaces before it do not hide it.
    """
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) else text


def file_name(*parts: str) -> str:
    """A file name of words: lower case, hyphens, nothing that a file system minds."""
    joined = "-".join(parts).casefold()
    kept = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in joined)
    return "-".join(part for part in kept.split("-") if part)
