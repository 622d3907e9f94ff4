"""The acts on an application that belong to a person's role, and what stands in the way of each."""

from __future__ import annotations

from dataclasses import dataclass

from loans.cases.assessment import Assessment
from loans.cases.case_status import ACTS, Act, CaseStatus
from loans.people import Actor, Role

_LIFE = tuple(CaseStatus)
_ENDS = frozenset(
    {CaseStatus.SIGNED, CaseStatus.REFUSED, CaseStatus.WITHDRAWN, CaseStatus.CANCELLED}
)
OVERRIDE = Act(
    "Note another type for a measure",
    frozenset({Role.OFFICER}),
    frozenset({CaseStatus.COMPLETE, CaseStatus.APPRAISED}),
    CaseStatus.APPRAISED,
)
"""The one act that changes no status."""

_ONWARD = frozenset({"complete", "appraise", "recommend", "approve", "sign"})

_ALL_ACTS = {**ACTS, "override": OVERRIDE}


@dataclass(frozen=True)
class ActState:
    """One act of the actor's role: what it is called and why it cannot be done now, or None."""

    name: str
    label: str
    obstacle: str | None

    @property
    def slug(self) -> str:
        """The act as it stands in addresses."""
        return self.name.replace("_", "-")

    @property
    def leads_on(self) -> bool:
        """Whether the act brings the case nearer to a loan."""
        return self.name in _ONWARD


@dataclass(frozen=True)
class Recommended:
    """What an approval rests on: who recommended how much, and on which figures."""

    by_id: str
    amount_minor: int
    figures_are_current: bool


def act_states(
    status: CaseStatus,
    actor: Actor,
    *,
    assessment: Assessment,
    recommended: Recommended | None,
    available_minor: int,
) -> tuple[ActState, ...]:
    """The acts of the actor's role that can be done now or that are still to come.

    An act that the case has passed, and every act once the case has ended, is left out.
    """
    found = []
    for name, act in _ALL_ACTS.items():
        if actor.role not in act.roles or not _is_ahead(act, status):
            continue
        obstacle = _wrong_status(act, status)
        if obstacle is None and name == "recommend":
            obstacle = _not_eligible(assessment)
        if obstacle is None and name == "approve":
            obstacle = _not_eligible(assessment) or _not_approvable(
                actor, recommended, available_minor
            )
        found.append(ActState(name, act.label, obstacle))
    return tuple(found)


def standing_obstacle(name: str, status: CaseStatus, actor: Actor) -> str | None:
    """Why the role of the actor or the status of the case bars an act, whatever the figures."""
    act = _ALL_ACTS[name]
    if actor.role not in act.roles:
        people = " or ".join(sorted(role.value for role in act.roles))
        return f"“{act.label}” is for the role {people}. Your role is {actor.role.value}."
    return _wrong_status(act, status)


def _is_ahead(act: Act, status: CaseStatus) -> bool:
    if status in _ENDS:
        return False
    return max(map(_LIFE.index, act.before)) >= _LIFE.index(status)


def _wrong_status(act: Act, status: CaseStatus) -> str | None:
    if status in act.before:
        return None
    wanted = " or ".join(one.words for one in _LIFE if one in act.before)
    return f"This needs an application that is {wanted}; this one is {status.words}."


def _not_eligible(assessment: Assessment) -> str | None:
    if missing := assessment.profile.missing_terms():
        return f"The rules leave open: {', '.join(missing)}. The fund has to decide first."
    failed = [found.rule for found in assessment.barring]
    if not failed:
        return None
    count = "1 rule fails" if len(failed) == 1 else f"{len(failed)} rules fail"
    return f"{count}: {'; '.join(failed)}. The rule sheet says what would pass."


def _not_approvable(
    actor: Actor, recommended: Recommended | None, available_minor: int
) -> str | None:
    if recommended is None:
        return "There is no recommendation to approve."
    if recommended.by_id == actor.user_id:
        return "You recommended this loan yourself. Another person has to approve it."
    if not recommended.figures_are_current:
        return "The figures changed after the recommendation. It has to be made again."
    if recommended.amount_minor > available_minor:
        return "The fund has less money available than this loan needs."
    return None
