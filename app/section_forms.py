"""The forms of the proposal's four plain sections, and how their answers go into the draft.

A section can be saved half filled in; who goes on is told of every gap in the words of the draft
itself, so that the form and the check page never differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, create_model
from starlette.datastructures import FormData

from app.forms import Ask, Filled, FormModel, Reads, as_form, filled
from appraisal.day_fields import EARLIEST_YEAR, LATEST_YEAR
from appraisal.proposal import Ownership
from loans.draft import Draft, Responsibility, Section, Task
from loans.draft_gaps import gaps
from loans.financed_measures import costed_measures, financed_codes, is_open_choice, undecided
from loans.profile import Profile

_TURN = frozenset({"version", "go", "to"})
_EMPTY = Draft()
_DAY_BOXES = ("", "-day", "-month", "-year")


def _plausible_year(year: int | None) -> int | None:
    if year is not None and not EARLIEST_YEAR <= year <= LATEST_YEAR:
        message = f"Enter the year as four digits from {EARLIEST_YEAR} to {LATEST_YEAR}."
        raise ValueError(message)
    return year


class SectionForm(FormModel):
    """What every section carries besides its answers: the version seen and where to go."""

    version: Annotated[
        int,
        Ask(
            "the version of the proposal",
            missing="The page does not say which version you saw. Open it again.",
        ),
    ]
    go: Annotated[Literal["on", "later"], Ask("where to go")] = "on"
    to: Annotated[Literal["check"] | None, Ask("where to go")] = None


class EnterpriseForm(SectionForm):
    """Who proposes."""

    name: Annotated[str | None, Field(max_length=200), Ask("the full name")] = None
    registration_number: Annotated[
        str | None, Field(max_length=40), Ask("the registration number")
    ] = None
    country: Annotated[
        str | None, Field(pattern="^[A-Z]{2}$"), Ask("the country of the plant", Reads.CHOICE)
    ] = None
    town: Annotated[str | None, Field(max_length=120), Ask("the town of the plant")] = None
    ownership: Annotated[Ownership | None, Ask("who owns the enterprise")] = None
    sector: Annotated[str | None, Field(max_length=120), Ask("what the enterprise produces")] = None
    annual_turnover: Annotated[
        Decimal | None, Ask("the turnover of the last year", Reads.AMOUNT)
    ] = None


class ProjectForm(SectionForm):
    """What changes in the plant."""

    title: Annotated[str | None, Field(max_length=200), Ask("the title of the project")] = None
    description: Annotated[
        str | None, Field(max_length=4000), Ask("what changes in the plant", Reads.LINES)
    ] = None
    expands_capacity: Annotated[bool | None, Ask("whether the plant can produce more")] = None
    adds_production_equipment: Annotated[
        bool | None, Ask("whether production equipment is added")
    ] = None
    baseline_year: Annotated[
        int | None, AfterValidator(_plausible_year), Ask("the year of the quantities used now")
    ] = None
    assessed_on: Annotated[date | None, Ask("the day of the assessment")] = None
    assessed_by: Annotated[str | None, Field(max_length=200), Ask("who made the assessment")] = None
    assessment_report: Annotated[
        str | None, Field(max_length=300), Ask("the title of its report and where it is kept")
    ] = None


class FinanceForm(SectionForm):
    """The money asked for, what it is for, and the enterprise's own."""

    measures: Annotated[
        tuple[Annotated[str, Field(max_length=40)], ...],
        Field(max_length=50),
        Ask("which measures the loan is to pay for", Reads.CHOICE),
    ] = ()
    requested_amount: Annotated[Decimal | None, Ask("the loan you ask for", Reads.AMOUNT)] = None
    requested_maturity_months: Annotated[
        int | None, Field(ge=1, le=360), Ask("the time to repay", unit="months")
    ] = None
    own_contribution: Annotated[
        Decimal | None, Ask("how much you pay yourselves", Reads.AMOUNT)
    ] = None
    own_contribution_source: Annotated[
        str | None, Field(max_length=300), Ask("where your own money comes from")
    ] = None


def _task_fields(task: Task) -> dict[str, Any]:
    asks = {
        "person": (Annotated[str | None, Field(max_length=120), Ask(f"who does the {task.value}")]),
        "plan": Annotated[
            str | None, Field(max_length=1000), Ask(f"how the {task.value} is done", Reads.LINES)
        ],
        "on": Annotated[date | None, Ask(f"the day by which the {task.value} is done")],
    }
    return {f"{task.value}_{name}": (annotation, None) for name, annotation in asks.items()}


ResponsibilitiesForm: type[SectionForm] = create_model(
    "ResponsibilitiesForm",
    __base__=SectionForm,
    __doc__="Who sees to each of the four tasks, how, and by when.",
    **{name: field for task in Task for name, field in _task_fields(task).items()},
)


