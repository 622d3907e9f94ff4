"""The golden proposal as its author writes it, and changes to it."""

from typing import Any

from loans.draft import Draft, Task


def golden_measure(**changes: Any) -> dict[str, Any]:
    """White-water reuse: 120,000 saves 300,000 m3 at 0.20 a year, for five years."""
    return {
        "code": "M1",
        "title": "White-water and fibre reuse",
        "technique": "on_site_recovery",
        "investment": [{"code": "I01", "amount": "120000.00", "evidence": "quote"}],
        "savings": [
            {
                "code": "R04",
                "unit": "m3",
                "quantity_before": "400000",
                "quantity_after": "100000",
                "unit_price": "0.20",
                "evidence": "invoice",
            }
        ],
        "life_years": 5,
        **changes,
    }


def golden_draft(*measures: dict[str, Any], **changes: Any) -> Draft:
    """A draft without gaps; ``changes`` replace whole sections."""
    document: dict[str, Any] = {
        "enterprise": {
            "name": "UAB Pavyzdys Žalias",
            "registration_number": "LT-100200",
            "country": "LT",
            "town": "Kaunas",
            "ownership": "local_private",
            "sector": "Paper and board",
            "annual_turnover": "2400000",
        },
        "project": {
            "title": "White-water and fibre reuse",
            "description": "White water goes back to the pulper instead of to the river.",
            "expands_capacity": False,
            "adds_production_equipment": False,
        },
        "measures": measures or (golden_measure(),),
        "finance": {
            "requested_amount": "108000.00",
            "requested_maturity_months": 28,
            "own_contribution": "12000.00",
            "own_contribution_source": "Cash flow of the year",
        },
        "responsibilities": {
            task.value: {
                "person": "J. Jonaitis",
                "plan": f"Plan of {task.value}",
                "on": "2026-06-30",
            }
            for task in Task
        },
    }
    return Draft.model_validate(document | changes)


HEATING_SAVINGS = (4200, 1500, 900, 900, 900, 1600, 4600, 7400, 9400, 9800, 9200, 7600)
"""What a boiler house saves from month to month, from the fourth month of the project on."""

_INSTALLATION_MONTHS = 3


def seasonal_draft(**finance: str | int) -> Draft:
    """Heating controls: 100,000, installed in three months, save 58,000 a year with the seasons."""
    lines = [
        {
            "code": "R04",
            "label": f"Heat, month {place + 1}",
            "annual_amount": str(saving),
            "active_months": [(_INSTALLATION_MONTHS + place) % 12 + 1],
            "evidence": "invoice",
        }
        for place, saving in enumerate(HEATING_SAVINGS)
    ]
    return golden_draft(
        golden_measure(
            investment=[{"code": "I01", "amount": "100000.00", "evidence": "quote"}],
            savings=lines,
            implementation_months=_INSTALLATION_MONTHS,
        ),
        finance={
            "requested_amount": "90000.00",
            "requested_maturity_months": 28,
            "own_contribution": "10000.00",
            "own_contribution_source": "Cash flow of the year",
            **finance,
        },
    )
