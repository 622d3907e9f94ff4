"""How principal is spread, and the exact arithmetic of savings: cover, and the share that repays.

Sums of products of period factors are carried as integers over one common denominator: a fraction
reduced at every step would spend nearly all its time on common divisors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import lcm, prod

_DIGITS = 60
"""Precision of the search for the share of savings; the result is rounded to a minor unit."""


class Method(StrEnum):
    """How principal is spread over the instalments."""

    LEVEL = "level"
    EQUAL_PRINCIPAL = "equal-principal"
    BULLET = "bullet"
    SAVINGS_MATCHED = "savings-matched"


IN_PARTS = (Method.EQUAL_PRINCIPAL, Method.BULLET)
"""Methods that decide how much principal is paid; the others, what is paid in all."""


class GraceInterest(StrEnum):
    """What happens to the interest of an instalment without principal."""

    PAID = "paid"
    CAPITALISED = "capitalised"


@dataclass(frozen=True)
class RepaymentPeriods:
    """The periods in which principal is repaid.

    ``first_interest`` is the exact interest of the first one in minor units (it may contain
    disbursements); ``later_rates`` are rate x year fraction of each later one.
    """

    principal_minor: int
    first_interest: Fraction
    later_rates: tuple[Fraction, ...]

    @property
    def count(self) -> int:
        """Number of instalments that repay principal."""
        return len(self.later_rates) + 1

    @property
    def owed_at_first(self) -> Fraction:
        """Principal and interest on the first due date, before the payment."""
        return self.principal_minor + self.first_interest

    @cached_property
    def _denominator(self) -> int:
        return lcm(*(rate.denominator for rate in self.later_rates))

    @cached_property
    def _growths(self) -> tuple[int, ...]:
        """One plus each later rate, times the common denominator."""
        scale = self._denominator
        return tuple(int((1 + rate) * scale) for rate in self.later_rates)

    def present_cover(self, savings_minor: Sequence[int]) -> Fraction:
        """Present value of the savings at the loan's rate / what is owed, both on one date."""
        return self._value_at_end(savings_minor) / self._owed_at_end

    @cached_property
    def _owed_at_end(self) -> Fraction:
        """What would be owed at the end without payments, times denominator ** later periods."""
        growth: int = prod(self._growths)
        return self.owed_at_first * growth

    def _value_at_end(self, amounts: Sequence[int]) -> int:
        """Amounts on the due dates, grown to the last one, times denominator ** later periods."""
        value, scale = amounts[0], 1
        for growth, amount in zip(self._growths, amounts[1:], strict=True):
            scale *= self._denominator
            value = value * growth + amount * scale
        return value


def savings_share(
    periods: RepaymentPeriods, savings_minor: Sequence[int], balloon_minor: int
) -> Fraction:
    """The one share x of savings for which payments max(x * savings, interest) end at the balloon.

    Its reciprocal is the cover. The closing balance is concave and piecewise linear in x, so
    Newton's method, begun where no payment is lifted to the interest, ends after finitely many
    steps on the exact piece.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        lifted: frozenset[int] = frozenset()
        while True:
            paid = _closing_line(periods, savings_minor, lifted)
            share = (paid[0] - balloon_minor) / paid[1]
            found = _lifted_to_interest(periods, savings_minor, share)
            if found <= lifted:
                return Fraction(share)
            lifted |= found


def _closing_line(
    periods: RepaymentPeriods, savings_minor: Sequence[int], lifted: frozenset[int]
) -> tuple[Decimal, Decimal]:
    """(a, b) with the closing balance a - b x, the ``lifted`` instalments paying interest only."""
    constant, slope = Decimal(periods.principal_minor), Decimal(0)
    interest, rate = _exactly(periods.first_interest), Decimal(0)
    for place, saving in enumerate(savings_minor):
        if place:
            rate = _exactly(periods.later_rates[place - 1])
            interest = constant * rate
        if place not in lifted:
            constant += interest
            slope = slope * (1 + rate) + saving
    return constant, slope


def _lifted_to_interest(
    periods: RepaymentPeriods, savings_minor: Sequence[int], share: Decimal
) -> frozenset[int]:
    """The instalments whose share of savings is under the interest of their period."""
    balance, lifted = Decimal(periods.principal_minor), set()
    for place, saving in enumerate(savings_minor):
        if place:
            interest = balance * _exactly(periods.later_rates[place - 1])
        else:
            interest = _exactly(periods.first_interest)
        if saving * share < interest:
            lifted.add(place)
        else:
            balance += interest - saving * share
    return frozenset(lifted)


def _exactly(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator
