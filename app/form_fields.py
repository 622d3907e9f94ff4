"""What one field of a form asks, how its text is read, and the words for each way to miss it."""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from app.amounts import (
    read_amount,
    read_percent,
    read_price,
    read_quantity,
    shown_amount,
    shown_number,
)
from app.days import read_day
from app.typed_text import tidy

_LONGEST_TEXT = 5_000
_GROWTH_PLACES = 20
"""Growth is kept as a binary fraction; it comes back from the form as it was stored."""

_YES_NO = {"yes": True, "no": False}


class Reads(StrEnum):
    """How the text of a field is read."""

    TEXT = "text"
    LINES = "lines"
    AMOUNT = "amount"
    PRICE = "price"
    QUANTITY = "quantity"
    CHANGE = "change"
    """A quantity that may be negative."""
    PERCENT = "percent"
    GROWTH = "growth"
    """A percentage that may be negative."""
    WHOLE = "whole"
    DAY = "day"
    CHOICE = "choice"
    YES = "yes"


@dataclass(frozen=True)
class Ask:
    """The words and the reading of one field.

    ``what`` completes "Enter ..." or "Choose ...": "the total cost of the investment". ``reads``
    is needed for decimals and for text of several lines; else it follows from the field's type.
    ``missing`` replaces the message for a blank; ``shape`` says how text with a pattern looks
    ("two letters, such as LT").
    """

    what: str
    reads: Reads | None = None
    unit: str = ""
    missing: str = ""
    shape: str = ""


class FieldUnread(ValueError):  # says what happened, not that it is an error
    """A text that could not be read as its field asks; the message is for the person."""


@dataclass(frozen=True)
class Question:
    """One field of a form, with everything that reading and messages need."""

    name: str
    ask: Ask
    reads: Reads
    takes_many: bool
    currency: str
    is_above_zero: bool = False

    @property
    def _opening(self) -> str:
        return self.ask.what[:1].upper() + self.ask.what[1:]

    def read(self, text: str) -> object:
        """The value that ``text`` states.

        Raises:
            ValueError: unreadable; the message says what to enter.
        """
        return _READERS[self.reads](self, text)

    def missing(self) -> str:
        """The message for a blank."""
        if self.ask.missing:
            return self.ask.missing
        is_money = self.reads in {Reads.AMOUNT, Reads.PRICE}
        unit = self.currency if is_money else self.ask.unit
        endings = {
            Reads.PERCENT: ", as a percentage such as 6",
            Reads.DAY: ", such as 15 January 2026",
        }
        ending = endings.get(self.reads, f", in {unit}" if unit else "")
        chooses = self.takes_many or self.reads in {Reads.CHOICE, Reads.YES}
        verb = "Choose" if chooses else "Enter"
        return f"{verb} {self.ask.what}{ending}."

    def message(self, kind: str, context: Mapping[str, Any]) -> str:
        """The message for a check of pydantic that failed; ``kind`` is its error type."""
        if kind in _OWN_WORDS:
            return str(context.get("error") or self._again())
        if kind in {"missing", "too_short"} or self.reads is Reads.YES:
            return self.missing()
        if kind == "too_long":
            return f"Choose {self.ask.what}: at most {context['max_length']}."
        for name, words in _BOUND_WORDS.items():
            if name in context:
                return f"{self._opening} {words.format(bound=self._shown(context[name]))}"
        if self.reads is Reads.CHOICE:
            return f"Choose {self.ask.what} from the list."
        return self._again()

    def _again(self) -> str:
        return f"Enter {self.ask.what} as {self.ask.shape or 'the label says'}."

    def _shown(self, bound: object) -> str:
        number = Decimal(str(bound))
        if self.reads is Reads.AMOUNT:
            return shown_amount(number, self.currency)
        if self.reads in {Reads.PERCENT, Reads.GROWTH}:
            return f"{shown_number(number * 100)} %"
        unit = self.ask.unit if self.reads in {Reads.QUANTITY, Reads.WHOLE} else ""
        if number == 1:
            unit = unit.removesuffix("s")
        return f"{shown_number(number)} {unit}".strip()


