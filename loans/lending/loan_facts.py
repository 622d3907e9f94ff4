"""What the records say about one loan on a day: its rows, and what it owes by them."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.day_words import shown_day
from loans.lending.loan_case import RELEASED, REPAYMENT
from loans.lending.loan_record import LoanRecord, record_of
from loans.lending.seen import Seen
from loans.refusal import WrongValue
from loans.servicing_kinds import DONE
from loans.servicing_tables import ServicingAct
from loans.subledger.state import AccountState, Target
from loans.tables import Disbursement, Loan, Receipt, WriteOff


class NotSignedYet(WrongValue):
    """The day asked for lies before the signature."""


@dataclass(frozen=True)
class LoanRecords:
    """The rows of a loan that count on a day, oldest first, and its state by them.

    ``receipts``, ``recoveries`` and ``acts`` hold those that were reversed too; sums and state
    leave them out.
    """

    record: LoanRecord
    state: AccountState
    pay_outs: Sequence[Disbursement]
    receipts: Sequence[Receipt]
    recoveries: Sequence[Receipt]
    acts: Sequence[ServicingAct]
    written_off: WriteOff | None
    paid_minor: int
    recovered_minor: int


def facts_at(session: Session, loan: Loan, as_of: date, seen: Seen) -> LoanRecords:
    """The rows of a loan that count, and what follows from them.

    Raises:
        NotSignedYet: the loan was signed later.
    """
    if as_of < loan.signed_on:
        message = f"The loan was signed on {shown_day(loan.signed_on)}. Enter a day from then on."
        raise NotSignedYet(message, field="as_of")
    money = _money(session, loan.id, seen)
    receipts = [row for row in money if row.kind == REPAYMENT]
    recoveries = [row for row in money if row.kind != REPAYMENT]
    record = record_of(session, loan, seen)
    state = record.at(as_of)
    return LoanRecords(
        record=record,
        state=state,
        pay_outs=_pay_outs(session, loan.id, seen),
        receipts=receipts,
        recoveries=recoveries,
        acts=_acts(session, loan.id, seen),
        written_off=_written_off(session, loan, state.written_off_on, seen),
        paid_minor=_sum(receipts, seen),
        recovered_minor=_claimed(state, {row.id for row in recoveries}),
    )


def _claimed(state: AccountState, refs: AbstractSet[str]) -> int:
    """What of recoveries went to the claim; the rest waits for the borrower."""
    parts = (part for one in state.allocations if one.ref in refs for part in one.parts)
    return sum(part.amount_minor for part in parts if part.target is not Target.CREDIT)


def _sum(rows: Sequence[Receipt], seen: Seen) -> int:
    return sum(row.amount_minor for row in rows if not seen.has_reversed(row.reversed_at))


def _pay_outs(session: Session, loan_id: str, seen: Seen) -> Sequence[Disbursement]:
    return session.scalars(
        select(Disbursement)
        .where(
            Disbursement.loan_id == loan_id,
            Disbursement.status == RELEASED,
            seen.happened(Disbursement.pay_on),
            seen.knew(Disbursement.released_at),
        )
        .order_by(Disbursement.pay_on, Disbursement.id)
    ).all()


def _money(session: Session, loan_id: str, seen: Seen) -> Sequence[Receipt]:
    return session.scalars(
        select(Receipt)
        .where(
            Receipt.loan_id == loan_id,
            seen.happened(Receipt.received_on),
            seen.knew(Receipt.recorded_at),
        )
        .order_by(Receipt.received_on, Receipt.recorded_at, Receipt.id)
    ).all()


def _acts(session: Session, loan_id: str, seen: Seen) -> Sequence[ServicingAct]:
    return session.scalars(
        select(ServicingAct)
        .where(
            ServicingAct.loan_id == loan_id,
            ServicingAct.status == DONE,
            seen.happened(ServicingAct.effective_on),
            seen.knew(ServicingAct.done_at),
        )
        .order_by(ServicingAct.effective_on, ServicingAct.done_at, ServicingAct.id)
    ).all()


def _written_off(session: Session, loan: Loan, on: date | None, seen: Seen) -> WriteOff | None:
    """The write-off in force, the newest of its day; none where nothing was lost by it."""
    return session.scalars(
        select(WriteOff)
        .where(
            WriteOff.loan_id == loan.id,
            WriteOff.status == RELEASED,
            WriteOff.confirmed_on == on,
            seen.knew(WriteOff.confirmed_at),
        )
        .order_by(WriteOff.confirmed_at.desc())
        .limit(1)
    ).first()
