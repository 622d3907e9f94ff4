"""A loan recommended by one person and approved by another, which reserves the money."""

from __future__ import annotations

from sqlalchemy.orm import Session

from loans import commitments
from loans.cases.assessment import Assessment, assess_stored
from loans.cases.case_status import CaseStatus, check_act
from loans.cases.decisions import (
    Terms,
    decide,
    latest_decision,
    locked,
    move,
    need_reason,
    terms_of,
)
from loans.cases.recommended_terms import check_terms
from loans.history import Moment
from loans.ledger_legs import Source
from loans.people import Actor
from loans.refusal import NotYours, OutOfStep
from loans.tables import Approval


class NotEligible(OutOfStep):
    """The rule sheet has a rule that fails."""


class SamePerson(NotYours):
    """One person may not do both halves of an act that needs two."""


class FiguresChanged(OutOfStep):
    """The figures are not those that were recommended."""


def recommend(
    session: Session,
    actor: Actor,
    moment: Moment,
    application_id: str,
    *,
    terms: Terms,
    reason: str,
) -> None:
    """Recommend a loan inside the offer.

    Raises:
        NotEligible: a rule fails, or a mandatory term of the profile is missing.
        AboveOffer: amount, maturity, rate or schedule are not what the rules allow.
    """
    row = locked(session, actor, application_id)
    need_reason(reason, "Write why the loan is recommended.")
    check_act("recommend", CaseStatus(row.status), actor)
    assessment = assess_stored(session, row)
    _check_eligible(assessment)
    check_terms(assessment, terms)
    move(session, actor, moment, row, "recommend", note=reason)
    decide(session, actor, moment, row, "recommend", reason=reason, terms=terms)


def _check_eligible(assessment: Assessment) -> None:
    if missing := assessment.profile.missing_terms():
        message = f"The profile lacks {', '.join(missing)}; nothing can be approved under it."
        raise NotEligible(message)
    failed = assessment.barring
    if failed:
        first = failed[0]
        passing = f" {first.what_would_pass}" if first.what_would_pass else ""
        count = "One rule fails" if len(failed) == 1 else f"{len(failed)} rules fail"
        message = f"{count}. {first.rule}: {first.value}.{passing}"
        raise NotEligible(message)


def send_back(
    session: Session, actor: Actor, moment: Moment, application_id: str, *, reason: str
) -> None:
    """Send the recommendation back to the officer with a reason."""
    row = locked(session, actor, application_id)
    need_reason(reason, "Write what the officer should look at again.")
    move(session, actor, moment, row, "send_back", note=reason)


def approve(
    session: Session, actor: Actor, moment: Moment, application_id: str, *, reason: str
) -> None:
    """Approve what was recommended, by a second person, and reserve the money.

    Raises:
        SamePerson: the recommendation is the actor's own.
        FiguresChanged: the figures are not those recommended.
        ledger.Overdrawn: the fund has not that much available.
    """
    row = locked(session, actor, application_id)
    check_act("approve", CaseStatus(row.status), actor)
    recommendation = latest_decision(session, row.id, "recommend")
    if recommendation is None or recommendation.amount_minor is None:
        message = "There is no recommendation to approve."
        raise FiguresChanged(message)
    if recommendation.decided_by == actor.user_id:
        message = "You recommended this loan yourself. Another person has to approve it."
        raise SamePerson(message)
    if recommendation.figures_hash != row.figures_hash:
        message = "The figures changed after the recommendation. It has to be made again."
        raise FiguresChanged(message)
    terms = terms_of(recommendation)
    _check_eligible(assess_stored(session, row))
    hold_id = commitments.promise(
        session,
        actor,
        moment,
        facility_id=row.facility_id,
        amount_minor=terms.amount_minor,
        about=Source("application", row.id),
        key=f"approve:{row.id}:{recommendation.id}",
    )
    move(session, actor, moment, row, "approve", note=reason)
    approval = decide(session, actor, moment, row, "approve", reason=reason, terms=terms)
    session.add(
        Approval(
            application_id=row.id,
            recommendation_id=recommendation.id,
            approval_id=approval.id,
            recommended_by=recommendation.decided_by,
            approved_by=actor.user_id,
            hold_id=hold_id,
        )
    )
    session.flush()


def cancel_approval(
    session: Session, actor: Actor, moment: Moment, application_id: str, *, reason: str
) -> None:
    """Give up an approved loan that was never signed; the money reserved is free again."""
    row = locked(session, actor, application_id)
    need_reason(reason, "Write why the approval is cancelled.")
    move(session, actor, moment, row, "cancel", note=reason)
    approval = session.get_one(Approval, row.id)
    commitments.give_up(
        session,
        actor,
        moment,
        facility_id=row.facility_id,
        hold_id=approval.hold_id,
        about=Source("application", row.id),
    )