_OWN_WORDS = {"value_error", "assertion_error"}
_BOUND_WORDS = {
    "ge": "is too small. Enter {bound} or more.",
    "gt": "is too small. Enter more than {bound}.",
    "le": "is too large. Enter {bound} or less.",
    "lt": "is too large. Enter less than {bound}.",
    "min_length": "is too short. Enter at least {bound} characters.",
    "max_length": "is too long. Enter at most {bound} characters.",
}


def question(name: str, info: FieldInfo, currency: str) -> Question:
    """The question that a model's field asks.

    Raises:
        TypeError: the field has no ``Ask``, or is a decimal that does not say how it is read.
    """
    ask = next((note for note in info.metadata if isinstance(note, Ask)), None)
    if ask is None:
        message = f"the form's field {name} has no Ask"
        raise TypeError(message)
    core = _without_none(info.annotation)
    takes_many = get_origin(core) is tuple
    reads = ask.reads or _reads(get_args(core)[0] if takes_many else core, name)
    is_above_zero = any(getattr(note, "gt", None) == 0 for note in info.metadata)
    return Question(name, ask, reads, takes_many, currency, is_above_zero)


def _without_none(annotation: object) -> object:
    if get_origin(annotation) in {Union, types.UnionType}:
        parts = [part for part in get_args(annotation) if part is not type(None)]
        return parts[0]
    return annotation


def _reads(core: object, name: str) -> Reads:
    if get_origin(core) is Literal:
        return Reads.YES if get_args(core) == (True,) else Reads.CHOICE
    if isinstance(core, type):
        if issubclass(core, Enum):
            return Reads.CHOICE
        plain = {str: Reads.TEXT, int: Reads.WHOLE, bool: Reads.YES, date: Reads.DAY}
        if core in plain:
            return plain[core]
    message = f"the Ask of the form's field {name} must say how it is read"
    raise TypeError(message)


def _read_text(asked: Question, text: str) -> str:
    try:
        kept = tidy(text)
    except ValueError as refusal:
        message = f"{asked.ask.what[:1].upper()}{asked.ask.what[1:]} {refusal}"
        raise FieldUnread(message) from None
    if len(kept) > _LONGEST_TEXT:
        raise FieldUnread(asked.message("string_too_long", {"max_length": _LONGEST_TEXT}))
    return kept if asked.reads is Reads.LINES else " ".join(kept.split())


def _read_yes(asked: Question, text: str) -> bool:
    if text not in _YES_NO:
        raise FieldUnread(asked.missing())
    return _YES_NO[text]


def _read_whole(asked: Question, text: str) -> int:
    return int(read_quantity(text, what=asked.ask.what, unit=asked.ask.unit, places=0).value)


_READERS: Mapping[Reads, Callable[[Question, str], object]] = {
    Reads.TEXT: _read_text,
    Reads.LINES: _read_text,
    Reads.CHOICE: _read_text,
    Reads.YES: _read_yes,
    Reads.WHOLE: _read_whole,
    # A negative amount is refused by the field's bound, whose words name it.
    Reads.AMOUNT: lambda asked, text: (
        read_amount(
            text, asked.currency, what=asked.ask.what, may_be_negative=asked.is_above_zero
        ).value
    ),
    Reads.PRICE: lambda asked, text: read_price(text, asked.currency, what=asked.ask.what).value,
    Reads.QUANTITY: lambda asked, text: (
        read_quantity(text, what=asked.ask.what, unit=asked.ask.unit).value
    ),
    Reads.CHANGE: lambda asked, text: (
        read_quantity(text, what=asked.ask.what, unit=asked.ask.unit, may_be_negative=True).value
    ),
    Reads.PERCENT: lambda asked, text: read_percent(text, what=asked.ask.what).value,
    Reads.GROWTH: lambda asked, text: (
        read_percent(text, what=asked.ask.what, places=_GROWTH_PLACES, may_be_negative=True).value
    ),
    Reads.DAY: lambda asked, text: read_day(text, what=asked.ask.what),
}
