"""Money from borrowers: repayments in any order of their days, prepayments, and their reversal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.cases.case_status import TAKES_MONEY, LoanStatus
from loans.day_words import shown_day
from loans.entered_text import entered_text
from loans.history import Moment
from loans.lending.loan_book import follow_reversal
from loans.lending.loan_case import (
    REPAYMENT,
    WrongDay,
    locked_loan,
    need_status,
    seen_loan,
    write_event,
)
from loans.lending.loan_record import LoanRecord, record_of
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, OutOfStep
from loans.servicing.limits import check_amount, check_credit, check_value_day, written_off_on
from loans.servicing.receipt_book import book_receipt
from loans.subledger.events import CreditUsed, PrepaymentChoice, Received, Recovered, value_order
from loans.subledger.state import AccountState, Part
from loans.tables import Loan, Receipt

LONGEST_REASON = 500
_PLANNED = "planned"


class ReversedBefore(OutOfStep):
    """A record is reversed once."""


class SameAgain(OutOfStep):
    """A receipt of the same day, amount and bank reference is recorded already."""


@dataclass(frozen=True)
class ReceiptPlan:
    """What a receipt would pay, and what it would change of what was recorded since its day.

    ``pay_off_minor`` closes the loan on that day. ``credit_minor`` is what would wait afterwards.
    ``reworked`` are the other movements of money that would pay something else than they do now.
    """

    parts: tuple[Part, ...]
    pay_off_minor: int
    credit_minor: int
    is_backdated: bool
    closes_loan: bool
    reworked: tuple[Reworked, ...]


@dataclass(frozen=True)
class Reworked:
    """Money that came or was used before, what it pays now and what it would pay."""

    on: date
    amount_minor: int
    now: tuple[Part, ...]
    then: tuple[Part, ...]


@dataclass(frozen=True)
class Allocated:
    """A recorded receipt and what it paid; ``credit_minor`` waits for the borrower's word."""

    receipt_id: str
    entry_id: str
    rebuild_entry_id: str | None
    parts: tuple[Part, ...]
    credit_minor: int
    is_repaid: bool


def plan_receipt(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    received_on: date,
    bank_reference: str,
    prepays: PrepaymentChoice | None = None,
) -> ReceiptPlan:
    """What a receipt would pay; nothing is recorded. Refuses as ``record_receipt`` does."""
    loan = seen_loan(session, actor, loan_id)
    _check(session, actor, moment, loan, amount_minor, on=received_on, reference=bank_reference)
    record = record_of(session, loan)
    changed = record.with_event(Received(received_on, _PLANNED, amount_minor, prepays))
    check_credit(session, changed, moment)
    state = changed.at(received_on)
    return ReceiptPlan(
        parts=parts_of(state, _PLANNED),
        pay_off_minor=max(0, record.at(received_on).pay_off_minor),
        credit_minor=changed.at(moment.on).credit_minor,
        is_backdated=any(event.on > received_on for event in record.events),
        closes_loan=state.is_settled,
        reworked=_reworked(record, changed, moment.on),
    )


