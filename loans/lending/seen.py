"""What counts when the past is asked for: value dates up to a day, as known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from loans.books.ledger_balances import end_of


@dataclass(frozen=True)
class Seen:
    """What counts: value dates up to ``as_of``, and what was recorded before ``known_before``.

    None leaves the bound out. What was reversed never counted, once the reversal was known.
    """

    as_of: date | None = None
    known_before: datetime | None = None

    @classmethod
    def on(cls, as_of: date | None, known_on: date | None) -> Seen:
        """``known_on`` counts what was recorded up to the end of that day (UTC)."""
        return cls(as_of, None if known_on is None else end_of(known_on))

    def happened(self, column: InstrumentedAttribute[date]) -> ColumnElement[bool]:
        """Whether the value date counts."""
        return true() if self.as_of is None else column <= self.as_of

    def knew(self, column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether it was recorded."""
        return true() if self.known_before is None else column < self.known_before

    def stands(
        self, recorded_at: InstrumentedAttribute[Any], reversed_at: InstrumentedAttribute[Any]
    ) -> ColumnElement[bool]:
        """Whether a record was entered and not reversed."""
        if self.known_before is None:
            return reversed_at.is_(None)
        is_standing = or_(reversed_at.is_(None), reversed_at >= self.known_before)
        return and_(recorded_at < self.known_before, is_standing)

    def has_reversed(self, reversed_at: datetime | None) -> bool:
        """Whether the reversal of a record, if there is one, was known."""
        if reversed_at is None:
            return False
        return self.known_before is None or reversed_at < self.known_before


NOW = Seen()
"""Everything that is recorded."""
