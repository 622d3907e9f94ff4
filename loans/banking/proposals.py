"""Which lines of the bank and which entries of the books are probably the same money.

Pure: from what is open on both sides to proposals, each with its reason, the surest first. Every
line and every entry stands in one proposal at most, so that all can be accepted together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TypeVar

from loans.banking.facts import BankFacts, BooksEntry, Line

MOST_DAYS_APART = 5
_MOST_TOGETHER = 4
_MOST_TRIED = 12
_SHORTEST_NAME = 3

One = TypeVar("One", Line, BooksEntry)


@dataclass(frozen=True)
class Proposal:
    """Lines and entries of the same sum; ``is_named`` where the lines name the entries."""

    line_ids: tuple[str, ...]
    entry_ids: tuple[str, ...]
    amount_minor: int
    days_apart: int
    is_named: bool


def propose(facts: BankFacts) -> tuple[Proposal, ...]:
    """What could be matched now: one to one, one line to several entries, several to one."""
    lines = _still_open(facts.lines, facts.open_lines, lambda line: line.line_id)
    entries = _still_open(facts.entries, facts.open_entries, lambda entry: entry.entry_id)
    chosen: list[Proposal] = []
    for found in (_pairs, _line_of_many, _entry_of_many):
        for proposal in sorted(found(lines, entries), key=_rank):
            if all(one in lines for one in proposal.line_ids) and all(
                one in entries for one in proposal.entry_ids
            ):
                chosen.append(proposal)
                for one in proposal.line_ids:
                    del lines[one]
                for one in proposal.entry_ids:
                    del entries[one]
    return tuple(sorted(chosen, key=_rank))


def names(line: Line, entry: BooksEntry) -> bool:
    """Whether the bank's words contain a name of the entry: reference, loan or borrower."""
    words = line.words
    return any(len(name) >= _SHORTEST_NAME and name in words for name in entry.names)


def _still_open(
    many: Iterable[One], left: Mapping[str, int], id_of: Callable[[One], str]
) -> dict[str, tuple[One, int]]:
    ordered = sorted(many, key=id_of)
    return {id_of(one): (one, left[id_of(one)]) for one in ordered if left[id_of(one)]}


def _rank(proposal: Proposal) -> tuple[bool, int, int, tuple[str, ...], tuple[str, ...]]:
    parts = len(proposal.line_ids) + len(proposal.entry_ids)
    named = not proposal.is_named
    return (named, proposal.days_apart, parts, proposal.line_ids, proposal.entry_ids)


def _apart(one: date, other: date) -> int:
    return abs((one - other).days)


def _pairs(
    lines: Mapping[str, tuple[Line, int]], entries: Mapping[str, tuple[BooksEntry, int]]
) -> Iterator[Proposal]:
    by_amount: dict[int, list[BooksEntry]] = {}
    for entry, left in entries.values():
        by_amount.setdefault(left, []).append(entry)
    for line, left in lines.values():
        for entry in by_amount.get(left, ()):
            days = _apart(line.booked_on, entry.effective_on)
            if days <= MOST_DAYS_APART:
                yield Proposal((line.line_id,), (entry.entry_id,), left, days, names(line, entry))


def _line_of_many(
    lines: Mapping[str, tuple[Line, int]], entries: Mapping[str, tuple[BooksEntry, int]]
) -> Iterator[Proposal]:
    """A line whose words name several entries of its sum."""
    for line, left in lines.values():
        near = [
            (entry, part)
            for entry, part in entries.values()
            if _apart(line.booked_on, entry.effective_on) <= MOST_DAYS_APART and names(line, entry)
        ]
        for group in _groups(near, left):
            days = max(_apart(line.booked_on, entry.effective_on) for entry in group)
            ids = tuple(entry.entry_id for entry in group)
            yield Proposal((line.line_id,), ids, left, days, is_named=True)


def _entry_of_many(
    lines: Mapping[str, tuple[Line, int]], entries: Mapping[str, tuple[BooksEntry, int]]
) -> Iterator[Proposal]:
    """Several lines that name one entry and have its sum together."""
    for entry, left in entries.values():
        near = [
            (line, part)
            for line, part in lines.values()
            if _apart(line.booked_on, entry.effective_on) <= MOST_DAYS_APART and names(line, entry)
        ]
        for group in _groups(near, left):
            days = max(_apart(line.booked_on, entry.effective_on) for line in group)
            ids = tuple(line.line_id for line in group)
            yield Proposal(ids, (entry.entry_id,), left, days, is_named=True)


def _groups(near: Sequence[tuple[One, int]], wanted: int) -> Iterator[tuple[One, ...]]:
    """Two to four of the same sign that sum to ``wanted``; few are tried, so that it ends."""
    alike = [(one, part) for one, part in near if (part > 0) == (wanted > 0)][:_MOST_TRIED]
    for size in range(2, _MOST_TOGETHER + 1):
        for group in combinations(alike, size):
            if sum(part for _, part in group) == wanted:
                yield tuple(one for one, _ in group)
