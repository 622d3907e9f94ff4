"""The rule sheet: every rule of the profile that a proposal and its offer can be held against."""

from functools import partial

from appraisal.appraise import Appraisal
from appraisal.proposal import Proposal
from loans.assessing.environment_rules import environment_findings
from loans.assessing.evidence_rules import evidence_findings
from loans.assessing.finding import Finding, Outcome, Subject, where_decided
from loans.assessing.ladder_rules import ladder_findings
from loans.assessing.loan_rules import loan_findings
from loans.assessing.offer import Offer
from loans.assessing.project_rules import project_findings
from loans.assessing.worth_rules import worth_findings
from loans.profile import Profile

__all__ = ["Finding", "Outcome", "Subject", "rule_sheet"]

_HOW_TERMS_ARE_DECIDED = (
    "A fund manager drafts a version with these terms, and a second one publishes it."
)
_ORDER = {subject: place for place, subject in enumerate(Subject)}


def rule_sheet(
    proposal: Proposal, appraisal: Appraisal, offer: Offer, profile: Profile
) -> tuple[Finding, ...]:
    """All findings by subject: enterprise, measures, evidence, worth, environment, ladder, loan.

    The offer is eligible exactly when none of them fails. Where the fund leaves terms open that
    an approval needs, one finding names them and the rules that need them are left out.
    """
    findings = where_decided(
        partial(project_findings, proposal, appraisal, profile),
        partial(evidence_findings, proposal, profile),
        partial(worth_findings, proposal, appraisal, profile),
        partial(environment_findings, proposal, profile),
        partial(ladder_findings, proposal, appraisal, offer, profile),
        partial(loan_findings, proposal, appraisal, offer, profile),
        partial(_open_terms, profile),
    )
    return tuple(sorted(findings, key=lambda found: _ORDER[found.subject]))


def _open_terms(profile: Profile) -> tuple[Finding, ...]:
    """That the fund has not decided terms without which nothing is approved, each named."""
    labels = profile.missing_terms()
    if not labels:
        return ()
    return (
        Finding(
            code="terms_missing",
            outcome=Outcome.FAIL,
            rule="The fund has decided its terms",
            value=f"left open: {', '.join(labels)}",
            limit="every term that an approval needs",
            source=f"Profile {profile.code}, version {profile.version}",
            what_would_pass=_HOW_TERMS_ARE_DECIDED,
            subject=Subject.LOAN,
        ),
    )
