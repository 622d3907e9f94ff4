"""Cover of a loan over its life and by period, and the debt that the savings can carry.

One twelfth of the yearly rate a month, as for the level payment. Present values are taken at the
end of the grace, when repayment begins. All arithmetic is exact.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.money import from_minor, minor_digits
from appraisal.savings_cover import MONTHS_PER_YEAR, savings_in_window


@dataclass(frozen=True, slots=True)
class PeriodCover:
    """Saving / debt service of the months ``first_month`` to ``last_month``, both included.

    ``cover`` is None where nothing is due.
    """

    first_month: int
    last_month: int
    saving: Fraction
    debt_service: Fraction
    cover: Fraction | None


@dataclass(frozen=True, slots=True)
class PeriodCovers:
    """Cover of each period; minimum and average over the periods in which something is due."""

    periods: tuple[PeriodCover, ...]
    minimum: Fraction | None
    average: Fraction | None


def present_value_of_savings(
    monthly_net_savings: Sequence[Fraction],
    annual_rate: Decimal | Fraction,
    *,
    grace_months: int,
    instalments: int,
) -> Fraction:
    """sum(saving of instalment k / (1 + rate / 12) ** k), k from 1, in major units.

    ``monthly_net_savings`` begins with month 1; months beyond the list have no saving.

    Raises:
        ValueError: a negative rate.
    """
    if annual_rate < 0:
        message = "The interest rate is negative. Enter a fraction a year, such as 0.06."
        raise ValueError(message)
    savings = savings_in_window(monthly_net_savings, grace_months, instalments)
    growth = 1 + Fraction(annual_rate) / MONTHS_PER_YEAR
    # Whole numbers over common denominators: reducing a fraction at each step would be slow.
    scale = math.lcm(*(saving.denominator for saving in savings))
    value, power = 0, 1
    for saving in reversed(savings):
        value = value * growth.denominator + int(saving * scale) * power
        power *= growth.numerator
    return Fraction(value * growth.denominator, power * scale) if savings else Fraction(0)


def loan_life_cover(
    monthly_net_savings: Sequence[Fraction],
    balance: Decimal | Fraction,
    annual_rate: Decimal | Fraction,
    *,
    grace_months: int,
    instalments: int,
) -> Fraction:
    """Present value of the savings over the loan's life / balance when repayment begins.

    Raises:
        ValueError: a balance that is not positive, or a negative rate.
    """
    if balance <= 0:
        message = "There is no balance to cover. Enter a loan above zero."
        raise ValueError(message)
    worth = present_value_of_savings(
        monthly_net_savings, annual_rate, grace_months=grace_months, instalments=instalments
    )
    return worth / Fraction(balance)


def debt_capacity(
    monthly_net_savings: Sequence[Fraction],
    target_cover: Decimal | Fraction,
    annual_rate: Decimal | Fraction,
    currency: str,
    *,
    grace_months: int,
    instalments: int,
) -> Decimal:
    """Debt that savings-matched payments repay at ``target_cover``: present value / target cover.

    In major units, rounded down to the minor unit; zero where the savings are worth nothing. Not
    limited by share or maximum, which are the offer's business.

    Raises:
        ValueError: a cover that is not positive, or a negative rate.
    """
    worth = present_value_of_savings(
        monthly_net_savings, annual_rate, grace_months=grace_months, instalments=instalments
    )
    return capacity_for(worth, target_cover, currency)


def capacity_for(worth: Fraction, target_cover: Decimal | Fraction, currency: str) -> Decimal:
    """``worth`` / target cover in major units, rounded down; zero where it is worth nothing.

    Raises:
        ValueError: a cover that is not positive.
    """
    if target_cover <= 0:
        message = "The cover is not above zero. Enter a number such as 1.2."
        raise ValueError(message)
    capacity = worth / Fraction(target_cover) * 10 ** minor_digits(currency)
    return from_minor(max(0, math.floor(capacity)), currency)


def equal_periods(months: int, months_per_period: int) -> tuple[int, ...]:
    """Lengths of the periods into which ``months`` fall, the last one shorter where need be.

    Raises:
        ValueError: no month in a period, or a negative number of months.
    """
    if months < 0 or months_per_period < 1:
        message = "A period has at least 1 month. Enter 1 for monthly, 3 for quarterly."
        raise ValueError(message)
    whole, rest = divmod(months, months_per_period)
    return (months_per_period,) * whole + ((rest,) if rest else ())


def covers_by_period(
    net_savings: Sequence[Fraction],
    debt_service: Sequence[Decimal | Fraction],
    lengths: Sequence[int],
    *,
    first_month: int = 1,
) -> PeriodCovers:
    """Cover of consecutive periods of ``lengths`` months: sum of savings / sum of debt service.

    Both lists have one value a month and begin with ``first_month``; months beyond either list
    count as zero.

    Raises:
        ValueError: a period without a month.
    """
    if any(length < 1 for length in lengths):
        message = "A period has no month. Enter lengths of at least 1."
        raise ValueError(message)
    periods: list[PeriodCover] = []
    begins = 0
    for length in lengths:
        ends = begins + length
        saving = sum(net_savings[begins:ends], Fraction(0))
        service = sum((Fraction(due) for due in debt_service[begins:ends]), Fraction(0))
        cover = saving / service if service else None
        months = (first_month + begins, first_month + ends - 1)
        periods.append(PeriodCover(*months, saving, service, cover))
        begins = ends
    covers = [period.cover for period in periods if period.cover is not None]
    average = sum(covers, Fraction(0)) / len(covers) if covers else None
    return PeriodCovers(tuple(periods), min(covers, default=None), average)
