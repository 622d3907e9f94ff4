"""The expected environmental results as the page shows them: quantities, carbon, cost, doubts."""

from dataclasses import dataclass
from fractions import Fraction

from app.case_words import EVIDENCE_NAMES
from app.rendering import NOT_KNOWN, amount
from appraisal.check import Verdict
from appraisal.environment import CarbonLine, EnvironmentReport, IndicatorResult
from appraisal.plausibility import plausibility_checks
from appraisal.proposal import Proposal

_WHOLE_FROM = 100
_SMALL_PLACES = 2


@dataclass(frozen=True)
class ResultLine:
    """One indicator in its unit a year, and what a saved unit costs in the currency."""

    name: str
    unit: str
    before: str
    after: str
    reduction: str
    stated: str
    lifetime: str
    funded: str
    evidence: str
    cost: str
    investment: str
    partial: str
    """Which lines the figure leaves out; empty where it is whole."""


@dataclass(frozen=True)
class CarbonRow:
    """The carbon of one line: the quantity, the factor with all it rests on, and the tonnes."""

    name: str
    reduction: str
    factor: str
    tonnes: str
    is_biogenic: bool


@dataclass(frozen=True)
class Doubt:
    """A stated result that cannot be taken as it is: what, the limit, and what would settle it."""

    rule: str
    value: str
    limit: str
    source: str
    needed: str


@dataclass(frozen=True)
class EnvironmentTable:
    """Everything of the section; ``left_out`` says which lines are in no result, and why."""

    results: tuple[ResultLine, ...]
    carbon: tuple[CarbonRow, ...]
    doubts: tuple[Doubt, ...]
    check_count: int
    left_out: tuple[str, ...]
    conventions: tuple[str, ...]


def environment_table(proposal: Proposal, report: EnvironmentReport) -> EnvironmentTable:
    """The report in words, with the checks that it does not pass."""
    checks = plausibility_checks(proposal, report)
    return EnvironmentTable(
        results=tuple(_result(one) for one in report.results),
        carbon=tuple(_carbon(one) for one in report.carbon),
        doubts=tuple(
            Doubt(check.rule, check.value, check.limit, check.source, check.what_would_pass or "")
            for check in checks
            if check.verdict is not Verdict.PLAUSIBLE
        ),
        check_count=len(checks),
        left_out=tuple(f"{one.measure} {one.line}: {one.reason}" for one in report.left_out),
        conventions=tuple(report.conventions.values()),
    )


def _result(one: IndicatorResult) -> ResultLine:
    return ResultLine(
        name=one.label,
        unit=one.unit,
        before=_quantity(one.before),
        after=_quantity(one.after),
        reduction=_quantity(one.reduction),
        stated=_quantity(one.stated),
        lifetime=_quantity(one.lifetime_reduction),
        funded=_quantity(one.funded_reduction),
        evidence=EVIDENCE_NAMES[one.evidence],
        cost=NOT_KNOWN if one.cost is None else amount(one.cost.levelised),
        investment=NOT_KNOWN if one.cost is None else amount(one.cost.investment_per_unit),
        partial=one.partial or "",
    )


def _carbon(one: CarbonLine) -> CarbonRow:
    return CarbonRow(
        name=f"{one.measure} {one.line}",
        reduction=f"{_quantity(one.reduction)} {one.unit}",
        factor=str(one.factor),
        tonnes=_quantity(one.tonnes_a_year),
        is_biogenic=one.is_biogenic,
    )


def _quantity(value: Fraction | None) -> str:
    """Whole from one hundred on, two decimals below; without a value, a dash."""
    places = 0 if value is not None and abs(value) >= _WHOLE_FROM else _SMALL_PLACES
    return amount(value, places=places)
