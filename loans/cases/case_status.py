"""The life of a case: which act leads from which status to which, who does it, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from loans.people import Actor, Role
from loans.refusal import NotYours, OutOfStep


class CaseStatus(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    COMPLETE = "complete"
    APPRAISED = "appraised"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    REFUSED = "refused"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        """The status inside a sentence: who submitted an application has sent it."""
        return "sent" if self is CaseStatus.SUBMITTED else self.value


class LoanStatus(StrEnum):
    """Where a loan stands; arrears are a derived fact, not a status."""

    SIGNED = "signed"
    DISBURSING = "disbursing"
    REPAYING = "repaying"
    REPAID = "repaid"
    WRITTEN_OFF = "written_off"
    CANCELLED = "cancelled"


BORROWED = (LoanStatus.DISBURSING, LoanStatus.REPAYING)
"""Money is paid out, and it is neither repaid nor given up."""

PAID_OUT = (*BORROWED, LoanStatus.REPAID)
"""Money was paid out and is not given up: the borrower may pay, even what is not owed any more."""

TAKES_MONEY = (*PAID_OUT, LoanStatus.WRITTEN_OFF)
"""Money may be received: on a loan written off, what came before that day."""


@dataclass(frozen=True)
class Act:
    """One act on an application: who may do it, from which statuses, leading where."""

    label: str
    roles: frozenset[Role]
    before: frozenset[CaseStatus]
    after: CaseStatus


_OFFICER = frozenset({Role.OFFICER})
_MANAGER = frozenset({Role.MANAGER})
_AUTHORS = frozenset({Role.ENTERPRISE, Role.ADVISER})
UNDECIDED = frozenset(
    {
        CaseStatus.SUBMITTED,
        CaseStatus.RETURNED,
        CaseStatus.COMPLETE,
        CaseStatus.APPRAISED,
        CaseStatus.RECOMMENDED,
    }
)
"""Lodged, and neither approved, refused nor withdrawn."""

STAGES = (
    CaseStatus.SUBMITTED,
    CaseStatus.COMPLETE,
    CaseStatus.APPRAISED,
    CaseStatus.RECOMMENDED,
    CaseStatus.APPROVED,
    CaseStatus.SIGNED,
)
"""The way of a case that ends in a loan."""

ACTS: Mapping[str, Act] = {
    "return": Act(
        "Return to the enterprise",
        _OFFICER,
        frozenset({CaseStatus.SUBMITTED, CaseStatus.COMPLETE, CaseStatus.APPRAISED}),
        CaseStatus.RETURNED,
    ),
    "resubmit": Act("Send again", _AUTHORS, frozenset({CaseStatus.RETURNED}), CaseStatus.SUBMITTED),
    "complete": Act(
        "Confirm completeness", _OFFICER, frozenset({CaseStatus.SUBMITTED}), CaseStatus.COMPLETE
    ),
    "appraise": Act(
        "Confirm the appraisal", _OFFICER, frozenset({CaseStatus.COMPLETE}), CaseStatus.APPRAISED
    ),
    "recommend": Act(
        "Recommend approval",
        _OFFICER,
        frozenset({CaseStatus.APPRAISED}),
        CaseStatus.RECOMMENDED,
    ),
    "send_back": Act(
        "Send back to the officer",
        _MANAGER,
        frozenset({CaseStatus.RECOMMENDED}),
        CaseStatus.APPRAISED,
    ),
    "approve": Act("Approve", _MANAGER, frozenset({CaseStatus.RECOMMENDED}), CaseStatus.APPROVED),
    "refuse": Act(
        "Refuse",
        _OFFICER | _MANAGER,
        UNDECIDED - {CaseStatus.RETURNED},
        CaseStatus.REFUSED,
    ),
    "withdraw": Act("Withdraw", _AUTHORS, UNDECIDED, CaseStatus.WITHDRAWN),
    "sign": Act(
        "Record the signature", _OFFICER, frozenset({CaseStatus.APPROVED}), CaseStatus.SIGNED
    ),
    "cancel": Act(
        "Cancel the approval", _MANAGER, frozenset({CaseStatus.APPROVED}), CaseStatus.CANCELLED
    ),
}

WHO_ACTS_NEXT: Mapping[CaseStatus, tuple[Role | None, str]] = {
    CaseStatus.SUBMITTED: (Role.OFFICER, "A loan officer checks that the application is complete."),
    CaseStatus.RETURNED: (Role.ENTERPRISE, "The enterprise answers the questions and sends again."),
    CaseStatus.COMPLETE: (Role.OFFICER, "A loan officer appraises the project."),
    CaseStatus.APPRAISED: (Role.OFFICER, "A loan officer recommends approval or refusal."),
    CaseStatus.RECOMMENDED: (Role.MANAGER, "The fund manager approves or refuses."),
    CaseStatus.APPROVED: (Role.OFFICER, "The contract is signed; a loan officer records it."),
    CaseStatus.REFUSED: (None, "Nothing more happens with this application."),
    CaseStatus.SIGNED: (None, "The case goes on as a loan."),
    CaseStatus.WITHDRAWN: (None, "Nothing more happens with this application."),
    CaseStatus.CANCELLED: (None, "Nothing more happens with this application."),
}


class WrongStatus(OutOfStep):
    """The act does not follow from the status of the case."""


class WrongRole(NotYours):
    """The act belongs to another role."""


def check_act(name: str, status: CaseStatus, actor: Actor) -> CaseStatus:
    """The status that the act leads to.

    Raises:
        WrongRole: the actor's role does not include the act.
        WrongStatus: the act is not possible in this status.
    """
    act = ACTS[name]
    if actor.role not in act.roles:
        people = " or ".join(sorted(role.value for role in act.roles))
        message = f"“{act.label}” is for the role {people}. Your role is {actor.role.value}."
        raise WrongRole(message)
    if status not in act.before:
        message = (
            f"“{act.label}” is not possible now: the application is {status.words}. "
            f"{WHO_ACTS_NEXT[status][1]}"
        )
        raise WrongStatus(message)
    return act.after
