"""The versions of a loan's schedule: immutable rows, and exactly one version active."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from loans.history import Moment
from loans.lending.loan_record import contract_document
from loans.people import Actor
from loans.schedules.schedule import Instalment
from loans.servicing_tables import ContractVersion
from loans.storage.database import new_id
from loans.subledger.contract import Contract
from loans.subledger.replay import replay
from loans.subledger.state import PlanChange, PlanReason
from loans.tables import InstalmentRow, Loan, ScheduleVersion

SIGNED = "Signed contract"
REASONS = {
    PlanReason.PAY_OUT: "Pay-out",
    PlanReason.PREPAYMENT: "Prepayment",
    PlanReason.RESCHEDULE: "New terms",
    PlanReason.HOLIDAY: "Payment holiday",
    PlanReason.PAID_OFF: "Paid off",
}


def keep_contract(
    session: Session, actor: Actor, signed: Moment, loan: Loan, contract: Contract
) -> None:
    """The first version of the contract, and the schedule that it plans."""
    session.add(
        ContractVersion(
            id=new_id(),
            loan_id=loan.id,
            version=1,
            terms=contract_document(contract),
            reason=SIGNED,
            made_by=actor.user_id,
            made_on=signed.on,
            made_at=signed.at,
        )
    )
    planned = replay(contract, (), until=loan.signed_on).schedule
    add_version(session, actor, signed.at, loan, planned, reason=SIGNED)


def keep_plan(session: Session, actor: Actor, at: datetime, loan: Loan, plan: PlanChange) -> None:
    """Make a plan the active schedule unless it is; earlier versions stay to be read."""
    if _active(session, loan) == cells_of(plan.instalments):
        return
    add_version(session, actor, at, loan, plan.instalments, reason=REASONS[plan.reason], plan=plan)


def add_version(
    session: Session,
    actor: Actor,
    at: datetime,
    loan: Loan,
    instalments: tuple[Instalment, ...],
    *,
    reason: str,
    plan: PlanChange | None = None,
) -> None:
    """Keep a schedule as the loan's newest and active version, in force from its day."""
    newest = session.scalars(
        select(ScheduleVersion.version).where(ScheduleVersion.loan_id == loan.id)
    ).all()
    session.execute(
        update(ScheduleVersion)
        .where(ScheduleVersion.loan_id == loan.id, ScheduleVersion.is_active)
        .values(is_active=False)
    )
    version = ScheduleVersion(
        id=new_id(),
        loan_id=loan.id,
        version=max(newest, default=0) + 1,
        is_active=True,
        reason=reason,
        made_by=actor.user_id,
        made_on=loan.signed_on if plan is None else plan.on,
        made_at=at,
    )
    session.add(version)
    session.flush()
    session.add_all(
        InstalmentRow(
            schedule_id=version.id,
            number=row.number,
            due_on=row.due_on,
            principal_minor=row.principal_minor,
            interest_minor=row.interest_minor,
            capitalised_minor=row.capitalised_minor,
        )
        for row in instalments
    )
    session.flush()


Cells = tuple[tuple[object, ...], ...]


# Built once: every act on a loan asks it.
_ACTIVE = (
    select(
        InstalmentRow.number,
        InstalmentRow.due_on,
        InstalmentRow.principal_minor,
        InstalmentRow.interest_minor,
        InstalmentRow.capitalised_minor,
    )
    .join(ScheduleVersion, ScheduleVersion.id == InstalmentRow.schedule_id)
    .where(ScheduleVersion.loan_id == bindparam("loan_id"), ScheduleVersion.is_active)
    .order_by(InstalmentRow.number)
)


def _active(session: Session, loan: Loan) -> Cells:
    return tuple(tuple(row) for row in session.execute(_ACTIVE, {"loan_id": loan.id}))


def cells_of(instalments: tuple[Instalment, ...]) -> Cells:
    """What of a schedule is kept."""
    return tuple(
        (row.number, row.due_on, row.principal_minor, row.interest_minor, row.capitalised_minor)
        for row in instalments
    )
