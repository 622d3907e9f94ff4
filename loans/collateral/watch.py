"""What needs somebody's attention: loans under their minimum, guarantees that end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.cases.case_status import BORROWED, LoanStatus
from loans.collateral.loan_coverage import Secured, secured_of_all
from loans.collateral.loan_security import ENDS_SOON_DAYS
from loans.collateral.tables import Guarantee
from loans.figures.portfolio import LoanAt, loans_at
from loans.fund import Facility
from loans.lending.seen import Seen
from loans.tables import Enterprise, Loan


@dataclass(frozen=True)
class ShortLoan:
    """A loan under its minimum; amounts in minor units."""

    loan_id: str
    reference: str
    borrower: str
    exposure_minor: int
    counted_minor: int
    coverage: Fraction | None
    minimum: Fraction | None
    missing_minor: int


@dataclass(frozen=True)
class EndingGuarantee:
    """A guarantee of a loan that is still owed, with the days that are left."""

    guarantee_id: str
    guarantor: str
    loan_id: str
    reference: str
    borrower: str
    valid_until: date
    days_left: int


def short_loans(session: Session, facility: Facility, as_of: date) -> tuple[ShortLoan, ...]:
    """The loans under the minimum of their profile on a day, what is missing most first."""
    loans = loans_at(session, facility, as_of)
    found = secured_of_all(session, facility.facility_id, loans, as_of, Seen(as_of))
    short = (_short(one, found[one.loan_id]) for one in loans)
    kept = [one for one in short if one.missing_minor]
    return tuple(sorted(kept, key=lambda one: (-one.missing_minor, one.reference)))


def _short(loan: LoanAt, found: Secured) -> ShortLoan:
    coverage = found.coverage
    return ShortLoan(
        loan_id=loan.loan_id,
        reference=loan.reference,
        borrower=loan.borrower,
        exposure_minor=coverage.exposure_minor,
        counted_minor=int(coverage.counted),
        coverage=coverage.ratio,
        minimum=coverage.minimum,
        missing_minor=coverage.missing_minor,
    )


def ending_guarantees(session: Session, on: date) -> tuple[EndingGuarantee, ...]:
    """The guarantees of open loans that end within 60 days, the first to end first."""
    rows = session.execute(
        select(Guarantee, Loan.reference, Enterprise.name)
        .join(Loan, Loan.id == Guarantee.loan_id)
        .join(Enterprise, Enterprise.id == Loan.enterprise_id)
        .where(
            Guarantee.released_at.is_(None),
            Guarantee.valid_until >= on,
            Guarantee.valid_until <= on + timedelta(days=ENDS_SOON_DAYS),
            Loan.status.in_((LoanStatus.SIGNED, *BORROWED)),
        )
        .order_by(Guarantee.valid_until, Loan.reference, Guarantee.id)
    )
    return tuple(
        EndingGuarantee(
            row.id,
            row.guarantor,
            row.loan_id,
            reference,
            borrower,
            row.valid_until,
            (row.valid_until - on).days,
        )
        for row, reference, borrower in rows
    )
