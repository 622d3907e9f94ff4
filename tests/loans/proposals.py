"""Proposals for the tests of the offer and the rules."""

from decimal import Decimal
from typing import Any

from appraisal.appraise import Appraisal, appraise
from appraisal.proposal import Proposal
from loans import profile as profiles

NEFCO = profiles.load("nefco-1998")


def measure(code: str = "M1", *, cost: str, saving: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": "Water reuse",
        "technique": "on_site_recovery",
        "investment": [{"code": "I1", "amount": cost, "evidence": "quote"}],
        "savings": [{"code": "S1", "annual_amount": saving, "evidence": "invoice"}],
        "results": [{"indicator": "water", "unit": "m3", "reduction": "300000"}],
        "expands_capacity": False,
        "adds_production_equipment": False,
        **more,
    }


def proposal(*measures: dict[str, Any], **more: Any) -> Proposal:
    enterprise = {"name": "Example Mill", "country": "LT", "ownership": "local_private"}
    document = {
        "title": "Water reuse",
        "currency": "EUR",
        "enterprise": enterprise | more.pop("enterprise", {}),
        "measures": measures,
        **more,
    }
    return Proposal.model_validate(document)


def appraised(figures: Proposal) -> Appraisal:
    return appraise(
        figures,
        minor_investment=NEFCO.terms.minor_investment.required,
        finance_rate=float(NEFCO.terms.annual_rate.required or Decimal(0)),
    )
