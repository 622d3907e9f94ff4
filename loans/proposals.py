"""Proposals: drafted, saved, resumed, sent and withdrawn by the enterprise or its adviser."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.proposal import Assumptions
from appraisal.proposal import Proposal as Figures
from loans import profile as profiles
from loans.case_status import CaseStatus, check_act
from loans.database import new_id
from loans.draft import Draft, DraftEnterprise, Gap, Section, gaps, to_proposal
from loans.fund import Facility, the_facility
from loans.history import Moment, next_reference, record
from loans.people import Actor, Role, fold
from loans.refusal import Missing, NotYours, OutOfStep, WrongValue
from loans.tables import Application, Enterprise, Proposal, User

DRAFT, SENT, WITHDRAWN = "draft", "sent", "withdrawn"


class Incomplete(WrongValue):
    """The proposal cannot be sent yet; every gap is named."""

    code = "incomplete"

    def __init__(self, found: tuple[Gap, ...]) -> None:
        super().__init__(f"{len(found)} answers are missing. {found[0].message}")
        self.gaps = found


class AlreadySent(OutOfStep):
    """The proposal was sent and is not open for changes."""


class ChangedMeanwhile(OutOfStep):
    """Somebody else saved the proposal after it was opened here."""


class OnlyAuthors(NotYours):
    """Proposals are written by enterprises and their advisers."""


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
    chosen = enterprise_id or next(iter(sorted(actor.enterprise_ids or ())), "")
    enterprise = session.get(Enterprise, chosen)
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


def _known_enterprise(session: Session, enterprise: Enterprise) -> DraftEnterprise:
    """What an earlier proposal or the register says, so that nothing is asked twice."""
    earlier = session.scalars(
        select(Proposal)
        .where(Proposal.enterprise_id == enterprise.id)
        .order_by(Proposal.updated_at.desc())
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

    A returned proposal goes back to the same application with its new figures.

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
    figures = checked_figures(draft, facility)
    application = session.scalars(
        select(Application).where(Application.proposal_id == proposal.id).with_for_update()
    ).one_or_none()
    if application is None:
        application = _lodge(session, moment, proposal, facility)
        before = None
    else:
        before = CaseStatus(application.status)
        check_act("resubmit", before, actor)
    application.title = figures.title
    application.status, application.status_since_on = CaseStatus.SUBMITTED, moment.on
    application.figures = figures.model_dump(mode="json")
    application.answers = proposal.answers
    application.figures_hash = figures_hash(figures)
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


def checked_figures(draft: Draft, facility: Facility) -> Figures:
    """The figures of a draft, or the refusal that names every gap."""
    missing = gaps(draft)
    if missing:
        raise Incomplete(missing)
    return _figures(draft, facility)


def _figures(draft: Draft, facility: Facility) -> Figures:
    profile = profiles.load(facility.profile_code)
    assumptions = Assumptions(discount_rate=float(profile.terms.default_discount_rate.required))
    try:
        return to_proposal(
            draft, facility=profile.code, currency=facility.currency, assumptions=assumptions
        )
    except ValidationError as error:
        found = tuple(
            Gap(Section.MEASURES, "measures", str(problem["msg"]).removeprefix("Value error, "))
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise Incomplete(found) from error


def figures_so_far(draft: Draft, facility: Facility) -> Figures | None:
    """The figures of an unfinished draft where its measures allow it, for a preview."""
    if not any(measure.savings for measure in draft.measures):
        return None
    stand_in = draft.model_copy(
        update={
            "enterprise": draft.enterprise.model_copy(
                update={
                    "name": draft.enterprise.name or "The enterprise",
                    "country": draft.enterprise.country or "XX",
                }
            ),
            "project": draft.project.model_copy(
                update={"title": draft.project.title or "The project"}
            ),
        }
    )
    try:
        return _figures(stand_in, facility)
    except Incomplete:
        return None


def figures_hash(figures: Figures) -> str:
    """SHA-256 of the figures in canonical form: what was approved is what is paid out."""
    text = json.dumps(figures.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _lodge(session: Session, moment: Moment, row: Proposal, facility: Facility) -> Application:
    profile = profiles.load(facility.profile_code)
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
    application = session.scalars(
        select(Application).where(Application.proposal_id == proposal.id).with_for_update()
    ).one_or_none()
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
    proposal = session.get(Proposal, proposal_id, with_for_update=True)
    if proposal is None or not actor.may_see(proposal.enterprise_id):
        raise Missing
    if actor.role not in (Role.ENTERPRISE, Role.ADVISER):
        message = "Only the enterprise and its adviser change a proposal."
        raise OnlyAuthors(message)
    return proposal


def proposal_view(session: Session, actor: Actor, proposal_id: str) -> ProposalView:
    """One proposal.

    Raises:
        Missing: it does not exist for the actor. Drafts exist only for their authors.
    """
    found = [view for view in _views(session, actor, Proposal.id == proposal_id)]
    if not found:
        raise Missing
    return found[0]


def proposals(session: Session, actor: Actor) -> tuple[ProposalView, ...]:
    """The actor's proposals, newest change first."""
    return _views(session, actor)


def _views(session: Session, actor: Actor, *conditions: object) -> tuple[ProposalView, ...]:
    if actor.role not in (Role.ENTERPRISE, Role.ADVISER):
        return ()
    rows = session.execute(
        select(Proposal, Enterprise.name, User.name, Application)
        .join(Enterprise, Enterprise.id == Proposal.enterprise_id)
        .join(User, User.id == Proposal.updated_by)
        .outerjoin(Application, Application.proposal_id == Proposal.id)
        .where(Proposal.enterprise_id.in_(actor.enterprise_ids or ()), *conditions)  # type: ignore[arg-type]  # column conditions
        .order_by(Proposal.updated_at.desc(), Proposal.id)
    )
    return tuple(
        ProposalView(
            proposal_id=row.id,
            enterprise_id=row.enterprise_id,
            enterprise_name=enterprise_name,
            status=row.status,
            title=row.title,
            draft=Draft.model_validate(row.answers),
            version=row.version,
            updated_by=author,
            updated_at=row.updated_at,
            application_id=application.id if application else None,
            reference=application.reference if application else None,
            application_status=CaseStatus(application.status) if application else None,
        )
        for row, enterprise_name, author, application in rows
    )
