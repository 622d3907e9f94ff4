"""How late what is due is, by age."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loans.subledger.state import DueItem

PORTFOLIO_AT_RISK_DAYS = (30, 60, 90)

AGE_BANDS: tuple[tuple[int, int | None], ...] = (
    (1, 30),
    (31, 60),
    (61, 90),
    (91, 180),
    (181, None),
)
"""First and last day past due of each band of arrears; the last band is open."""


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Overdue minor units that are ``first_day`` to ``last_day`` days past due."""

    first_day: int
    last_day: int | None
    overdue_minor: int

    @property
    def label(self) -> str:
        """The days, such as "31-60" or "over 180"."""
        if self.last_day is None:
            return f"over {self.first_day - 1}"
        return f"{self.first_day}-{self.last_day}"


def arrears_by_age(items: Iterable[DueItem], as_of: date) -> tuple[AgeBand, ...]:
    """Overdue amounts by the age of each due item, one band each of ``AGE_BANDS``.

    The age is the days since a receipt would still have been on time: 1 on the day after.
    """
    late = [((as_of - item.on_time_until).days, item.open_minor) for item in items]
    return tuple(
        AgeBand(
            first,
            last,
            sum(
                open_minor
                for days, open_minor in late
                if first <= days and (last is None or days <= last)
            ),
        )
        for first, last in AGE_BANDS
    )
