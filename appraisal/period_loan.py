"""A level loan whose instalments fall due every so many months, the last perhaps after more.

One twelfth of the yearly rate a month, simple inside a period. All arithmetic is exact. With
periods of one month everything is as in ``savings_cover`` and ``loan_cover``.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from appraisal.loan_cover import equal_periods, present_value_of_savings
from appraisal.savings_cover import MONTHS_PER_YEAR, exact_level_payment


def repaying_periods(months: int, months_per_period: int, grace_months: int) -> tuple[int, ...]:
    """Lengths in months of the periods that repay principal, in a loan of so many months.

    A period in which a month of grace lies has grace. Months that are left over lengthen the last
    period: by themselves they would have to pay a whole instalment from less savings.

    Raises:
        ValueError: no month in a period, or a negative number of months.
    """
    lengths = equal_periods(months, months_per_period)
    if len(lengths) > 1 and lengths[-1] < months_per_period:
        lengths = (*lengths[:-2], lengths[-2] + lengths[-1])
    return lengths[grace_periods(months_per_period, grace_months) :]


def grace_periods(months_per_period: int, grace_months: int) -> int:
    """Periods without principal: those in which a month of grace lies."""
    return -(-grace_months // months_per_period)


def savings_of_periods(
    monthly_net_savings: Sequence[Fraction], before_months: int, lengths: Sequence[int]
) -> list[Fraction]:
    """Saving of each period: the sum of its months, which begin after ``before_months``."""
    savings, begins = [], before_months
    for length in lengths:
        savings.append(sum(monthly_net_savings[begins : begins + length], Fraction(0)))
        begins += length
    return savings


def level_payment_of_one(annual_rate: Decimal | Fraction, lengths: Sequence[int]) -> Fraction:
    """Unrounded level instalment of a principal of one, over periods of ``lengths`` months.

    Product of (1 + i_k) / sum over k of the product of the later (1 + i_j), where i_k is the rate
    of period k.

    Raises:
        ValueError: no period, or a negative rate.
    """
    if len(set(lengths)) <= 1:
        months = lengths[0] if lengths else 1
        return exact_level_payment(Fraction(annual_rate) * months, len(lengths))
    later, payments = Fraction(1), Fraction(0)
    for growth in reversed(_growths(annual_rate, lengths)):
        payments += later
        later *= growth
    return later / payments


def present_value_of_periods(
    savings: Sequence[Fraction], annual_rate: Decimal | Fraction, lengths: Sequence[int]
) -> Fraction:
    """Value of the savings of the periods when repayment begins, at the rate of the loan.

    Raises:
        ValueError: a negative rate.
    """
    if len(set(lengths)) <= 1:
        rate = Fraction(annual_rate) * (lengths[0] if lengths else 1)
        return present_value_of_savings(savings, rate, grace_months=0, instalments=len(lengths))
    growths = _growths(annual_rate, lengths)
    whole = present_value_of_periods(savings[:-1], annual_rate, lengths[:-1])
    discount = Fraction(1)
    for growth in growths:
        discount /= growth
    return whole + savings[-1] * discount


def _growths(annual_rate: Decimal | Fraction, lengths: Sequence[int]) -> list[Fraction]:
    monthly = Fraction(annual_rate) / MONTHS_PER_YEAR
    return [1 + monthly * length for length in lengths]
