"""Texts and amounts of bank files, which others wrote: kept short, plain and exact."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation

from app.amounts import MINUS, AmountUnread, read_amount
from app.imports.grid import FileUnread
from app.typed_text import REPLACEMENT, showable
from appraisal.money import MoneyError, to_minor

_GROUPING = (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "'")
_MOST_SIGNS = 30


def kept(text: str | None, longest: int) -> str:
    """``text`` on one line, without signs that cannot be stored, cut at ``longest``."""
    shown = unicodedata.normalize("NFC", showable(text or "")).replace(REPLACEMENT, " ")
    return " ".join(shown.split())[:longest].rstrip()


def exact_minor(text: str, currency: str, *, where: str) -> int:
    """An amount with a decimal point, as programs write it, in minor units.

    Raises:
        FileUnread: it is no number, or no amount of the currency.
    """
    value = _number(text)
    if value is None:
        message = f"The amount {where} is no number. Ask the bank for a new file."
        raise FileUnread(message, field="file")
    try:
        return to_minor(value, currency)
    except MoneyError as error:
        message = f"The amount {where} cannot be used. {error}"
        raise FileUnread(message, field="file") from error


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and len(text) <= _MOST_SIGNS and "_" not in text else None


def typed_minor(text: str, currency: str, decimal: str, *, where: str) -> int:
    """An amount as banks write it in tables; ``decimal`` is the sign before cents, if stated.

    Raises:
        FileUnread: it cannot be read, or may be read in two ways.
    """
    plain = text.strip().replace(MINUS, "-")
    if plain.endswith("-") and plain[:1].isdigit():
        plain = f"-{plain[:-1]}"
    if decimal:
        other = "." if decimal == "," else ","
        for sign in (*_GROUPING, other):
            plain = plain.replace(sign, "")
        return exact_minor(plain.replace(decimal, "."), currency, where=where)
    try:
        value = read_amount(plain.removeprefix("+"), currency, may_be_negative=True).value
        return to_minor(value, currency)
    except (AmountUnread, MoneyError) as error:
        message = f"The amount {where} cannot be read. {error} Or say which sign stands for cents."
        raise FileUnread(message, field="file") from error
