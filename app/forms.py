"""HTML forms: what was typed becomes a frozen model, or comes back with a message at each field.

Each form is one model whose fields carry an ``Ask``. ``filled`` reports every problem at once,
in the order of the fields, and no message repeats what was typed.

    class Precheck(FormModel):
        investment: Annotated[Decimal, Ask("the total cost of the investment", Reads.AMOUNT)]
        ownership: Annotated[Ownership, Ask("who owns the enterprise")]

    form = filled(Precheck, await request.form(), currency="EUR")
    if form.value is None:
        return page(request, "precheck/ask.html", 422, form=form)
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import FormData

from app.amounts import as_typed
from app.form_fields import Ask, Question, Reads, question
from app.typed_text import showable
from loans.day_words import shown_day

__all__ = [
    "Ask",
    "FieldProblem",
    "Filled",
    "FormModel",
    "Reads",
    "as_form",
    "filled",
    "filled_rows",
]

Typed = Mapping[str, str | tuple[str, ...]]
_DAY_PARTS = ("day", "month", "year")
_MOST_ROWS = 200
_PERCENTAGES = (Reads.PERCENT, Reads.GROWTH)
_UNKNOWN = (
    "The form was sent with a field that this page does not have. Nothing was changed: "
    "open the page again and fill it in."
)


class FormModel(BaseModel):
    """The values of one form: frozen, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class FieldProblem(ValueError):
    """A problem that a model's own check finds; it is shown at ``field``."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Filled(Generic[Model]):
    """A form as filled in: its value, or the errors; always what was typed.

    ``errors`` maps a field, or "" for the form as a whole, to its message, in field order.
    ``read`` has each field whose text could be read, also where its bounds or other fields refuse.
    """

    value: Model | None
    typed: Typed
    errors: Mapping[str, str]
    prefix: str = ""
    read: Mapping[str, object] = field(default_factory=dict)

    def with_error(self, name: str, message: str) -> "Filled[Model]":
        """The same form with a refusal that the use case gave, and so without a value."""
        return replace(self, value=None, errors={**self.errors, name: message})


def filled(
    model: type[Model],
    form: FormData | Mapping[str, str],
    *,
    currency: str = "",
    groups: tuple[str, ...] = (),
) -> Filled[Model]:
    """Read ``form`` into ``model``; blank fields are absent, unknown fields are refused.

    ``currency`` is that of every amount. Fields that begin with a name of ``groups`` and a
    hyphen are left to ``filled_rows``.
    """
    pairs = [
        (name, text)
        for name, text in _pairs(form)
        if not any(name.startswith(f"{group}-") for group in groups)
    ]
    return _filled(model, pairs, currency, "")


def filled_rows(
    model: type[Model], form: FormData | Mapping[str, str], group: str, *, currency: str = ""
) -> tuple[Filled[Model], ...]:
    """Read the repeated fields ``group-0-name``, ``group-1-name`` ...; blank rows are dropped."""
    rows: dict[int, list[tuple[str, object]]] = {}
    for name, text in _pairs(form):
        if found := re.fullmatch(rf"{re.escape(group)}-([0-9]{{1,3}})-(.+)", name):
            rows.setdefault(int(found[1]), []).append((found[2], text))
    return tuple(
        _filled(model, rows[number], currency, f"{group}-{number}-")
        for number in sorted(rows)[:_MOST_ROWS]
        if any(isinstance(text, str) and text.strip() for _, text in rows[number])
    )


def as_form(
    model: type[Model],
    values: Mapping[str, object] | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    prefix: str = "",
) -> Filled[Model]:
    """A form to show: empty, or with stored ``values`` as a person would type them."""
    typed: dict[str, str | tuple[str, ...]] = {}
    for name, info in model.model_fields.items():
        value = (values or {}).get(name)
        if value is not None:
            typed |= _typed_value(question(name, info, ""), value)
    return Filled(None, typed, dict(errors or {}), prefix)


def _typed_value(asked: Question, value: object) -> dict[str, str | tuple[str, ...]]:
    name = asked.name
    if isinstance(value, tuple | list):
        return {name: tuple(_typed_text(asked, part) for part in value)}
    if isinstance(value, date):
        parts = (str(value.day), str(value.month), str(value.year))
        boxes = {f"{name}-{part}": text for part, text in zip(_DAY_PARTS, parts, strict=True)}
        return {name: shown_day(value), **boxes}
    return {name: _typed_text(asked, value)}


def _typed_text(asked: Question, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal | int):
        return as_typed(Decimal(value) * (100 if asked.reads in _PERCENTAGES else 1))
    return str(value.value) if isinstance(value, Enum) else str(value)


def _pairs(form: FormData | Mapping[str, str]) -> Iterable[tuple[str, object]]:
    return form.multi_items() if isinstance(form, FormData) else form.items()


def _filled(
    model: type[Model], pairs: Iterable[tuple[str, object]], currency: str, prefix: str
) -> Filled[Model]:
    asked = {name: question(name, info, currency) for name, info in model.model_fields.items()}
    answers, typed, is_known = _collected(asked, pairs)
    errors = {} if is_known else {"": _UNKNOWN}
    values: dict[str, object] = {}
    for name, texts in answers.items():
        try:
            values[name] = _value(asked[name], texts)
        except ValueError as refusal:
            errors[name] = str(refusal)
    value, checked = _validated(model, asked, values)
    errors = {**checked, **errors}
    ordered = {name: errors[name] for name in (*asked, "") if name in errors}
    return Filled(None if ordered else value, typed, ordered, prefix, values)


def _collected(
    asked: Mapping[str, Question], pairs: Iterable[tuple[str, object]]
) -> tuple[dict[str, list[str]], dict[str, str | tuple[str, ...]], bool]:
    """The answers that are not blank by field, what to show again, and whether all are known."""
    parts = {
        f"{name}-{part}": (name, part)
        for name, one in asked.items()
        if one.reads is Reads.DAY
        for part in _DAY_PARTS
    }
    answers: dict[str, list[str]] = {}
    typed: dict[str, str | tuple[str, ...]] = {}
    days: dict[str, dict[str, str]] = {}
    is_known = True
    for name, text in pairs:
        if not isinstance(text, str) or (name not in asked and name not in parts):
            is_known = False
            continue
        many = typed.get(name, ()) if name in asked and asked[name].takes_many else None
        typed[name] = showable(text) if many is None else (*many, showable(text))
        if name in parts:
            field, part = parts[name]
            days.setdefault(field, {})[part] = text.strip()
        elif text.strip():
            answers.setdefault(name, []).append(text)
    for field, boxes in days.items():
        if any(boxes.values()):
            answers[field] = [" ".join(boxes.get(part, "") for part in _DAY_PARTS)]
    return answers, typed, is_known


def _value(asked: Question, texts: list[str]) -> object:
    if asked.takes_many:
        return tuple(asked.read(text) for text in texts)
    if len(texts) > 1:
        message = f"Enter {asked.ask.what} once."
        raise ValueError(message)
    return asked.read(texts[0])


def _validated(
    model: type[Model], asked: Mapping[str, Question], values: dict[str, object]
) -> tuple[Model | None, dict[str, str]]:
    try:
        return model.model_validate(values), {}
    except ValidationError as refusal:
        errors: dict[str, str] = {}
        for problem in refusal.errors(include_url=False, include_input=False):
            context = problem.get("ctx", {})
            cause = context.get("error")
            name = str(problem["loc"][0]) if problem["loc"] else getattr(cause, "field", "")
            words = (
                asked[name].message(problem["type"], context)
                if name in asked and problem["loc"]
                else str(cause)
            )
            errors.setdefault(name, words)
        return None, errors
