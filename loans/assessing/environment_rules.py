"""Findings about the environmental results: stated at all, readable, and plausible."""

from collections.abc import Mapping

from appraisal.check import Check, Verdict
from appraisal.environment import EnvironmentReport, environment_report
from appraisal.plausibility import plausibility_checks
from appraisal.proposal import Proposal
from appraisal.units import quantity_text
from loans.assessing.finding import Finding, Outcome, Subject
from loans.profile import Profile

_OUTCOMES: Mapping[Verdict, Outcome] = {
    Verdict.PLAUSIBLE: Outcome.PASS,
    Verdict.LOOK_AGAIN: Outcome.WARN,
    Verdict.UNKNOWN: Outcome.UNKNOWN,
}


def environment_findings(proposal: Proposal, profile: Profile) -> tuple[Finding, ...]:
    """Whether results are stated, then one finding for each check that has grounds.

    None of them fails: a doubtful result is looked into by a person, and the loan rests on money.
    """
    report = environment_report(proposal)
    checks = plausibility_checks(proposal, report)
    return (_stated(report, profile), *(_finding(check) for check in checks))


def _stated(report: EnvironmentReport, profile: Profile) -> Finding:
    results = [
        f"{result.label} {quantity_text(result.reduction, result.unit)}"
        + (f" ({result.partial})" if result.partial else "")
        for result in report.results
    ]
    return Finding(
        code="environmental_result",
        outcome=Outcome.PASS if results else Outcome.UNKNOWN,
        rule="What is saved for the environment is stated",
        value="; ".join(results) or "no result stated",
        limit="at least one result in its unit",
        source=profile.terms.baseline_evidence.source,
        what_would_pass=(
            None
            if results
            else "Enter quantities with their indicator on the savings, or an expected result."
        ),
        subject=Subject.ENVIRONMENT,
    )


def _finding(check: Check) -> Finding:
    return Finding(
        code=check.code,
        outcome=_OUTCOMES[check.verdict],
        rule=check.rule,
        value=check.value,
        limit=check.limit,
        source=check.source,
        what_would_pass=check.what_would_pass,
        subject=Subject.ENVIRONMENT,
    )
