"""What the bank and the books say about one account, and what was matched, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from loans.people import fold


@dataclass(frozen=True)
class Line:
    """A line of a statement; ``is_noted`` where somebody wrote why the books lack it."""

    line_id: str
    booked_on: date
    amount_minor: int
    bank_reference: str
    counterparty: str
    text: str
    is_noted: bool
    is_charge: bool

    @property
    def words(self) -> str:
        """Everything that the bank says in words, folded."""
        return fold(f"{self.bank_reference} {self.counterparty} {self.text}")


@dataclass(frozen=True)
class BooksEntry:
    """What an entry of the books did to the account, and the words by which a line may name it."""

    entry_id: str
    event: str
    effective_on: date
    amount_minor: int
    memo: str
    loan_id: str | None
    names: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A part of a line that stands for a part of an entry; both have its sign."""

    line_id: str
    entry_id: str
    amount_minor: int


@dataclass(frozen=True)
class Period:
    """The days and balances of one statement."""

    from_on: date
    to_on: date
    opening_minor: int
    closing_minor: int


@dataclass(frozen=True)
class BankFacts:
    """One account: statements by their last day, lines, entries and the matches that count."""

    periods: tuple[Period, ...]
    lines: tuple[Line, ...]
    entries: tuple[BooksEntry, ...]
    matches: tuple[Match, ...]

    @property
    def open_lines(self) -> Mapping[str, int]:
        """What of each line is matched to nothing, in minor units."""
        return _open(
            {line.line_id: line.amount_minor for line in self.lines},
            [(match.line_id, match.amount_minor) for match in self.matches],
        )

    @property
    def open_entries(self) -> Mapping[str, int]:
        """What of each entry no line stands for, in minor units."""
        return _open(
            {entry.entry_id: entry.amount_minor for entry in self.entries},
            [(match.entry_id, match.amount_minor) for match in self.matches],
        )


def _open(amounts: Mapping[str, int], matched: Sequence[tuple[str, int]]) -> Mapping[str, int]:
    taken: Counter[str] = Counter()
    for one, amount in matched:
        taken[one] += amount
    return {one: amount - taken[one] for one, amount in amounts.items()}
