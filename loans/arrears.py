"""How late a loan is, and what part of the portfolio is at risk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from loans.allocation import OpenInstalment
from loans.component import Component

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
class Arrears:
    """What is overdue of one loan on a day, in minor units, and since how many days."""

    days_past_due: int
    overdue_minor: int
    overdue_principal_minor: int


@dataclass(frozen=True, slots=True)
class LoanAtDay:
    """Whole outstanding principal of one loan and how many days it is past due."""

    principal_minor: int
    days_past_due: int


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


def days_past_due(due_on: date, as_of: date) -> int:
    """Days since the due date: 0 on it and before, 1 on the day after."""
    return max(0, (as_of - due_on).days)


def arrears(
    instalments: Iterable[OpenInstalment], as_of: date, *, tolerance_minor: int = 0
) -> Arrears:
    """What is overdue on ``as_of``, and the days past due of the oldest amount that counts.

    An instalment is overdue from the day after its due date. The days count from the due date at
    which the amounts overdue, summed from the oldest, first exceed ``tolerance_minor``; at or
    under the tolerance the loan is 0 days past due.
    """
    overdue = principal = days = 0
    for instalment in _overdue(instalments, as_of):
        overdue += instalment.total_minor
        principal += instalment.open_minor.get(Component.PRINCIPAL, 0)
        if not days and overdue > tolerance_minor:
            days = days_past_due(instalment.due_on, as_of)
    return Arrears(days, overdue, principal)


def arrears_by_age(instalments: Iterable[OpenInstalment], as_of: date) -> tuple[AgeBand, ...]:
    """Overdue amounts by the age of each instalment, one band each of ``AGE_BANDS``."""
    late = [(days_past_due(one.due_on, as_of), one) for one in _overdue(instalments, as_of)]
    return tuple(
        AgeBand(
            first,
            last,
            sum(
                one.total_minor
                for days, one in late
                if first <= days and (last is None or days <= last)
            ),
        )
        for first, last in AGE_BANDS
    )


def _overdue(instalments: Iterable[OpenInstalment], as_of: date) -> list[OpenInstalment]:
    late = [one for one in instalments if one.due_on < as_of and one.total_minor > 0]
    return sorted(late, key=lambda one: one.due_on)


def portfolio_at_risk(loans: Iterable[LoanAtDay], days: int) -> Fraction | None:
    """Whole principal of loans more than ``days`` days past due / principal of all loans.

    None when nothing is outstanding. Restructured loans are for the caller to list apart.
    """
    whole = at_risk = 0
    for loan in loans:
        whole += loan.principal_minor
        if loan.days_past_due > days:
            at_risk += loan.principal_minor
    return Fraction(at_risk, whole) if whole else None
