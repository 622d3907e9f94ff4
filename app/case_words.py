"""The words in which pages say what is stored as a code: stages, outcomes, rules, methods."""

from collections.abc import Mapping
from typing import Any

from app.plain_words import TASKS, TECHNIQUES
from appraisal.proposal import Evidence, Timing
from loans.assessing.coded_words import EVIDENCE, OWNERSHIPS
from loans.assessing.eligibility import Outcome
from loans.assessing.finding import Subject
from loans.assessing.offer import AmountRule, MaturityRule
from loans.cases.applications import REFUSAL_REASONS
from loans.cases.case_status import CaseStatus
from loans.people import Role
from loans.schedules.instalment_periods import LastPeriod
from loans.schedules.schedule import Method

_STATUS_TONES: Mapping[CaseStatus, str] = {
    CaseStatus.SUBMITTED: "info",
    CaseStatus.RETURNED: "warn",
    CaseStatus.COMPLETE: "info",
    CaseStatus.APPRAISED: "info",
    CaseStatus.RECOMMENDED: "info",
    CaseStatus.APPROVED: "good",
    CaseStatus.REFUSED: "bad",
    CaseStatus.SIGNED: "good",
    CaseStatus.WITHDRAWN: "plain",
    CaseStatus.CANCELLED: "plain",
}
STATUS: Mapping[str, tuple[str, str]] = {
    status: (status.words.capitalize(), tone) for status, tone in _STATUS_TONES.items()
}
"""The name of each stage and the tone of its badge."""

STATUS_NAMES: Mapping[str, str] = {
    "draft": "Draft",
    **{status: words for status, (words, _) in STATUS.items()},
}
"""The name of each status that stands in the history of a case."""

WHO: Mapping[str, str] = {
    Role.ENTERPRISE: "the enterprise",
    Role.ADVISER: "the adviser",
    Role.OFFICER: "a loan officer",
    Role.MANAGER: "the fund manager",
}

OUTCOME: Mapping[str, tuple[str, str]] = {
    Outcome.PASS: ("Passes", "good"),
    Outcome.FAIL: ("Fails", "bad"),
    Outcome.WARN: ("Look at it", "warn"),
    Outcome.UNKNOWN: ("Not known", "warn"),
}

SUBJECT: Mapping[str, str] = {
    Subject.ENTERPRISE: "The enterprise",
    Subject.MEASURES: "The measures",
    Subject.EVIDENCE: "Evidence",
    Subject.WORTH: "What the project is worth",
    Subject.ENVIRONMENT: "Results for the environment",
    Subject.LADDER: "Small measures first",
    Subject.LOAN: "The loan",
}
"""What rules are about, in the order of the rule sheet."""

AMOUNT_RULE: Mapping[str, str] = {
    AmountRule.FINANCED_SHARE: "the largest part of the investment that the loan finances",
    AmountRule.FACILITY_MAXIMUM: "the facility's largest loan",
    AmountRule.COVER: "the smallest savings cover",
    AmountRule.REQUESTED: "the amount asked for",
}

MATURITY_RULE: Mapping[str, str] = {
    MaturityRule.PAYBACK_PLUS_20_PERCENT: "the ROI period and its extension",
    MaturityRule.THREE_YEAR_CAP: "the facility's longest maturity",
    MaturityRule.REQUESTED: "the months asked for",
}

METHOD: Mapping[str, str] = {
    Method.LEVEL: "Level instalments",
    Method.EQUAL_PRINCIPAL: "Equal parts of principal",
    Method.BULLET: "Everything at the end",
    Method.SAVINGS_MATCHED: "Instalments that follow the savings",
}

LAST_PERIOD: Mapping[str, str] = {
    LastPeriod.SHORTER: "A last period that is shorter",
    LastPeriod.LONGER: "A last period that is longer",
}
"""What becomes of the months that the frequency leaves over."""

DECISION: Mapping[str, str] = {
    "appraise": "Appraisal confirmed",
    "recommend": "Recommended",
    "approve": "Approved",
    "refuse": "Refused",
}

ACTION: Mapping[str, str] = {
    "start": "Proposal begun",
    "submit": "Sent to the fund",
    "return": "Returned to the enterprise",
    "complete": "Confirmed complete",
    "appraise": "Appraisal confirmed",
    "override": "Another type noted",
    "recommend": "Recommended",
    "send_back": "Sent back to the officer",
    "approve": "Approved",
    "refuse": "Refused",
    "withdraw": "Withdrawn",
    "sign": "Signature recorded",
    "cancel": "Approval cancelled",
}

TECHNIQUE: Mapping[str, str] = {technique: name for technique, (name, _) in TECHNIQUES.items()}

EVIDENCE_NAMES: Mapping[Evidence, str] = {**EVIDENCE, Evidence.NONE: "No evidence"}

TIMING: Mapping[str, str] = {
    Timing.ANNUAL: "at the end of each year",
    Timing.MONTHLY: "in each month",
}

CASE_WORDS: Mapping[str, Mapping[Any, object]] = {
    "status": STATUS,
    "status_names": STATUS_NAMES,
    "who": WHO,
    "outcome": OUTCOME,
    "subject": SUBJECT,
    "amount_rule": AMOUNT_RULE,
    "maturity_rule": MATURITY_RULE,
    "method": METHOD,
    "last_period": LAST_PERIOD,
    "decision": DECISION,
    "action": ACTION,
    "ownership": OWNERSHIPS,
    "technique": TECHNIQUE,
    "task": TASKS,
    "evidence": EVIDENCE_NAMES,
    "timing": TIMING,
    "refusal": REFUSAL_REASONS,
}
"""All words at once, for the templates."""
