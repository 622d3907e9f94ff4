"""What every act on a loan begins and ends with: lock, role, status, day, and the event written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans import ledger
from loans.case_status import LoanStatus
from loans.chart import LOANS
from loans.history import Moment, record
from loans.people import Actor, Role
from loans.refusal import Missing, NotYours, OutOfStep, WrongValue
from loans.tables import Disbursement, Loan

PREPARED, RELEASED, SENT_BACK = "prepared", "released", "sent_back"
BORROWED = (LoanStatus.DISBURSING, LoanStatus.REPAYING)


class WrongLoanStatus(OutOfStep):
    """The status of the loan does not allow the act."""


class WrongPerson(NotYours):
    """The act is for another role, or needs a second person."""


class StillPending(OutOfStep):
    """An earlier request of the same kind waits for the second person."""


class WrongAmount(WrongValue):
    """More than was approved, or more than is owed."""


class WrongDay(WrongValue):
    """A day before the event that it must follow."""


def locked_loan(session: Session, actor: Actor, loan_id: str) -> Loan:
    loan = session.get(Loan, loan_id, with_for_update=True, populate_existing=True)
    if loan is None or not actor.may_see(loan.enterprise_id):
        raise Missing
    return loan


def need_role(actor: Actor, role: Role) -> None:
    if actor.role is not role:
        message = f"This is for the role {role.value}. Your role is {actor.role.value}."
        raise WrongPerson(message)


def need_status(loan: Loan, allowed: tuple[LoanStatus, ...]) -> None:
    if LoanStatus(loan.status) not in allowed:
        wanted = " or ".join(status.value.replace("_", " ") for status in allowed)
        message = f"The loan is {loan.status.replace('_', ' ')}; this needs a loan that is {wanted}."
        raise WrongLoanStatus(message)


def pay_outs(session: Session, loan_id: str) -> tuple[tuple[date, int], ...]:
    """The released pay-outs (day, minor units), oldest first."""
    rows = session.execute(
        select(Disbursement.pay_on, Disbursement.amount_minor)
        .where(Disbursement.loan_id == loan_id, Disbursement.status == RELEASED)
        .order_by(Disbursement.pay_on, Disbursement.released_at, Disbursement.id)
    )
    return tuple((row[0], row[1]) for row in rows)


def disbursed_minor(session: Session, loan_id: str) -> int:
    """What was paid out of the loan so far."""
    return sum(amount for _, amount in pay_outs(session, loan_id))


def outstanding_minor(session: Session, loan: Loan) -> int:
    """Principal outstanding, from the books."""
    return ledger.loan_balance(
        session, facility_id=loan.facility_id, account=LOANS, loan_id=loan.id
    )


def free_undisbursed(session: Session, actor: Actor, moment: Moment, loan: Loan) -> None:
    if loan.status == LoanStatus.DISBURSING:
        ledger.release_hold(
            session,
            facility_id=loan.facility_id,
            hold_id=loan.hold_id,
            amount_minor=None,
            released_on=moment.on,
            released_at=moment.at,
            actor_id=actor.user_id,
        )


def write_event(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    action: str,
    *,
    before: str | None = None,
    note: str = "",
    details: Mapping[str, object] | None = None,
    on: date | None = None,
) -> None:
    record(
        session,
        actor,
        Moment(on or moment.on, moment.at),
        subject=("loan", loan.id),
        action=action,
        facility_id=loan.facility_id,
        statuses=(before or loan.status, loan.status),
        note=note,
        details=details,
    )
