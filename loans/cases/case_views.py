"""An application as officers, managers and auditors read it: one frozen value from stored facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import to_minor
from loans.books import ledger
from loans.books.cash_accounts import lendable_minor
from loans.cases.assessment import Assessment, assess_stored
from loans.cases.case_acts import ActState, Recommended, act_states
from loans.cases.case_decisions import DecisionLine, decisions_of
from loans.cases.case_search import Group, Order, QueueLine, QueuePage, Sort, queue
from loans.cases.case_status import STAGES, WHO_ACTS_NEXT, CaseStatus
from loans.cases.decisions import Terms
from loans.chart import CASH
from loans.draft import Draft
from loans.draft_gaps import Gap, gaps
from loans.history import HistoryLine, history
from loans.people import Actor, Role
from loans.refusal import Missing
from loans.schedules.instalment_periods import LastPeriod
from loans.tables import Application, Enterprise, Loan

__all__ = [
    "ApplicationView",
    "EnterpriseLine",
    "FundEffect",
    "Group",
    "LoanLink",
    "Order",
    "Override",
    "QueueLine",
    "QueuePage",
    "Sort",
    "StatusSpan",
    "application_view",
    "fund_effect",
    "offered_terms",
    "queue",
]


@dataclass(frozen=True)
class EnterpriseLine:
    """Who applies, as the register of the fund has it."""

    name: str
    registration_number: str
    country: str
    sector: str
    is_invented: bool


@dataclass(frozen=True)
class StatusSpan:
    """How long the case stood in one status; ``left_on`` is None for the present one."""

    status: CaseStatus
    entered_on: date
    left_on: date | None
    days: int


@dataclass(frozen=True)
class Override:
    """Another type for a measure that an officer noted; the computed one stays beside it."""

    measure_code: str
    computed: str | None
    type: str
    reason: str
    noted_by: str
    noted_on: date


@dataclass(frozen=True)
class LoanLink:
    """The loan that the application became."""

    loan_id: str
    reference: str


@dataclass(frozen=True)
class ApplicationView:
    """Everything about one application. Amounts are in ``currency``; days are counted to today."""

    application_id: str
    reference: str
    title: str
    currency: str
    enterprise: EnterpriseLine
    status: CaseStatus
    stage_number: int
    """Place in ``STAGES`` that the case has reached."""

    submitted_on: date
    days_in_status: int
    next_role: Role | None
    next_words: str
    spans: tuple[StatusSpan, ...]
    draft: Draft
    gaps: tuple[Gap, ...]
    assessment: Assessment
    decisions: tuple[DecisionLine, ...]
    overrides: tuple[Override, ...]
    history: tuple[HistoryLine, ...]
    acts: tuple[ActState, ...]
    available_minor: int
    """What the fund can lend now: ``cash_accounts.lendable_minor``."""

    loan: LoanLink | None

    def act(self, name: str) -> ActState | None:
        """One act of the actor's role, unless the case has passed it."""
        return next((act for act in self.acts if act.name == name), None)

    def latest(self, kind: str) -> DecisionLine | None:
        """The last decision of a kind."""
        return next((one for one in reversed(self.decisions) if one.kind == kind), None)


def application_view(
    session: Session, actor: Actor, application_id: str, *, on: date
) -> ApplicationView:
    """One application with what follows from its figures, as it stands on the day ``on``.

    Raises:
        Missing: it does not exist for the actor.
    """
    row = _find(session, actor, application_id)
    enterprise = session.get_one(Enterprise, row.enterprise_id)
    status = CaseStatus(row.status)
    assessment = assess_stored(session, row)
    decisions = decisions_of(session, row)
    lines = tuple(
        line for line in history(session, (row.proposal_id, row.id)) if line.action != "save"
    )
    spans = _spans(lines, on)
    lendable = lendable_minor(session, row.facility_id, assessment.figures.currency)
    reservable = ledger.available(session, facility_id=row.facility_id, account=CASH)
    next_role, next_words = WHO_ACTS_NEXT[status]
    return ApplicationView(
        application_id=row.id,
        reference=row.reference,
        title=row.title,
        currency=assessment.figures.currency,
        enterprise=EnterpriseLine(
            enterprise.name,
            enterprise.registration_number,
            enterprise.country,
            enterprise.sector,
            enterprise.is_invented,
        ),
        status=status,
        stage_number=_stage_number([status, *(span.status for span in reversed(spans))]),
        submitted_on=row.submitted_on,
        days_in_status=max(0, (on - row.status_since_on).days),
        next_role=next_role,
        next_words=next_words,
        spans=spans,
        draft=(draft := Draft.model_validate(row.answers)),
        gaps=gaps(draft, assessment.profile),
        assessment=assessment,
        decisions=decisions,
        overrides=_overrides(lines),
        history=lines,
        acts=act_states(
            status,
            actor,
            assessment=assessment,
            recommended=_recommended(decisions),
            available_minor=min(lendable, reservable),
        ),
        available_minor=lendable,
        loan=_loan(session, row.id),
    )


