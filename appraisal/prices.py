"""Constant prices and money of the day: one rate of general inflation, converted by Fisher."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

_MONTHS_PER_YEAR = 12


def nominal_rate(real: float, inflation: float) -> float:
    """(1 + real) x (1 + inflation) - 1, fractions per year.

    Raises:
        ValueError: a rate that is not above -100 %.
    """
    _check(real, inflation)
    return real + inflation + real * inflation


def real_rate(nominal: float, inflation: float) -> float:
    """(1 + nominal) / (1 + inflation) - 1, fractions per year.

    Raises:
        ValueError: a rate that is not above -100 %.
    """
    _check(nominal, inflation)
    return (nominal - inflation) / (1 + inflation)


def in_money_of_the_day(monthly: Sequence[Fraction], inflation: float) -> tuple[Fraction, ...]:
    """Monthly amounts from month 1 in the prices then paid, exact.

    Prices rise once after each full year from month 0: months 1 to 12 are at today's prices,
    months 13 to 24 at 1 + inflation times those, and so on.

    Raises:
        ValueError: inflation that is not above -100 %.
    """
    _check(inflation)
    rise = 1 + Fraction(Decimal(repr(inflation)))
    return tuple(
        amount * rise ** (number // _MONTHS_PER_YEAR) for number, amount in enumerate(monthly)
    )


def _check(*rates: float) -> None:
    if not all(rate > -1 for rate in rates):
        message = "A rate is not above -100 %. Enter a fraction a year, such as 0.03."
        raise ValueError(message)
