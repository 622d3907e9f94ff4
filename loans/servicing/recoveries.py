"""Money that comes in after a write-off: costs first, principal last, income of its own kind."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from loans.cases.case_status import LoanStatus
from loans.day_words import shown_day
from loans.history import Moment
from loans.lending.loan_case import (
    RECOVERY,
    WrongDay,
    locked_loan,
    need_status,
    seen_loan,
)
from loans.lending.loan_record import record_of
from loans.people import Actor, Role, need_role
from loans.servicing.limits import check_amount, check_value_day, written_off_on
from loans.servicing.receipt_book import book_receipt
from loans.servicing.receipts import parts_of, refuse_same_again
from loans.subledger.events import Recovered
from loans.subledger.state import Part
from loans.tables import Loan

_PLANNED = "planned"


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
    bank_account: str | None = None,
) -> str:
    """Record money that came after the write-off; answer the entry's id.

    It pays costs, fees, late interest, interest and principal, or in the contract's other order.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan is not written off.
        WrongAmount: nothing, or more than any single amount may be.
        WrongDay, FutureDay: before the write-off, too far back, or in the future.
        WrongBankAccount: the facility has no such account in its currency.
        SameAgain: the same payment is recorded already.
    """
    loan = locked_loan(session, actor, loan_id)
    _check(session, actor, moment, loan, amount_minor, on=received_on, reference=bank_reference)
    row, _ = book_receipt(
        session,
        actor,
        moment,
        loan,
        RECOVERY,
        amount_minor=amount_minor,
        received_on=received_on,
        bank_reference=bank_reference,
        key=key,
        bank_account=bank_account,
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
    bank_reference: str,
) -> tuple[Part, ...]:
    """What a recovery would pay. Refuses as ``record_recovery`` does."""
    loan = seen_loan(session, actor, loan_id)
    _check(session, actor, moment, loan, amount_minor, on=received_on, reference=bank_reference)
    planned = Recovered(received_on, _PLANNED, amount_minor)
    changed = record_of(session, loan).with_event(planned)
    return parts_of(changed.at(received_on), _PLANNED)


def _check(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    amount_minor: int,
    *,
    on: date,
    reference: str,
) -> None:
    need_role(actor, Role.OFFICER)
    need_status(loan, (LoanStatus.WRITTEN_OFF,))
    check_value_day(session, loan, moment, on, field="received_on")
    lost_on = written_off_on(session, loan, moment)
    if lost_on is not None and on < lost_on:
        message = (
            f"Enter a day from the write-off, {shown_day(lost_on)}, on. Record money that came "
            "before it as a receipt."
        )
        raise WrongDay(message, field="received_on")
    check_amount(session, amount_minor)
    refuse_same_again(session, loan, amount_minor, on, reference)
