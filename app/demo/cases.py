"""One case of the demonstration as dated steps: written, sent, decided, and what comes after."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.demo import repayment, timeline
from app.demo.cast import OWN_ACCOUNT, invented_enterprise
from app.demo.projects import told_as_draft
from app.demo.stage import CaseIds, Stage
from app.demo.timeline import Fate, Steps, months_before, steps_of
from appraisal.money import to_minor
from loans.cases import applications, approvals, proposals
from loans.cases.assessment import Assessment, assess_stored
from loans.cases.decisions import Terms, locked
from loans.draft import Draft
from loans.history import Moment
from loans.people import Role
from loans.schedules.day_count import month_after
from loans.servicing import agreements

Step = Callable[[Session, Moment], None]
Maker = Callable[["Case", Stage], Step]

REASONS = {
    "payback": "The payback is too long: within three years the savings would not repay the loan.",
    "amount": "The loan would be under the facility's minimum of EUR 50,000.",
    "other": "The measure pays for itself within a year and needs no loan of this kind.",
}
_STAGES = (
    "recommended",
    "recommended",
    "appraised",
    "complete",
    "returned",
    "sent",
    "sent",
    "draft",
)


@dataclass(frozen=True)
class Case:
    """A case: its enterprise, its draft, and the steps that are still to be put on the stage."""

    number: int
    rows: list[dict[str, Any]]
    draft: Draft
    ids: CaseIds
    dated: tuple[tuple[date, Maker], ...] = field(default=())

    def steps(self, stage: Stage) -> list[tuple[date, Step]]:
        """The dated steps, bound to the people on stage."""
        return [(on, make(self, stage)) for on, make in self.dated]


def approved_case(number: int, rows: list[dict[str, Any]], today: date) -> Case:
    """An application that is approved, and goes on as its fate says."""
    days, fate = steps_of(number, today), timeline.fate_of(number)
    dated: list[tuple[date, Maker]] = [
        (days.sent_on, _send),
        (days.complete_on, _complete),
        (days.appraised_on, _appraise),
        (days.recommended_on, _recommend),
        (days.approved_on, _approve),
    ]
    if fate is Fate.CANCELLED:
        dated.append((days.approved_on + timedelta(days=75 + number % 40), _cancel))
    elif fate is not Fate.COMMITTED:
        dated.append((days.signed_on, _sign(days)))
    dated += repayment.steps(number, fate, days, today)
    return Case(number, rows, _draft(number, rows, days.sent_on), CaseIds(), tuple(dated))


def refused_case(
    number: int, rows: list[dict[str, Any]], reason: str, position: int, today: date
) -> Case:
    """An application that is refused; the last two are withdrawn by their authors instead."""
    sent_on = months_before(today, 55 - 6 * position)
    end = _withdraw if reason == "other" and position % 2 else _refuse(reason)
    dated = (
        (sent_on, _send),
        (sent_on + timedelta(days=11 + position), _complete),
        (sent_on + timedelta(days=30 + 2 * position), end),
    )
    return Case(number, rows, _draft(number, rows, sent_on), CaseIds(), dated)


def pending_case(number: int, rows: list[dict[str, Any]], position: int, today: date) -> Case:
    """An application under way today; the last one is a draft of the demonstration's enterprise."""
    stage_name = _STAGES[position]
    first = today - timedelta(days=58 - 7 * position)
    acts: dict[str, tuple[Maker, ...]] = {
        "draft": (_write,),
        "sent": (_send,),
        "returned": (_send, _return),
        "complete": (_send, _complete),
        "appraised": (_send, _complete, _appraise),
        "recommended": (_send, _complete, _appraise, _recommend),
    }
    dated = tuple(
        (first + timedelta(days=9 * place), act) for place, act in enumerate(acts[stage_name])
    )
    owner = OWN_ACCOUNT if stage_name == "draft" else number
    return Case(owner, rows, _draft(owner, rows, first), CaseIds(), dated)


def _draft(number: int, rows: list[dict[str, Any]], sent_on: date) -> Draft:
    enterprise = invented_enterprise(number)
    return told_as_draft(enterprise, rows, finished_by=sent_on + timedelta(days=240))


