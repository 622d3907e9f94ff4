"""How much of a sweep is tried: everything, or of each place some, so that all have their turn.

``make prove-pages`` passes ``--whole``; in ``make test`` a sweep stays a matter of seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle, islice
from typing import TypeVar

Value = TypeVar("Value")


def in_turn(values: Sequence[Value], number: int, count: int, *, whole: bool) -> tuple[Value, ...]:
    """All ``values`` in a whole sweep, or ``count`` of them: other ones for the next number."""
    if whole or count >= len(values):
        return tuple(values)
    first = number * count % len(values)
    return tuple(islice(cycle(values), first, first + count))


def kind_of(address: str) -> str:
    """An address without its ids and query, so that each kind of page or form is tried once."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", address.partition("?")[0])


def one_of_each_kind(
    pages: Mapping[str, Sequence[str]], *, whole: bool
) -> Mapping[str, tuple[str, ...]]:
    """The pages of each role; unless whole, each kind of page at the first role that opens it."""
    if whole:
        return {role: tuple(paths) for role, paths in pages.items()}
    seen: set[str] = set()
    return {role: tuple(_new_ones(paths, seen)) for role, paths in pages.items()}


def _new_ones(paths: Iterable[str], seen: set[str]) -> Iterable[str]:
    for path in paths:
        if kind_of(path) not in seen:
            seen.add(kind_of(path))
            yield path
