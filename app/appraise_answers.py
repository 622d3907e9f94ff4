"""What ``appraise`` answers: appraisal, offer and findings, and how every figure came about."""

from typing import Self

from app.calculator_answers import AnswerModel
from app.environment_answers import CarbonAnswer, CheckAnswer, ResultAnswer
from app.explanations import explanations
from app.inventory_answers import InventoryAnswer, inventory_answers
from app.offer_answers import LadderLoanAnswer, OfferAnswer, StepAnswer
from app.project_answers import (
    AfterTaxAnswer,
    AlternativesAnswer,
    NominalAnswer,
    ProjectAnswer,
    money_text,
    number,
    project_figures,
)
from app.row_explanations import Explanation
from app.study_answers import (
    BarAnswer,
    PointAnswer,
    ScenarioAnswer,
    SwitchesAnswer,
    profile_points,
    switches,
)
from appraisal.appraise import MeasureAppraisal
from appraisal.plausibility import plausibility_checks
from loans.assessing.finding import Finding, Outcome, Subject
from loans.assessing.study import Study, study
from loans.cases.assessment import Assessment


class MeasureAnswer(AnswerModel):
    """One measure by itself; without a type, ``reason`` says why."""

    code: str
    type: str | None
    financed: bool
    investment: str
    net_annual_saving: str
    payback_years: float | None
    reason: str | None

    @classmethod
    def of(cls, measure: MeasureAppraisal, currency: str) -> Self:
        """The measure with amounts to the minor unit."""
        return cls(
            code=measure.code,
            type=measure.type,
            financed=measure.financed,
            investment=money_text(measure.investment, currency),
            net_annual_saving=money_text(measure.net_annual_saving, currency),
            payback_years=number(measure.payback_ratio),
            reason=measure.reason,
        )


class AppraisalAnswer(ProjectAnswer):
    """The financed measures together, and what moves their result.

    ``nominal`` is null without inflation, ``after_tax`` without tax. ``switching_values`` are by
    input, each in the unit of the input.
    """

    nominal: NominalAnswer | None
    after_tax: AfterTaxAnswer | None
    alternatives: tuple[AlternativesAnswer, ...]
    sensitivity: tuple[BarAnswer, ...]
    switching_values: dict[str, SwitchesAnswer]
    scenarios: tuple[ScenarioAnswer, ...]
    npv_profile: tuple[PointAnswer, ...]

    @classmethod
    def of(cls, assessment: Assessment, studied: Study) -> Self:
        """The project's figures."""
        currency, appraisal = assessment.figures.currency, assessment.appraisal
        nominal, taxed, tax = (
            appraisal.nominal,
            appraisal.after_tax,
            assessment.figures.assumptions.tax,
        )
        return cls.model_validate(
            {
                **project_figures(
                    appraisal, currency, assessment.profile.open_among({"annual_rate"})
                ),
                "nominal": nominal and NominalAnswer.of(nominal, currency),
                "after_tax": taxed and tax and AfterTaxAnswer.of(taxed, tax.rate, currency),
                "alternatives": tuple(
                    AlternativesAnswer.of(each, currency) for each in appraisal.alternatives
                ),
                "sensitivity": tuple(BarAnswer.of(bar) for bar in studied.sensitivity.bars),
                "switching_values": switches(studied.switching_values),
                "scenarios": tuple(ScenarioAnswer.of(each, currency) for each in studied.scenarios),
                "npv_profile": profile_points(studied.npv_profile),
            }
        )


class FindingAnswer(AnswerModel):
    """How one rule comes out."""

    code: str
    subject: Subject
    outcome: Outcome
    rule: str
    value: str
    limit: str
    source: str
    what_would_pass: str | None

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """The finding as plain data."""
        return cls(
            code=finding.code,
            subject=finding.subject,
            outcome=finding.outcome,
            rule=finding.rule,
            value=finding.value,
            limit=finding.limit,
            source=finding.source,
            what_would_pass=finding.what_would_pass,
        )


class ExplanationAnswer(AnswerModel):
    """One figure with its formula and numbers; ``rests_on`` are the codes of its parts.

    The leaves are the rows of the form, under the code of the measure and of the row.
    """

    code: str
    label: str
    formula: str
    with_numbers: str
    result: str
    rests_on: tuple[str, ...]
    note: str | None

    @classmethod
    def of(cls, explained: Explanation) -> Self:
        """The explanation as plain data."""
        return cls(
            code=explained.code,
            label=explained.name,
            formula=explained.formula,
            with_numbers=explained.with_numbers,
            result=explained.result,
            rests_on=explained.rests_on,
            note=explained.note or None,
        )


class AppraiseAnswer(AnswerModel):
    """Everything that follows from a proposal, and how every figure came about.

    ``ladder`` is empty and ``ladder_loan`` null while the fund leaves a term open that it needs.
    """

    measures: tuple[MeasureAnswer, ...]
    inventory: tuple[InventoryAnswer, ...]
    ladder: tuple[StepAnswer, ...]
    ladder_loan: LadderLoanAnswer | None
    appraisal: AppraisalAnswer
    offer: OfferAnswer
    findings: tuple[FindingAnswer, ...]
    environment: tuple[ResultAnswer, ...]
    carbon: tuple[CarbonAnswer, ...]
    left_out_of_environment: dict[str, str]
    plausibility: tuple[CheckAnswer, ...]
    explanations: tuple[ExplanationAnswer, ...]
    conventions: dict[str, str]

    @classmethod
    def of(cls, assessment: Assessment) -> Self:
        """The assessment as plain data.

        Raises:
            ValueError: figures that make a result too large to state.
        """
        figures, appraisal = assessment.figures, assessment.appraisal
        studied, currency = study(assessment), figures.currency
        report, plan = studied.environment, studied.ladder
        return cls(
            measures=tuple(MeasureAnswer.of(measure, currency) for measure in appraisal.measures),
            inventory=tuple(inventory_answers(figures)),
            ladder=tuple(StepAnswer.of(step, currency) for step in plan.steps) if plan else (),
            ladder_loan=plan and LadderLoanAnswer.of(plan, currency),
            appraisal=AppraisalAnswer.of(assessment, studied),
            offer=OfferAnswer.of(assessment.offer),
            findings=tuple(FindingAnswer.of(found) for found in assessment.findings),
            environment=tuple(ResultAnswer.of(result) for result in report.results),
            carbon=tuple(CarbonAnswer.of(line) for line in report.carbon),
            left_out_of_environment={
                f"{one.measure}.{one.line}": one.reason for one in report.left_out
            },
            plausibility=tuple(
                CheckAnswer.of(check) for check in plausibility_checks(figures, report)
            ),
            explanations=tuple(
                ExplanationAnswer.of(one) for one in explanations(assessment, studied)
            ),
            conventions={
                **appraisal.conventions,
                **{f"environment_{name}": words for name, words in report.conventions.items()},
            },
        )
