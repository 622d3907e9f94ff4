"""Assessments that the tests of the appraisal page look at."""

from typing import Any

from appraisal.proposal import Proposal
from loans import profile
from loans.cases.assessment import Assessment, assess
from loans.profile import Profile
from tests.appraisal.proposals import measure_document, proposal

NEFCO = profile.load("nefco-1998")

RICH = measure_document(
    "M2",
    investment=[
        {"code": "I01", "label": "Boiler", "amount": "80000.00", "evidence": "quote"},
        {"code": "I02", "amount": "5000.00", "kind": "working_capital", "evidence": "quote"},
        {"code": "I03", "amount": "9000.00", "month": 30, "kind": "replacement"},
    ],
    savings=[
        {
            "code": "R01",
            "annual_amount": "45000",
            "growth": 0.03,
            "ramp_months": 6,
            "start_month": 1,
            "active_months": [1, 2, 3, 12],
        },
        {"code": "R02", "annual_amount": "12000", "tier": 2, "evidence": "invoice"},
        {"code": "R03", "annual_amount": "50000", "tier": 3, "probability": "0.1", "year": 2},
        {"code": "R04", "annual_amount": "7000", "counts_as_output": True},
        {"code": "R05", "label": "Working conditions", "tier": 4, "score": -1},
    ],
    added_costs=[{"code": "C01", "quantity": "100", "unit_price": "25.5", "unit": "h"}],
    residual_value="4000.00",
    implementation_months=3,
)
"""A measure with a line of every kind and tier."""


def assessed(figures: Proposal, facility: Profile = NEFCO) -> Assessment:
    """The figures under the profile of the fund."""
    return assess(figures, facility)


def golden(**assumptions: Any) -> Assessment:
    """The golden project by itself."""
    return assessed(proposal(**assumptions))


def rich(**assumptions: Any) -> Assessment:
    """The golden measure and the rich one together."""
    return assessed(proposal(measure_document(), RICH, **assumptions))
