"""Giving principal up: an officer requests, a manager confirms."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans import bookings, ledger
from loans.case_status import LoanStatus
from loans.database import new_id
from loans.history import Moment
from loans.loan_case import (
    BORROWED,
    PREPARED,
    RELEASED,
    StillPending,
    WrongLoanStatus,
    WrongPerson,
    free_undisbursed,
    locked_loan,
    need_role,
    need_status,
    outstanding_minor,
    write_event,
)
from loans.people import Actor, Role
from loans.refusal import WrongValue
from loans.tables import WriteOff


def request_write_off(
    session: Session, actor: Actor, moment: Moment, loan_id: str, *, reason: str
) -> str:
    """Ask for the principal to be given up; a manager confirms. Answer the request's id."""
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, BORROWED)
    if not reason.strip():
        message = "Write why the loan will not be repaid."
        raise WrongValue(message, field="reason")
    if _pending_write_off(session, loan.id) is not None:
        message = "A write-off of this loan waits for the manager already."
        raise StillPending(message)
    row = WriteOff(
        id=new_id(),
        loan_id=loan.id,
        status=PREPARED,
        reason=reason.strip(),
        requested_by=actor.user_id,
        requested_on=moment.on,
    )
    session.add(row)
    session.flush()
    write_event(session, actor, moment, loan, "request_write_off", note=reason)
    return row.id


def confirm_write_off(
    session: Session, actor: Actor, moment: Moment, loan_id: str, *, key: str
) -> str:
    """Give up the principal outstanding, as a second person; answer the entry's id."""
    loan = locked_loan(session, actor, loan_id)
    row = _pending_write_off(session, loan.id)
    if row is None:
        message = "No write-off was requested. A loan officer requests it first."
        raise WrongLoanStatus(message)
    if row.requested_by == actor.user_id:
        message = "You requested this write-off yourself. Another person has to confirm it."
        raise WrongPerson(message)
    need_role(actor, Role.MANAGER)
    outstanding = outstanding_minor(session, loan)
    entry_id = ledger.post(
        session,
        facility_id=loan.facility_id,
        event="write_off",
        effective_on=moment.on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=key,
        legs=bookings.write_off(loan.id, outstanding),
        memo=f"Write-off of {loan.reference}",
    )
    free_undisbursed(session, actor, moment, loan)
    row.status, row.amount_minor, row.entry_id = RELEASED, outstanding, entry_id
    row.confirmed_by, row.confirmed_on = actor.user_id, moment.on
    before = loan.status
    loan.status = LoanStatus.WRITTEN_OFF
    details = {"amount_minor": outstanding, "entry": entry_id}
    write_event(session, actor, moment, loan, "write_off", before=before, details=details)
    return entry_id


def _pending_write_off(session: Session, loan_id: str) -> WriteOff | None:
    return session.scalars(
        select(WriteOff).where(WriteOff.loan_id == loan_id, WriteOff.status == PREPARED)
    ).one_or_none()
