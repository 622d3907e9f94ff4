"""The balance by the bank and the balance by the books, and every item between the two.

Pure. With the opening balance of the first statement, what is matched cancels, and so

    bank - books = before + only at the bank - only in the books + missing

``before`` is what differed already when the statements begin, less what later lines made good;
``missing`` is what the statements' own balances show that no line explains: a statement was left
out. Both are 0 in good order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from loans.banking.facts import BankFacts, BooksEntry, Line


@dataclass(frozen=True)
class OnlyBank:
    """A line, or the part of it, that the books do not have by the day."""

    line: Line
    open_minor: int


@dataclass(frozen=True)
class OnlyBooks:
    """An entry, or the part of it, that the bank does not have by the day."""

    entry: BooksEntry
    open_minor: int


@dataclass(frozen=True)
class Reconciliation:
    """Both balances at the end of ``on``, in minor units, and what lies between them.

    ``stated_to_on`` is the last day of the statements up to then; ``begins_on`` the first day of
    all of them.
    """

    on: date
    begins_on: date
    stated_to_on: date
    bank_minor: int
    books_minor: int
    before_minor: int
    missing_minor: int
    only_bank: tuple[OnlyBank, ...]
    only_books: tuple[OnlyBooks, ...]

    @property
    def only_bank_minor(self) -> int:
        """The sum of what only the bank has."""
        return sum(one.open_minor for one in self.only_bank)

    @property
    def only_books_minor(self) -> int:
        """The sum of what only the books have."""
        return sum(one.open_minor for one in self.only_books)

    @property
    def difference_minor(self) -> int:
        """Bank less books."""
        return self.bank_minor - self.books_minor

    @property
    def unexplained_minor(self) -> int:
        """What no line and no entry explains."""
        return self.before_minor + self.missing_minor

    @property
    def is_explained(self) -> bool:
        """Whether the items explain the difference to zero, each line with its entry or a note."""
        all_said = all(one.line.is_noted for one in self.only_bank)
        return all_said and not self.before_minor and not self.missing_minor


def reconcile(facts: BankFacts, on: date) -> Reconciliation | None:
    """Hold bank against books at the end of a day; None before the first statement begins."""
    if not facts.periods:
        return None
    first = min(facts.periods, key=lambda one: one.from_on)
    if on < first.from_on:
        return None
    begins = first.from_on
    lines = [line for line in facts.lines if begins <= line.booked_on <= on]
    entries = [entry for entry in facts.entries if entry.effective_on <= on]
    of_line, of_entry, made_good = _matched(facts, lines, entries, begins)
    earlier = sum(one.amount_minor for one in entries if one.effective_on < begins)
    moved = sum(line.amount_minor for line in lines)
    bank = _bank_balance(facts, on)
    left_lines = ((one, one.amount_minor - of_line[one.line_id]) for one in lines)
    left_entries = (
        (one, one.amount_minor - of_entry[one.entry_id])
        for one in entries
        if one.effective_on >= begins
    )
    return Reconciliation(
        on=on,
        begins_on=begins,
        stated_to_on=max(min(one.to_on, on) for one in facts.periods if one.from_on <= on),
        bank_minor=bank,
        books_minor=sum(one.amount_minor for one in entries),
        before_minor=first.opening_minor - earlier + made_good,
        missing_minor=bank - first.opening_minor - moved,
        only_bank=tuple(OnlyBank(one, left) for one, left in left_lines if left),
        only_books=tuple(OnlyBooks(one, left) for one, left in left_entries if left),
    )


def _matched(
    facts: BankFacts, lines: list[Line], entries: list[BooksEntry], begins: date
) -> tuple[Counter[str], Counter[str], int]:
    """What is matched of each line and entry by the day, and what later lines made good."""
    known = {line.line_id for line in lines}
    days = {entry.entry_id: entry.effective_on for entry in entries}
    of_line: Counter[str] = Counter()
    of_entry: Counter[str] = Counter()
    made_good = 0
    for match in facts.matches:
        if match.line_id in known and match.entry_id in days:
            of_line[match.line_id] += match.amount_minor
            of_entry[match.entry_id] += match.amount_minor
            if days[match.entry_id] < begins:
                made_good += match.amount_minor
    return of_line, of_entry, made_good


def _bank_balance(facts: BankFacts, on: date) -> int:
    """What the bank states: its last balance by the day, and the lines since."""
    ended = [one for one in facts.periods if one.to_on <= on]
    if ended:
        last = ended[-1]
        since = (line.amount_minor for line in facts.lines if last.to_on < line.booked_on <= on)
        return last.closing_minor + sum(since)
    first = min(facts.periods, key=lambda one: one.from_on)
    moved = (line.amount_minor for line in facts.lines if first.from_on <= line.booked_on <= on)
    return first.opening_minor + sum(moved)
