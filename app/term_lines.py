"""The terms that are written one to a line: lists read from the top, or with a part or a number.

A line names a thing by its words on pages or by its code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.amounts import as_typed, read_percent, read_quantity
from app.case_words import METHOD
from app.countries import country_choices, country_name
from app.loan_words import COMPONENT
from app.pay_out_words import LONGEST_TIER, TIER
from app.security_words import ASSET_KIND, GUARANTOR_KIND
from loans.component import Component

NONE, NOT_ANY = "none", "Not any"
"""Ticked or written alone: the list is decided to be empty. A list left blank is open."""

_MOST_LINES = 300
_FIRST_REMINDER, _LAST_DAY = -366, 3_660
_COUNTRIES = dict(country_choices())
_FREQUENCIES = {"1": "Each month", "3": "Each quarter", "6": "Each half-year", "12": "Each year"}


class LineUnread(ValueError):  # says what happened, not that it is an error
    """A line that cannot be read; the message says what to write."""


@dataclass(frozen=True)
class Written:
    """A list written one to a line.

    ``hint`` says what a line looks like and what the order means. ``whole`` are codes that all
    have to be named. With ``is_sorted`` the order says nothing.
    """

    hint: str
    read_line: Callable[[str], Any]
    write_line: Callable[[Any], str]
    whole: frozenset[str] = frozenset()
    is_sorted: bool = False

    def read(self, text: str) -> tuple[Any, ...] | None:
        """The list in ``text``; None where it is blank.

        Raises:
            LineUnread: naming the line, and what to write there.
        """
        lines = numbered_lines(text)
        if [line.casefold() for _, line in lines] in ([NONE], [NOT_ANY.casefold()]):
            return ()
        if len(lines) > _MOST_LINES:
            message = f"Write at most {_MOST_LINES} lines."
            raise LineUnread(message)
        found: dict[Any, Any] = {}
        for number, line in lines:
            one = self._read_line(number, line)
            named = one[0] if isinstance(one, tuple) else one
            if named in found:
                message = f"Line {number} names again what stands above it. Keep one of the lines."
                raise LineUnread(message)
            found[named] = one
        if found and (missing := self.whole - found.keys()):
            message = (
                f"Name each once; missing: {', '.join(map(self.write_line, sorted(missing)))}."
            )
            raise LineUnread(message)
        values = tuple(sorted(found.values()) if self.is_sorted else found.values())
        return values or None

    def write(self, value: Sequence[Any]) -> str:
        """The list as a person would write it."""
        return "\n".join(map(self.write_line, value)) or NOT_ANY

    def _read_line(self, number: int, line: str) -> Any:  # noqa: ANN401 - a part of any list
        try:
            return self.read_line(line)
        except ValueError as cause:
            message = f"Line {number}: {cause}"
            raise LineUnread(message) from cause


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """The lines that are not blank, each with its number."""
    numbered = enumerate(map(str.strip, text.splitlines()), start=1)
    return [(number, line) for number, line in numbered if line]


def _known(words: Mapping[str, str], line: str) -> str:
    """The code that a line names, by its words or itself."""
    for code, name in words.items():
        if _plain(line) in (_plain(code), _plain(name)):
            return str(code)
    message = f"Write one of: {', '.join(words.values())}."
    raise ValueError(message)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold().removeprefix("the ")


def _country(line: str) -> str:
    try:
        return _known(_COUNTRIES, line)
    except ValueError:
        message = "Write the country's English name, or its two letters, such as LT."
        raise ValueError(message) from None


def _tier(line: str) -> str:
    """One of the tiers with words of their own, or another in the fund's words."""
    if len(line) > LONGEST_TIER:
        message = f"Write at most {LONGEST_TIER} characters."
        raise ValueError(message)
    try:
        return _known(TIER, line)
    except ValueError:
        return " ".join(line.split())


def _share(text: str) -> Decimal:
    share = read_percent(text, what="the part").value
    if share > 1:
        message = "The part is too large. Write 100 % or less."
        raise ValueError(message)
    return share


def _days(text: str, least: int) -> int:
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    size = int(read_quantity(plain.removeprefix("-"), what="the days", places=0).value)
    days = -size if plain.startswith("-") else size
    if not least <= days <= _LAST_DAY:
        message = f"Write days from {least} to {_LAST_DAY}."
        raise ValueError(message)
    return days


def _frequency(line: str) -> int:
    try:
        return int(_known(_FREQUENCIES, line))
    except ValueError:
        months = line.removesuffix("months").removesuffix("month")
        return int(read_quantity(months, what="the months", places=0).value)


def _parted(line: str, first: Callable[[str], Any], example: str) -> tuple[Any, Decimal]:
    """``first: share`` of a line."""
    name, colon, share = line.rpartition(":")
    if not colon:
        message = f"Write a colon before the percentage, such as {example}."
        raise ValueError(message)
    return first(name), _share(share)


def _with_share(name: str, share: Decimal) -> str:
    return f"{name}: {as_typed(100 * share)} %"


def _haircuts(words: Mapping[str, str], example: str) -> Written:
    return Written(
        f"One to a line, such as {example}. What is not named counts for nothing as security. "
        f"There are: {', '.join(words.values())}.",
        lambda line: _parted(line, lambda name: _known(words, name), example),
        lambda one: _with_share(words[one[0]], one[1]),
    )


def _order(whole: frozenset[str]) -> Written:
    return Written(
        "One to a line; what stands first is paid first.",
        lambda line: _known(COMPONENT, line),
        lambda one: COMPONENT[one],
        whole,
    )


WRITTEN: Mapping[str, Written] = {
    "schedule_methods": Written(
        f"One to a line; an offer has the first. There are: {', '.join(METHOD.values())}.",
        lambda line: _known(METHOD, line),
        lambda one: METHOD[one],
    ),
    "frequency_months": Written(
        "One to a line; an offer has the first. Such as Each month, Each quarter, or 2 months.",
        _frequency,
        lambda one: _FREQUENCIES.get(str(one), f"{one} months"),
    ),
    "countries": Written(
        "One to a line: its English name, or its two letters.", _country, country_name
    ),
    "supplier_tiers": Written(
        f"One to a line, the nearest first: {', '.join(TIER.values())}, or a place in words of "
        "your own.",
        _tier,
        lambda one: TIER.get(one, one),
    ),
    "allocation_order": _order(frozenset(Component) - {Component.COSTS}),
    "recovery_order": _order(frozenset(Component)),
    "reminder_days": Written(
        "One to a line; -7 is a week before the due day.",
        lambda line: _days(line, _FIRST_REMINDER),
        str,
        is_sorted=True,
    ),
    "provision_rates": Written(
        "One to a line: the days past due from which it holds, and the part of the principal, "
        "such as 31: 10 %.",
        lambda line: _parted(line, lambda days: _days(days, 0), "31: 10 %"),
        lambda one: _with_share(str(one[0]), one[1]),
        is_sorted=True,
    ),
    "haircuts": _haircuts(ASSET_KIND, "Equipment: 50 %"),
    "guarantee_haircuts": _haircuts(GUARANTOR_KIND, "Bank: 10 %"),
}
"""Lists that a person writes."""
