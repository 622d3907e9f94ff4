"""Every loan of the facility as it stood on a day: what is outstanding, and how late it is.

The day is a value date: what was paid, paid out or written off with a value date up to it counts.
``known_on`` leaves out what was recorded after the end of that day (UTC). What was reversed never
counted. However many loans there are, the same few queries read them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from loans.arrears import AgeBand, arrears_by_age
from loans.cases.case_status import BORROWED, LoanStatus
from loans.figures import portfolio_facts as facts
from loans.figures.portfolio_facts import Day, PaidOut
from loans.fund import Facility
from loans.lending.loan_book import status_of
from loans.lending.loan_record import records_of_all
from loans.lending.seen import Seen
from loans.subledger.state import AccountState
from loans.tables import Loan


@dataclass(frozen=True)
class NextDue:
    """The next instalment with something open, in minor units."""

    number: int
    due_on: date
    open_minor: int


@dataclass(frozen=True)
class LoanAt:
    """One loan on a day; amounts in minor units of the facility's currency.

    ``principal_minor`` is outstanding, ``contract_minor`` what was signed.
    A loan written off has nothing outstanding and nothing overdue.
    """

    loan_id: str
    reference: str
    application_id: str | None
    enterprise_id: str
    borrower: str
    status: LoanStatus
    signed_on: date
    first_paid_out_on: date | None
    contract_minor: int
    disbursed_minor: int
    principal_minor: int
    written_off_minor: int
    days_past_due: int
    overdue_minor: int
    overdue_principal_minor: int
    overdue_by_age: tuple[AgeBand, ...]
    accrued_minor: int
    credit_minor: int
    next_due: NextDue | None
    """The first instalment due on the day or after it that is not paid."""
    is_non_accrual: bool = False
    is_restructured: bool = False
    written_off_on: date | None = None


def loans_at(
    session: Session, facility: Facility, as_of: date, known_on: date | None = None
) -> tuple[LoanAt, ...]:
    """All loans signed by ``as_of``, in the order of their references."""
    day = Day(facility.facility_id, as_of, Seen.on(as_of, known_on))
    paid_out = facts.paid_out(session, day)
    records = records_of_all(session, facility.facility_id, day.seen)
    return tuple(
        _loan_at(
            loan,
            borrower,
            records[loan.id].at(as_of),
            paid_out=paid_out.get(loan.id),
        )
        for loan, borrower in facts.loans(session, day)
        if loan.id in records
    )


def _loan_at(
    loan: Loan,
    borrower: str,
    state: AccountState,
    *,
    paid_out: PaidOut | None,
) -> LoanAt:
    status = status_of(loan, state)
    runs = status in BORROWED
    return LoanAt(
        loan_id=loan.id,
        reference=loan.reference,
        application_id=loan.application_id,
        enterprise_id=loan.enterprise_id,
        borrower=borrower,
        status=status,
        signed_on=loan.signed_on,
        first_paid_out_on=paid_out.first_on if paid_out else None,
        contract_minor=loan.principal_minor,
        disbursed_minor=state.disbursed_minor,
        principal_minor=state.principal_minor,
        written_off_minor=state.written_off.principal,
        days_past_due=state.days_past_due,
        overdue_minor=state.overdue_minor,
        overdue_principal_minor=state.overdue_principal_minor,
        overdue_by_age=arrears_by_age(state.items, state.on),
        accrued_minor=state.accrued_minor,
        credit_minor=state.credit_minor,
        next_due=next_due(state) if runs else None,
        is_non_accrual=state.is_non_accrual,
        is_restructured=state.restructured_on is not None,
        written_off_on=state.written_off_on,
    )


def next_due(state: AccountState) -> NextDue | None:
    """The first instalment due on the day or after it with something open."""
    for item in state.items:
        if item.due_on == state.on and item.number is not None and item.open_minor:
            return NextDue(item.number, item.due_on, item.open_minor)
    for row in state.schedule:
        if row.due_on > state.on and row.total_minor:
            return NextDue(row.number, row.due_on, row.total_minor)
    return None
