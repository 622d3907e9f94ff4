"""How many full years of an effect fall before the horizon, month by month as money does."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from appraisal.cash_flow import MONTHS_PER_YEAR, monthly_net_savings
from appraisal.cost_lines import RunningLine, SavingLine
from appraisal.proposal import Measure


class _Run(NamedTuple):
    """Everything that decides in which months a line has its effect."""

    implementation_months: int
    life_years: int
    last_month: int
    start_month: int = 0
    ramp_months: int = 0
    active_months: tuple[int, ...] | None = None


def full_years(measure: Measure, horizon_years: int, line: RunningLine | None = None) -> Fraction:
    """Full years from month 0 to the horizon, after delay, ramp, seasons and life.

    Without a ``line`` the effect runs from commissioning to the end of the life.
    """
    run = _Run(measure.implementation_months, measure.life_years, MONTHS_PER_YEAR * horizon_years)
    if line is not None:
        run = run._replace(
            start_month=line.start_month,
            ramp_months=line.ramp_months,
            active_months=line.active_months,
        )
    return _years_of_one(run)


@lru_cache(maxsize=1024)
def _years_of_one(run: _Run) -> Fraction:
    """What a saving of one a year comes to."""
    one = SavingLine(
        code="1",
        annual_amount=Decimal(1),
        start_month=run.start_month,
        ramp_months=run.ramp_months,
        active_months=run.active_months,
    )
    alone = Measure(
        code="1",
        title="1",
        savings=(one,),
        life_years=run.life_years,
        implementation_months=run.implementation_months,
    )
    return sum(monthly_net_savings([alone], run.last_month), Fraction(0))
