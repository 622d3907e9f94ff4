"""What the figures of an appraisal mean, in words, stated with every answer."""

from appraisal.proposal import Assumptions, Depreciation, Proposal, Tax, Timing

_DISCOUNTING = {
    Timing.ANNUAL: (
        "Month 0, the first disbursement, is not discounted; every other flow counts at the "
        "end of the year in which it falls."
    ),
    Timing.MONTHLY: "Each flow counts in its month, at (1 + rate) ^ (-months / 12).",
}

_ALWAYS = {
    "savings": (
        "With the measure less the baseline, before tax and loan cost. A saving is received "
        "at the end of its month. Prices rise by their growth beyond inflation after each full "
        "year from month 0; a ramp is a straight line."
    ),
    "counted": (
        "Direct savings and costs (tier 1) in every figure; those without meter, invoice, "
        "contract, quote or calculation provisionally. Documented indirect ones (tier 2) from "
        "the second line of results. Contingent ones (tier 3) in the third line only, as "
        "probability x amount, in their year or every year. Less tangible ones (tier 4) and "
        "extra output in none."
    ),
    "investment": (
        "Simple payback rests on equipment and working capital; the loan finances equipment "
        "only. Later replacements are in the flows and in the other paybacks, when they fall. "
        "Residual value and released working capital come at the end of the life, at the "
        "latest at the horizon."
    ),
    "payback": (
        "Simple payback = investment / net saving of a full year, exact; it decides type and "
        "maturity. Cumulative payback runs by months from the first outlay. Residual value "
        "and released working capital are in no payback."
    ),
    "profitability_index": (
        "Present value of net savings, residual value and released working capital / present "
        "value of the investment."
    ),
    "modified_internal_rate_of_return": (
        "Outlays financed at the loan's rate as it is agreed, without taking inflation out of it; "
        "income reinvested at the discount rate, up to the last flow."
    ),
    "equivalent_annual_value": (
        "The net present value as a level amount at the end of each year of service. Of "
        "alternatives with different lives the highest one wins, as if each were repeated."
    ),
}

_WRITTEN_OFF = {
    Depreciation.STRAIGHT_LINE: "in equal parts",
    Depreciation.DECLINING_BALANCE: "by declining balance, then in equal parts",
    Depreciation.SUM_OF_YEARS_DIGITS: "by the sum of the years' digits",
}


def conventions_of(proposal: Proposal) -> dict[str, str]:
    """How every figure of the appraisal is worked out, one sentence or more for each subject."""
    assumed = proposal.assumptions
    return {
        "discounting": _DISCOUNTING[assumed.timing],
        "horizon": (
            "Savings run for the life of each measure from commissioning, and are cut at the "
            f"horizon, counted from month 0 (years: {assumed.horizon_years}). "
            "Savings cover follows the whole life."
        ),
        **_ALWAYS,
        "prices": _prices(assumed),
        **({} if assumed.tax is None else {"tax": _tax(assumed.tax)}),
    }


def _prices(assumed: Assumptions) -> str:
    if not assumed.inflation:
        return "Prices of month 0 and a real discount rate throughout; no inflation is assumed."
    return (
        "Prices of month 0 and a real discount rate, unless a figure is named nominal. The "
        "nominal run multiplies each flow by (1 + inflation) ^ years, at the time at which it is "
        f"discounted (inflation: {100 * assumed.inflation:g} % a year), and discounts at "
        "(1 + real rate) x (1 + inflation) - 1, so the net present value is the same. Savings "
        "that cover the loan rise after each full year."
    )


def _tax(tax: Tax) -> str:
    return (
        f"The run after tax is nominal. Tax ({100 * float(tax.rate):g} %) is paid at the end of "
        "each project year on net savings less depreciation; a loss lowers the tax on other "
        f"income. What was paid for equipment is written off over {tax.depreciation_years} "
        f"years {_WRITTEN_OFF[tax.depreciation]}, with a full year's amount in the year in "
        "which it begins to work; at the end residual value less book value is taxed. Working "
        "capital is untaxed."
    )
