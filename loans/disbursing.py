"""Paying a loan out: an officer prepares, a manager releases, the reserve is used."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans import bookings, ledger
from loans.agreements import add_schedule
from loans.case_status import LoanStatus
from loans.database import new_id
from loans.fund import the_facility
from loans.history import Moment
from loans.loan_case import (
    PREPARED,
    RELEASED,
    SENT_BACK,
    StillPending,
    WrongAmount,
    WrongDay,
    WrongLoanStatus,
    WrongPerson,
    disbursed_minor,
    locked_loan,
    need_role,
    need_status,
    pay_outs,
    write_event,
)
from loans.people import Actor, Role
from loans.refusal import Missing, WrongValue
from loans.tables import Disbursement, Loan


def prepare_disbursement(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    pay_on: date,
    purpose: str,
) -> str:
    """Prepare a pay-out for another person to release; answer its id."""
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, (LoanStatus.SIGNED, LoanStatus.DISBURSING))
    _refuse_pending_disbursement(session, loan)
    undisbursed = loan.principal_minor - disbursed_minor(session, loan.id)
    if not 0 < amount_minor <= undisbursed:
        currency = the_facility(session).currency
        message = f"Enter an amount up to what is not paid out yet, {as_text(undisbursed, currency)}."
        raise WrongAmount(message, field="amount")
    if pay_on < loan.signed_on:
        message = f"Enter a day of pay-out from the signature, {loan.signed_on.isoformat()}, on."
        raise WrongDay(message, field="pay_on")
    if not purpose.strip():
        message = "Enter what the money pays: the invoice and its supplier."
        raise WrongValue(message, field="purpose")
    row = Disbursement(
        id=new_id(),
        loan_id=loan.id,
        status=PREPARED,
        amount_minor=amount_minor,
        pay_on=pay_on,
        purpose=purpose.strip(),
        prepared_by=actor.user_id,
        prepared_at=moment.at,
    )
    session.add(row)
    session.flush()
    write_event(session, actor, moment, loan, "prepare_disbursement", note=purpose)
    return row.id


def release_disbursement(
    session: Session, actor: Actor, moment: Moment, disbursement_id: str, *, key: str
) -> str:
    """Pay out what another person prepared; answer the journal entry's id.

    The money comes out of the reserve made at approval; the schedule is made anew from what was
    really paid.
    """
    row, loan = _pending_disbursement(session, actor, disbursement_id)
    if row.prepared_by == actor.user_id:
        message = "You prepared this pay-out yourself. Another person has to release it."
        raise WrongPerson(message)
    need_role(actor, Role.MANAGER)
    if row.pay_on > moment.on:
        message = f"The pay-out is planned for {row.pay_on.isoformat()}. Release it on that day."
        raise WrongDay(message, field="pay_on")
    entry_id = ledger.post(
        session,
        facility_id=loan.facility_id,
        event="disbursement",
        effective_on=row.pay_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=key,
        legs=bookings.disbursement(loan.id, row.amount_minor),
        memo=f"Pay-out of {loan.reference}",
        hold_id=loan.hold_id,
    )
    row.status, row.entry_id = RELEASED, entry_id
    row.released_by, row.released_at = actor.user_id, moment.at
    session.flush()
    paid = pay_outs(session, loan.id)
    rest = loan.principal_minor - sum(amount for _, amount in paid)
    before = loan.status
    loan.status = LoanStatus.DISBURSING if rest else LoanStatus.REPAYING
    planned = ((paid[-1][0], rest),) if rest else ()
    add_schedule(session, actor, moment, loan, (*paid, *planned), reason="Pay-out released")
    details = {"amount_minor": row.amount_minor, "entry": entry_id}
    write_event(session, actor, moment, loan, "release_disbursement", before=before, details=details)
    return entry_id


def send_back_disbursement(
    session: Session, actor: Actor, moment: Moment, disbursement_id: str, *, reason: str
) -> None:
    """Send a prepared pay-out back to the officer with a reason."""
    row, loan = _pending_disbursement(session, actor, disbursement_id)
    need_role(actor, Role.MANAGER)
    if not reason.strip():
        message = "Write what the officer should look at again."
        raise WrongValue(message, field="reason")
    row.status = SENT_BACK
    write_event(session, actor, moment, loan, "send_back_disbursement", note=reason)


def _refuse_pending_disbursement(session: Session, loan: Loan) -> None:
    pending = session.scalar(
        select(Disbursement.id).where(
            Disbursement.loan_id == loan.id, Disbursement.status == PREPARED
        )
    )
    if pending is not None:
        message = "A pay-out of this loan waits for release already. A manager has to act on it."
        raise StillPending(message)


def _pending_disbursement(
    session: Session, actor: Actor, disbursement_id: str
) -> tuple[Disbursement, Loan]:
    row = session.get(Disbursement, disbursement_id)
    if row is None:
        raise Missing
    loan = locked_loan(session, actor, row.loan_id)
    session.refresh(row)
    if row.status != PREPARED:
        message = f"This pay-out was {row.status.replace('_', ' ')} before."
        raise WrongLoanStatus(message)
    return row, loan
