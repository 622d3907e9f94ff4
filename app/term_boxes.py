"""The boxes of the form for the next version of the terms, each with its choices and its hint."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from app.countries import country_choices
from app.form_fields import Ask, Reads
from app.loan_words import DAY_COUNT
from app.term_forms import TermsForm
from app.term_lines import NONE, NOT_ANY, WRITTEN
from app.term_lists import TICKED
from app.term_words import LEFT_OPEN, TERM_GROUPS, shown_value
from loans.profile import MAY_STAY_OPEN, Profile, RoiPeriodFrom, Term
from loans.schedules.schedule import GraceInterest
from loans.versions.profile_publishing import NEEDED_FOR_ENTRY

_CHOICES: Mapping[str, Mapping[Any, str]] = {
    "roi_period_from": {
        RoiPeriodFrom.FIRST_DISBURSEMENT: "The first pay-out",
        RoiPeriodFrom.COMMISSIONING: "Commissioning",
    },
    "grace_interest": {
        GraceInterest.PAID: "It is paid",
        GraceInterest.CAPITALISED: "It is added to the loan",
    },
    "day_count": DAY_COUNT,
    "business_day_country": dict(country_choices()),
}
_YES_NO = {"yes": "Yes", "no": "No"}


@dataclass(frozen=True)
class TermBox:
    """One box of the form.

    ``kind`` is "choice", "ticks", "lines", "amount", "percent" or "number", each with a macro of
    its own; ``unit`` stands behind a number.
    """

    name: str
    kind: str
    label: str
    unit: str
    hint: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BoxGroup:
    """The boxes under one heading."""

    heading: str
    boxes: tuple[TermBox, ...]


def box_groups(before: Profile, now: Profile) -> tuple[BoxGroup, ...]:
    """The boxes for the version after ``before``, filled with what ``now`` says, by heading."""
    return tuple(
        BoxGroup(heading, tuple(_box(before, now, name) for name in names))
        for heading, names in TERM_GROUPS.items()
    )


def _box(before: Profile, now: Profile, name: str) -> TermBox:
    term: Term[Any] = getattr(before.terms, name)
    values = (getattr(now.terms, name).value, term.value)
    choices = _ticks(name, values) if name in TICKED else _CHOICES.get(name, {})
    if term.unit == "yes or no":
        choices = _YES_NO
    unit = "" if term.unit == "ratio" else term.unit
    hint = " ".join(_hint(name, term, before.currency))
    pairs = tuple((str(code), words) for code, words in choices.items())
    return TermBox(name, _kind(name, term, choices), term.label, unit, hint, pairs)


def _ticks(name: str, values: tuple[Any, ...]) -> Mapping[str, str]:
    """What can be ticked: the known choices, what a document names besides, and none."""
    named = chain.from_iterable(value or () for value in values)
    others = {one: str(one) for one in named if one not in TICKED[name]}
    return {**TICKED[name], **others, NONE: f"{NOT_ANY} of these"}


def _kind(name: str, term: Term[Any], choices: Mapping[Any, str]) -> str:
    if name in WRITTEN:
        return "lines"
    if choices:
        return "ticks" if name in TICKED else "choice"
    if _reads(name) is Reads.PERCENT:
        return "percent"
    return "amount" if term.unit == "amount" else "number"


def _reads(name: str) -> Reads | None:
    asked = (note for note in TermsForm.model_fields[name].metadata if isinstance(note, Ask))
    return next((ask.reads for ask in asked), None)


def _hint(name: str, term: Term[Any], currency: str) -> Iterator[str]:
    if name in WRITTEN:
        yield WRITTEN[name].hint
    elif term.unit.startswith("part of"):
        yield f"A {term.unit}."
    yield f"Now {_now(name, term, currency)}."
    if name in NEEDED_FOR_ENTRY:
        yield "It cannot be left open."
    elif name in MAY_STAY_OPEN:
        yield "Blank: there is no such rule or charge."


def _now(name: str, term: Term[Any], currency: str) -> str:
    """What the term says, as its box would; or that it is open or empty."""
    if name in WRITTEN and term.value:
        return ", ".join(map(WRITTEN[name].write_line, term.value))
    shown = shown_value(name, term, currency) or LEFT_OPEN
    return shown.lower() if shown in (LEFT_OPEN, NOT_ANY) else shown
