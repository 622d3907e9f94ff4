"""What a draft still lacks before it can be sent, as far as the facility asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from appraisal.proposal import Measure
from loans.draft import (
    Draft,
    DraftEnterprise,
    DraftFinance,
    DraftProject,
    Responsibility,
    Section,
    Task,
)
from loans.financed_measures import undecided
from loans.profile import Profile


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
_ASSESSMENT_ASKS = {
    "assessed_on": "Enter the day of the assessment of the plant.",
    "assessed_by": "Enter who made the assessment of the plant.",
    "assessment_report": "Enter the title of the assessment's report and where it is kept.",
}
_TASK_ASKS = {
    "person": "Enter who is responsible for {task}.",
    "plan": "Enter how {task} will be done.",
    "on": "Enter by which day {task} is done.",
}


def sections_asked(profile: Profile) -> tuple[Section, ...]:
    """The sections that the facility asks, in the order of the form; all while it is undecided."""
    asked = profile.terms.required_sections.value
    return tuple(section for section in Section if asked is None or section in asked)


def asks_for_assessment(profile: Profile) -> bool:
    """Whether the facility wants an assessment of the plant before the application."""
    return profile.terms.prior_assessment_required.value is True


def gaps(draft: Draft, profile: Profile) -> tuple[Gap, ...]:
    """Everything that the facility asks and that is missing, in the order of the form."""
    asked = sections_asked(profile)
    project_asks = {**_PROJECT_ASKS, **(_ASSESSMENT_ASKS if asks_for_assessment(profile) else {})}
    found = (
        *_unfilled(Section.ENTERPRISE, draft.enterprise, _ENTERPRISE_ASKS),
        *_unfilled(Section.PROJECT, draft.project, project_asks),
        *_measure_gaps(draft.measures),
        *_finance_gaps(draft),
        *_responsibility_gaps(draft),
    )
    return tuple(gap for gap in found if gap.section in asked)


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


def section_states(draft: Draft, profile: Profile) -> Mapping[Section, SectionState]:
    """How far each section that is asked is filled in, for the task list."""
    missing = {gap.section for gap in gaps(draft, profile)}
    return {
        section: SectionState.COMPLETED
        if section not in missing
        else (SectionState.IN_PROGRESS if _is_begun(draft, section) else SectionState.NOT_STARTED)
        for section in sections_asked(profile)
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
