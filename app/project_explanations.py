"""The figures of the project by themselves, from the investment to the profitability index."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from app.rendering import NOT_KNOWN, amount, open_words, percent, years
from app.row_explanations import Explanation, by_year, form_rows, summed
from appraisal.cash_flow import MONTHS_PER_YEAR, CashFlow, cash_flow, yearly
from appraisal.cost_inventory import Level
from appraisal.irr import IrrResult, IrrStatus
from appraisal.proposal import Proposal, Timing
from loans.cases.assessment import Assessment

_HALF_A_CENT = Fraction(1, 200)
_LOWEST_SHOWN, _HIGHEST_SHOWN = -0.999, 1e6
"""Between these a present value at a rate can be read; beyond them the rate stands alone."""


@dataclass(frozen=True)
class _Dated:
    """Flows with their times in years, as the timing of the appraisal has them."""

    flows: tuple[Fraction, ...]
    times_years: tuple[float, ...]

    def present(self, rate: float) -> list[float]:
        """Each flow discounted at ``rate`` a year."""
        pairs = zip(self.flows, self.times_years, strict=True)
        return [float(flow) * (1 + rate) ** -time for flow, time in pairs]


def project_explanations(assessment: Assessment) -> Iterator[Explanation]:
    """Investment, saving, paybacks, flows, present values, rates and index."""
    proposal = assessment.figures
    flow = cash_flow(proposal.financed_measures, _horizon_months(proposal))
    yield from _sums(assessment)
    yield from _paybacks(assessment, flow)
    yield from _yearly(assessment, flow)
    yield from _rates(assessment, flow)


def irr_words(result: IrrResult) -> str:
    """The internal rate of return, honest about none, several, and money received first."""
    if result.status is IrrStatus.NONE:
        return "No rate"
    if result.rate is None:
        return f"Several: {', '.join(percent(root) for root in result.roots)}"
    if result.status is IrrStatus.COST_OF_FINANCE:
        return f"{percent(result.rate)}, a cost of finance"
    return percent(result.rate)


def _horizon_months(proposal: Proposal) -> int:
    return MONTHS_PER_YEAR * proposal.assumptions.horizon_years


def _dated(monthly: tuple[Fraction, ...], timing: Timing) -> _Dated:
    if timing is Timing.MONTHLY:
        times = tuple(month / MONTHS_PER_YEAR for month in range(len(monthly)))
        return _Dated(monthly, times)
    flows = yearly(monthly)
    return _Dated(flows, tuple(float(year) for year in range(len(flows))))


def _sums(assessment: Assessment) -> Iterator[Explanation]:
    proposal, project = assessment.figures, assessment.appraisal.project
    financed = [measure for measure in assessment.appraisal.measures if measure.financed]
    yield Explanation(
        code="investment",
        name="Investment",
        formula="Sum of the initial investment of the measures to finance",
        with_numbers=summed((m.code, m.investment) for m in financed),
        result=amount(project.investment, proposal.currency),
        rests_on=tuple(f"{m.code}.investment" for m in financed),
    )
    wider = project.lines[Level.TIERS_1_2].net_annual_saving
    scenario = project.lines[Level.WITH_TIER_3].net_annual_saving
    yield Explanation(
        code="net_annual_saving",
        name="Net saving a year",
        formula="Sum of the net savings of the measures to finance, direct money (tier 1)",
        with_numbers=summed((m.code, m.net_annual_saving) for m in financed),
        result=amount(project.net_annual_saving, proposal.currency),
        rests_on=tuple(f"{m.code}.net_annual_saving" for m in financed),
        note=(
            f"With documented indirect money (tiers 1 and 2): {amount(wider)}. "
            f"With the expected value of what may happen (tier 3): {amount(scenario)}."
        ),
    )


def _paybacks(assessment: Assessment, flow: CashFlow) -> Iterator[Explanation]:
    project, assumed = assessment.appraisal.project, assessment.figures.assumptions
    ratio = project.payback_ratio
    yield Explanation(
        code="payback_years",
        name="Payback (ROI period)",
        formula="Investment / net saving a year",
        with_numbers=f"{amount(project.investment)} / {amount(project.net_annual_saving)}",
        result="Not recovered" if ratio is None else years(ratio),
        rests_on=("investment", "net_annual_saving"),
        note="Exact inside; it decides the type and the maturity.",
    )
    months = _dated(flow.monthly_without_residual, Timing.MONTHLY)
    dated = _dated(flow.monthly_without_residual, assumed.timing)
    within = f"Not recovered within {assumed.horizon_years} years"
    cumulative, discounted = project.cumulative_payback_years, project.discounted_payback_years
    rests_on = tuple(f"flow.{year}" for year in range(assumed.horizon_years + 1))
    yield Explanation(
        code="cumulative_payback_years",
        name="Cumulative payback",
        formula="Time from the first outlay until the sum of the monthly flows stays zero or more",
        with_numbers=_crossing([float(money) for money in months.flows], months.times_years),
        result=within if cumulative is None else years(cumulative),
        rests_on=rests_on,
        note="Straight line inside the month; without residual value.",
    )
    yield Explanation(
        code="discounted_payback_years",
        name="Discounted payback",
        formula="The same with every flow / (1 + discount rate) ^ years",
        with_numbers=_crossing(dated.present(assumed.discount_rate), dated.times_years),
        result=within if discounted is None else years(discounted),
        rests_on=rests_on,
    )


def _crossing(flows: list[float], times_years: tuple[float, ...]) -> str:
    """Where the running sum leaves the negative for good, in numbers."""
    totals = list(accumulate(flows))
    below = [place for place, total in enumerate(totals) if total < -_HALF_A_CENT]
    if not below:
        return "The sum is never below zero"
    last = below[-1]
    missing = f"The sum is {amount(totals[last])} after {_time(times_years[last])}"
    if last + 1 == len(totals):
        return missing
    step = times_years[last + 1] - times_years[last]
    return (
        f"{missing}; the next flow is {amount(flows[last + 1])}: {_time(times_years[last])} + "
        f"{_time(step)} x {amount(-totals[last])} / {amount(flows[last + 1])}"
    )


def exact_percent(rate: float) -> str:
    """A rate with the digits that it has, up to four: 0.1 -> "10 %", 0.1055 -> "10.55 %"."""
    return f"{percent(rate, 4).removesuffix(' %').rstrip('0').rstrip('.')} %"


def _time(time_years: float) -> str:
    months = round(time_years * MONTHS_PER_YEAR)
    if months % MONTHS_PER_YEAR == 0:
        return f"{months // MONTHS_PER_YEAR} years" if months != MONTHS_PER_YEAR else "1 year"
    return f"{months} months" if months != 1 else "1 month"


def _yearly(assessment: Assessment, flow: CashFlow) -> Iterator[Explanation]:
    """The flow of each year from the rows of the form, and its present value."""
    proposal = assessment.figures
    rows = form_rows(proposal.financed_measures)
    shares = {row.code: by_year(row, _horizon_months(proposal)) for row in rows}
    returned = yearly(flow.residual_value)
    present = _present_by_year(flow, proposal)
    for year, money in enumerate(yearly(flow.monthly)):
        parts = [(code, share[year]) for code, share in shares.items() if share[year]]
        rest = money - sum((part for _, part in parts), Fraction(0))
        named = [*parts, *([("residual value", rest)] if returned[year] and rest else [])]
        yield Explanation(
            code=f"flow.{year}",
            name=f"Net flow of year {year}" if year else "Net flow at the start",
            formula="Net savings - investment + residual value and released working capital",
            with_numbers=summed(iter(named)),
            result=amount(money, proposal.currency),
            rests_on=tuple(code for code, _ in parts),
        )
        yield Explanation(
            code=f"present_value.{year}",
            name=f"Present value of year {year}" if year else "Present value at the start",
            formula=_discounting(proposal),
            with_numbers=_discounted(money, year, proposal),
            result=amount(present[year], proposal.currency),
            rests_on=(f"flow.{year}",),
        )


def _present_by_year(flow: CashFlow, proposal: Proposal) -> list[float]:
    assumed = proposal.assumptions
    dated = _dated(flow.monthly, assumed.timing)
    worth = [0.0] * (assumed.horizon_years + 1)
    for present, time in zip(dated.present(assumed.discount_rate), dated.times_years, strict=True):
        worth[-int(-time // 1)] += present
    return worth


def _discounting(proposal: Proposal) -> str:
    if proposal.assumptions.timing is Timing.ANNUAL:
        return "Flow of the year / (1 + discount rate) ^ years"
    return "Sum over the months of flow / (1 + discount rate) ^ (months / 12)"


def _discounted(money: Fraction, year: int, proposal: Proposal) -> str:
    rate = exact_percent(proposal.assumptions.discount_rate)
    if proposal.assumptions.timing is Timing.ANNUAL:
        return f"{amount(money)} / (1 + {rate}) ^ {year}"
    return f"{amount(money)} in its months, each at {rate} a year"


def _rates(assessment: Assessment, flow: CashFlow) -> Iterator[Explanation]:
    proposal, project = assessment.figures, assessment.appraisal.project
    assumed = proposal.assumptions
    dated = _dated(flow.monthly, assumed.timing)
    present = _present_by_year(flow, proposal)
    flows = tuple(f"flow.{year}" for year in range(assumed.horizon_years + 1))
    yield Explanation(
        code="net_present_value",
        name="Net present value (NPV)",
        formula="Sum of the present values of all years",
        with_numbers=" + ".join(amount(value) for value in present),
        result=amount(project.net_present_value, proposal.currency),
        rests_on=tuple(f"present_value.{year}" for year in range(assumed.horizon_years + 1)),
    )
    irr = project.internal_rate_of_return
    yield Explanation(
        code="internal_rate_of_return",
        name="Internal rate of return (IRR)",
        formula="Every discount rate above -100 % at which the NPV is zero",
        with_numbers=_at_the_roots(irr, dated),
        result=irr_words(irr),
        rests_on=flows,
        note=irr.reason or "",
    )
    yield _modified(assessment, dated, flows)
    yield _index(assessment, flow, flows)


def _at_the_roots(irr: IrrResult, dated: _Dated) -> str:
    changes = irr.sign_changes
    words = f"{changes} change{'' if changes == 1 else 's'} in the sign of the flows"
    checks = [
        f"at {percent(root, 3)} income is worth "
        f"{amount(sum(value for value in dated.present(root) if value > 0))} and outlays "
        f"{amount(-sum(value for value in dated.present(root) if value < 0))}"
        for root in irr.roots
        if _LOWEST_SHOWN < root < _HIGHEST_SHOWN
    ]
    return "; ".join([words, *checks])


def _modified(assessment: Assessment, dated: _Dated, flows: tuple[str, ...]) -> Explanation:
    rate = assessment.profile.terms.annual_rate
    found = assessment.appraisal.project.modified_internal_rate_of_return
    return Explanation(
        code="modified_internal_rate_of_return",
        name="Modified rate of return (MIRR)",
        formula="(Income reinvested to the end / outlays at the start) ^ (1 / years) - 1",
        with_numbers=""
        if rate.value is None
        else _reinvested(dated, assessment.figures.assumptions.discount_rate, float(rate.value)),
        result=percent(found) if rate.value is not None else open_words((rate.label,)),
        rests_on=flows,
        note="Income is reinvested at the discount rate, outlays are financed at the loan's rate.",
    )


def _reinvested(dated: _Dated, discount_rate: float, loan_rate: float) -> str:
    last = max((place for place, money in enumerate(dated.flows) if money), default=0)
    span = dated.times_years[last]
    borrowed = -sum(value for value in dated.present(loan_rate) if value < 0)
    earned = sum(value for value in dated.present(discount_rate) if value > 0)
    grown = earned * (1 + discount_rate) ** span
    return (
        f"({amount(grown)} at {exact_percent(discount_rate)} / {amount(borrowed)} at "
        f"{exact_percent(loan_rate)}) ^ (1 / {amount(span, places=2)}) - 1"
    )


def _index(assessment: Assessment, flow: CashFlow, flows: tuple[str, ...]) -> Explanation:
    assumed, index = (
        assessment.figures.assumptions,
        assessment.appraisal.project.profitability_index,
    )
    rate = assumed.discount_rate
    returns = sum(_dated(flow.returns, assumed.timing).present(rate))
    invested = sum(_dated(flow.investment, assumed.timing).present(rate))
    return Explanation(
        code="profitability_index",
        name="Profitability index",
        formula="Present value of net savings and residual value / present value of the investment",
        with_numbers=f"{amount(returns)} / {amount(invested)}, both at {exact_percent(rate)}",
        result=NOT_KNOWN if index is None else amount(index, places=4),
        rests_on=flows,
    )
