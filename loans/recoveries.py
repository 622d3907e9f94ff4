"""Money that comes in after a write-off: income of its own kind, on no instalment."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from appraisal.money import LARGEST_MINOR, as_text
from loans import bookings
from loans.allocation import Part
from loans.case_status import LoanStatus
from loans.fund import check_day, the_facility
from loans.history import Moment
from loans.loan_case import (
    RECOVERY,
    WrongAmount,
    WrongDay,
    confirmed_write_off,
    locked_loan,
    need_role,
    need_status,
    seen_loan,
)
from loans.people import Actor, Role
from loans.receipt_book import book_receipt
from loans.requests import entry_key
from loans.tables import Loan


def record_recovery(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    received_on: date,
    bank_reference: str,
    key: str,
) -> str:
    """Record money that came after the write-off; answer the entry's id.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan is not written off.
        WrongAmount: nothing, or more than any single amount may be.
        WrongDay, FutureDay: before the write-off, or in the future.
    """
    loan = locked_loan(session, actor, loan_id)
    _check_recovery(session, actor, moment, loan, amount_minor, received_on=received_on)
    row = book_receipt(
        session,
        actor,
        Moment(received_on, moment.at),
        loan,
        RECOVERY,
        amount_minor=amount_minor,
        bank_reference=bank_reference,
        key=entry_key(actor.user_id, key),
        legs=bookings.recovery(loan.id, amount_minor),
        before=loan.status,
    )
    return row.entry_id


def plan_recovery(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    received_on: date,
) -> tuple[Part, ...]:
    """What a recovery would pay: no instalment. Refuses as ``record_recovery`` does."""
    loan = seen_loan(session, actor, loan_id)
    _check_recovery(session, actor, moment, loan, amount_minor, received_on=received_on)
    return ()


def _check_recovery(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    amount_minor: int,
    *,
    received_on: date,
) -> None:
    need_role(actor, Role.OFFICER)
    need_status(loan, (LoanStatus.WRITTEN_OFF,))
    check_day(received_on, moment, field="received_on")
    written_off_on = confirmed_write_off(session, loan.id).confirmed_on
    if written_off_on is not None and received_on < written_off_on:
        message = f"Enter a day from the write-off, {written_off_on.isoformat()}, on."
        raise WrongDay(message, field="received_on")
    if not 0 < amount_minor <= LARGEST_MINOR:
        most = as_text(LARGEST_MINOR, the_facility(session).currency)
        message = f"Enter an amount above zero, at most {most}."
        raise WrongAmount(message, field="amount")
