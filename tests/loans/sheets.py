"""The rule sheet of a proposal as the tests read it: findings by their code."""

from typing import Any

from appraisal.proposal import Proposal
from loans.assessing.eligibility import Finding, rule_sheet
from loans.assessing.offer import make_offer
from loans.profile import Profile, parse
from tests.loans.proposals import NEFCO, appraised, measure, proposal

GOOD = measure(cost="120000", saving="60000")


def findings(figures: Proposal, profile: Profile = NEFCO) -> dict[str, Finding]:
    appraisal = appraised(figures)
    sheet = rule_sheet(figures, appraisal, make_offer(figures, appraisal, profile), profile)
    assert len({found.code for found in sheet}) == len(sheet)
    return {found.code: found for found in sheet}


def of(*measures: dict[str, Any], profile: Profile = NEFCO, **more: Any) -> dict[str, Finding]:
    return findings(proposal(*measures, **more), profile)


def needed(found: Finding) -> str:
    """What would pass, in words; nothing where the rule passes."""
    return found.what_would_pass or ""


def with_terms(**values: object) -> Profile:
    """The usual profile with other values of some terms."""
    document = NEFCO.model_dump(mode="json")
    for term, value in values.items():
        document["terms"][term]["value"] = value
    return parse(document)
