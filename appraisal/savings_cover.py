"""Savings cover of a level loan: how often the monthly saving pays the monthly instalment.

One twelfth of the yearly rate a month. All arithmetic is exact until the payment is rounded,
half up, to the minor unit; cover divides by the payment as rounded, the one that is paid.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.money import from_minor, minor_digits, round_half_up, to_minor

MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class SavingsCover:
    """Net monthly saving / instalment, over the instalments that repay principal."""

    minimum: Fraction
    average: Fraction
    per_instalment: tuple[Fraction, ...]


def exact_level_payment(annual_rate: Decimal | Fraction, instalments: int) -> Fraction:
    """Unrounded level instalment of a principal of one: i / (1 - (1 + i) ** -n), i = rate / 12.

    Raises:
        ValueError: no instalment, or a negative rate.
    """
    if instalments < 1:
        message = "The number of instalments is below one. Enter at least 1."
        raise ValueError(message)
    if annual_rate < 0:
        message = "The interest rate is negative. Enter a fraction a year, such as 0.06."
        raise ValueError(message)
    monthly = Fraction(annual_rate) / MONTHS_PER_YEAR
    if monthly == 0:
        return Fraction(1, instalments)
    growth = (1 + monthly) ** instalments
    return monthly * growth / (growth - 1)


def level_payment(
    principal: Decimal, annual_rate: Decimal | Fraction, instalments: int, currency: str
) -> Decimal:
    """Level monthly instalment in major units, rounded half up to the minor unit.

    Raises:
        ValueError: as ``exact_level_payment``, a negative principal, or one that is not of whole
            minor units.
    """
    if principal < 0:
        message = "The loan is negative. Enter zero or more."
        raise ValueError(message)
    exact = to_minor(principal, currency) * exact_level_payment(annual_rate, instalments)
    return from_minor(round_half_up(exact), currency)


def savings_cover(
    monthly_net_savings: Sequence[Fraction],
    payment: Decimal,
    *,
    grace_months: int,
    instalments: int,
) -> SavingsCover:
    """Cover of each instalment that repays principal, its minimum and its average.

    ``monthly_net_savings`` begins with month 1; the instalments fall in the months after the
    ``grace_months``. Months beyond the list have no saving.

    Raises:
        ValueError: a payment that is not positive, or no instalment.
    """
    if payment <= 0 or instalments < 1:
        message = "There is no instalment to cover. Enter a loan above zero and at least 1 month."
        raise ValueError(message)
    savings = savings_in_window(monthly_net_savings, grace_months, instalments)
    covers = tuple(saving / Fraction(payment) for saving in savings)
    return SavingsCover(min(covers), sum(covers, Fraction(0)) / instalments, covers)


def largest_loan(
    monthly_net_savings: Sequence[Fraction],
    cover: Decimal | Fraction,
    annual_rate: Decimal | Fraction,
    currency: str,
    *,
    grace_months: int,
    instalments: int,
) -> Decimal:
    """Largest level loan whose rounded instalment every month's saving covers ``cover`` times.

    In major units, a whole number of minor units; zero when some month has no saving.

    Raises:
        ValueError: as ``exact_level_payment``, or a cover that is not positive.
    """
    per_unit = exact_level_payment(annual_rate, instalments)
    lowest = min(savings_in_window(monthly_net_savings, grace_months, instalments))
    return largest_for(lowest, cover, per_unit, currency)


def largest_for(
    lowest: Fraction, cover: Decimal | Fraction, per_unit: Fraction, currency: str
) -> Decimal:
    """Largest loan whose rounded instalment the ``lowest`` saving covers ``cover`` times.

    ``per_unit`` is the instalment of a loan of one.

    Raises:
        ValueError: a cover that is not positive.
    """
    if cover <= 0:
        message = "The cover is not above zero. Enter a number such as 1.2."
        raise ValueError(message)
    unit = 10 ** minor_digits(currency)
    affordable = math.floor(lowest * unit / Fraction(cover))
    if affordable <= 0:
        return from_minor(0, currency)
    # A payment is rounded half up, so it stays affordable up to just below the next half unit.
    largest = math.ceil((affordable + Fraction(1, 2)) / per_unit) - 1
    return from_minor(largest, currency)


def savings_in_window(
    monthly_net_savings: Sequence[Fraction], grace_months: int, instalments: int
) -> list[Fraction]:
    """Saving of each instalment's month; the list begins with month 1, beyond it there is none."""
    window = list(monthly_net_savings[grace_months : grace_months + instalments])
    return window + [Fraction(0)] * (instalments - len(window))
