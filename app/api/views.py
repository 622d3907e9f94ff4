"""Views as JSON: the frozen values that pages show become answers, declared once.

A field that ends in ``_minor`` is written as money, a decimal string, under its name without the
ending, as are decimals but for rates; exact fractions become JSON numbers, rates strings, days and
instants ISO text.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, create_model

from app.calculator_answers import major_text
from app.project_answers import money_text

_MINOR, _RATE = "_minor", "_rate"


@cache
def answer_model(view: type, without: frozenset[str] = frozenset()) -> type[BaseModel]:
    """The model of the answer that shows ``view``, for the documentation and the check of it."""
    hints = typing.get_type_hints(view)
    named: dict[str, Any] = {
        field.name.removesuffix(_MINOR): (_answer_type(hints[field.name], field.name), ...)
        for field in fields(view)
        if field.name not in without
    }
    return create_model(
        f"{view.__name__.removesuffix('View')}Shown",
        __config__=ConfigDict(frozen=True),
        __doc__=(view.__doc__ or "").split("\n\n")[0],
        **named,
    )


def answer_of(
    view: object, currency: str, without: frozenset[str] = frozenset()
) -> Mapping[str, Any]:
    """A view as plain JSON values, its money in its own currency, or else in ``currency``."""
    own = getattr(view, "currency", None)
    currency = own if isinstance(own, str) else currency
    return {
        field.name.removesuffix(_MINOR): _plain(getattr(view, field.name), currency, field.name)
        for field in fields(typing.cast("Any", view))
        if field.name not in without
    }


def _answer_type(hint: Any, name: str) -> Any:  # noqa: ANN401  # types are values here
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return Union[tuple(_answer_type(part, name) for part in parts)]  # noqa: UP007  # built
    if origin is not None:
        inner = [part if part is Ellipsis else _answer_type(part, name) for part in parts]
        if issubclass(origin, Mapping):
            return types.GenericAlias(dict, (str, inner[-1]))
        return types.GenericAlias(tuple, (inner[0], ...))
    if hint is int and name.endswith(_MINOR):
        return str
    if isinstance(hint, type) and is_dataclass(hint):
        return answer_model(hint)
    return {Fraction: float, Decimal: str}.get(hint, hint)


def _plain(value: object, currency: str, name: str) -> Any:  # noqa: ANN401  # JSON
    if is_dataclass(value):
        return answer_of(value, currency)
    if isinstance(value, Mapping):
        return {str(key): _plain(part, currency, name) for key, part in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(part, currency, name) for part in value]
    return _single(value, currency, name)


def _single(value: object, currency: str, name: str) -> object:
    if isinstance(value, int) and name.endswith(_MINOR):
        return major_text(value, currency)
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, Decimal):
        return f"{value:f}" if name.endswith(_RATE) else money_text(value, currency)
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
