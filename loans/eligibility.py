"""The rule sheet: every rule of the profile that a proposal and its offer can be held against."""

from appraisal.appraise import Appraisal
from appraisal.proposal import Proposal
from loans.environment_rules import environment_findings
from loans.evidence_rules import evidence_findings
from loans.finding import Finding, Outcome, Subject
from loans.ladder_rules import ladder_findings
from loans.loan_rules import loan_findings
from loans.offer import Offer
from loans.profile import Profile
from loans.project_rules import project_findings
from loans.worth_rules import worth_findings

__all__ = ["Finding", "Outcome", "Subject", "rule_sheet"]

_ORDER = {subject: place for place, subject in enumerate(Subject)}


def rule_sheet(
    proposal: Proposal, appraisal: Appraisal, offer: Offer, profile: Profile
) -> tuple[Finding, ...]:
    """All findings by subject: enterprise, measures, evidence, worth, environment, ladder, loan.

    The offer is eligible exactly when none of them fails.

    Raises:
        TermMissing: a term that a rule needs is open in the profile.
    """
    findings = (
        *project_findings(proposal, appraisal, profile),
        *evidence_findings(proposal, profile),
        *worth_findings(proposal, appraisal, profile),
        *environment_findings(proposal, profile),
        *ladder_findings(proposal, appraisal, offer, profile),
        *loan_findings(proposal, appraisal, offer, profile),
    )
    return tuple(sorted(findings, key=lambda found: _ORDER[found.subject]))
