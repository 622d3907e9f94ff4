"""The projects of the demonstration: published figures of real measures, told as proposals."""

import importlib.resources
import json
from datetime import date
from typing import Any

from app.demo.cast import InventedEnterprise
from appraisal.cash_flow import eligible_investment_of
from appraisal.money import from_minor
from appraisal.proposal import Evidence, Measure, Technique
from loans.draft import Draft, DraftEnterprise, DraftFinance, DraftProject, Responsibility, Task

_TECHNIQUES = {
    "electricity": Technique.EQUIPMENT_MODIFICATION,
    "natural gas": Technique.BETTER_CONTROL,
    "water consumption": Technique.ON_SITE_RECOVERY,
    "water to public sewer": Technique.ON_SITE_RECOVERY,
    "primary raw material": Technique.PROCESS_MODIFICATION,
    "ancillary material": Technique.INPUT_SUBSTITUTION,
}
_RESOURCES = {
    "electricity": ("R06", "electricity"),
    "natural gas": ("R09", "natural_gas"),
    "LPG": ("R13", "lpg"),
    "fuel oil no. 2": ("R11", "gas_diesel_oil"),
    "fuel oil no. 6 (residual)": ("R10", "residual_fuel_oil"),
    "coal": ("R12", "other_bituminous_coal"),
    "wood": ("R14", "wood"),
    "water consumption": ("R04", "water"),
    "water to public sewer": ("R05", "wastewater"),
    "liquid waste, non-hazardous": ("R05", "wastewater"),
    "liquid waste, hazardous": ("R16", "hazardous_waste"),
    "solid waste, hazardous": ("R16", "hazardous_waste"),
    "solid waste, non-hazardous": ("R17", "other_waste"),
    "primary raw material": ("R01", "raw_materials"),
    "ancillary material": ("R02", "chemicals"),
}
"""For what each published stream stands: the standard item and the environmental indicator."""

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
    financed = tuple(
        measure for measure, row in zip(measures, rows, strict=True) if row.get("is_financed", True)
    )
    investment = eligible_investment_of(financed)
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
                f"{sources}. Dollars of the year are taken as euro. What stands beside the "
                "published cost and saving is invented."
            ),
            expands_capacity=False,
            adds_production_equipment=False,
        ),
        measures=measures,
        finance=DraftFinance(
            measures=tuple(measure.code for measure in financed),
            own_contribution=own,
            own_contribution_source="Retained profit of the last two years",
        ),
        responsibilities={
            task: Responsibility(person=person, plan=plan, on=finished_by)
            for task, (person, plan) in _PEOPLE.items()
        },
    )


def _measure(number: int, row: dict[str, Any]) -> Measure:
    """The published figures as a measure; what the row tells of its own replaces a part of it."""
    stream = str(row["stream"])
    saved = f", {row['quantity']:,} {row['unit']} a year" if row["quantity"] else ""
    item, indicator = _RESOURCES[stream]
    outlay = {
        "code": f"I{number:02d}",
        "label": "Equipment and installation",
        "amount": row["investment"],
        "evidence": Evidence.QUOTE,
    }
    saving = {
        "code": f"R{number:02d}",
        "label": f"Less {stream}{saved}"[:300],
        "item": item,
        "annual_amount": row["annual_saving"],
        "evidence": Evidence.INVOICE,
    }
    result = {
        "indicator": indicator,
        "unit": row["unit"],
        "reduction": row["quantity"],
        "label": f"Less {stream}",
        "evidence": Evidence.CALCULATION,
    }
    told = row.get("told", {})
    return Measure.model_validate(
        {
            "code": f"M{number}",
            "title": f"{stream.capitalize()}: {row['source']}"[:200],
            "technique": _TECHNIQUES.get(stream, Technique.GOOD_HOUSEKEEPING),
            "investment": (outlay,),
            "savings": (saving,),
            "results": (result,) if row["quantity"] and "savings" not in told else (),
            "life_years": 10,
            **told,
        }
    )