def _assessed(session: Session, stage: Stage, case: Case) -> Assessment:
    officer = stage.actors[Role.OFFICER]
    return assess_stored(session, locked(session, officer, case.ids.application_id))


def _write_draft(session: Session, moment: Moment, case: Case, stage: Stage) -> str:
    author = stage.author(session, case.number, moment, case.rows[0]["product"][:120])
    proposal_id = proposals.start_proposal(
        session, author, moment, enterprise_id=stage.enterprise_ids[case.number]
    )
    proposals.save_draft(session, author, moment, proposal_id, case.draft)
    return proposal_id


def _write(case: Case, stage: Stage) -> Step:
    def write(session: Session, moment: Moment) -> None:
        _write_draft(session, moment, case, stage)

    return write


def _send(case: Case, stage: Stage) -> Step:
    def send(session: Session, moment: Moment) -> None:
        proposal_id = _write_draft(session, moment, case, stage)
        author = stage.author(session, case.number, moment, "")
        case.ids.proposal_id = proposal_id
        case.ids.application_id = proposals.submit_proposal(session, author, moment, proposal_id)

    return send


def _complete(case: Case, stage: Stage) -> Step:
    return lambda session, moment: applications.confirm_complete(
        session, stage.actors[Role.OFFICER], moment, case.ids.application_id
    )


def _appraise(case: Case, stage: Stage) -> Step:
    return lambda session, moment: applications.confirm_appraisal(
        session,
        stage.actors[Role.OFFICER],
        moment,
        case.ids.application_id,
        note="Checked against the invoices of the baseline year.",
    )


def _return(case: Case, stage: Stage) -> Step:
    return lambda session, moment: applications.return_application(
        session,
        stage.actors[Role.OFFICER],
        moment,
        case.ids.application_id,
        reason="Add the invoices of the last twelve months for the resource that is saved.",
    )


def _recommend(case: Case, stage: Stage) -> Step:
    def recommend(session: Session, moment: Moment) -> None:
        assessment = _assessed(session, stage, case)
        offer, terms = assessment.offer, assessment.profile.terms
        method = "equal-principal" if case.number % 3 == 1 else "level"
        approvals.recommend(
            session,
            stage.actors[Role.OFFICER],
            moment,
            case.ids.application_id,
            terms=Terms(
                amount_minor=to_minor(
                    offer.maximum_amount or Decimal(0), assessment.figures.currency
                ),
                maturity_months=offer.maximum_maturity_months or 1,
                annual_rate=terms.annual_rate.required,
                method=method,
            ),
            reason="The savings are metered and carry the loan.",
        )

    return recommend


def _approve(case: Case, stage: Stage) -> Step:
    return lambda session, moment: approvals.approve(
        session,
        stage.actors[Role.MANAGER],
        moment,
        case.ids.application_id,
        reason="Approved as recommended.",
    )


def _cancel(case: Case, stage: Stage) -> Step:
    return lambda session, moment: approvals.cancel_approval(
        session,
        stage.actors[Role.MANAGER],
        moment,
        case.ids.application_id,
        reason="The enterprise paid the measure from its own money before the contract was signed.",
    )


def _refuse(reason: str) -> Maker:
    def make(case: Case, stage: Stage) -> Step:
        return lambda session, moment: applications.refuse(
            session,
            stage.actors[Role.OFFICER],
            moment,
            case.ids.application_id,
            reason_code=reason,
            reason=REASONS[reason],
        )

    return make


def _withdraw(case: Case, stage: Stage) -> Step:
    return lambda session, moment: proposals.withdraw_proposal(
        session,
        stage.author(session, case.number, moment, ""),
        moment,
        case.ids.proposal_id,
        reason="The enterprise postponed the investment.",
    )


def _sign(days: Steps) -> Maker:
    def make(case: Case, stage: Stage) -> Step:
        def sign(session: Session, moment: Moment) -> None:
            case.ids.loan_id = agreements.sign(
                session,
                stage.actors[Role.OFFICER],
                moment,
                case.ids.application_id,
                signed_on=moment.on,
                first_pay_out_on=days.paid_out_on,
                first_due_on=month_after(days.paid_out_on, 1),
            )

        return sign

    return make
