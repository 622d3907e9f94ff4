"""Posting money that came from a borrower, and keeping it with its event."""

from __future__ import annotations

from sqlalchemy.orm import Session

from loans import ledger
from loans.database import new_id
from loans.entered_text import entered_text
from loans.history import Moment
from loans.loan_case import RECOVERY, REPAYMENT, write_event
from loans.people import Actor
from loans.tables import Loan, Receipt

LONGEST_REFERENCE = 120
_EVENTS = {REPAYMENT: "receipt", RECOVERY: "recovery"}


def book_receipt(
    session: Session,
    actor: Actor,
    received: Moment,
    loan: Loan,
    kind: str,
    *,
    amount_minor: int,
    bank_reference: str,
    key: str,
    legs: tuple[ledger.Leg, ...],
    before: str,
) -> Receipt:
    """Post and keep money that came on the day of ``received``, with its event."""
    event = _EVENTS[kind]
    ask = "Enter the reference of the payment on the bank statement."
    reference = entered_text(
        bank_reference, field="bank_reference", ask=ask, longest=LONGEST_REFERENCE
    )
    row = Receipt(
        id=new_id(),
        loan_id=loan.id,
        kind=kind,
        amount_minor=amount_minor,
        received_on=received.on,
        bank_reference=reference,
        recorded_by=actor.user_id,
        recorded_at=received.at,
        entry_id=ledger.post(
            session,
            facility_id=loan.facility_id,
            event=event,
            effective_on=received.on,
            booked_at=received.at,
            actor_id=actor.user_id,
            key=key,
            legs=legs,
            memo=f"{event.capitalize()} on {loan.reference}",
        ),
    )
    session.add(row)
    session.flush()
    details = {"amount_minor": amount_minor, "entry": row.entry_id}
    write_event(session, actor, received, loan, event, before=before, details=details)
    return row
