"""How a decision about an application is made: lock, move the status, keep what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.cases.assessment import assess_stored, snapshot
from loans.cases.case_status import CaseStatus, check_act
from loans.cases.proposals import WITHDRAWN, figures_hash
from loans.entered_text import entered_text
from loans.history import Moment, record
from loans.people import Actor
from loans.refusal import Missing
from loans.schedules.instalment_periods import LastPeriod
from loans.storage.database import new_id
from loans.tables import Application, Decision, Proposal

LONGEST_REASON = 4_000


@dataclass(frozen=True)
class Terms:
    """What is recommended: amount in minor units, months, rate a year, kind of schedule.

    ``frequency_months`` is 0 (``LISTED``) where the contract lists its due days; ``last_period``
    says what becomes of the months that the frequency leaves over. ``balloon_minor`` falls due
    with the last instalment.
    """

    amount_minor: int
    maturity_months: int
    annual_rate: Decimal
    method: str
    frequency_months: int = 1
    last_period: LastPeriod = LastPeriod.SHORTER
    balloon_minor: int = 0


def locked(session: Session, actor: Actor, application_id: str) -> Application:
    """The application, locked until the transaction ends, if it exists for the actor."""
    row = session.get(Application, application_id, with_for_update=True, populate_existing=True)
    if row is None or not actor.may_see(row.enterprise_id):
        raise Missing
    return row


def terms_of(decision: Decision) -> Terms:
    """The terms stored with a recommendation or an approval."""
    return Terms(
        amount_minor=decision.amount_minor or 0,
        maturity_months=decision.maturity_months or 0,
        annual_rate=Decimal(decision.annual_rate or "0"),
        method=decision.method or "level",
        frequency_months=decision.frequency_months,
        last_period=LastPeriod(decision.last_period),
        balloon_minor=decision.balloon_minor,
    )


def latest_decision(session: Session, application_id: str, kind: str) -> Decision | None:
    """The last decision of a kind about an application."""
    return session.scalars(
        select(Decision)
        .where(Decision.application_id == application_id, Decision.kind == kind)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(1)
    ).one_or_none()


def need_reason(reason: str, message: str) -> None:
    """Refuse an act without its reason in words; ``message`` asks for it."""
    entered_text(reason, field="reason", ask=message, longest=LONGEST_REASON)


def move(
    session: Session,
    actor: Actor,
    moment: Moment,
    row: Application,
    act: str,
    *,
    note: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Bring the application where ``act`` leads, with its event; an end also ends the proposal.

    Raises:
        WrongRole, WrongStatus: as for ``check_act``.
    """
    before = CaseStatus(row.status)
    after = check_act(act, before, actor)
    row.status, row.status_since_on = after, moment.on
    if after in (CaseStatus.WITHDRAWN, CaseStatus.REFUSED, CaseStatus.CANCELLED):
        session.get_one(Proposal, row.proposal_id).status = WITHDRAWN
    record(
        session,
        actor,
        moment,
        subject=("application", row.id),
        action=act,
        facility_id=row.facility_id,
        statuses=(before, after),
        note=note,
        details=details,
    )


def decide(
    session: Session,
    actor: Actor,
    moment: Moment,
    row: Application,
    kind: str,
    *,
    reason: str,
    terms: Terms | None = None,
    reason_code: str | None = None,
) -> Decision:
    """Keep a decision with the figures, the profile version and the results that it rests on."""
    decision = Decision(
        id=new_id(),
        application_id=row.id,
        kind=kind,
        decided_by=actor.user_id,
        decided_on=moment.on,
        decided_at=moment.at,
        amount_minor=terms.amount_minor if terms else None,
        maturity_months=terms.maturity_months if terms else None,
        annual_rate=str(terms.annual_rate) if terms else None,
        method=terms.method if terms else None,
        frequency_months=terms.frequency_months if terms else 1,
        last_period=(terms.last_period if terms else LastPeriod.SHORTER).value,
        balloon_minor=terms.balloon_minor if terms else 0,
        reason_code=reason_code,
        reason=reason,
        snapshot=snapshot(assess_stored(session, row)),
        figures_hash=figures_hash(row.figures),
    )
    session.add(decision)
    session.flush()
    return decision
