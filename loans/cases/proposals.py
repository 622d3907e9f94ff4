"""Proposals: drafted, saved, resumed, sent and withdrawn by the enterprise or its adviser."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.cases.case_status import CaseStatus, check_act
from loans.cases.proposal_figures import Incomplete, checked_figures, figures_hash, figures_so_far
from loans.cases.proposal_views import ProposalView, proposal_view, proposals
from loans.draft import Draft, DraftEnterprise
from loans.fund import the_facility
from loans.history import Moment, next_reference, record
from loans.people import Actor, Role, fold
from loans.profile import Profile
from loans.refusal import Missing, NotYours, OutOfStep, WrongValue
from loans.storage.database import new_id
from loans.tables import Application, Enterprise, Proposal
from loans.versions.profile_versions import profile_in_force, profile_of

# Writing and reading proposals as one module for those who use both.
__all__ = [
    "DRAFT",
    "SENT",
    "WITHDRAWN",
    "AlreadySent",
    "ChangedMeanwhile",
    "Incomplete",
    "OnlyAuthors",
    "ProposalView",
    "checked_figures",
    "figures_hash",
    "figures_so_far",
    "proposal_view",
    "proposals",
    "save_draft",
    "start_proposal",
    "submit_proposal",
    "withdraw_proposal",
]

DRAFT, SENT, WITHDRAWN = "draft", "sent", "withdrawn"


class AlreadySent(OutOfStep):
    """The proposal was sent and is not open for changes."""


class ChangedMeanwhile(OutOfStep):
    """Somebody else saved the proposal after it was opened here."""


class OnlyAuthors(NotYours):
    """Proposals are written by enterprises and their advisers."""


def start_proposal(
    session: Session, actor: Actor, moment: Moment, *, enterprise_id: str | None = None
) -> str:
    """Open an empty draft with what is known about the enterprise filled in; answer its id.

    Raises:
        OnlyAuthors: the actor is neither an enterprise nor an adviser.
        Missing: the enterprise does not exist for the actor.
    """
    if actor.role not in (Role.ENTERPRISE, Role.ADVISER):
        message = "A proposal is written by an enterprise or its adviser."
        raise OnlyAuthors(message)
    enterprise = session.get(Enterprise, enterprise_id or _only_enterprise(actor))
    if enterprise is None or not actor.may_see(enterprise.id):
        raise Missing
    proposal = Proposal(
        id=new_id(),
        facility_id=the_facility(session).facility_id,
        enterprise_id=enterprise.id,
        status=DRAFT,
        title="",
        answers=Draft(enterprise=_known_enterprise(session, enterprise)).model_dump(mode="json"),
        version=1,
        created_by=actor.user_id,
        created_at=moment.at,
        updated_by=actor.user_id,
        updated_at=moment.at,
    )
    session.add(proposal)
    session.flush()
    record(
        session,
        actor,
        moment,
        subject=("proposal", proposal.id),
        action="start",
        facility_id=proposal.facility_id,
        statuses=(None, DRAFT),
    )
    return proposal.id


def _only_enterprise(actor: Actor) -> str:
    """The one enterprise that the actor writes for; an adviser of several names it."""
    found = tuple(actor.enterprise_ids or ())
    if len(found) > 1:
        message = "Choose the enterprise that the proposal is for."
        raise WrongValue(message, field="enterprise_id")
    return found[0] if found else ""


def _known_enterprise(session: Session, enterprise: Enterprise) -> DraftEnterprise:
    """What an earlier proposal or the register says, so that nothing is asked twice."""
    earlier = session.scalars(
        select(Proposal)
        .where(Proposal.enterprise_id == enterprise.id)
        .order_by(Proposal.updated_at.desc(), Proposal.id.desc())
        .limit(1)
    ).one_or_none()
    if earlier is not None:
        return Draft.model_validate(earlier.answers).enterprise
    return DraftEnterprise.model_validate(
        {
            "name": enterprise.name,
            "registration_number": enterprise.registration_number,
            "country": enterprise.country,
            "ownership": enterprise.ownership,
            "sector": enterprise.sector,
        }
    )


def save_draft(
    session: Session,
    actor: Actor,
    moment: Moment,
    proposal_id: str,
    draft: Draft,
    *,
    version: int | None = None,
) -> int:
    """Store the answers given so far, complete or not; answer the new version.

    Raises:
        AlreadySent: the proposal is with the fund.
        ChangedMeanwhile: ``version`` is given and is not the stored one.
    """
    proposal = _own(session, actor, proposal_id)
    if proposal.status != DRAFT:
        message = "The proposal was sent and cannot be changed. An officer can return it to you."
        raise AlreadySent(message)
    if version is not None and version != proposal.version:
        message = (
            "Somebody else saved this proposal after you opened it. Your answers are still in the "
            "form; compare them with the saved ones and save again."
        )
        raise ChangedMeanwhile(message)
    proposal.answers = draft.model_dump(mode="json")
    proposal.title = draft.project.title or ""
    proposal.version += 1
    proposal.updated_by, proposal.updated_at = actor.user_id, moment.at
    record(
        session,
        actor,
        moment,
        subject=("proposal", proposal.id),
        action="save",
        facility_id=proposal.facility_id,
    )
    return proposal.version


def submit_proposal(session: Session, actor: Actor, moment: Moment, proposal_id: str) -> str:
    """Send the proposal: it becomes an application with a reference; answer the application's id.

    The application is judged by the terms in force on the day. A returned proposal goes back to
    the same application with its new figures, and keeps the terms of the first time.

    Raises:
        Incomplete: answers are missing; the refusal carries them all.
        AlreadySent: it is with the fund already.
    """
    proposal = _own(session, actor, proposal_id)
    if proposal.status != DRAFT:
        message = "The proposal was sent before; it is with the fund."
        raise AlreadySent(message)
    draft = Draft.model_validate(proposal.answers)
    facility = the_facility(session)
    application = _application_of(session, proposal)
    if application is None:
        profile = profile_in_force(session, facility.facility_id, facility.profile_code, moment.on)
        figures = checked_figures(draft, profile)
        application, before = _lodge(session, moment, proposal, profile), None
    else:
        figures = checked_figures(draft, profile_of(session, application))
        before = CaseStatus(application.status)
        check_act("resubmit", before, actor)
    application.title = figures.title
    application.status, application.status_since_on = CaseStatus.SUBMITTED, moment.on
    application.figures = figures.model_dump(mode="json")
    application.answers = proposal.answers
    application.figures_hash = figures_hash(application.figures)
    session.add(application)
    proposal.status = SENT
    _keep_enterprise_current(session, proposal.enterprise_id, draft.enterprise)
    session.flush()
    record(
        session,
        actor,
        moment,
        subject=("application", application.id),
        action="submit",
        facility_id=facility.facility_id,
        statuses=(before, CaseStatus.SUBMITTED),
        details={"figures_hash": application.figures_hash},
    )
    return application.id


def _lodge(session: Session, moment: Moment, row: Proposal, profile: Profile) -> Application:
    return Application(
        id=new_id(),
        facility_id=row.facility_id,
        proposal_id=row.id,
        enterprise_id=row.enterprise_id,
        reference=next_reference(session, row.facility_id, "CP", moment.on.year),
        submitted_on=moment.on,
        profile_code=profile.code,
        profile_version=profile.version,
    )


def _keep_enterprise_current(
    session: Session, enterprise_id: str, answers: DraftEnterprise
) -> None:
    row = session.get_one(Enterprise, enterprise_id)
    row.ownership = answers.ownership or row.ownership
    row.sector = answers.sector or row.sector
    row.search_name = fold(f"{row.name} {row.registration_number}")


def withdraw_proposal(
    session: Session, actor: Actor, moment: Moment, proposal_id: str, *, reason: str = ""
) -> None:
    """Take a draft or an application back for good; an approved one is cancelled by the fund."""
    proposal = _own(session, actor, proposal_id)
    if proposal.status == WITHDRAWN:
        message = "The proposal was withdrawn before."
        raise AlreadySent(message)
    application = _application_of(session, proposal)
    subject, before = ("proposal", proposal.id), proposal.status
    if application is not None:
        before = application.status
        after = check_act("withdraw", CaseStatus(before), actor)
        application.status, application.status_since_on = after, moment.on
        subject = ("application", application.id)
    proposal.status = WITHDRAWN
    record(
        session,
        actor,
        moment,
        subject=subject,
        action="withdraw",
        facility_id=proposal.facility_id,
        statuses=(before, WITHDRAWN),
        note=reason,
    )


def _own(session: Session, actor: Actor, proposal_id: str) -> Proposal:
    """The proposal, locked, if it exists for the actor and the actor may write it."""
    proposal = session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal is None or not actor.may_see(proposal.enterprise_id):
        raise Missing
    if actor.role not in (Role.ENTERPRISE, Role.ADVISER):
        message = "Only the enterprise and its adviser change a proposal."
        raise OnlyAuthors(message)
    return proposal


def _application_of(session: Session, proposal: Proposal) -> Application | None:
    """The application that the proposal became, locked and as it is now."""
    query = select(Application).where(Application.proposal_id == proposal.id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
