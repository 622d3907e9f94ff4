"""What officers do with an application: return it, confirm it complete, appraise it, refuse it.

Every act locks the application, checks the status and the role, writes one event, and stores with
a decision the figures, the profile version and the results that the person saw.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from appraisal.measure_type import MeasureType
from loans.cases.assessment import assess_stored
from loans.cases.case_status import CaseStatus, check_act
from loans.cases.decisions import decide, locked, move, need_reason
from loans.cases.proposals import DRAFT
from loans.history import Moment, record
from loans.people import Actor
from loans.refusal import OutOfStep, WrongValue
from loans.tables import Proposal

REFUSAL_REASONS: Mapping[str, str] = {
    "expansion": "The project expands production",
    "payback": "The savings do not repay a loan within the longest maturity",
    "amount": "The loan would be outside the limits of the facility",
    "baseline": "The baseline is not documented",
    "collateral": "The security offered does not suffice",
    "creditworthiness": "The enterprise could not carry the loan beside its other debt",
    "not_cleaner_production": "The project treats waste at the end instead of preventing it",
    "funds": "The fund has no money available",
    "other": "Another reason, stated in the text",
}


class NotUnderAppraisal(OutOfStep):
    """A type is overridden only while the application is being appraised."""


def return_application(
    session: Session, actor: Actor, moment: Moment, application_id: str, *, reason: str
) -> None:
    """Give the proposal back to its authors with the questions to answer."""
    row = locked(session, actor, application_id)
    need_reason(reason, "Write what the enterprise has to answer or correct.")
    move(session, actor, moment, row, "return", note=reason)
    session.get_one(Proposal, row.proposal_id).status = DRAFT


def confirm_complete(
    session: Session, actor: Actor, moment: Moment, application_id: str, *, note: str = ""
) -> None:
    """State that everything the rules ask for is there."""
    row = locked(session, actor, application_id)
    move(session, actor, moment, row, "complete", note=note)


def confirm_appraisal(
    session: Session, actor: Actor, moment: Moment, application_id: str, *, note: str = ""
) -> None:
    """Store the appraisal that the officer saw, with its assumptions and profile version."""
    row = locked(session, actor, application_id)
    move(session, actor, moment, row, "appraise", note=note)
    decide(session, actor, moment, row, "appraise", reason=note)


def refuse(
    session: Session,
    actor: Actor,
    moment: Moment,
    application_id: str,
    *,
    reason_code: str,
    reason: str,
) -> None:
    """Refuse the application with a reason code and a sentence for the enterprise."""
    row = locked(session, actor, application_id)
    need_reason(reason, "Write the reason for the enterprise.")
    if reason_code not in REFUSAL_REASONS:
        message = "Choose one of the reasons."
        raise WrongValue(message, field="reason_code")
    move(session, actor, moment, row, "refuse", note=reason, details={"code": reason_code})
    decide(session, actor, moment, row, "refuse", reason=reason, reason_code=reason_code)


def override_type(
    session: Session,
    actor: Actor,
    moment: Moment,
    application_id: str,
    *,
    measure_code: str,
    measure_type: MeasureType,
    reason: str,
) -> None:
    """Note another type for a measure, with the reason.

    The computed type stays beside it, and the second person sees both before approving. The rule
    sheet goes on by the computed type.
    """
    row = locked(session, actor, application_id)
    need_reason(reason, "Write why the measure has another type.")
    check_act("recommend", CaseStatus.APPRAISED, actor)
    if CaseStatus(row.status) not in (CaseStatus.COMPLETE, CaseStatus.APPRAISED):
        message = "A type can be overridden while the application is being appraised."
        raise NotUnderAppraisal(message)
    computed = {m.code: m.type for m in assess_stored(session, row).appraisal.measures}
    if measure_code not in computed:
        message = "Choose one of the measures of this application."
        raise WrongValue(message, field="measure_code")
    details = {
        "measure": measure_code,
        "computed": computed[measure_code],
        "type": measure_type.value,
    }
    record(
        session,
        actor,
        moment,
        subject=("application", row.id),
        action="override",
        facility_id=row.facility_id,
        statuses=(row.status, row.status),
        note=reason,
        details=details,
    )
