"""What ``appraise`` says of the environment: results, their carbon, and what is doubtful."""

from fractions import Fraction
from typing import Self

from app.calculator_answers import AnswerModel, finite
from app.project_answers import number
from appraisal.check import Check, Verdict
from appraisal.cost_lines import Evidence
from appraisal.environment import CarbonLine, IndicatorResult
from appraisal.unit_cost import UnitCost


class UnitCostAnswer(AnswerModel):
    """What a saved unit costs, in the proposal's currency for each unit.

    ``levelised`` is over the life of the measures: below zero it pays without counting the
    saving. ``investment`` is for each unit saved a year.
    """

    levelised: float | None
    investment: float

    @classmethod
    def of(cls, cost: UnitCost) -> Self:
        """The cost as plain data."""
        return cls(levelised=finite(cost.levelised), investment=float(cost.investment_per_unit))


class ResultAnswer(AnswerModel):
    """One indicator, or one substance of it, over the financed measures, in ``unit`` a year.

    ``reduction`` counts the lines, and what a measure states where none of its lines shows it.
    ``before`` and ``after`` are null where a line does not give its quantities, ``stated`` where
    nothing is stated, ``funded_reduction`` without a loan, ``cost`` where nothing is saved.
    ``partial`` says which lines the figure leaves out; then it has no cost. Null where it is whole.
    """

    indicator: str
    label: str
    unit: str
    before: float | None
    after: float | None
    reduction: float
    stated: float | None
    lifetime_reduction: float
    funded_reduction: float | None
    cost: UnitCostAnswer | None
    partial: str | None
    evidence: Evidence
    lines: tuple[str, ...]

    @classmethod
    def of(cls, result: IndicatorResult) -> Self:
        """The result as plain data."""
        return cls(
            indicator=result.indicator.code,
            label=result.label,
            unit=result.unit,
            before=number(result.before),
            after=number(result.after),
            reduction=float(result.reduction),
            stated=number(result.stated),
            lifetime_reduction=float(result.lifetime_reduction),
            funded_reduction=number(result.funded_reduction),
            cost=None if result.cost is None else UnitCostAnswer.of(result.cost),
            partial=result.partial,
            evidence=result.evidence,
            lines=tuple(line.replace(" ", ".") for line in result.lines),
        )


class CarbonAnswer(AnswerModel):
    """The carbon of one line, with the emission factor that it rests on and its source."""

    line: str
    reduction: float
    unit: str
    factor_kg_per_unit: float
    factor_unit: str
    gas: str
    basis: str
    country: str | None
    year: int | None
    source: str
    is_local: bool
    conversion: str | None
    tonnes_a_year: float
    is_biogenic: bool

    @classmethod
    def of(cls, carbon: CarbonLine) -> Self:
        """The line as plain data."""
        factor = carbon.factor
        return cls(
            line=f"{carbon.measure}.{carbon.line}",
            reduction=float(carbon.reduction),
            unit=carbon.unit,
            factor_kg_per_unit=float(Fraction(factor.value)),
            factor_unit=str(factor.unit),
            gas=factor.gas,
            basis=factor.basis,
            country=factor.country,
            year=factor.year,
            source=factor.source,
            is_local=factor.is_local,
            conversion=carbon.conversion,
            tonnes_a_year=float(carbon.tonnes_a_year),
            is_biogenic=carbon.is_biogenic,
        )


class CheckAnswer(AnswerModel):
    """Whether a stated result can be true; ``what_would_pass`` is null when it is plausible."""

    code: str
    verdict: Verdict
    rule: str
    value: str
    limit: str
    source: str
    what_would_pass: str | None

    @classmethod
    def of(cls, check: Check) -> Self:
        """The check as plain data."""
        return cls(
            code=check.code,
            verdict=check.verdict,
            rule=check.rule,
            value=check.value,
            limit=check.limit,
            source=check.source,
            what_would_pass=check.what_would_pass,
        )
