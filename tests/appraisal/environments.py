"""Measures with quantities, for the tests of the environmental results."""

from typing import Any

from appraisal.environment import EnvironmentReport, environment_report
from appraisal.proposal import Proposal
from tests.appraisal.proposals import ENTERPRISE, measure_document


def saving(code: str, indicator: str | None, unit: str, *use: str, **more: Any) -> dict[str, Any]:
    """A saving from ``use[0]`` to ``use[1]``, metered, at a price of one."""
    return {
        "code": code,
        "indicator": indicator,
        "unit": unit,
        "quantity_before": use[0],
        "quantity_after": use[1],
        "unit_price": "1",
        "evidence": "meter",
        **more,
    }


def added(
    code: str, indicator: str | None, unit: str, quantity: str, **more: Any
) -> dict[str, Any]:
    """An added use at a price of one."""
    line = {"code": code, "indicator": indicator, "unit": unit, "quantity": quantity}
    return {**line, "unit_price": "1", "evidence": "invoice", **more}


def result(indicator: str, unit: str, reduction: str, **more: Any) -> dict[str, Any]:
    return {"indicator": indicator, "unit": unit, "reduction": reduction, **more}


def saving_measure(*savings: dict[str, Any], code: str = "M1", **more: Any) -> dict[str, Any]:
    """A measure of 120,000 and 5 years with these savings."""
    return measure_document(code, savings=list(savings), **more)


def project(*measures: dict[str, Any], country: str = "LT", **more: Any) -> Proposal:
    """A proposal of these measures; the rest goes into the assumptions or the enterprise."""
    enterprise = {**ENTERPRISE, "country": country}
    if "annual_turnover" in more:
        enterprise["annual_turnover"] = more.pop("annual_turnover")
    return Proposal.model_validate(
        {
            "title": "Less of everything",
            "currency": "EUR",
            "enterprise": enterprise,
            "assumptions": more,
            "measures": measures,
        }
    )


def report_on(*measures: dict[str, Any], **more: Any) -> EnvironmentReport:
    return environment_report(project(*measures, **more))
