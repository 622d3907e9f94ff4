"""Constant prices and money of the day: one rate of general inflation, converted by Fisher.

The base run is in the prices of month 0 at a real rate. The nominal run raises each flow by
(1 + inflation) ** years, at the time at which the flow is discounted, and discounts it at
(1 + real) x (1 + inflation) - 1; so both runs have the same net present value.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.cash_flow import MONTHS_PER_YEAR, yearly
from appraisal.discounting import timed
from appraisal.indicators import net_present_value
from appraisal.irr import internal_rate_of_return
from appraisal.irr_result import IrrResult, IrrStatus
from appraisal.proposal import Assumptions, Timing


@dataclass(frozen=True)
class NominalRun:
    """The project in money of the day; rates as fractions a year, amounts in major units."""

    inflation: float
    discount_rate: float
    """The nominal one, by Fisher."""

    yearly_flows: tuple[Fraction, ...]
    """Month 0, then each year to the horizon, residual value included."""

    net_present_value: float
    internal_rate_of_return: IrrResult
    """Those in constant prices by Fisher, judged there, so that inflation neither makes nor
    unmakes a rate."""


def nominal_run(monthly: Sequence[Fraction], assumptions: Assumptions) -> NominalRun:
    """The same project in money of the day, from its monthly flows in constant prices.

    Raises:
        ValueError: a rate that is not above -100 %, or a result beyond floating point.
    """
    rate = nominal_rate(assumptions.discount_rate, assumptions.inflation)
    nominal = nominal_flows(monthly, assumptions.timing, assumptions.inflation)
    flows, years = timed(nominal, assumptions.timing)
    real = internal_rate_of_return(*timed(tuple(monthly), assumptions.timing))
    return NominalRun(
        inflation=assumptions.inflation,
        discount_rate=rate,
        yearly_flows=yearly(nominal),
        net_present_value=net_present_value(rate, flows, years),
        internal_rate_of_return=nominal_rates(real, assumptions.inflation),
    )


def nominal_rate(real: float, inflation: float) -> float:
    """(1 + real) x (1 + inflation) - 1, fractions per year.

    Raises:
        ValueError: a rate that is not above -100 %.
    """
    _check(real, inflation)
    return real + inflation + real * inflation


def nominal_rates(real: IrrResult, inflation: float) -> IrrResult:
    """The same rates of return in money of the day: each by Fisher, and the same one is meant.

    The rule looks at which rates are below zero, and so has to be kept in one kind of prices.

    Raises:
        ValueError: inflation that is not above -100 %.
    """
    _check(inflation)
    lowest, reason = math.nextafter(-1.0, 0.0), real.reason

    def raised(rate: float) -> float:
        is_end = rate == -1 or math.isinf(rate)
        return rate if is_end else max(nominal_rate(rate, inflation), lowest)

    if reason is not None and real.status is IrrStatus.MULTIPLE and real.rate is not None:
        reason = f"In constant prices: {reason[0].lower()}{reason[1:]}"
    return real._replace(
        rate=None if real.rate is None else raised(real.rate),
        roots=tuple(raised(root) for root in real.roots),
        reason=reason,
        log_roots=tuple(root + math.log1p(inflation) for root in real.log_roots),
        npv_positive=tuple((raised(low), raised(high)) for low, high in real.npv_positive),
    )


def real_rate(nominal: float, inflation: float) -> float:
    """(1 + nominal) / (1 + inflation) - 1, fractions per year.

    Raises:
        ValueError: a rate that is not above -100 %.
    """
    _check(nominal, inflation)
    return (nominal - inflation) / (1 + inflation)


def nominal_flows(
    monthly: Sequence[Fraction], timing: Timing, inflation: float
) -> tuple[Fraction, ...]:
    """Monthly flows from month 0 in the prices of the time at which each is discounted.

    Exact with the timing ``annual``: month 0 as it is, months 1 to 12 times 1 + inflation, and
    so on. With ``monthly`` the price level of a part year is a rounded number.

    Raises:
        ValueError: inflation that is not above -100 %.
    """
    levels = price_levels(len(monthly) - 1, timing, inflation)
    return tuple(
        flow * level if flow else flow for flow, level in zip(monthly, levels, strict=True)
    )


def real_flows(
    monthly: Sequence[Fraction], timing: Timing, inflation: float
) -> tuple[Fraction, ...]:
    """Monthly flows in money of the day, back in the prices of month 0; undoes ``nominal_flows``.

    Raises:
        ValueError: inflation that is not above -100 %.
    """
    levels = price_levels(len(monthly) - 1, timing, inflation)
    return tuple(
        flow / level if flow else flow for flow, level in zip(monthly, levels, strict=True)
    )


def price_levels(last_month: int, timing: Timing, inflation: float) -> tuple[Fraction, ...]:
    """(1 + inflation) ** years of each month from 0, years as the timing discounts that month.

    Raises:
        ValueError: inflation that is not above -100 %.
    """
    by_year = _yearly_levels(-(-last_month // MONTHS_PER_YEAR), inflation)
    if timing is Timing.ANNUAL:
        return tuple(by_year[-(-month // MONTHS_PER_YEAR)] for month in range(last_month + 1))
    within = [Fraction((1 + inflation) ** (m / MONTHS_PER_YEAR)) for m in range(MONTHS_PER_YEAR)]
    return tuple(
        by_year[month // MONTHS_PER_YEAR] * within[month % MONTHS_PER_YEAR]
        for month in range(last_month + 1)
    )


def nominal_savings(monthly: Sequence[Fraction], inflation: float) -> tuple[Fraction, ...]:
    """Monthly savings from month 1 as they cover a loan, in the prices then paid, exact.

    Prices rise once after each full year from month 0: months 1 to 12 are at today's prices,
    months 13 to 24 at 1 + inflation times those, and so on.

    Raises:
        ValueError: inflation that is not above -100 %.
    """
    levels = _yearly_levels(len(monthly) // MONTHS_PER_YEAR, inflation)
    if inflation == 0:
        return tuple(monthly)
    return tuple(
        saving * levels[number // MONTHS_PER_YEAR] for number, saving in enumerate(monthly)
    )


def _yearly_levels(last_year: int, inflation: float) -> tuple[Fraction, ...]:
    _check(inflation)
    rise = 1 + Fraction(Decimal(repr(float(inflation))))
    return tuple(rise**year for year in range(last_year + 1))


def _check(*rates: float) -> None:
    if not all(-1 < rate < float("inf") for rate in rates):
        message = "A rate is not above -100 %. Enter a fraction a year, such as 0.03."
        raise ValueError(message)
