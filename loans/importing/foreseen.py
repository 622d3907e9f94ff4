"""What recording a file would come to, worked out from its rows before anything is booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.banking.tables import BankReconciliationRow
from loans.chart import CASH
from loans.fund import the_facility
from loans.importing.old_loans import OldLoan, OldLoans, OldReceipt
from loans.importing.old_terms import contract_of, principal_left, profile_at_signature
from loans.tables import Enterprise, Loan


@dataclass(frozen=True)
class Foreseen:
    """The principal of one loan by its rows on a day, and what the file states; minor units.

    ``twin`` is another loan of the same borrower, day of signature and amount.
    """

    reference: str
    row: int
    on: date
    stated_minor: int | None
    counted_minor: int
    twin: str | None

    @property
    def difference_minor(self) -> int:
        """What the rows give above what the file states; 0 where it states nothing."""
        return 0 if self.stated_minor is None else self.counted_minor - self.stated_minor

    @property
    def is_doubtful(self) -> bool:
        """Whether a person has to look at the loan before it is recorded."""
        return bool(self.difference_minor or self.twin)


@dataclass(frozen=True)
class CashMoved:
    """What the rows do to the fund's cash: from which day, and in all; minor units.

    ``signed_months`` are the months from that day on whose reconciliation was signed off.
    """

    first_on: date
    change_minor: int
    signed_months: tuple[str, ...]


def foreseen_loans(session: Session, old: OldLoans, today: date) -> tuple[Foreseen, ...]:
    """Every loan on the day that the file names for it, else today; doubtful ones first.

    The rows are to have no problems.
    """
    facility = the_facility(session)
    pay_outs = old.pay_outs_of()
    receipts: defaultdict[str, list[OldReceipt]] = defaultdict(list)
    for one in old.receipts:
        receipts[one.loan].append(one)
    alike = _alike(session, old)

    def foreseen(loan: OldLoan) -> Foreseen:
        out = pay_outs[loan.reference]
        profile = profile_at_signature(session, facility, loan.signed_on)
        contract = contract_of(loan, out[0].paid_on, profile, facility.currency)
        on = loan.outstanding_on or today
        counted = principal_left(contract, out, tuple(receipts[loan.reference]), on)
        others = (name for name in alike[_likeness(loan)] if name != loan.reference)
        twin = next(others, None)
        return Foreseen(loan.reference, loan.row, on, loan.outstanding_minor, counted, twin)

    found = (foreseen(loan) for loan in old.loans)
    return tuple(sorted(found, key=lambda one: (not one.is_doubtful, one.row)))


_Likeness = tuple[str, date, int]


def _likeness(loan: OldLoan) -> _Likeness:
    return loan.registration_number, loan.signed_on, loan.principal_minor


def _alike(session: Session, old: OldLoans) -> Mapping[_Likeness, list[str]]:
    """The references of the fund's loans and of those of the file, by what makes them alike."""
    found: defaultdict[_Likeness, list[str]] = defaultdict(list)
    for number, signed_on, principal, reference in session.execute(
        select(
            Enterprise.registration_number, Loan.signed_on, Loan.principal_minor, Loan.reference
        ).join(Enterprise, Enterprise.id == Loan.enterprise_id)
    ):
        found[number, signed_on, principal].append(reference)
    for loan in old.loans:
        found[_likeness(loan)].append(loan.reference)
    return found


def cash_moved(session: Session, facility_id: str, old: OldLoans) -> CashMoved | None:
    """What the pay-outs and receipts move together; None where there are none."""
    out = sum(one.amount_minor for one in old.pay_outs)
    back = sum(one.amount_minor for one in old.receipts)
    days = [*(one.paid_on for one in old.pay_outs), *(one.received_on for one in old.receipts)]
    if not days:
        return None
    first_on = min(days)
    signed = session.scalars(
        select(BankReconciliationRow.month)
        .where(
            BankReconciliationRow.facility_id == facility_id,
            BankReconciliationRow.account_code == CASH,
            BankReconciliationRow.month >= f"{first_on:%Y-%m}",
        )
        .order_by(BankReconciliationRow.month)
    )
    return CashMoved(first_on, back - out, tuple(signed))
