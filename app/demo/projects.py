"""The projects of the demonstration: published figures of real measures, told as proposals."""

import importlib.resources
import json
from datetime import date
from decimal import Decimal
from typing import Any

from app.demo.cast import InventedEnterprise
from appraisal.money import from_minor
from appraisal.proposal import Evidence, InvestmentLine, Measure, SavingLine, Technique
from loans.draft import (
    Draft,
    DraftEnterprise,
    DraftFinance,
    DraftProject,
    Responsibility,
    Task,
)

_TECHNIQUES = {
    "electricity": Technique.EQUIPMENT_MODIFICATION,
    "natural gas": Technique.BETTER_CONTROL,
    "water consumption": Technique.ON_SITE_RECOVERY,
    "water to public sewer": Technique.ON_SITE_RECOVERY,
    "primary raw material": Technique.PROCESS_MODIFICATION,
    "ancillary material": Technique.INPUT_SUBSTITUTION,
}
_PEOPLE = {
    Task.IDENTIFICATION: ("CP centre", "Audit of the plant's flows of energy, water and materials"),
    Task.PREPARATION: ("Chief engineer", "Quotations, design and permits"),
    Task.SUPERVISION: ("CP adviser", "Two visits during installation and one at commissioning"),
    Task.MONITORING: ("Plant accountant", "Monthly readings of the meters against the baseline"),
}


def published_projects() -> dict[str, list[Any]]:
    """The projects by what becomes of them: ``approved``, ``refused``, ``pending``."""
    text = importlib.resources.files("app.demo").joinpath("projects.json").read_text("utf-8")
    found: dict[str, list[Any]] = json.loads(text)
    return {fate: found[fate] for fate in ("approved", "refused", "pending")}


def told_as_draft(
    enterprise: InventedEnterprise, rows: list[dict[str, Any]], *, finished_by: date
) -> Draft:
    """A complete draft of an invented enterprise with the published figures and their source."""
    measures = tuple(_measure(number, row) for number, row in enumerate(rows, start=1))
    investment = sum((Decimal(row["investment"]) for row in rows), start=Decimal(0))
    sources = "; ".join(f"{row['source']} ({row['year']})" for row in rows)
    own = (investment / 10).quantize(from_minor(1, "EUR"))
    return Draft(
        enterprise=DraftEnterprise(
            name=enterprise.name,
            registration_number=enterprise.registration_number,
            country=enterprise.country,
            town=enterprise.town,
            ownership=enterprise.ownership,
            sector=rows[0]["product"][:120],
            annual_turnover=investment * 20,
        ),
        project=DraftProject(
            title=f"Less {rows[0]['stream']} in the making of {rows[0]['product'].lower()}"[:200],
            description=(
                "Invented enterprise with the figures of a real project: "
                f"{sources}. Dollars of the year are taken as euro."
            ),
            expands_capacity=False,
            adds_production_equipment=False,
        ),
        measures=measures,
        finance=DraftFinance(
            own_contribution=own, own_contribution_source="Retained profit of the last two years"
        ),
        responsibilities={
            task: Responsibility(person=person, plan=plan, on=finished_by)
            for task, (person, plan) in _PEOPLE.items()
        },
    )


def _measure(number: int, row: dict[str, Any]) -> Measure:
    stream, investment = str(row["stream"]), Decimal(str(row["investment"]))
    saved = f", {row['quantity']:,} {row['unit']} a year" if row["quantity"] else ""
    lines: tuple[InvestmentLine, ...] = ()
    if investment:
        lines = (
            InvestmentLine(
                code="I01",
                label="Equipment and installation",
                amount=investment,
                evidence=Evidence.QUOTE,
            ),
        )
    saving = SavingLine(
        code="R01",
        label=f"Less {stream}{saved}"[:300],
        annual_amount=Decimal(str(row["annual_saving"])),
        evidence=Evidence.INVOICE,
    )
    return Measure(
        code=f"M{number}",
        title=f"{stream.capitalize()}: {row['source']}"[:200],
        technique=_TECHNIQUES.get(stream, Technique.GOOD_HOUSEKEEPING),
        investment=lines,
        savings=(saving,),
        life_years=10,
    )
