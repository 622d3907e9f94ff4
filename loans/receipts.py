"""Money from borrowers: repayments allocated to instalments, their reversal, recoveries.

Days of value only go forward inside one loan: what was entered wrongly is reversed, newest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans import bookings, ledger
from loans import profile as profiles
from loans.allocation import Part, allocate
from loans.case_status import BORROWED, LoanStatus
from loans.entered_text import entered_text
from loans.fund import check_day, the_facility
from loans.history import Moment
from loans.instalments import active_instalments, instalment_states, paid_parts
from loans.loan_case import (
    RECOVERY,
    REPAYMENT,
    WrongAmount,
    WrongDay,
    locked_loan,
    need_role,
    need_status,
    newest_receipt,
    pay_outs,
    seen_loan,
    write_event,
)
from loans.people import Actor, Role
from loans.receipt_book import book_receipt
from loans.recoveries import plan_recovery, record_recovery
from loans.refusal import Missing, OutOfStep
from loans.requests import entry_key
from loans.tables import Loan, Receipt, ReceiptPart

# Receipts and what they pay as one module for those who use both.
__all__ = [
    "RECOVERY",
    "REPAYMENT",
    "Allocated",
    "NotTheLatest",
    "active_instalments",
    "instalment_states",
    "paid_parts",
    "plan_receipt",
    "plan_recovery",
    "record_receipt",
    "record_recovery",
    "reverse_receipt",
]

LONGEST_REASON = 500
_REVERSIBLE = {
    REPAYMENT: (*BORROWED, LoanStatus.REPAID),
    RECOVERY: (LoanStatus.WRITTEN_OFF,),
}


class NotTheLatest(OutOfStep):
    """Only the newest receipt of a loan can be reversed."""


class SameAgain(OutOfStep):
    """A receipt of the same day, amount and bank reference is recorded already."""


@dataclass(frozen=True)
class Allocated:
    """A recorded receipt and what it paid."""

    receipt_id: str
    entry_id: str
    parts: tuple[Part, ...]
    is_repaid: bool


def plan_receipt(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    received_on: date,
) -> tuple[Part, ...]:
    """What a receipt would pay; nothing is recorded. Refuses as ``record_receipt`` does."""
    loan = seen_loan(session, actor, loan_id)
    return _allocation(session, actor, moment, loan, amount_minor, received_on=received_on)


def record_receipt(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    received_on: date,
    bank_reference: str,
    key: str,
) -> Allocated:
    """Record money from the borrower: the oldest instalment first, and the later ones in advance.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan is not being repaid.
        WrongAmount: nothing, or more than the loan still owes on its schedule.
        WrongDay, FutureDay: before the first pay-out or the newest receipt, or in the future.
        SameAgain: the same payment is recorded already.
    """
    loan = locked_loan(session, actor, loan_id)
    parts = _allocation(session, actor, moment, loan, amount_minor, received_on=received_on)
    _refuse_same_again(session, loan, amount_minor, received_on, bank_reference.strip())
    owed = _owed_minor(session, loan)
    before = loan.status
    is_repaid = amount_minor == owed and loan.status == LoanStatus.REPAYING
    if is_repaid:
        loan.status = LoanStatus.REPAID
    row = book_receipt(
        session,
        actor,
        Moment(received_on, moment.at),
        loan,
        REPAYMENT,
        amount_minor=amount_minor,
        bank_reference=bank_reference,
        key=entry_key(actor.user_id, key),
        legs=bookings.receipt(loan.id, parts),
        before=before,
    )
    session.add_all(
        ReceiptPart(
            receipt_id=row.id,
            instalment_number=part.instalment_number,
            component=part.component.value,
            amount_minor=part.amount_minor,
        )
        for part in parts
    )
    session.flush()
    return Allocated(row.id, row.entry_id, parts, is_repaid)


def _allocation(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    amount_minor: int,
    *,
    received_on: date,
) -> tuple[Part, ...]:
    """The parts that the receipt pays, or the refusal of its person, day or amount."""
    need_role(actor, Role.OFFICER)
    need_status(loan, BORROWED)
    check_day(received_on, moment, field="received_on")
    _check_receipt_day(session, loan, received_on)
    owed = _owed_minor(session, loan)
    if not 0 < amount_minor <= owed:
        most = as_text(owed, the_facility(session).currency)
        message = (
            f"Enter an amount up to what the loan still owes, {most}. "
            "Money beyond that goes back to the borrower."
        )
        raise WrongAmount(message, field="amount")
    order = profiles.load(loan.profile_code).terms.allocation_order.required
    parts, _rest = allocate(instalment_states(session, loan.id), amount_minor, order=order)
    return parts


def _refuse_same_again(
    session: Session, loan: Loan, amount_minor: int, received_on: date, bank_reference: str
) -> None:
    """One line of a bank statement is one receipt, whoever enters it again."""
    same = session.scalar(
        select(Receipt.id).where(
            Receipt.loan_id == loan.id,
            Receipt.amount_minor == amount_minor,
            Receipt.received_on == received_on,
            Receipt.bank_reference == bank_reference,
            Receipt.reversed_at.is_(None),
        )
    )
    if same is not None:
        message = (
            "A receipt of this day, amount and bank reference is recorded already. If this is "
            "another payment, enter the bank reference that tells them apart."
        )
        raise SameAgain(message, field="bank_reference")


def _owed_minor(session: Session, loan: Loan) -> int:
    return sum(state.total_minor for state in instalment_states(session, loan.id))


def _check_receipt_day(session: Session, loan: Loan, received_on: date) -> None:
    """Value dates go forward: after every pay-out, and not before the newest receipt."""
    last_paid_on = pay_outs(session, loan.id)[-1][0]
    if received_on < last_paid_on:
        message = f"Enter a day from the newest pay-out, {last_paid_on.isoformat()}, on."
        raise WrongDay(message, field="received_on")
    newest = newest_receipt(session, loan.id, REPAYMENT)
    if newest is not None and received_on < newest.received_on:
        message = (
            f"A receipt of {newest.received_on.isoformat()} is recorded already. Reverse it first, "
            "then enter both in the order of their days."
        )
        raise WrongDay(message, field="received_on")


def reverse_receipt(
    session: Session, actor: Actor, moment: Moment, receipt_id: str, *, reason: str, key: str
) -> str:
    """Undo the newest receipt of a loan by a reversing entry; answer that entry's id.

    Raises:
        Missing: there is no such receipt for the actor.
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan was written off since.
        NotTheLatest: it was reversed before, or a newer one has to be reversed first.
    """
    receipt = session.get(Receipt, receipt_id)
    if receipt is None:
        raise Missing
    loan = locked_loan(session, actor, receipt.loan_id)
    session.refresh(receipt)
    need_role(actor, Role.OFFICER)
    need_status(loan, _REVERSIBLE[receipt.kind])
    ask = "Write why the receipt is reversed."
    note = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    _check_newest(session, receipt)
    entry_id = ledger.reverse(
        session,
        facility_id=loan.facility_id,
        entry_id=receipt.entry_id,
        effective_on=receipt.received_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=entry_key(actor.user_id, key),
        memo=note,
    )
    receipt.reversed_on, receipt.reversed_at = moment.on, moment.at
    before = loan.status
    if loan.status == LoanStatus.REPAID:
        loan.status = LoanStatus.REPAYING
    details = {"amount_minor": receipt.amount_minor, "entry": entry_id}
    write_event(
        session, actor, moment, loan, "reverse_receipt", before=before, note=note, details=details
    )
    return entry_id


def _check_newest(session: Session, receipt: Receipt) -> None:
    if receipt.reversed_at is not None:
        message = "This receipt was reversed before."
        raise NotTheLatest(message)
    newest = newest_receipt(session, receipt.loan_id, receipt.kind)
    if newest is None or newest.id != receipt.id:
        message = "Reverse the newest receipt of this loan first, then the one before it."
        raise NotTheLatest(message)
