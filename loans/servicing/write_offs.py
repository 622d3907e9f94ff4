"""Giving up what is owed: an officer requests, a manager confirms or sends back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from loans.cases.case_status import BORROWED
from loans.entered_text import entered_text
from loans.history import Moment
from loans.lending.loan_book import Act, follow
from loans.lending.loan_case import (
    PREPARED,
    RELEASED,
    SENT_BACK,
    WrongLoanStatus,
    free_undisbursed,
    locked_loan,
    need_status,
    pending_write_off,
    refuse_pending,
    write_event,
)
from loans.lending.loan_record import record_of
from loans.people import Actor, Role, WrongPerson, need_role
from loans.refusal import OutOfStep
from loans.storage.database import new_id
from loans.tables import Loan, WriteOff

LONGEST_REASON = 500


class NothingOutstanding(OutOfStep):
    """The borrower owes nothing that could be given up."""


def request_write_off(
    session: Session, actor: Actor, moment: Moment, loan_id: str, *, reason: str
) -> str:
    """Ask for what is owed to be given up; a manager confirms. Answer the request's id.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan is not being repaid.
        StillPending: a manager has to decide on an earlier request first.
        NothingOutstanding: nothing is owed.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, BORROWED)
    refuse_pending(session, loan)
    _refuse_nothing(session, moment, loan)
    ask = "Write why the loan will not be repaid."
    row = WriteOff(
        id=new_id(),
        loan_id=loan.id,
        status=PREPARED,
        reason=entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON),
        requested_by=actor.user_id,
        requested_on=moment.on,
    )
    session.add(row)
    session.flush()
    write_event(session, actor, moment, loan, "request_write_off", note=row.reason)
    return row.id


def confirm_write_off(
    session: Session, actor: Actor, moment: Moment, loan_id: str, *, key: str
) -> str:
    """Give up everything owed, as a second person; answer the entry's id.

    Principal and what had counted as income are a loss; interest in suspense never was income.
    What was reserved and not paid out goes back to the fund.

    Raises:
        WrongLoanStatus: nobody requested it, or the loan is not being repaid any more.
        WrongPerson: the actor requested it, or is no manager.
        NothingOutstanding: the borrower paid everything meanwhile.
    """
    loan = locked_loan(session, actor, loan_id)
    row = _requested(session, loan)
    if row.requested_by == actor.user_id:
        message = "You requested this write-off yourself. Another person has to confirm it."
        raise WrongPerson(message)
    need_role(actor, Role.MANAGER)
    need_status(loan, BORROWED)
    _refuse_nothing(session, moment, loan)
    free_undisbursed(session, actor, moment, loan)
    row.status = RELEASED
    row.confirmed_by, row.confirmed_on, row.confirmed_at = actor.user_id, moment.on, moment.at
    before = loan.status
    act = Act("write_off", moment.on, row.id, 0, f"Write-off of {loan.reference}")
    followed = follow(session, actor, moment, loan, act, key=key)
    row.entry_id, row.amount_minor = followed.entry_id, followed.state.written_off.principal
    lost = followed.state.written_off.total
    details = {"amount_minor": lost, "entry": row.entry_id}
    write_event(session, actor, moment, loan, "write_off", before=before, details=details)
    return row.entry_id or ""


def send_back_write_off(
    session: Session, actor: Actor, moment: Moment, loan_id: str, *, reason: str
) -> None:
    """Send a requested write-off back to the officer with a reason; the loan stays as it is.

    Raises:
        WrongLoanStatus: nobody requested it.
        WrongPerson: the actor is no manager.
    """
    loan = locked_loan(session, actor, loan_id)
    row = _requested(session, loan)
    need_role(actor, Role.MANAGER)
    ask = "Write what the officer should look at again."
    note = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    row.status = SENT_BACK
    write_event(session, actor, moment, loan, "send_back_write_off", note=note)


def _requested(session: Session, loan: Loan) -> WriteOff:
    row = pending_write_off(session, loan.id)
    if row is None:
        message = "No write-off waits to be confirmed. A loan officer requests it first."
        raise WrongLoanStatus(message)
    return row


def _refuse_nothing(session: Session, moment: Moment, loan: Loan) -> None:
    if record_of(session, loan).at(moment.on).pay_off_minor <= 0:
        message = "Nothing is owed on the loan, so there is nothing to write off."
        raise NothingOutstanding(message)
