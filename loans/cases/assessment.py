"""What follows from the figures of an application under the profile it is judged by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from appraisal.appraise import Appraisal, appraise
from appraisal.proposal import Proposal as Figures
from loans.assessing.eligibility import Finding, rule_sheet
from loans.assessing.finding import Outcome
from loans.assessing.matched_offer import is_cured
from loans.assessing.offer import Offer, make_offer, offer_figures
from loans.profile import Profile
from loans.tables import Application
from loans.versions.profile_versions import profile_of


@dataclass(frozen=True)
class Assessment:
    """Everything that follows from the figures of an application under its profile."""

    figures: Figures
    profile: Profile
    appraisal: Appraisal
    offer: Offer
    findings: tuple[Finding, ...]

    @property
    def barring(self) -> tuple[Finding, ...]:
        """The rules that fail whatever kind of schedule is chosen of those that the fund offers."""
        failed = [found for found in self.findings if found.outcome is Outcome.FAIL]
        if not failed:
            return ()
        figures = offer_figures(self.figures, self.appraisal)
        return tuple(
            found for found in failed if not is_cured(found, figures, self.offer, self.profile)
        )


def assess(figures: Figures, profile: Profile) -> Assessment:
    """Appraise the figures and hold them against the profile, as far as its terms are decided."""
    rate = profile.terms.annual_rate.value
    appraisal = appraise(
        figures,
        minor_investment=profile.terms.minor_investment.required,
        finance_rate=None if rate is None else float(rate),
    )
    offer = make_offer(figures, appraisal, profile)
    return Assessment(
        figures, profile, appraisal, offer, rule_sheet(figures, appraisal, offer, profile)
    )


def assess_stored(session: Session, application: Application) -> Assessment:
    """The assessment of an application's stored figures under the profile it is judged by."""
    figures = json.dumps(application.figures, sort_keys=True)
    return _assessed(figures, profile_of(session, application))


@lru_cache(maxsize=64)
def _assessed(figures: str, profile: Profile) -> Assessment:
    """Stored figures do not change: the acts on a case, and its pages, appraise them once."""
    return assess(Figures.model_validate(json.loads(figures)), profile)


def snapshot(assessment: Assessment) -> dict[str, Any]:
    """The results that a decision rested on, as plain data."""
    project, offer = assessment.appraisal.project, assessment.offer
    irr = project.internal_rate_of_return
    return {
        "profile": {"code": assessment.profile.code, "version": assessment.profile.version},
        "assumptions": assessment.figures.assumptions.model_dump(mode="json"),
        "types": {m.code: m.type for m in assessment.appraisal.measures},
        "investment": str(project.investment),
        "net_annual_saving": str(project.net_annual_saving),
        "payback": str(project.payback_ratio),
        "net_present_value": project.net_present_value,
        "internal_rate_of_return": {"status": irr.status, "rate": irr.rate},
        "maximum_amount": str(offer.maximum_amount),
        "amount_rule": offer.amount_rule,
        "maximum_maturity_months": offer.maximum_maturity_months,
        "maturity_rule": offer.maturity_rule,
        "findings": [[f.code, f.outcome] for f in assessment.findings],
    }
