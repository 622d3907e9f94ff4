"""A proposal while it is being written: any part may be missing, and every gap has a name.

The finished draft gives the ``Proposal`` of the appraisal; the measures are the same model in
both, so that nothing is typed or declared twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from appraisal.proposal import Amount, Assumptions, Code, Finance, Measure, Ownership, Proposal
from appraisal.proposal import Enterprise as EnterpriseFigures
from loans.financed_measures import financed_codes, undecided

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _day_in_words(value: object) -> object:
    if value is not None and not isinstance(value, date | str):
        message = "Enter a day as year-month-day, such as 2026-01-15."
        raise ValueError(message)
    return value


def _within_reach(day: date) -> date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        message = f"Enter a day in the years {EARLIEST_YEAR} to {LATEST_YEAR}."
        raise ValueError(message)
    return day


PlannedDay = Annotated[date, BeforeValidator(_day_in_words), AfterValidator(_within_reach)]


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
    on: PlannedDay | None = None


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


class SectionState(StrEnum):
    """How far a section is filled in."""

    NOT_STARTED = "Not yet started"
    IN_PROGRESS = "In progress"
    COMPLETED = "Completed"


@dataclass(frozen=True)
class Gap:
    """One thing still missing: where it is, and what to enter."""

    section: Section
    field: str
    message: str


_ENTERPRISE_ASKS = {
    "name": "Enter the full name of the enterprise.",
    "registration_number": "Enter the registration number of the enterprise.",
    "country": "Choose the country of the plant.",
    "town": "Enter the town of the plant.",
    "ownership": "Choose who owns the enterprise.",
    "sector": "Enter what the enterprise produces.",
}
_PROJECT_ASKS = {
    "title": "Enter a short title for the project.",
    "description": "Describe what changes in the plant.",
    "expands_capacity": "Answer whether the project lets the plant produce more.",
    "adds_production_equipment": "Answer whether the project adds production equipment.",
}
_TASK_ASKS = {
    "person": "Enter who is responsible for {task}.",
    "plan": "Enter how {task} will be done.",
    "on": "Enter by which day {task} is done.",
}


def gaps(draft: Draft) -> tuple[Gap, ...]:
    """Everything that is missing before the proposal can be sent, in the order of the form."""
    return (
        *_unfilled(Section.ENTERPRISE, draft.enterprise, _ENTERPRISE_ASKS),
        *_unfilled(Section.PROJECT, draft.project, _PROJECT_ASKS),
        *_measure_gaps(draft.measures),
        *_finance_gaps(draft),
        *_responsibility_gaps(draft),
    )


def _unfilled(section: Section, part: BaseModel, asks: Mapping[str, str]) -> tuple[Gap, ...]:
    return tuple(
        Gap(section, field, message)
        for field, message in asks.items()
        if getattr(part, field) in (None, "")
    )


def _measure_gaps(measures: tuple[Measure, ...]) -> tuple[Gap, ...]:
    if not measures:
        message = "Add at least one measure with its investment and its saving."
        return (Gap(Section.MEASURES, "measures", message),)
    found = []
    for measure in measures:
        field = f"measure-{measure.code}"
        if not measure.savings:
            message = f"Measure {measure.code}: add at least one line of savings."
            found.append(Gap(Section.MEASURES, field, message))
        if measure.technique is None:
            message = f"Measure {measure.code}: choose how the measure prevents waste."
            found.append(Gap(Section.MEASURES, field, message))
    if not any(measure.investment for measure in measures):
        message = "Enter the investment of at least one measure."
        found.append(Gap(Section.MEASURES, "measures", message))
    return tuple(found)


def _finance_gaps(draft: Draft) -> tuple[Gap, ...]:
    finance = draft.finance
    found = []
    if choice := undecided(draft.measures, finance.measures):
        found.append(Gap(Section.FINANCE, "measures", choice))
    if finance.own_contribution is None:
        message = "Enter how much of the investment you pay yourselves."
        found.append(Gap(Section.FINANCE, "own_contribution", message))
    if not finance.own_contribution_source:
        message = "Enter where your own money comes from."
        found.append(Gap(Section.FINANCE, "own_contribution_source", message))
    return tuple(found)


def _responsibility_gaps(draft: Draft) -> tuple[Gap, ...]:
    return tuple(
        Gap(Section.RESPONSIBILITIES, f"{task.value}_{field}", ask.format(task=task.value))
        for task in Task
        for field, ask in _TASK_ASKS.items()
        if getattr(draft.responsibility(task), field) in (None, "")
    )


def section_states(draft: Draft) -> Mapping[Section, SectionState]:
    """How far each section is filled in, for the task list."""
    missing = {gap.section for gap in gaps(draft)}
    return {
        section: SectionState.COMPLETED
        if section not in missing
        else (SectionState.IN_PROGRESS if _is_begun(draft, section) else SectionState.NOT_STARTED)
        for section in Section
    }


def _is_begun(draft: Draft, section: Section) -> bool:
    match section:
        case Section.MEASURES:
            return bool(draft.measures)
        case Section.RESPONSIBILITIES:
            return any(part != Responsibility() for part in draft.responsibilities.values())
        case Section.ENTERPRISE:
            return draft.enterprise != DraftEnterprise()
        case Section.PROJECT:
            return draft.project != DraftProject()
        case Section.FINANCE:
            return draft.finance != DraftFinance()


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
    )


def _either(*answers: bool | None) -> bool | None:
    return True if True in answers else (False if False in answers else None)
