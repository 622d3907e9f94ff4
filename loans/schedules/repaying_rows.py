"""The rows in which a loan is repaid: the one place where payments bring a balance down.

Everything is a whole number: minor units, positions of the time axis, and powers of the rate's
denominator. The interest of a row is rounded half-up once, and so is a level payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from loans.schedules.day_position import InterestRate
from loans.schedules.repayment_shape import IN_PARTS, Method, RepaymentPeriods, savings_share

Row = tuple[int, int, int]
"""Interest, principal and the balance after it, in minor units."""


class Repaying(NamedTuple):
    """What is to be repaid: the balance, and the length of each period in positions.

    ``carried`` is minor units x positions that the first period earns beside balance x length.
    """

    balance_minor: int
    spans: Sequence[int]
    rate: InterestRate
    carried: int = 0

    def earning(self) -> list[int]:
        """What one minor unit earns in each period, over the rate's denominator."""
        spans, numerator = self.spans, self.rate.numerator
        if spans.count(spans[0]) == len(spans):
            return [spans[0] * numerator] * len(spans)
        return [span * numerator for span in spans]

    def periods(self) -> RepaymentPeriods:
        """The same in exact fractions, for what follows the savings."""
        return RepaymentPeriods(
            principal_minor=self.balance_minor,
            first_interest=self.rate.exact(self.carried + self.balance_minor * self.spans[0]),
            later_rates=tuple(self.rate.exact(span) for span in self.spans[1:]),
        )


class Savings(NamedTuple):
    """What is saved in each period, and the share of it that repays."""

    saved_minor: Sequence[int]
    share: Fraction

    @classmethod
    def repaying(cls, of: Repaying, saved_minor: Sequence[int], balloon_minor: int) -> Savings:
        """With the one share that brings the balance to the balloon."""
        return cls(saved_minor, savings_share(of.periods(), saved_minor, balloon_minor))


def repaying_rows(
    of: Repaying,
    method: Method,
    *,
    balloon_minor: int = 0,
    step_minor: int = 1,
    savings: Savings | None = None,
) -> list[Row]:
    """The rows by a method; the last one clears what is left, the balloon with it.

    Without ``savings`` a savings-matched loan is a level one.
    """
    last = len(of.spans) - 1
    if method in IN_PARTS or balloon_minor == of.balance_minor:
        early = 0 if method is Method.BULLET else of.balance_minor - balloon_minor
        return _parts_repaid(of, [_half_up(early, last + 1)] * last, balloon_minor)
    earning = of.earning()
    if savings is not None and method is Method.SAVINGS_MATCHED:
        over, under = savings.share.as_integer_ratio()
        paid = [_half_up(saved * over, under) for saved in savings.saved_minor[:last]]
    else:
        level = _level(of, earning, balloon_minor, step_minor)
        if _may_earn(of, earning, level - last - step_minor):
            level = _above_interest(of, balloon_minor, step_minor)
        elif (rows := _above_floor(of, earning, level, balloon_minor)) is not None:
            return rows
        paid = [level] * last
    return _totals_paid(of, earning, paid, balloon_minor)


def _may_earn(of: Repaying, earning: list[int], near: int) -> bool:
    """Whether the interest of a period may come to ``near``, which leaves room for rounding."""
    owed, enough = of.balance_minor, near * of.rate.denominator
    if of.carried > 0:
        enough -= of.carried * of.rate.numerator
    first = earning[0]
    if owed * first >= enough:
        return True
    return first != earning[-1] and owed * max(earning) >= enough


def _above_interest(of: Repaying, balloon_minor: int, step_minor: int) -> int:
    """The level payment where some periods earn more than it, and pay their interest instead.

    Those bring more than the level, so that the others bring less: as for savings that are flat.
    """
    flat = [of.balance_minor] * len(of.spans)
    over, under = savings_share(of.periods(), flat, balloon_minor).as_integer_ratio()
    return step_minor * _half_up(of.balance_minor * over, under * step_minor)


def level_payment(of: Repaying) -> int:
    """The payment that repays the balance on all due dates alike, rounded half-up."""
    return _level(of, of.earning(), 0, 1)


