"""A proposal while it is being written: any part may be missing.

The finished draft gives the ``Proposal`` of the appraisal; the measures are the same model in
both, so that nothing is typed or declared twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from appraisal.day_fields import EARLIEST_YEAR, LATEST_YEAR, EnteredDay
from appraisal.proposal import (
    Amount,
    Assumptions,
    Code,
    Finance,
    Measure,
    Ownership,
    PriorAssessment,
    Proposal,
)
from appraisal.proposal import Enterprise as EnterpriseFigures
from loans.financed_measures import financed_codes


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DraftEnterprise(_Part):
    """The section about the enterprise."""

    name: Annotated[str, Field(max_length=200)] | None = None
    registration_number: Annotated[str, Field(max_length=40)] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    town: Annotated[str, Field(max_length=120)] | None = None
    ownership: Ownership | None = None
    sector: Annotated[str, Field(max_length=120)] | None = None
    annual_turnover: Amount | None = None


class DraftProject(_Part):
    """The section about the project as a whole."""

    title: Annotated[str, Field(max_length=200)] | None = None
    description: Annotated[str, Field(max_length=4000)] | None = None
    expands_capacity: bool | None = None
    adds_production_equipment: bool | None = None
    baseline_year: Annotated[int, Field(ge=EARLIEST_YEAR, le=LATEST_YEAR, strict=True)] | None = (
        None
    )
    assessed_on: EnteredDay | None = None
    assessed_by: Annotated[str, Field(max_length=200)] | None = None
    assessment_report: Annotated[str, Field(max_length=300)] | None = None

    @property
    def prior_assessment(self) -> PriorAssessment | None:
        """The assessment of the plant that came before, once all of it is stated."""
        if not (self.assessed_on and self.assessed_by and self.assessment_report):
            return None
        return PriorAssessment(
            assessed_on=self.assessed_on,
            assessed_by=self.assessed_by,
            report=self.assessment_report,
        )


class DraftFinance(_Part):
    """The section about the money asked for.

    ``measures`` names those that the loan is to pay for; None leaves the choice open.
    """

    measures: Annotated[tuple[Code, ...], Field(max_length=50)] | None = None
    requested_amount: Amount | None = None
    requested_maturity_months: Annotated[int, Field(ge=1, le=360, strict=True)] | None = None
    own_contribution: Amount | None = None
    own_contribution_source: Annotated[str, Field(max_length=300)] | None = None


class Responsibility(_Part):
    """Who sees to one of the four tasks, how, and by when (rule N10)."""

    person: Annotated[str, Field(max_length=120)] | None = None
    plan: Annotated[str, Field(max_length=1000)] | None = None
    on: EnteredDay | None = None


class Task(StrEnum):
    """The four tasks that are part of an application (rule N10)."""

    IDENTIFICATION = "identification"
    PREPARATION = "preparation"
    SUPERVISION = "supervision"
    MONITORING = "monitoring"


class Draft(_Part):
    """All sections of the form, each as far as it is filled in."""

    enterprise: DraftEnterprise = DraftEnterprise()
    project: DraftProject = DraftProject()
    measures: Annotated[tuple[Measure, ...], Field(max_length=50)] = ()
    finance: DraftFinance = DraftFinance()
    responsibilities: Mapping[Task, Responsibility] = Field(default_factory=dict)

    def responsibility(self, task: Task) -> Responsibility:
        """What is written about one task, empty where nothing is."""
        return self.responsibilities.get(task, Responsibility())


class Section(StrEnum):
    """The sections of the form, in the order of the task list."""

    ENTERPRISE = "enterprise"
    PROJECT = "project"
    MEASURES = "measures"
    FINANCE = "finance"
    RESPONSIBILITIES = "responsibilities"


def to_proposal(
    draft: Draft,
    *,
    facility: str,
    currency: str,
    assumptions: Assumptions,
    minor_investment: Decimal,
) -> Proposal:
    """The figures of a draft without gaps.

    The two eligibility answers of the project hold for each of its measures. The loan is for the
    measures chosen; an open choice leaves out housekeeping of at most ``minor_investment``.

    Raises:
        pydantic.ValidationError: the draft has gaps, or its figures contradict each other.
    """
    enterprise, project = draft.enterprise, draft.project
    measures = tuple(
        measure.model_copy(
            update={
                "expands_capacity": _either(measure.expands_capacity, project.expands_capacity),
                "adds_production_equipment": _either(
                    measure.adds_production_equipment, project.adds_production_equipment
                ),
            }
        )
        for measure in draft.measures
    )
    return Proposal(
        facility=facility,
        title=project.title or "",
        currency=currency,
        enterprise=EnterpriseFigures(
            name=enterprise.name or "",
            country=enterprise.country or "",
            ownership=enterprise.ownership or Ownership.LOCAL_PRIVATE,
            annual_turnover=enterprise.annual_turnover,
        ),
        assumptions=assumptions.model_copy(update={"baseline_year": project.baseline_year}),
        measures=measures,
        finance=Finance(
            measures=financed_codes(
                measures, draft.finance.measures, minor_investment=minor_investment
            ),
            requested_amount=draft.finance.requested_amount,
            own_contribution=draft.finance.own_contribution,
            requested_maturity_months=draft.finance.requested_maturity_months,
        ),
        prior_assessment=project.prior_assessment,
    )


def _either(*answers: bool | None) -> bool | None:
    return True if True in answers else (False if False in answers else None)
