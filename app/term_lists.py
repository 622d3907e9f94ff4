"""The terms that are lists: ticked from what there is, or written one to a line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from app.amounts import AmountUnread, as_typed, read_percent, read_quantity
from app.case_words import METHOD
from app.countries import country_choices, country_name
from app.form_fields import FieldUnread
from app.loan_words import COMPONENT
from app.pay_out_words import TIER
from app.plain_words import SHORT_TYPES, TASKS
from app.security_words import ASSET_KIND, GUARANTOR_KIND
from loans.coded_words import EVIDENCE, OWNERSHIPS, TECHNIQUES
from loans.draft import Section
from loans.precedent import WORDS as PRECEDENTS

_MOST_LINES = 300
_FIRST_REMINDER, _MOST_DAYS = -366, 3_660
_COUNTRIES = dict(country_choices())
_BY_TYPE = ("borrowing_types", "borrowing_types_in_group")
_TYPES = {one.value: words for one, words in SHORT_TYPES.items()}

TICKED: Mapping[str, Mapping[Any, str]] = {
    **dict.fromkeys(_BY_TYPE, _TYPES),
    "ownerships": OWNERSHIPS,
    "techniques_not_cleaner_production": TECHNIQUES,
    "baseline_evidence": EVIDENCE,
    "schedule_methods": METHOD,
    "frequency_months": {1: "Each month", 3: "Each quarter", 6: "Each half-year", 12: "Each year"},
    "conditions_first_pay_out": PRECEDENTS,
    "conditions_every_pay_out": PRECEDENTS,
    "required_sections": {
        Section.ENTERPRISE: "The enterprise",
        Section.PROJECT: "The project",
        Section.MEASURES: "The measures",
        Section.FINANCE: "The finance",
        Section.RESPONSIBILITIES: "Who is responsible",
    },
    "responsibilities": {task: words for task, (words, _) in TASKS.items()},
}
"""Lists of a known choice: what can be ticked, in words."""

NOT_ANY = frozenset(
    {
        "borrowing_types_in_group",
        "techniques_not_cleaner_production",
        "conditions_first_pay_out",
        "conditions_every_pay_out",
        "responsibilities",
    }
)
"""Lists that may be decided to be empty: where nothing is ticked there is no such thing."""


@dataclass(frozen=True)
class Written:
    """A list written one to a line: how a line looks, and how one is read and written.

    ``whole`` are codes that all have to be named. Lines of which the first part repeats are
    refused; with ``is_sorted`` their order says nothing.
    """

    example: str
    read_line: Callable[[str], Any]
    write_line: Callable[[Any], str]
    whole: frozenset[str] = frozenset()
    is_sorted: bool = False

    def read(self, text: str) -> tuple[Any, ...]:
        """The list in ``text``.

        Raises:
            FieldUnread: naming the line, and how one looks.
        """
        lines = [line for line in map(str.strip, text.splitlines()) if line]
        if len(lines) > _MOST_LINES:
            message = f"Write at most {_MOST_LINES} lines."
            raise FieldUnread(message)
        found: dict[Any, Any] = {}
        for number, line in enumerate(lines, start=1):
            one = self._read_line(number, line)
            named = one[0] if isinstance(one, tuple) else one
            if named in found:
                message = f"Line {number} names again what stands above it. Keep one of the lines."
                raise FieldUnread(message)
            found[named] = one
        self._check_whole(found)
        values = tuple(found.values())
        return tuple(sorted(values)) if self.is_sorted else values

    def write(self, value: tuple[Any, ...]) -> str:
        """The list as a person would write it."""
        return "\n".join(map(self.write_line, value))

    def _read_line(self, number: int, line: str) -> Any:  # noqa: ANN401 - a part of any list
        try:
            return self.read_line(line)
        except ValueError:
            message = f"Line {number} cannot be read. Write one to a line, such as {self.example}."
            raise FieldUnread(message) from None

    def _check_whole(self, found: Mapping[Any, Any]) -> None:
        if missing := sorted(self.whole - found.keys()):
            message = f"Name each once; these are missing: {', '.join(_words(missing))}."
            raise FieldUnread(message)


def _words(codes: list[str]) -> list[str]:
    return [COMPONENT.get(code, code) for code in codes]


def _known(words: Mapping[str, str], line: str) -> str:
    """The code that a line names, by its words or itself."""
    plain = " ".join(line.split()).casefold()
    for code, name in words.items():
        if plain in (str(code).casefold(), name.casefold()):
            return str(code)
    raise ValueError


def _tier(line: str) -> str:
    """One of the tiers with words of their own, or another in the fund's words."""
    try:
        return _known(TIER, line)
    except ValueError:
        return " ".join(line.split())


