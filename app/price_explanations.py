"""The figures in money of the day and after tax, from the flows in constant prices."""

from collections.abc import Iterator
from fractions import Fraction

from app.project_explanations import exact_percent, irr_words
from app.rendering import amount, percent, years
from app.row_explanations import Explanation, summed
from appraisal.after_tax import AfterTax, TaxYear
from appraisal.prices import NominalRun
from appraisal.proposal import Assumptions, Timing
from loans.cases.assessment import Assessment


def price_explanations(assessment: Assessment) -> Iterator[Explanation]:
    """The nominal run where inflation is assumed, and the run after tax where tax is."""
    nominal, taxed = assessment.appraisal.nominal, assessment.appraisal.after_tax
    if nominal is not None:
        yield from _nominal(assessment, nominal)
    if taxed is not None:
        yield from _after_tax(assessment, taxed)


def _nominal(assessment: Assessment, run: NominalRun) -> Iterator[Explanation]:
    assumed, currency = assessment.figures.assumptions, assessment.figures.currency
    rise, real = exact_percent(run.inflation), exact_percent(assumed.discount_rate)
    is_annual = assumed.timing is Timing.ANNUAL
    for year, flow in enumerate(run.yearly_flows):
        steady = _flow_of_year(assessment, year)
        yield Explanation(
            code=f"nominal.flow.{year}",
            name=f"Flow of year {year} in money of the day",
            formula="Flow x (1 + inflation) ^ years"
            if is_annual
            else "Each month's flow x (1 + inflation) ^ (months / 12)",
            with_numbers=f"{amount(steady)} x (1 + {rise}) ^ {year}"
            if is_annual
            else f"{amount(steady)} in its months, rising {rise} a year",
            result=amount(flow, currency),
            rests_on=(f"flow.{year}",),
        )
    flows = tuple(f"nominal.flow.{year}" for year in range(len(run.yearly_flows)))
    yield Explanation(
        code="nominal.discount_rate",
        name="Discount rate in money of the day",
        formula="(1 + discount rate) x (1 + inflation) - 1",
        with_numbers=f"(1 + {real}) x (1 + {rise}) - 1",
        result=percent(run.discount_rate, 2),
    )
    yield Explanation(
        code="nominal.net_present_value",
        name="Net present value in money of the day",
        formula="Sum of the flows of the day, each / (1 + discount rate of the day) ^ years",
        with_numbers=_discounted(run.yearly_flows, run.discount_rate, assumed),
        result=amount(run.net_present_value, currency),
        rests_on=(*flows, "nominal.discount_rate"),
        note="The same as in constant prices, since flows and rate rise alike.",
    )
    real_rate = assessment.appraisal.project.internal_rate_of_return.rate
    yield Explanation(
        code="nominal.internal_rate_of_return",
        name="Internal rate of return in money of the day",
        formula="(1 + IRR) x (1 + inflation) - 1",
        with_numbers="There is no single IRR"
        if real_rate is None
        else f"(1 + {percent(real_rate, 2)}) x (1 + {rise}) - 1",
        result=irr_words(run.internal_rate_of_return),
        rests_on=("internal_rate_of_return",),
        note=run.internal_rate_of_return.reason or "",
    )


def _flow_of_year(assessment: Assessment, year: int) -> Fraction:
    flows = assessment.appraisal.yearly_flows
    return flows[year] if year < len(flows) else Fraction(0)


def _discounted(flows: tuple[Fraction, ...], rate: float, assumed: Assumptions) -> str:
    if assumed.timing is Timing.MONTHLY:
        return f"The flows of {len(flows) - 1} years in their months, at {percent(rate, 2)} a year"
    parts = (
        f"{amount(flow)} / {amount((1 + rate) ** year, places=4)}"
        for year, flow in enumerate(flows)
    )
    return " + ".join(parts)


def _after_tax(assessment: Assessment, run: AfterTax) -> Iterator[Explanation]:
    figures = assessment.figures
    for row in run.years:
        yield from _tax_year(assessment, row)
    flows = tuple(f"after_tax.flow.{row.year}" for row in run.years)
    yield Explanation(
        code="after_tax.net_present_value",
        name="Net present value after tax",
        formula="Sum of the flows after tax, each / (1 + discount rate of the day) ^ years",
        with_numbers=_discounted(
            tuple(row.flow for row in run.years), run.discount_rate, figures.assumptions
        ),
        result=amount(run.net_present_value, figures.currency),
        rests_on=flows,
    )
    internal, real = run.internal_rate_of_return, run.real_internal_rate_of_return
    rise = exact_percent(figures.assumptions.inflation)
    yield Explanation(
        code="after_tax.internal_rate_of_return",
        name="Internal rate of return after tax, in money of the day",
        formula="Every discount rate above -100 % at which the NPV after tax is zero",
        with_numbers="; ".join(percent(root, 3) for root in internal.roots) or "No such rate",
        result=irr_words(internal),
        rests_on=flows,
        note=internal.reason or "",
    )
    yield Explanation(
        code="after_tax.real_internal_rate_of_return",
        name="Internal rate of return after tax, beyond inflation",
        formula="(1 + IRR after tax) / (1 + inflation) - 1",
        with_numbers="There is no single rate"
        if internal.rate is None
        else f"(1 + {percent(internal.rate, 2)}) / (1 + {rise}) - 1",
        result=percent(real),
        rests_on=("after_tax.internal_rate_of_return",),
    )
    yield from _paybacks(assessment, run, flows)


def _paybacks(
    assessment: Assessment, run: AfterTax, flows: tuple[str, ...]
) -> Iterator[Explanation]:
    within = f"Not recovered within {assessment.figures.assumptions.horizon_years} years"
    rate = percent(run.discount_rate, 2)
    for code, name, found, how in (
        ("payback_years", "Payback after tax", run.payback_years, "each flow in its month"),
        (
            "discounted_payback_years",
            "Discounted payback after tax",
            run.discounted_payback_years,
            f"each flow discounted at {rate}",
        ),
    ):
        yield Explanation(
            code=f"after_tax.{code}",
            name=name,
            formula="Time until the sum of the flows after tax stays zero or more",
            with_numbers=f"Without residual value and the tax on disposal, {how}",
            result=within if found is None else years(found),
            rests_on=flows,
        )


def _tax_year(assessment: Assessment, row: TaxYear) -> Iterator[Explanation]:
    currency = assessment.figures.currency
    before = "nominal.flow" if assessment.appraisal.nominal else "flow"
    yield Explanation(
        code=f"after_tax.tax.{row.year}",
        name=f"Tax of year {row.year}",
        formula="Tax rate x (net saving - depreciation + gain on disposal)",
        with_numbers=(
            f"{percent(row.tax_rate)} x ({amount(row.net_saving)} - {amount(row.depreciation)} + "
            f"{amount(row.disposal_gain)})"
        ),
        result=amount(row.tax, currency),
        rests_on=(f"{before}.{row.year}",),
        note="A loss lowers the tax on other income." if row.tax < 0 else "",
    )
    parts = [
        ("net saving", row.net_saving),
        ("residual value", row.residual_value),
        ("investment", -row.investment),
        ("tax", -row.tax),
    ]
    yield Explanation(
        code=f"after_tax.flow.{row.year}",
        name=f"Flow of year {row.year} after tax",
        formula="Net saving + residual value - investment - tax",
        with_numbers=summed((name, money) for name, money in parts if money),
        result=amount(row.flow, currency),
        rests_on=(f"{before}.{row.year}", f"after_tax.tax.{row.year}"),
    )
