"""When a borrower pays and how much: the repayment schedule, exact to the minor unit.

Amounts are whole minor units. The interest of an instalment is the accrued interest at its due
date, rounded half-up once; principal sums to the amount paid out and the last balance is 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from appraisal.money import round_half_up
from loans.refusal import WrongValue
from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import DayCount
from loans.schedules.level_rows import LevelSchedules, level_schedules
from loans.schedules.repaying_rows import Repaying, Savings, repaying_rows, up_to_the_last
from loans.schedules.repayment_shape import GraceInterest, Method, RepaymentPeriods
from loans.schedules.schedule_limits import check_amounts, check_dates, check_savings
from loans.schedules.schedule_periods import Periods

__all__ = [
    "Cover",
    "GraceInterest",
    "Instalment",
    "LevelSchedules",
    "Method",
    "Schedule",
    "build_schedule",
    "level_schedules",
]


@dataclass(frozen=True, slots=True)
class Instalment:
    """What falls due on one day, and the balance after it.

    ``capitalised_minor`` is interest added to the loan instead of being due.
    """

    number: int
    due_on: date
    principal_minor: int
    interest_minor: int
    capitalised_minor: int
    balance_minor: int

    @property
    def total_minor(self) -> int:
        """What the borrower pays: principal and interest."""
        return self.principal_minor + self.interest_minor


@dataclass(frozen=True, slots=True)
class Cover:
    """Savings divided by debt service over the instalments after the grace.

    ``minimum`` and ``average`` are of the single instalments; ``loan_life`` is the present value
    of the savings at the loan's rate, divided by the balance when repayment begins.
    """

    minimum: Fraction
    average: Fraction
    loan_life: Fraction


@dataclass(frozen=True, slots=True)
class Schedule:
    """A repayment schedule. ``divisor`` is the one cover that a savings-matched loan keeps."""

    instalments: tuple[Instalment, ...]
    due_day: int
    cover: Cover | None = None
    divisor: Fraction | None = None

    @property
    def disbursed_minor(self) -> int:
        """What was paid out: principal due less the interest added to the loan."""
        return sum(row.principal_minor - row.capitalised_minor for row in self.instalments)

    @property
    def interest_minor(self) -> int:
        """All interest, paid or added to the loan."""
        return sum(row.interest_minor + row.capitalised_minor for row in self.instalments)

    @property
    def total_minor(self) -> int:
        """Everything that the borrower pays."""
        return sum(row.total_minor for row in self.instalments)

    def debt_capacity_minor(self, target_cover: Decimal) -> int | None:
        """Amount whose savings reach ``target_cover`` over the loan's life.

        Amount x loan-life cover / target cover, rounded half-up; None without savings.
        """
        if self.cover is None:
            return None
        return round_half_up(self.disbursed_minor * self.cover.loan_life / Fraction(target_cover))


@dataclass(frozen=True, slots=True)
class _Contract:
    periods: Periods
    method: Method
    due_on: tuple[date, ...]
    grace_instalments: int
    grace_interest: GraceInterest
    rounding_step_minor: int
    balloon_minor: int
    savings_minor: tuple[int, ...] | None


def build_schedule(
    *,
    disbursements: Sequence[BalanceChange],
    annual_rate: Decimal,
    due_on: Sequence[date],
    day_count: DayCount = DayCount.ACT_365_FIXED,
    method: Method = Method.LEVEL,
    grace_instalments: int = 0,
    grace_interest: GraceInterest = GraceInterest.PAID,
    rounding_step_minor: int = 1,
    balloon_minor: int = 0,
    savings_minor: Sequence[int] | None = None,
) -> Schedule:
    """The repayment schedule of money paid out, for a fixed rate per year (0.06 is 6 %).

    Level: P x prod(1 + f) / f_n over the real period factors, rounded half-up to the step.
    Equal principal: amount / number of instalments, rounded half-up. Bullet: all at the end.
    Savings-matched: max(savings / d, interest) with the one d that brings the balance to 0.
    The last instalment clears the rest, with the balloon where there is one; where payments are
    rounded upwards so far that nothing is left for the last due dates, they fall away.

    Raises:
        WrongValue: with ``field`` naming what to correct; see ``loans.schedules.schedule_limits``.
    """
    paid_out = tuple(sorted(disbursements, key=lambda part: part.on))
    dates = tuple(due_on)
    check_dates(paid_out, dates, grace_instalments)
    check_amounts(paid_out, annual_rate, rounding_step_minor, balloon_minor)
    check_savings(savings_minor, len(dates), grace_instalments)
    _check_method(method, savings_minor, balloon_minor)
    contract = _Contract(
        periods=Periods.of(paid_out, dates, annual_rate, day_count),
        method=method,
        due_on=dates,
        grace_instalments=grace_instalments,
        grace_interest=grace_interest,
        rounding_step_minor=rounding_step_minor,
        balloon_minor=balloon_minor,
        savings_minor=None if savings_minor is None else tuple(savings_minor),
    )
    return _schedule(contract)


def _check_method(method: Method, savings: Sequence[int] | None, balloon_minor: int) -> None:
    if method is Method.SAVINGS_MATCHED and savings is None:
        message = "A savings-matched schedule follows the savings. Enter one saving per instalment."
        raise WrongValue(message, field="savings")
    if method is Method.BULLET and balloon_minor:
        message = "A bullet schedule repays everything at the end. Leave the balloon empty."
        raise WrongValue(message, field="balloon")


def _schedule(contract: _Contract) -> Schedule:
    grace = _grace_rows(contract)
    of = _repaying(contract, grace[-1].balance_minor if grace else 0)
    saved = contract.savings_minor
    if saved is not None:
        saved = saved[contract.grace_instalments :]
    savings = None
    if contract.method is Method.SAVINGS_MATCHED and saved is not None:
        savings = Savings.repaying(of, saved, contract.balloon_minor)
    rows = repaying_rows(
        of,
        contract.method,
        balloon_minor=contract.balloon_minor,
        step_minor=contract.rounding_step_minor,
        savings=savings,
    )
    rows = up_to_the_last(rows)
    first = contract.grace_instalments
    repaid = [
        Instalment(number, due_on, principal, interest, 0, balance)
        for number, (due_on, (interest, principal, balance)) in enumerate(
            zip(contract.due_on[first:], rows, strict=False), start=first + 1
        )
    ]
    cover = None if saved is None else _cover(repaid, saved, of.periods())
    divisor = None if savings is None else 1 / savings.share
    return Schedule((*grace, *repaid), contract.periods.due_day, cover, divisor)


def _grace_rows(contract: _Contract) -> list[Instalment]:
    rows: list[Instalment] = []
    periods, balance = contract.periods, 0
    for number in range(1, contract.grace_instalments + 1):
        interest = periods.interest(balance, number)
        added = interest if contract.grace_interest is GraceInterest.CAPITALISED else 0
        balance += periods.paid_out_minor(number) + added
        due_on = contract.due_on[number - 1]
        rows.append(Instalment(number, due_on, 0, interest - added, added, balance))
    return rows


def _repaying(contract: _Contract, opening_minor: int) -> Repaying:
    """What is repaid after the grace; its first period may pay out more."""
    periods, grace = contract.periods, contract.grace_instalments
    balance = opening_minor + periods.paid_out_minor(grace + 1)
    spans = periods.spans[grace:]
    carried = periods.balance_time(opening_minor, grace + 1) - balance * spans[0]
    return Repaying(balance, spans, periods.rate, carried)


def _cover(
    rows: Sequence[Instalment], savings: Sequence[int], periods: RepaymentPeriods
) -> Cover | None:
    covers = [
        Fraction(saving, row.total_minor)
        for row, saving in zip(rows, savings, strict=False)
        if row.total_minor
    ]
    return Cover(
        minimum=min(covers),
        average=sum(covers, start=Fraction(0)) / len(covers),
        loan_life=periods.present_cover(savings),
    )
