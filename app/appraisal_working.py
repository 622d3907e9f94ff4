"""How each figure of an appraisal came about: the formula in words, with the numbers put in."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.rendering import NOT_KNOWN, amount, percent, years
from appraisal.appraise import ProjectAppraisal
from appraisal.cost_inventory import Level
from appraisal.irr import IrrResult, IrrStatus
from appraisal.measure_type import MeasureType
from loans.assessment import Assessment


@dataclass(frozen=True)
class Working:
    """One figure: its name, the formula in words, the same with numbers, and what came out."""

    name: str
    formula: str
    with_numbers: str
    result: str
    note: str = ""


def project_working(assessment: Assessment) -> tuple[Working, ...]:
    """From the investment to the profitability index, each resting on those before it."""
    project = assessment.appraisal.project
    return (
        _investment(assessment),
        _saving(assessment),
        _simple_payback(assessment),
        *_other_paybacks(assessment),
        *_values(assessment, project),
    )


def irr_words(result: IrrResult) -> str:
    """The internal rate of return, honest about none, several, and money received first."""
    if result.status is IrrStatus.NONE:
        return "No rate"
    if result.rate is None:
        return f"Several: {', '.join(percent(root) for root in result.roots)}"
    if result.status is IrrStatus.COST_OF_FINANCE:
        return f"{percent(result.rate)}, a cost of finance"
    return percent(result.rate)


def types_words(assessment: Assessment) -> str:
    """The types of the financed measures: "C", or "B and C"."""
    financed = [measure for measure in assessment.appraisal.measures if measure.financed]
    types = sorted({measure.type for measure in financed if measure.type is not None})
    without = any(measure.type is None for measure in financed)
    words = " and ".join([*map(str, types), *(["not recovered"] if without else [])])
    return words[:1].upper() + words[1:]


def type_reason(measure_type: MeasureType | None, minor_investment: Decimal, currency: str) -> str:
    """Why a measure has its type."""
    limit = amount(minor_investment, currency)
    match measure_type:
        case MeasureType.A:
            return f"Payback under one year, investment at most {limit}"
        case MeasureType.B:
            return f"Payback under one year, investment above {limit}"
        case MeasureType.C:
            return "Payback of one year or more"
        case None:
            return "Not recovered: the net yearly saving is not above zero"


def money_of(assessment: Assessment, value: Decimal | Fraction | float | None) -> str:
    """An amount in the currency of the proposal, rounded for show."""
    return amount(value, assessment.figures.currency)


def _sum_of(values: list[tuple[str, Decimal]]) -> str:
    return " + ".join(f"{code} {amount(value)}" for code, value in values)


def _investment(assessment: Assessment) -> Working:
    financed = [m for m in assessment.appraisal.measures if m.financed]
    return Working(
        "Investment",
        "Sum of the investment items of the measures to finance",
        _sum_of([(m.code, m.investment) for m in financed]),
        money_of(assessment, assessment.appraisal.project.investment),
    )


def _saving(assessment: Assessment) -> Working:
    project = assessment.appraisal.project
    financed = [m for m in assessment.appraisal.measures if m.financed]
    wider = money_of(assessment, project.lines[Level.TIERS_1_2].net_annual_saving)
    return Working(
        "Net saving a year",
        "Counted savings less added costs of a full year, at today's prices",
        _sum_of([(m.code, m.net_annual_saving) for m in financed]),
        money_of(assessment, project.net_annual_saving),
        f"With documented indirect savings and costs (tier 2): {wider}.",
    )


def _simple_payback(assessment: Assessment) -> Working:
    project = assessment.appraisal.project
    ratio = project.payback_ratio
    return Working(
        "Simple payback (ROI period of the measures)",
        "Investment / net saving a year",
        f"{amount(project.investment)} / {amount(project.net_annual_saving)}",
        "Not recovered" if ratio is None else years(ratio),
        "Exact inside; it decides the type and the maturity.",
    )


def _other_paybacks(assessment: Assessment) -> tuple[Working, ...]:
    project, assumed = assessment.appraisal.project, assessment.figures.assumptions
    within = f"within {assumed.horizon_years} years"
    return (
        Working(
            "Cumulative payback",
            "Time until the sum of the monthly flows becomes and stays zero or more",
            "The month is read from the cumulative cash flow",
            _or_not(project.cumulative_payback_years, within),
        ),
        Working(
            "Discounted payback",
            "The same with flows discounted",
            f"Flow / (1 + {percent(assumed.discount_rate)}) ^ years",
            _or_not(project.discounted_payback_years, within),
        ),
    )


def _or_not(value: float | None, within: str) -> str:
    return f"Not recovered {within}" if value is None else years(value)


def _values(assessment: Assessment, project: ProjectAppraisal) -> tuple[Working, ...]:
    rate = percent(assessment.figures.assumptions.discount_rate)
    loan_rate = percent(assessment.profile.terms.annual_rate.required)
    index = project.profitability_index
    irr = project.internal_rate_of_return
    return (
        Working(
            "Net present value (NPV)",
            "Sum of all flows, discounted",
            f"Sum of flow / (1 + {rate}) ^ years, in the cash-flow table",
            amount(project.net_present_value, assessment.figures.currency, 0),
        ),
        Working(
            "Internal rate of return (IRR)",
            "The discount rate at which the NPV is zero",
            f"{_changes(irr.sign_changes)} in the sign of the flows",
            irr_words(irr),
            irr.reason or "",
        ),
        Working(
            "Modified rate of return (MIRR)",
            "Outlays financed at the loan's rate, income reinvested at the discount rate",
            f"Finance rate {loan_rate}, reinvestment rate {rate}",
            percent(project.modified_internal_rate_of_return),
        ),
        Working(
            "Profitability index",
            "Present value of net savings / present value of the investment",
            f"Both at {rate}",
            NOT_KNOWN if index is None else amount(index, places=2),
        ),
    )


def _changes(count: int) -> str:
    return "No change" if count == 0 else "One change" if count == 1 else f"{count} changes"