def _share(text: str) -> Decimal:
    try:
        share = read_percent(text).value
    except AmountUnread as unread:
        raise ValueError from unread
    if not 0 <= share <= 1:
        raise ValueError
    return share


def _days(text: str, least: int) -> int:
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    try:
        size = int(read_quantity(plain.removeprefix("-"), places=0).value)
    except AmountUnread as unread:
        raise ValueError from unread
    days = -size if plain.startswith("-") else size
    if not least <= days <= _MOST_DAYS:
        raise ValueError
    return days


def _parted(line: str, first: Callable[[str], Any]) -> tuple[Any, Decimal]:
    """``first: share`` of a line."""
    name, colon, share = line.rpartition(":")
    if not colon:
        raise ValueError
    return first(name), _share(share)


def _shared(words: Mapping[str, str], example: str) -> Written:
    return Written(
        example,
        lambda line: _parted(line, lambda name: _known(words, name)),
        lambda one: f"{words[one[0]]}: {as_typed(100 * one[1])} %",
    )


def _ordered(words: Mapping[str, str], whole: frozenset[str]) -> Written:
    return Written("Late interest", lambda line: _known(words, line), lambda one: words[one], whole)


WRITTEN: Mapping[str, Written] = {
    "countries": Written(
        "Lithuania, or LT",
        lambda line: _known(_COUNTRIES, line),
        country_name,
    ),
    "supplier_tiers": Written(
        "In the country",
        _tier,
        lambda one: TIER.get(one, one),
    ),
    "allocation_order": _ordered(COMPONENT, frozenset()),
    "recovery_order": _ordered(COMPONENT, frozenset(COMPONENT)),
    "reminder_days": Written(
        "-7, or 15", lambda line: _days(line, _FIRST_REMINDER), str, is_sorted=True
    ),
    "provision_rates": Written(
        "31: 10 %, which means 10 % of the principal from 31 days past due on",
        lambda line: _parted(line, lambda days: _days(days, 0)),
        lambda one: f"{one[0]}: {as_typed(100 * one[1])} %",
        is_sorted=True,
    ),
    "haircuts": _shared(ASSET_KIND, "Equipment: 50 %"),
    "guarantee_haircuts": _shared(GUARANTOR_KIND, "Bank: 10 %"),
}
"""Lists that a person writes."""

NAMED: Mapping[str, Mapping[str, str]] = {
    **{name: TICKED[name] for name in TICKED if name not in ("frequency_months", *_BY_TYPE)},
    "supplier_tiers": TIER,
    "allocation_order": COMPONENT,
    "recovery_order": COMPONENT,
    "haircuts": ASSET_KIND,
    "guarantee_haircuts": GUARANTOR_KIND,
}
"""Lists of codes that pages name by words."""


def readable(name: str) -> Callable[[str | None], str | None]:
    """A check of a form: the text as it is, if the list ``name`` can be read in it."""

    def check(text: str | None) -> str | None:
        if text is not None:
            WRITTEN[name].read(text)
        return text

    return check


def as_boxes(name: str, value: tuple[Any, ...] | None) -> object:
    """What the boxes of a list hold for its ``value``."""
    return WRITTEN[name].write(value) if name in WRITTEN and value is not None else value


def as_list(name: str, answer: Any, now: tuple[Any, ...] | None) -> tuple[Any, ...] | None:  # noqa: ANN401 - of either kind
    """The list that an ``answer`` of the form states, where the term says ``now``.

    What was ticked before keeps its order, as the first may mean more than the others.
    """
    if name in WRITTEN:
        return None if answer is None else WRITTEN[name].read(answer)
    if not answer:
        return () if name in NOT_ANY and now is not None else None
    kept = tuple(one for one in now or () if one in answer)
    return (*kept, *(one for one in answer if one not in kept))


def as_document(value: Any) -> object:  # noqa: ANN401 - of any term
    """A value as the profile writes it: decimals as text, codes of choices as they are."""
    if isinstance(value, tuple):
        return [as_document(part) for part in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.value if isinstance(value, Enum) else value
