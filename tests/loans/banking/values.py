"""Facts of an account at a bank made up from amounts and days."""

from __future__ import annotations

from datetime import date, timedelta

from loans.banking.facts import BooksEntry, Line

FIRST = date(2026, 3, 1)


def day(number: int) -> date:
    """So many days after the first statement begins."""
    return FIRST + timedelta(days=number)


def line(number: int, days: int, minor: int, words: str = "", *, is_noted: bool = False) -> Line:
    """A line of the bank."""
    return Line(f"l{number}", day(days), minor, words, "", "", is_noted, is_charge=False)


def entry(number: int, days: int, minor: int, *names: str, event: str = "receipt") -> BooksEntry:
    """An entry of the books on the account."""
    return BooksEntry(f"e{number}", event, day(days), minor, "", None, names)
