"""The golden proposal and small measures that the tests vary."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from appraisal.proposal import Measure, Proposal

ENTERPRISE = {"name": "Northern Board Mill", "country": "LT", "ownership": "local_private"}


def measure(code: str = "M1", **changes: Any) -> Measure:
    """The golden measure (120,000 saves 60,000 a year for 5 years) with changes."""
    return Measure.model_validate(measure_document(code, **changes))


def measure_document(code: str = "M1", **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": "White-water and fibre reuse",
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


def proposal(*measures: dict[str, Any], **assumptions: Any) -> Proposal:
    """A proposal of these measures, the golden one if none are given."""
    return Proposal.model_validate(
        {
            "title": "White-water and fibre reuse",
            "currency": "EUR",
            "enterprise": ENTERPRISE,
            "assumptions": assumptions,
            "measures": measures or (measure_document(),),
        }
    )


def simple_measure(investment: str, saving: str, **changes: Any) -> dict[str, Any]:
    """A measure given by its investment and its saving a year."""
    return measure_document(
        **{
            "investment": [{"code": "I01", "amount": investment}],
            "savings": [{"code": "R01", "annual_amount": saving}],
            **changes,
        }
    )


def numbers(amounts: Iterable[Fraction]) -> list[float]:
    """Exact amounts as the numbers that a test compares them with."""
    return [float(amount) for amount in amounts]
