"""A loan in equal months, a twelfth of the yearly rate each."""

from datetime import date

from loans.schedules.day_position import InterestRate
from loans.schedules.repaying_rows import Repaying

PARTS = 1_000_000
"""Rates are in millionths of one: 60,000 is 6 %."""


def equal_months(principal_minor: int, annual_rate_ppm: int, instalments: int) -> Repaying:
    """What is repaid in so many months."""
    monthly = InterestRate(date.toordinal, annual_rate_ppm, 12 * PARTS)
    return Repaying(principal_minor, (1,) * instalments, monthly)
