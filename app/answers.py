"""The answers of a proposal as its authors read them back, section by section.

Amounts are written out in full ("EUR 1,000.50"), blanks are None, which pages show as "Not
provided".
"""

from dataclasses import dataclass
from decimal import Decimal

from app.amounts import shown_amount, shown_number
from app.countries import country_name
from app.days import shown_day
from app.plain_words import EVIDENCE, OWNERSHIPS, TASKS, TECHNIQUES
from appraisal.money import minor_digits
from appraisal.proposal import CostLine, Evidence, InvestmentLine, Measure, SavingLine
from loans.draft import Draft, Section, Task

Answers = tuple[tuple[str, str | None, str], ...]
"""Label, answer in words, and the field of the form in which it is given."""


@dataclass(frozen=True)
class MeasureAnswers:
    """One measure read back: its answers and its lines, each with what it rests on."""

    code: str
    title: str
    answers: tuple[tuple[str, str | None], ...]
    lines: tuple[tuple[str, str, str | None], ...]
    """Kind and label of the line, its money in words, its evidence."""


def section_answers(draft: Draft, section: Section, currency: str) -> Answers:
    """The answers of one section; those of the measures are ``measure_answers``."""
    match section:
        case Section.ENTERPRISE:
            return _enterprise(draft, currency)
        case Section.PROJECT:
            return _project(draft)
        case Section.FINANCE:
            return _finance(draft, currency)
        case Section.RESPONSIBILITIES:
            return tuple(row for task in Task for row in _responsibility(draft, task))
        case Section.MEASURES:
            return tuple((m.code, m.title, f"measure-{m.code}") for m in draft.measures)


def measure_answers(measure: Measure, currency: str) -> MeasureAnswers:
    """One measure with all its lines."""
    technique = TECHNIQUES[measure.technique][0] if measure.technique else None
    months = measure.implementation_months
    answers = (
        ("How it prevents waste", technique),
        ("Months until it runs", str(months)),
        ("Life, in years", str(measure.life_years)),
    )
    lines = (
        *(_investment(line, currency) for line in measure.investment),
        *(_saving(line, currency) for line in measure.savings),
        *(_cost(line, currency) for line in measure.added_costs),
    )
    return MeasureAnswers(measure.code, measure.title, answers, lines)


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
    )


def _finance(draft: Draft, currency: str) -> Answers:
    part = draft.finance
    months = part.requested_maturity_months
    return (
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


def _investment(line: InvestmentLine, currency: str) -> tuple[str, str, str | None]:
    words = f"Investment: {line.label or line.code}"
    return words, shown_amount(line.amount, currency), _evidence(line.evidence)


def _saving(line: SavingLine, currency: str) -> tuple[str, str, str | None]:
    kind = "Money from producing more" if line.counts_as_output else "Saving"
    money = f"{_exact(line.annual_saving, currency)} a year"
    if line.annual_amount is None:
        money += (
            f": from {_quantity(line.quantity_before, line.unit)} to "
            f"{_quantity(line.quantity_after, line.unit)} at {_price(line, currency)}"
        )
    return f"{kind}: {line.label or line.code}", money, _evidence(line.evidence)


def _cost(line: CostLine, currency: str) -> tuple[str, str, str | None]:
    money = f"{_exact(line.annual_cost, currency)} a year"
    if line.annual_amount is None:
        money += f": {_quantity(line.quantity, line.unit)} at {_price(line, currency)}"
    return f"Added cost: {line.label or line.code}", money, _evidence(line.evidence)


def _quantity(value: Decimal | None, unit: str | None) -> str:
    return f"{shown_number(value or Decimal(0))} {unit or ''}".strip()


def _price(line: SavingLine | CostLine, currency: str) -> str:
    return _exact(line.unit_price or Decimal(0), currency)


def _exact(value: Decimal, currency: str) -> str:
    """A price or a product: exact, with more decimals than the currency has where there are."""
    if value == round(value, minor_digits(currency)):
        return shown_amount(value, currency)
    return f"{currency} {shown_number(value)}"


def _money(value: Decimal | None, currency: str) -> str | None:
    return None if value is None else shown_amount(value, currency)


def _yes_no(value: bool | None) -> str | None:  # noqa: FBT001  # an answer, not a switch
    return None if value is None else ("Yes" if value else "No")


def _evidence(value: Evidence) -> str | None:
    return EVIDENCE.get(value)