def _reworked(record: LoanRecord, changed: LoanRecord, today: date) -> tuple[Reworked, ...]:
    """The money of other events that ``changed`` lets pay something else, oldest first."""
    before, after = record.at(today), changed.at(today)
    return tuple(
        Reworked(event.on, event.amount_minor, now, then)
        for event in sorted(record.events, key=value_order)
        if isinstance(event, Received | CreditUsed | Recovered)
        and (now := parts_of(before, event.ref)) != (then := parts_of(after, event.ref))
    )


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
    prepays: PrepaymentChoice | None = None,
    bank_account: str | None = None,
) -> Allocated:
    """Record money from the borrower: what is due on its day, the oldest first.

    What is left waits and pays instalments as they fall due, or, with ``prepays``, lowers the
    principal on the day. Where it reaches the pay-off amount the loan is closed; what comes after
    that opens it again and waits to be given back. A day in the past rebuilds what was allocated
    and accrued since; a day before the write-off makes the loss smaller.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or nothing is paid out.
        WrongAmount: nothing, or more than any single amount may be.
        WrongDay, FutureDay: before the first pay-out, too far back, in the future, or from the
            write-off on.
        WrongBankAccount: the facility has no such account in its currency.
        SameAgain: the same payment is recorded already.
        CreditGone: what it changes would leave more refunded than there was.
    """
    loan = locked_loan(session, actor, loan_id)
    _check(session, actor, moment, loan, amount_minor, on=received_on, reference=bank_reference)
    row, followed = book_receipt(
        session,
        actor,
        moment,
        loan,
        REPAYMENT,
        amount_minor=amount_minor,
        received_on=received_on,
        bank_reference=bank_reference,
        key=key,
        prepays=prepays,
        bank_account=bank_account,
    )
    record = followed.record
    check_credit(session, record, moment)
    return Allocated(
        row.id,
        row.entry_id,
        followed.rebuild_entry_id,
        parts_of(record.at(received_on), row.id),
        max(0, followed.state.credit_minor),
        loan.status == LoanStatus.REPAID,
    )


def parts_of(state: AccountState, ref: str) -> tuple[Part, ...]:
    """What the money of one event paid."""
    return tuple(part for one in state.allocations if one.ref == ref for part in one.parts)


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
    """Refuse the person, the status, the day, the amount or what is recorded already."""
    need_role(actor, Role.OFFICER)
    need_status(loan, TAKES_MONEY)
    check_value_day(session, loan, moment, on, field="received_on")
    lost_on = written_off_on(session, loan, moment)
    if lost_on is not None and on >= lost_on:
        message = (
            f"The loan was written off on {shown_day(lost_on)}. Record money that came on that "
            "day or later as a recovery."
        )
        raise WrongDay(message, field="received_on")
    check_amount(session, amount_minor)
    refuse_same_again(session, loan, amount_minor, on, reference)


def refuse_same_again(
    session: Session, loan: Loan, amount_minor: int, received_on: date, bank_reference: str
) -> None:
    """One line of a bank statement is one receipt, whoever enters it again.

    Raises:
        SameAgain: it is recorded already.
    """
    same = session.scalar(
        select(Receipt.id).where(
            Receipt.loan_id == loan.id,
            Receipt.amount_minor == amount_minor,
            Receipt.received_on == received_on,
            Receipt.bank_reference == bank_reference.strip(),
            Receipt.reversed_at.is_(None),
        )
    )
    if same is not None:
        message = (
            "A receipt of this day, amount and bank reference is recorded already. If this is "
            "another payment, enter the bank reference that tells them apart."
        )
        raise SameAgain(message, field="bank_reference")


def reverse_receipt(
    session: Session, actor: Actor, moment: Moment, receipt_id: str, *, reason: str, key: str
) -> str:
    """Undo a receipt by a reversing entry, and rebuild what came after; answer the entry's id.

    Raises:
        Missing: there is no such receipt for the actor.
        WrongPerson: the actor is no officer.
        ReversedBefore: it was reversed before.
        CreditGone: money that it left waiting was given back since.
    """
    receipt = session.get(Receipt, receipt_id)
    if receipt is None:
        raise Missing
    loan = locked_loan(session, actor, receipt.loan_id)
    session.refresh(receipt)
    need_role(actor, Role.OFFICER)
    if receipt.reversed_at is not None:
        message = "This receipt was reversed before."
        raise ReversedBefore(message)
    ask = "Write why the receipt is reversed."
    note = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    receipt.reversed_on, receipt.reversed_at = moment.on, moment.at
    session.flush()
    check_credit(session, record_of(session, loan), moment)
    before = loan.status
    entry_id = follow_reversal(session, actor, moment, loan, receipt.entry_id, reason=note, key=key)
    details = {"amount_minor": receipt.amount_minor, "entry": entry_id}
    write_event(
        session, actor, moment, loan, "reverse_receipt", before=before, note=note, details=details
    )
    return entry_id