def _find(session: Session, actor: Actor, application_id: str) -> Application:
    # PostgreSQL takes no text with NUL; what cannot be printed is nobody's id.
    row = session.get(Application, application_id) if application_id.isprintable() else None
    if row is None or not actor.may_see(row.enterprise_id):
        raise Missing
    return row


def _stage_number(statuses: Iterable[CaseStatus]) -> int:
    """The place of the latest status that lies on the way to a loan."""
    return next((STAGES.index(status) for status in statuses if status in STAGES), 0)


def _spans(lines: tuple[HistoryLine, ...], on: date) -> tuple[StatusSpan, ...]:
    """How long the application stood in each status, in the order in which it went through them."""
    known = frozenset(CaseStatus)
    turns = [
        (CaseStatus(line.status_after), line.happened_on)
        for line in lines
        if line.status_after in known and line.status_after != line.status_before
    ]
    ends: list[date | None] = [*(entered_on for _, entered_on in turns[1:]), None]
    return tuple(
        StatusSpan(status, entered_on, left_on, max(0, ((left_on or on) - entered_on).days))
        for (status, entered_on), left_on in zip(turns, ends, strict=False)
    )


def _overrides(lines: tuple[HistoryLine, ...]) -> tuple[Override, ...]:
    return tuple(
        Override(
            measure_code=line.details["measure"],
            computed=line.details["computed"],
            type=line.details["type"],
            reason=line.note,
            noted_by=line.actor_name,
            noted_on=line.happened_on,
        )
        for line in lines
        if line.action == "override"
    )


def _recommended(decisions: tuple[DecisionLine, ...]) -> Recommended | None:
    for decision in reversed(decisions):
        if decision.kind == "recommend" and decision.terms is not None:
            amount_minor = decision.terms.amount_minor
            return Recommended(decision.decided_by_id, amount_minor, decision.is_current)
    return None


def _loan(session: Session, application_id: str) -> LoanLink | None:
    row = session.execute(
        select(Loan.id, Loan.reference).where(Loan.application_id == application_id)
    ).one_or_none()
    return None if row is None else LoanLink(row[0], row[1])


@dataclass(frozen=True)
class FundEffect:
    """What an act does to the money that the fund can lend, in minor units."""

    available_before_minor: int
    change_minor: int
    available_after_minor: int


def fund_effect(view: ApplicationView, act: str) -> FundEffect | None:
    """The effect of an act on the money available, or None where it has none.

    A recommendation reserves nothing yet: its effect is that of the approval it asks for, at the
    largest amount of the offer.
    """
    terms = _terms_at_stake(view, act)
    if terms is None:
        return None
    before_minor = view.available_minor
    change_minor = terms.amount_minor if act == "cancel" else -terms.amount_minor
    return FundEffect(before_minor, change_minor, before_minor + change_minor)


def _terms_at_stake(view: ApplicationView, act: str) -> Terms | None:
    if act == "recommend":
        return offered_terms(view)
    decided = {"approve": "recommend", "cancel": "approve"}.get(act)
    decision = view.latest(decided) if decided else None
    return decision.terms if decision else None


def offered_terms(view: ApplicationView) -> Terms | None:
    """The offer as terms that can be recommended, at the rate of the profile."""
    offer, terms = view.assessment.offer, view.assessment.profile.terms
    if offer.maximum_amount is None or offer.maximum_maturity_months is None:
        return None
    rate: Decimal = terms.annual_rate.required
    return Terms(
        amount_minor=to_minor(offer.maximum_amount, view.currency),
        maturity_months=offer.maximum_maturity_months,
        annual_rate=rate,
        method=terms.schedule_methods.required[0].value,
        frequency_months=offer.frequency_months,
        last_period=LastPeriod.LONGER if offer.frequency_months > 1 else LastPeriod.SHORTER,
    )
