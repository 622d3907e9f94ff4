"""Proposals as their authors see them. The fund sees applications, never drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from loans.cases.case_status import CaseStatus
from loans.draft import Draft
from loans.people import Actor, Role
from loans.refusal import Missing
from loans.tables import Application, Enterprise, Proposal, User


@dataclass(frozen=True)
class ProposalView:
    """A proposal as its authors see it."""

    proposal_id: str
    enterprise_id: str
    enterprise_name: str
    status: str
    title: str
    draft: Draft
    version: int
    updated_by: str
    updated_at: datetime
    application_id: str | None
    reference: str | None
    application_status: CaseStatus | None


def proposal_view(session: Session, actor: Actor, proposal_id: str) -> ProposalView:
    """One proposal.

    Raises:
        Missing: it does not exist for the actor. Drafts exist only for their authors.
    """
    found = _views(session, actor, Proposal.id == proposal_id)
    if not found:
        raise Missing
    return found[0]


def proposals(session: Session, actor: Actor) -> tuple[ProposalView, ...]:
    """The actor's proposals, newest change first."""
    return _views(session, actor)


def _views(
    session: Session, actor: Actor, *conditions: ColumnElement[bool]
) -> tuple[ProposalView, ...]:
    if actor.role not in (Role.ENTERPRISE, Role.ADVISER):
        return ()
    rows = session.execute(
        select(Proposal, Enterprise.name, User.name, Application)
        .join(Enterprise, Enterprise.id == Proposal.enterprise_id)
        .join(User, User.id == Proposal.updated_by)
        .outerjoin(Application, Application.proposal_id == Proposal.id)
        .where(Proposal.enterprise_id.in_(actor.enterprise_ids or ()), *conditions)
        .order_by(Proposal.updated_at.desc(), Proposal.id)
    )
    return tuple(_view(*row) for row in rows)


def _view(
    row: Proposal, enterprise_name: str, author: str, application: Application | None
) -> ProposalView:
    return ProposalView(
        proposal_id=row.id,
        enterprise_id=row.enterprise_id,
        enterprise_name=enterprise_name,
        status=row.status,
        title=row.title,
        draft=Draft.model_validate(row.answers),
        version=row.version,
        updated_by=author,
        updated_at=row.updated_at,
        application_id=None if application is None else application.id,
        reference=None if application is None else application.reference,
        application_status=None if application is None else CaseStatus(application.status),
    )
