"""What the records say about one loan on a day: paid out, received, written off, outstanding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans import ledger
from loans.books import journal_entry
from loans.chart import LOANS
from loans.instalments import Seen
from loans.ledger_entries import account_lines
from loans.loan_case import RELEASED, REPAYMENT
from loans.refusal import WrongValue
from loans.tables import Disbursement, Loan, Receipt, WriteOff


class NotSignedYet(WrongValue):
    """The day asked for lies before the signature."""


@dataclass(frozen=True)
class LoanRecords:
    """The records of a loan that count on a day, oldest first; sums in minor units.

    ``receipts`` and ``recoveries`` hold those that were reversed too; the sums leave them out.
    """

    pay_outs: Sequence[Disbursement]
    receipts: Sequence[Receipt]
    recoveries: Sequence[Receipt]
    written_off: WriteOff | None
    disbursed_minor: int
    paid_minor: int
    recovered_minor: int
    outstanding_minor: int

    @property
    def written_off_minor(self) -> int:
        """Principal given up."""
        return (self.written_off.amount_minor or 0) if self.written_off is not None else 0


def facts_at(session: Session, loan: Loan, as_of: date, seen: Seen) -> LoanRecords:
    """The records of a loan that count; the principal outstanding comes from the books.

    Raises:
        NotSignedYet: the loan was signed later.
    """
    if as_of < loan.signed_on:
        message = f"The loan was signed on {loan.signed_on.isoformat()}. Enter a day from then on."
        raise NotSignedYet(message, field="as_of")
    pay_outs = _pay_outs(session, loan.id, seen)
    money = _money(session, loan.id, seen)
    receipts = [row for row in money if row.kind == REPAYMENT]
    recoveries = [row for row in money if row.kind != REPAYMENT]
    return LoanRecords(
        pay_outs=pay_outs,
        receipts=receipts,
        recoveries=recoveries,
        written_off=_written_off(session, loan, seen),
        disbursed_minor=sum(row.amount_minor for row in pay_outs),
        paid_minor=sum(row.amount_minor for row in receipts if stands(row, seen)),
        recovered_minor=sum(row.amount_minor for row in recoveries if stands(row, seen)),
        outstanding_minor=_outstanding(session, loan, seen),
    )


def stands(row: Receipt, seen: Seen) -> bool:
    """Whether a receipt was not reversed by what was known."""
    if row.reversed_at is None:
        return True
    return seen.known_before is not None and row.reversed_at >= seen.known_before


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


def _written_off(session: Session, loan: Loan, seen: Seen) -> WriteOff | None:
    query = (
        select(WriteOff)
        .join(journal_entry, journal_entry.c.id == WriteOff.entry_id)
        .where(
            journal_entry.c.facility_id == loan.facility_id,
            WriteOff.loan_id == loan.id,
            WriteOff.status == RELEASED,
            journal_entry.c.effective_on <= (seen.as_of or date.max),
        )
    )
    if seen.known_before is not None:
        query = query.where(journal_entry.c.booked_at < seen.known_before)
    return session.scalars(query).one_or_none()


def _outstanding(session: Session, loan: Loan, seen: Seen) -> int:
    facility_id = loan.facility_id
    if seen.known_before is None:
        return ledger.loan_balance(
            session, facility_id=facility_id, account=LOANS, loan_id=loan.id, as_of=seen.as_of
        )
    lines = account_lines(
        session, facility_id=facility_id, account=LOANS, loan_id=loan.id, as_of=seen.as_of
    )
    return sum(line.amount_minor for line in lines if line.booked_at < seen.known_before)
