"""The answers of a proposal as its authors read them back, section by section.

Amounts are written out in full ("EUR 1,000.50"), blanks are None, which pages show as "Not
provided".
"""

from decimal import Decimal

from app.amounts import shown_amount
from app.countries import country_name
from app.plain_words import TASKS
from loans.assessing.coded_words import OWNERSHIPS
from loans.day_words import shown_day
from loans.draft import Draft, DraftProject, Section, Task
from loans.financed_measures import financed_codes

Answers = tuple[tuple[str, str | None, str], ...]
"""Label, answer in words, and the field of the form in which it is given."""


def section_answers(
    draft: Draft, section: Section, currency: str, minor_investment: Decimal
) -> Answers:
    """The answers of one section; those of the measures are ``measure_answers``.

    Housekeeping of at most ``minor_investment`` is in no loan unless it was chosen.
    """
    match section:
        case Section.ENTERPRISE:
            return _enterprise(draft, currency)
        case Section.PROJECT:
            return _project(draft)
        case Section.FINANCE:
            return _finance(draft, currency, minor_investment)
        case Section.RESPONSIBILITIES:
            return tuple(row for task in Task for row in _responsibility(draft, task))
        case Section.MEASURES:
            return tuple((m.code, m.title, f"measure-{m.code}") for m in draft.measures)


def _enterprise(draft: Draft, currency: str) -> Answers:
    part = draft.enterprise
    return (
        ("Full name", part.name, "name"),
        ("Registration number", part.registration_number, "registration_number"),
        ("Country of the plant", country_name(part.country) if part.country else None, "country"),
        ("Town of the plant", part.town, "town"),
        ("Owner", OWNERSHIPS[part.ownership] if part.ownership else None, "ownership"),
        ("What it produces", part.sector, "sector"),
        ("Turnover of the last year", _money(part.annual_turnover, currency), "annual_turnover"),
    )


def _project(draft: Draft) -> Answers:
    part = draft.project
    return (
        ("Title", part.title, "title"),
        ("What changes in the plant", part.description, "description"),
        ("The plant can produce more", _yes_no(part.expands_capacity), "expands_capacity"),
        (
            "Production equipment is added",
            _yes_no(part.adds_production_equipment),
            "adds_production_equipment",
        ),
        (
            "Year of the quantities used now",
            str(part.baseline_year) if part.baseline_year else None,
            "baseline_year",
        ),
        *_assessment(part),
    )


def _assessment(part: DraftProject) -> Answers:
    """The assessment that came before, where one is stated."""
    if not (part.assessed_on or part.assessed_by or part.assessment_report):
        return ()
    return (
        (
            "Day of the assessment",
            shown_day(part.assessed_on) if part.assessed_on else None,
            "assessed_on",
        ),
        ("Who made the assessment", part.assessed_by, "assessed_by"),
        ("Its report", part.assessment_report, "assessment_report"),
    )


def _finance(draft: Draft, currency: str, minor_investment: Decimal) -> Answers:
    part = draft.finance
    months = part.requested_maturity_months
    codes = financed_codes(draft.measures, part.measures, minor_investment=minor_investment)
    titles = [f"{one.code} {one.title}" for one in draft.measures if one.code in codes]
    return (
        ("Measures that the loan pays for", "; ".join(titles) or None, "measures"),
        ("Loan asked for", _money(part.requested_amount, currency), "requested_amount"),
        ("Time to repay", f"{months} months" if months else None, "requested_maturity_months"),
        ("Own money", _money(part.own_contribution, currency), "own_contribution"),
        ("Where the own money comes from", part.own_contribution_source, "own_contribution_source"),
    )


def _responsibility(draft: Draft, task: Task) -> Answers:
    part, name = draft.responsibility(task), TASKS[task][0]
    return (
        (f"{name}: who", part.person, f"{task}_person"),
        (f"{name}: how", part.plan, f"{task}_plan"),
        (f"{name}: by", shown_day(part.on) if part.on else None, f"{task}_on"),
    )


def _money(value: Decimal | None, currency: str) -> str | None:
    return None if value is None else shown_amount(value, currency)


def _yes_no(value: bool | None) -> str | None:  # noqa: FBT001  # an answer, not a switch
    return None if value is None else ("Yes" if value else "No")
