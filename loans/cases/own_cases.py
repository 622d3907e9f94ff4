"""What authors see around a proposal: the facility it is for, its history, what it may bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.cases.assessment import Assessment, assess
from loans.cases.proposals import (
    Incomplete,
    ProposalView,
    checked_figures,
    figures_so_far,
    proposal_view,
)
from loans.draft import Draft
from loans.draft_gaps import Gap
from loans.fund import Facility, the_facility
from loans.history import HistoryLine, history
from loans.people import Actor
from loans.profile import Profile
from loans.tables import Application, Enterprise
from loans.versions.profile_versions import profile_in_force, profile_of


@dataclass(frozen=True)
class OwnCase:
    """One proposal of the actor, with the facility and the profile that it is made for."""

    view: ProposalView
    facility: Facility
    profile: Profile
    history: tuple[HistoryLine, ...]

    @property
    def draft(self) -> Draft:
        """The answers saved so far."""
        return self.view.draft


def own_case(session: Session, actor: Actor, proposal_id: str, *, on: date) -> OwnCase:
    """One proposal with what surrounds it; a draft has the terms in force on the day ``on``.

    Raises:
        Missing: it does not exist for the actor.
    """
    view = proposal_view(session, actor, proposal_id)
    facility = the_facility(session)
    subjects = (view.proposal_id, *((view.application_id,) if view.application_id else ()))
    sent = session.get(Application, view.application_id) if view.application_id else None
    if sent is not None:
        profile = profile_of(session, sent)
    else:
        profile = profile_in_force(session, facility.facility_id, facility.profile_code, on)
    return OwnCase(view, facility, profile, history(session, subjects))


def assessment_so_far(case: OwnCase) -> Assessment | None:
    """What the measures entered so far would bring, or None while they give no figures."""
    figures = figures_so_far(case.draft, case.profile)
    if figures is None:
        return None
    try:
        return assess(figures, case.profile)
    except ValueError:
        # Figures so large that a result cannot be stated; the check names them when it is sent.
        return None


def problems(case: OwnCase) -> tuple[Gap, ...]:
    """Everything to correct before the proposal can be sent: gaps, then contradictions."""
    try:
        checked_figures(case.draft, case.profile)
    except Incomplete as refusal:
        return refusal.gaps
    return ()


def enterprises_of(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Id and name of the enterprises for which the actor writes proposals, by name."""
    rows = session.execute(
        select(Enterprise.id, Enterprise.name)
        .where(Enterprise.id.in_(actor.enterprise_ids or ()))
        .order_by(Enterprise.search_name, Enterprise.id)
    )
    return tuple((row.id, row.name) for row in rows)