def _level(of: Repaying, earning: list[int], balloon_minor: int, step_minor: int) -> int:
    """(owed x prod(1 + f) - balloon) / f_n, rounded half-up to the step.

    f_n is the value on the last due date of one unit paid on every due date.
    """
    unit = of.rate.denominator
    owed = of.balance_minor * (unit + earning[0]) + of.carried * of.rate.numerator
    growth, value, scale = _grown(earning, unit)
    over = owed * growth - balloon_minor * unit * scale
    return step_minor * _half_up(over, value * unit * step_minor)


def _grown(earning: list[int], unit: int) -> tuple[int, int, int]:
    """Over all periods but the first: their growth, the value of payments, and the scale of both.

    Growth is prod(1 + f), the value is that of one unit paid on every due date; both are whole
    numbers over the scale.
    """
    part, later = earning[0], len(earning) - 1
    if part and earning.count(part) == later + 1:
        shared = gcd(part, unit)
        part, unit = part // shared, unit // shared
        growth, scale = (unit + part) ** later, unit**later
        return growth, (growth * (unit + part) - scale * unit) // part, scale
    growth = value = scale = 1
    for part in earning[1:]:
        scale *= unit
        growth *= unit + part
        value = value * (unit + part) + scale
    return growth, value, scale


def _half_up(over: int, under: int) -> int:
    """A quotient that is not negative, rounded half-up."""
    return (2 * over + under) // (2 * under)


def up_to_the_last(rows: list[Row]) -> list[Row]:
    """Without the rows behind the one that clears the balance, in which nothing falls due.

    There are some where payments rounded upwards leave nothing for the last due dates.
    """
    while len(rows) > 1 and not (rows[-1][0] or rows[-1][1]):
        rows.pop()
    return rows


def _totals_paid(
    of: Repaying, earning: list[int], paid: Sequence[int], floor_minor: int
) -> list[Row]:
    """Rows that bring ``paid`` in all, principal kept between nothing and the floor."""
    balance, unit = of.balance_minor, of.rate.denominator
    # Rounded half-up: where the unit is odd there is no half, and the whole part of it will do.
    half = unit // 2
    extra = of.carried * of.rate.numerator + half
    rows: list[Row] = []
    keep = rows.append
    for total, earned in zip(paid, earning, strict=False):
        interest = (balance * earned + extra) // unit
        extra = half
        principal = total - interest
        if principal > 0:
            balance -= principal
            if balance < floor_minor:
                principal -= floor_minor - balance
                balance = floor_minor
        else:
            principal = 0
        keep((interest, principal, balance))
    keep(((balance * earning[-1] + extra) // unit, balance, 0))
    return rows


def _above_floor(
    of: Repaying, earning: list[int], level: int, floor_minor: int
) -> list[Row] | None:
    """The rows of a level payment above all interest; None where it comes below the floor."""
    balance, unit = of.balance_minor, of.rate.denominator
    half = unit // 2
    interest = (balance * earning[0] + of.carried * of.rate.numerator + half) // unit
    if len(earning) == 1:
        return [(interest, balance, 0)]
    balance -= level - interest
    rows = [(interest, level - interest, balance)]
    rows += [
        (
            interest := (balance * earned + half) // unit,
            level - interest,
            balance := balance - level + interest,
        )
        for earned in earning[1:-1]
    ]
    if balance < floor_minor:
        return None
    rows.append(((balance * earning[-1] + half) // unit, balance, 0))
    return rows


def _parts_repaid(of: Repaying, parts: Sequence[int], floor_minor: int = 0) -> list[Row]:
    """Rows that bring these parts of principal, as long as the floor is left."""
    balance, rate = of.balance_minor, of.rate
    carried = of.carried
    rows: list[Row] = []
    for part, span in zip(parts, of.spans, strict=False):
        interest = rate.earned(carried + balance * span)
        carried = 0
        principal = min(part, balance - floor_minor)
        balance -= principal
        rows.append((interest, principal, balance))
    rows.append((rate.earned(carried + balance * of.spans[-1]), balance, 0))
    return rows
