"""Every loan of the facility as it stood on a day: what is outstanding, and how late it is.

The day is a value date: what was paid, paid out or written off with a value date up to it counts,
and the schedule is the version in force then. ``known_on`` leaves out what was recorded after the
end of that day (UTC). A receipt that was reversed never counted, as in the books. However many
loans there are, six queries read them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from appraisal.money import to_minor
from loans import portfolio_facts as facts
from loans import profile as profiles
from loans.allocation import OpenInstalment, open_instalments
from loans.arrears import AgeBand, Arrears, arrears, arrears_by_age
from loans.case_status import BORROWED, LoanStatus
from loans.fund import Facility
from loans.instalments import Seen
from loans.portfolio_facts import Day, PaidOut
from loans.tables import Loan


@dataclass(frozen=True)
class LoanAt:
    """One loan on a day; amounts in minor units of the facility's currency.

    ``principal_minor`` is what the books show as outstanding, ``contract_minor`` what was signed.
    A loan written off has nothing outstanding and nothing overdue.
    """

    loan_id: str
    reference: str
    application_id: str
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
    next_due: OpenInstalment | None
    """The first instalment due on the day or after it that is not paid."""
    is_restructured: bool = False


_NEVER_LATE = Arrears(0, 0, 0)


def loans_at(
    session: Session, facility: Facility, as_of: date, known_on: date | None = None
) -> tuple[LoanAt, ...]:
    """All loans signed by ``as_of``, in the order of their references."""
    day = Day(facility.facility_id, as_of, Seen.on(as_of, known_on))
    outstanding = facts.outstanding(session, day)
    paid_out = facts.paid_out(session, day)
    written_off = facts.written_off(session, day)
    instalments = facts.instalments(session, day)
    paid = facts.paid(session, day)
    return tuple(
        _loan_at(
            loan,
            borrower,
            open_instalments(instalments[loan.id], paid=paid.get(loan.id, ())),
            as_of,
            facility.currency,
            principal_minor=outstanding.get(loan.id, 0),
            paid_out=paid_out.get(loan.id),
            written_off_minor=written_off.get(loan.id),
        )
        for loan, borrower in facts.loans(session, day)
        if loan.id in instalments
    )


def _loan_at(
    loan: Loan,
    borrower: str,
    states: Sequence[OpenInstalment],
    as_of: date,
    currency: str,
    *,
    principal_minor: int,
    paid_out: PaidOut | None,
    written_off_minor: int | None,
) -> LoanAt:
    disbursed = paid_out.amount_minor if paid_out else 0
    status = status_at(loan.principal_minor, disbursed, written_off_minor, states)
    runs = status in BORROWED
    tolerance = arrears_tolerance_minor(loan.profile_code, currency)
    late = arrears(states, as_of, tolerance_minor=tolerance) if runs else _NEVER_LATE
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
        disbursed_minor=disbursed,
        principal_minor=principal_minor,
        written_off_minor=written_off_minor or 0,
        days_past_due=late.days_past_due,
        overdue_minor=late.overdue_minor,
        overdue_principal_minor=late.overdue_principal_minor,
        overdue_by_age=arrears_by_age(states if runs else (), as_of),
        next_due=next_due(states, as_of) if runs else None,
    )


def next_due(states: Sequence[OpenInstalment], as_of: date) -> OpenInstalment | None:
    """The first instalment due on the day or after it with something open."""
    ahead = (one for one in states if one.due_on >= as_of and one.total_minor > 0)
    return next(ahead, None)


def status_at(
    contract_minor: int,
    disbursed_minor: int,
    written_off_minor: int | None,
    states: Sequence[OpenInstalment],
) -> LoanStatus:
    """The status that the facts of the day give, so that any past day can be told."""
    if written_off_minor is not None:
        return LoanStatus.WRITTEN_OFF
    if not disbursed_minor:
        return LoanStatus.SIGNED
    if disbursed_minor < contract_minor:
        return LoanStatus.DISBURSING
    is_settled = all(state.total_minor <= 0 for state in states)
    return LoanStatus.REPAID if is_settled else LoanStatus.REPAYING


@cache
def arrears_tolerance_minor(profile_code: str, currency: str) -> int:
    """Overdue minor units up to which a loan is not in arrears."""
    return to_minor(profiles.load(profile_code).terms.arrears_tolerance.required, currency)