@dataclass(frozen=True)
class SectionPage:
    """How one section is asked: its form, its template and its heading."""

    model: type[SectionForm]
    template: str
    heading: str


PAGES: Mapping[Section, SectionPage] = {
    Section.ENTERPRISE: SectionPage(EnterpriseForm, "proposals/enterprise.html", "The enterprise"),
    Section.PROJECT: SectionPage(ProjectForm, "proposals/project.html", "The project"),
    Section.FINANCE: SectionPage(FinanceForm, "proposals/finance.html", "The money"),
    Section.RESPONSIBILITIES: SectionPage(
        ResponsibilitiesForm, "proposals/responsibilities.html", "Who is responsible"
    ),
}
HEADINGS: Mapping[Section, str] = {
    section: PAGES[section].heading if section in PAGES else "The measures" for section in Section
}


def stored_form(draft: Draft, section: Section, minor_investment: Decimal) -> Filled[SectionForm]:
    """The form of a section with the answers saved so far.

    Housekeeping of at most ``minor_investment`` is not ticked for the loan unless it was chosen.
    """
    return as_form(PAGES[section].model, _answers(draft, section, minor_investment))


def sent_form(
    sent: FormData, section: Section, draft: Draft, profile: Profile, *, today: date
) -> Filled[SectionForm]:
    """The form of a section as sent; who goes on must have answered everything."""
    form = filled(PAGES[section].model, sent, currency=profile.currency)
    form = _with_problems(form, section, _still_to_come(form.value, today))
    if form.typed.get("go") == "later":
        return form
    found = _gaps(form, section, profile) | _choice_problems(form, section, draft)
    return _with_problems(form, section, found)


def with_section(
    draft: Draft, section: Section, value: SectionForm, minor_investment: Decimal
) -> Draft:
    """The draft with one section's answers replaced by those of the form."""
    answers = value.model_dump(exclude=set(_TURN))
    if section is Section.RESPONSIBILITIES:
        part: object = {
            task: Responsibility(
                **{name: answers[f"{task.value}_{name}"] for name in Responsibility.model_fields}
            )
            for task in Task
        }
    else:
        if section is Section.FINANCE and is_open_choice(
            draft.measures, answers["measures"], minor_investment=minor_investment
        ):
            answers["measures"] = None
        part = type(getattr(draft, section.value)).model_validate(answers)
    return draft.model_copy(update={section.value: part})


def _answers(draft: Draft, section: Section, minor_investment: Decimal) -> dict[str, object]:
    if section is Section.FINANCE:
        chosen = financed_codes(
            draft.measures, draft.finance.measures, minor_investment=minor_investment
        )
        return {**dict(draft.finance), "measures": chosen}
    if section is not Section.RESPONSIBILITIES:
        return dict(getattr(draft, section.value))
    return {
        f"{task.value}_{name}": value for task in Task for name, value in draft.responsibility(task)
    }


def _still_to_come(value: SectionForm | None, today: date) -> dict[str, str]:
    """What is used now is on bills that have come, and an assessment before has been made."""
    if not isinstance(value, ProjectForm):
        return {}
    found = {}
    if value.baseline_year is not None and value.baseline_year > today.year:
        found["baseline_year"] = (
            f"The bills of that year have not come yet. Enter {today.year} or less."
        )
    if value.assessed_on is not None and value.assessed_on > today:
        found["assessed_on"] = "That day has not come yet. Enter the day it was made."
    return found


def _gaps(form: Filled[SectionForm], section: Section, profile: Profile) -> dict[str, str]:
    return {
        gap.field: gap.message
        for gap in gaps(_EMPTY, profile)
        if gap.section is section and _is_blank(form, gap.field)
    }


def _choice_problems(form: Filled[SectionForm], section: Section, draft: Draft) -> dict[str, str]:
    """What is undecided about the measures to finance; what is not offered is no choice."""
    if section is not Section.FINANCE:
        return {}
    chosen = form.typed.get("measures", ())
    offered = {measure.code for measure in costed_measures(draft.measures)}
    unknown = "Choose among the measures that the page lists; they have changed meanwhile."
    problem = undecided(draft.measures, chosen) if offered.issuperset(chosen) else unknown
    return {"measures": problem} if problem else {}


def _with_problems(
    form: Filled[SectionForm], section: Section, found: dict[str, str]
) -> Filled[SectionForm]:
    if not found:
        return form
    errors = {**found, **form.errors}
    ordered = [*PAGES[section].model.model_fields, ""]
    return replace(
        form, value=None, errors={name: errors[name] for name in ordered if name in errors}
    )


def _is_blank(form: Filled[SectionForm], field: str) -> bool:
    return not any(str(form.typed.get(f"{field}{box}", "")).strip() for box in _DAY_BOXES)
