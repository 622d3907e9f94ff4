"""The project after tax on profit, in money of the day: tax looks at historical cost.

Tax of a project year is paid at its end on the net savings less depreciation; a loss lowers the
tax on the enterprise's other income in the same year. Depreciation of an item begins in the
project year in which it begins to work, with a full year's amount, from what was paid for it.
At the end of a measure's life, or at the horizon, its equipment leaves the books: residual value
less book value is taxed, and relieved when negative. Working capital is untaxed both ways.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from appraisal.cash_flow import MONTHS_PER_YEAR, CashFlow, end_of_life_month, yearly
from appraisal.cost_lines import InvestmentKind
from appraisal.depreciation import depreciation
from appraisal.discounting import by_month, timed
from appraisal.indicators import discounted_payback_years, net_present_value, payback_years
from appraisal.irr import internal_rate_of_return
from appraisal.irr_result import IrrResult
from appraisal.prices import nominal_flows, nominal_rate, nominal_rates, price_levels, real_flows
from appraisal.proposal import Assumptions, Measure, Tax


@dataclass(frozen=True)
class TaxYear:
    """One project year in money of the day, major units; year 0 is the first disbursement."""

    year: int
    investment: Fraction
    net_saving: Fraction
    residual_value: Fraction
    """Of equipment, and released working capital."""

    depreciation: Fraction
    disposal_gain: Fraction
    """Residual value less book value of the equipment that leaves the books; a loss is negative."""

    tax_rate: Fraction

    @property
    def taxable(self) -> Fraction:
        """Net saving less depreciation, and the gain on disposal."""
        return self.net_saving - self.depreciation + self.disposal_gain

    @property
    def tax(self) -> Fraction:
        """Tax rate x taxable; negative where a loss lowers the tax on other income."""
        return self.tax_rate * self.taxable

    @property
    def tax_before_disposal(self) -> Fraction:
        """What payback counts: the tax without that on the equipment that leaves the books."""
        return self.tax_rate * (self.net_saving - self.depreciation)

    @property
    def flow(self) -> Fraction:
        """Net saving and residual value less investment and tax."""
        return self.net_saving + self.residual_value - self.investment - self.tax


@dataclass(frozen=True)
class AfterTax:
    """The project after tax; nominal unless named real, rates as fractions a year."""

    years: tuple[TaxYear, ...]
    """Month 0, then each year to the horizon."""

    discount_rate: float
    net_present_value: float
    """Discounted at the nominal rate, which is the value in prices of month 0 too."""

    internal_rate_of_return: IrrResult
    real_internal_rate_of_return: float | None
    payback_years: float | None
    """Cumulative, by months, without residual value and the tax on disposal."""

    discounted_payback_years: float | None


@dataclass(frozen=True)
class _Asset:
    """Equipment in the books: what was paid, and its first and last project year."""

    cost: Fraction
    first_year: int
    last_year: int

    def written_off(self, tax: Tax) -> dict[int, Fraction]:
        """Depreciation by project year, up to the year in which it leaves the books."""
        amounts = enumerate(depreciation(self.cost, tax), self.first_year)
        return {year: amount for year, amount in amounts if year <= self.last_year}


def after_tax(
    measures: Sequence[Measure], flow: CashFlow, assumptions: Assumptions, tax: Tax
) -> AfterTax:
    """The run after tax of ``measures``, whose cash flow in constant prices is ``flow``.

    Raises:
        ValueError: a rate that is not above -100 %, or a result beyond floating point.
    """
    years = _tax_years(measures, flow, assumptions, tax)
    nominal = nominal_flows(flow.monthly, assumptions.timing, assumptions.inflation)
    without_residual = nominal_flows(
        flow.monthly_without_residual, assumptions.timing, assumptions.inflation
    )
    paid = _less_at_year_ends(nominal, [row.tax for row in years])
    paid_without_residual = _less_at_year_ends(
        without_residual, [row.tax_before_disposal for row in years]
    )
    rate = nominal_rate(assumptions.discount_rate, assumptions.inflation)
    flows, times = timed(paid, assumptions.timing)
    in_constant_prices = real_flows(paid, assumptions.timing, assumptions.inflation)
    real = internal_rate_of_return(*timed(in_constant_prices, assumptions.timing))
    return AfterTax(
        years=years,
        discount_rate=rate,
        net_present_value=net_present_value(rate, flows, times),
        internal_rate_of_return=nominal_rates(real, assumptions.inflation),
        real_internal_rate_of_return=real.rate,
        payback_years=payback_years(*by_month(paid_without_residual)),
        discounted_payback_years=discounted_payback_years(
            rate, *timed(paid_without_residual, assumptions.timing)
        ),
    )


def _tax_years(
    measures: Sequence[Measure], flow: CashFlow, assumptions: Assumptions, tax: Tax
) -> tuple[TaxYear, ...]:
    last_month = len(flow.investment) - 1
    levels = price_levels(last_month, assumptions.timing, assumptions.inflation)
    written_off = [Fraction(0)] * (1 + last_month // MONTHS_PER_YEAR)
    gains = list(written_off)
    for measure in measures:
        end = min(end_of_life_month(measure), last_month)
        gains[_year_of(end)] += Fraction(measure.residual_value) * levels[end]
        for asset in _assets(measure, levels):
            amounts = asset.written_off(tax)
            for year, amount in amounts.items():
                written_off[year] += amount
            gains[asset.last_year] -= asset.cost - sum(amounts.values())
    investment, net_savings, residual_value = (
        yearly(nominal_flows(monthly, assumptions.timing, assumptions.inflation))
        for monthly in (flow.investment, flow.net_savings, flow.residual_value)
    )
    return tuple(
        TaxYear(
            year=year,
            investment=investment[year],
            net_saving=net_savings[year],
            residual_value=residual_value[year],
            depreciation=written_off[year],
            disposal_gain=gains[year],
            tax_rate=Fraction(tax.rate),
        )
        for year in range(len(investment))
    )


def _assets(measure: Measure, levels: Sequence[Fraction]) -> Iterator[_Asset]:
    """Equipment and replacements of a measure; ``levels`` are the price levels by month."""
    end = min(end_of_life_month(measure), len(levels) - 1)
    for outlay in measure.investment:
        if outlay.kind is not InvestmentKind.WORKING_CAPITAL:
            works_from = max(outlay.month, measure.implementation_months)
            yield _Asset(
                cost=Fraction(outlay.amount) * levels[outlay.month],
                first_year=works_from // MONTHS_PER_YEAR + 1,
                last_year=_year_of(max(end, outlay.month)),
            )


def _year_of(month: int) -> int:
    """Project year of a month: 0, then 1 for months 1 to 12, and so on."""
    return -(-month // MONTHS_PER_YEAR)


def _less_at_year_ends(
    monthly: Sequence[Fraction], by_year: Sequence[Fraction]
) -> tuple[Fraction, ...]:
    """The monthly flows less an amount at month 0, 12, 24 and so on."""
    padded = chain.from_iterable(
        (amount, *[Fraction(0)] * (MONTHS_PER_YEAR - 1)) for amount in by_year
    )
    return tuple(
        flow - amount if amount else flow for flow, amount in zip(monthly, padded, strict=False)
    )
