"""What a fund sets aside for loans that may not come back: by age of arrears, at least so much.

The rates are terms of the profile: a part of the principal from so many days past due on. A loan
whose terms were changed gets at least the restructured rate, however punctual it is since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.money import round_half_up

Rates = Sequence[tuple[int, Decimal]]
"""First day past due of each age, ascending, with its part of the principal."""


@dataclass(frozen=True)
class Exposure:
    """A loan on a day: principal outstanding in minor units, and how late it is."""

    loan_id: str
    principal_minor: int
    days_past_due: int
    is_restructured: bool


@dataclass(frozen=True)
class Needed:
    """What a loan needs: ``allowance_minor`` is the principal at ``rate``, half-up."""

    exposure: Exposure
    rate: Decimal
    allowance_minor: int


@dataclass(frozen=True)
class AgeRow:
    """The loans of one age: days past due from ``first_day`` to ``last_day`` (None: open).

    ``rate`` is the rate of the age; restructured loans may need more.
    """

    first_day: int
    last_day: int | None
    rate: Decimal
    loan_count: int
    principal_minor: int
    allowance_minor: int

    @property
    def label(self) -> str:
        """The days in words."""
        if self.last_day is None:
            return f"Over {self.first_day - 1} days"
        if self.last_day <= 0:
            return "Not late"
        return f"{self.first_day}-{self.last_day} days"


def needed(exposure: Exposure, rates: Rates, restructured: Decimal) -> Needed:
    """What one loan needs on the day."""
    rate = rate_at(exposure.days_past_due, rates)
    if exposure.is_restructured:
        rate = max(rate, restructured)
    amount = round_half_up(exposure.principal_minor * Fraction(rate))
    return Needed(exposure, rate, amount)


def rate_at(days_past_due: int, rates: Rates) -> Decimal:
    """The rate of the age that so many days past due fall in; 0 before the first."""
    return max(
        ((first, rate) for first, rate in rates if days_past_due >= first),
        default=(0, Decimal(0)),
    )[1]


def by_age(loans: Sequence[Needed], rates: Rates) -> tuple[AgeRow, ...]:
    """One row for each age, the punctual first; the rows hold every loan once."""
    starts = sorted({0, *(first for first, _ in rates)})
    ends = [*(start - 1 for start in starts[1:]), None]
    rows = []
    for first, last in zip(starts, ends, strict=True):
        inside = [
            one
            for one in loans
            if first <= one.exposure.days_past_due
            and (last is None or one.exposure.days_past_due <= last)
        ]
        rows.append(
            AgeRow(
                first,
                last,
                rate_at(first, rates),
                len(inside),
                sum(one.exposure.principal_minor for one in inside),
                sum(one.allowance_minor for one in inside),
            )
        )
    return tuple(rows)
