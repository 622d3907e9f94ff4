"""How far loans are secured on a day, and what that stands in the way of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.cases.case_status import LoanStatus
from loans.collateral.security import Security, Stake, When, securities_of
from loans.collateral.tables import AssetCharge, Guarantee
from loans.coverage import Coverage, percent_down
from loans.figures.portfolio import LoanAt
from loans.fund import the_facility
from loans.lending.loan_book import status_of
from loans.lending.loan_record import record_of
from loans.lending.seen import NOW, Seen
from loans.refusal import OutOfStep
from loans.tables import Loan
from loans.versions.profile_versions import profile_of, profiles_of

_STILL_PAID_OUT = (LoanStatus.SIGNED, LoanStatus.DISBURSING)


class CollateralShort(OutOfStep):
    """What secures the loan does not reach the minimum of its profile."""


@dataclass(frozen=True)
class Secured:
    """How far a loan is secured on a day, and by what."""

    coverage: Coverage
    security: Security


def secured(
    session: Session, loan: Loan, as_of: date, seen: Seen = NOW, *, without: str = ""
) -> Secured:
    """How far one loan is secured on a day, or would be without one of its securities."""
    state = record_of(session, loan, replace(seen, as_of=as_of)).at(as_of)
    open_minor = loan.principal_minor - state.disbursed_minor - state.given_up_minor
    is_open = status_of(loan, state) in _STILL_PAID_OUT
    exposure_minor = state.principal_minor + (open_minor if is_open else 0)
    profile = profile_of(session, loan)
    stakes = {loan.id: Stake(exposure_minor, profile.haircuts)}
    ids = select(Loan.id).where(Loan.id == loan.id)
    security = securities_of(session, stakes, ids, When(as_of, seen, without))[loan.id]
    coverage = Coverage(security.counted, exposure_minor, profile.collateral_minimum)
    return Secured(coverage, security)


def has_security(session: Session, loan_id: str, as_of: date) -> bool:
    """Whether an asset is pledged for the loan, or a guarantee given that is valid on the day."""
    pledged = select(AssetCharge.id).where(
        AssetCharge.loan_id == loan_id, AssetCharge.released_at.is_(None)
    )
    guaranteed = select(Guarantee.id).where(
        Guarantee.loan_id == loan_id,
        Guarantee.released_at.is_(None),
        Guarantee.valid_until >= as_of,
    )
    return any(session.scalar(query.limit(1)) for query in (pledged, guaranteed))


def secured_of_all(
    session: Session, facility_id: str, loans: tuple[LoanAt, ...], as_of: date, seen: Seen
) -> Mapping[str, Secured]:
    """How far each loan of a facility is secured, of those that ``loans`` tells about."""
    ids = select(Loan.id).where(Loan.facility_id == facility_id)
    rows = {row.id: row for row in session.scalars(select(Loan).where(Loan.id.in_(ids)))}
    profile = profiles_of(session, rows.values())
    stakes = {
        one.loan_id: Stake(exposure_minor(one), profile[one.loan_id].haircuts) for one in loans
    }
    found = securities_of(session, stakes, ids, When(as_of, seen))
    return {
        loan_id: Secured(
            Coverage(
                security.counted,
                stakes[loan_id].exposure_minor,
                profile[loan_id].collateral_minimum,
            ),
            security,
        )
        for loan_id, security in found.items()
    }


def exposure_minor(loan: LoanAt) -> int:
    """What is at stake: principal outstanding, and what is still to be paid out."""
    is_open = loan.status in _STILL_PAID_OUT
    return loan.principal_minor + (loan.contract_minor - loan.disbursed_minor if is_open else 0)


def check_collateral(session: Session, loan: Loan, on: date) -> None:
    """Refuse a pay-out while what secures the loan is under the minimum of its profile.

    Raises:
        CollateralShort: naming what is missing.
    """
    coverage = secured(session, loan, on).coverage
    if coverage.is_short:
        currency = the_facility(session).currency
        message = (
            f"The collateral is short: {_demanded(coverage, currency)} A loan officer pledges "
            f"{as_text(coverage.missing_minor, currency)} more after haircut, or gives up what "
            f"exceeds {as_text(coverage.largest_exposure_minor, currency)} of the loan."
        )
        raise CollateralShort(message)


def check_release(session: Session, loan: Loan, on: date, security_id: str) -> None:
    """Refuse to release what the minimum needs.

    Raises:
        CollateralShort: naming the coverage that would be left, and what would pass.
    """
    now = secured(session, loan, on).coverage
    after = secured(session, loan, on, without=security_id).coverage
    if after.is_short and after.counted < now.counted:
        currency = the_facility(session).currency
        message = (
            f"Without it the coverage would be {percent_down(after.ratio)}: "
            f"{_demanded(after, currency)} Pledge {as_text(after.missing_minor, currency)} more "
            "after haircut first, or release it once "
            f"{as_text(after.largest_exposure_minor, currency)} or less is owed."
        )
        raise CollateralShort(message)


def _demanded(coverage: Coverage, currency: str) -> str:
    counted = as_text(int(coverage.counted), currency)
    needed = as_text(int(coverage.counted) + coverage.missing_minor, currency)
    return (
        f"{counted} counts, and the minimum of {percent_down(coverage.minimum)} of "
        f"{as_text(coverage.exposure_minor, currency)} is {needed}."
    )
