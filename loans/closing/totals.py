"""What a part of a day's close came to; parts add up to the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from loans.arrears import AGE_BANDS, arrears_by_age
from loans.chart import INTEREST_IN_SUSPENSE, INTEREST_INCOME, LATE_INTEREST_INCOME
from loans.ledger_legs import Leg
from loans.subledger.state import AccountState

_NO_ARREARS = (0,) * len(AGE_BANDS)


@dataclass(frozen=True)
class DayTotals:
    """Counts of loans, and minor units that the close posted, credit positive.

    ``late_counts`` and ``overdue_minor`` have one value for each band of arrears: loans by their
    days past due, and what is overdue by the age of each instalment.
    """

    looked_at_count: int = 0
    posted_count: int = 0
    reminder_count: int = 0
    non_accrual_count: int = 0
    interest_minor: int = 0
    late_interest_minor: int = 0
    suspended_minor: int = 0
    late_counts: tuple[int, ...] = _NO_ARREARS
    overdue_minor: tuple[int, ...] = _NO_ARREARS

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """The totals as they were kept."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.items()
        }
        return cls(**values)

    def document(self) -> dict[str, Any]:
        """The totals as they are kept."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
        }

    def __add__(self, other: DayTotals) -> DayTotals:
        mine, theirs = vars(self), vars(other)
        return DayTotals(**{name: _added(mine[name], theirs[name]) for name in mine})

    @property
    def earned_minor(self) -> int:
        """Interest and late interest that count as income."""
        return self.interest_minor + self.late_interest_minor


def _added(mine: int | tuple[int, ...], theirs: int | tuple[int, ...]) -> Any:  # noqa: ANN401 - of one field
    if isinstance(mine, tuple) and isinstance(theirs, tuple):
        return tuple(left + right for left, right in zip(mine, theirs, strict=True))
    return mine + theirs  # type: ignore[operator]  # both are numbers


@dataclass
class Tally:
    """Counts while the loans of a part are looked at."""

    counts: Counter[str] = field(default_factory=Counter)
    late: list[int] = field(default_factory=lambda: list(_NO_ARREARS))
    overdue: list[int] = field(default_factory=lambda: list(_NO_ARREARS))

    def look_at(self, state: AccountState) -> None:
        """Count a loan as it stands."""
        self.counts["looked_at"] += 1
        self.counts["non_accrual"] += state.is_non_accrual
        if not state.overdue_minor:
            return
        for place, band in enumerate(arrears_by_age(state.items, state.on)):
            self.overdue[place] += band.overdue_minor
        for place, (first, last) in enumerate(AGE_BANDS):
            if first <= state.days_past_due and (last is None or state.days_past_due <= last):
                self.late[place] += 1

    def totals(self, legs: Iterable[Leg]) -> DayTotals:
        """The totals, with what the legs of the entry earn and suspend."""
        moved: Counter[str] = Counter()
        for leg in legs:
            moved[leg.account] -= leg.amount_minor
        return DayTotals(
            looked_at_count=self.counts["looked_at"],
            posted_count=self.counts["posted"],
            reminder_count=self.counts["reminder"],
            non_accrual_count=self.counts["non_accrual"],
            interest_minor=moved[INTEREST_INCOME],
            late_interest_minor=moved[LATE_INTEREST_INCOME],
            suspended_minor=moved[INTEREST_IN_SUSPENSE],
            late_counts=tuple(self.late),
            overdue_minor=tuple(self.overdue),
        )
