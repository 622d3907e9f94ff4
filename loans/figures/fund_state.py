"""Everything about the fund on a day from which its figures follow, read once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from loans.books.ledger_balances import TrialBalanceRow, entry_of_posting, trial_balance
from loans.books.tables import AccountRow, hold, hold_use, journal_entry, posting
from loans.chart import CASH_PREFIX, LOANS
from loans.collateral.loan_coverage import secured_of_all
from loans.component import Component
from loans.coverage import Coverage
from loans.figures.fund_cases import CaseAt, cases_at
from loans.figures.fund_series import balance_on, changes_by_account
from loans.figures.portfolio import LoanAt, loans_at
from loans.fund import Facility
from loans.lending.loan_record import records_of_all
from loans.lending.seen import Seen
from loans.schedules.day_count import month_after
from loans.subledger.state import Target
from loans.tables import Application, Approval, Enterprise

MONTHS_A_YEAR = 12
_PAID = (Target.DUE, Target.PREPAID)


@dataclass(frozen=True)
class Commitment:
    """Money approved and not paid out yet, in minor units, and the days since its approval."""

    application_id: str
    reference: str
    enterprise: str
    amount_minor: int
    approved_on: date
    age_days: int


@dataclass(frozen=True)
class CashEvent:
    """What entries of one kind moved on one account at a bank, in minor units."""

    account: str
    account_name: str
    event: str
    amount_minor: int


@dataclass(frozen=True)
class FundState:
    """The fund on a day; amounts in minor units, by value date.

    Only accounts in the facility's own currency count; other money stands on its bank account.
    ``repaid_minor`` is principal that came back since 1 January, ``written_off_minor`` principal
    given up within 12 months, both by loan; ``outstanding_minor`` is the sum of principal on the
    day and on the same day of each of the 12 months before; ``coverages`` tells by loan how far it
    is secured.
    """

    as_of: date
    currency: str
    accounts: tuple[TrialBalanceRow, ...]
    cash_by_event: tuple[CashEvent, ...]
    loans: tuple[LoanAt, ...]
    commitments: tuple[Commitment, ...]
    cases: tuple[CaseAt, ...]
    repaid_minor: Mapping[str, int]
    written_off_minor: Mapping[str, int]
    outstanding_minor: tuple[int, ...]
    coverages: Mapping[str, Coverage] = field(default_factory=dict)


def fund_state(
    session: Session, facility: Facility, as_of: date, known_on: date | None = None
) -> FundState:
    """Read the fund as of a value date, as known by the end of another day."""
    loans = loans_at(session, facility, as_of, known_on)
    seen = Seen.on(as_of, known_on)
    here = facility.facility_id
    return FundState(
        as_of=as_of,
        currency=facility.currency,
        accounts=tuple(
            row
            for row in trial_balance(session, facility_id=here, as_of=as_of, known_on=known_on)
            if row.currency == facility.currency
        ),
        cash_by_event=_cash_by_event(session, facility, as_of, seen),
        loans=loans,
        commitments=_commitments(session, facility, as_of, seen),
        cases=cases_at(session, facility, as_of, loans, seen),
        repaid_minor=_repaid(session, facility, as_of, seen),
        written_off_minor=_written_off(loans, as_of),
        outstanding_minor=_outstanding(session, facility, as_of, known_on),
        coverages=_coverages(session, facility, loans, as_of, seen),
    )


def _coverages(
    session: Session, facility: Facility, loans: tuple[LoanAt, ...], as_of: date, seen: Seen
) -> Mapping[str, Coverage]:
    found = secured_of_all(session, facility.facility_id, loans, as_of, seen)
    return {loan_id: one.coverage for loan_id, one in found.items()}


def _cash_by_event(
    session: Session, facility: Facility, as_of: date, seen: Seen
) -> tuple[CashEvent, ...]:
    total = func.sum(posting.c.amount_minor)
    rows = session.execute(
        select(AccountRow.code, AccountRow.name, journal_entry.c.event, total)
        .join(posting, entry_of_posting())
        .join(
            AccountRow,
            and_(
                AccountRow.facility_id == posting.c.facility_id,
                AccountRow.id == posting.c.account_id,
            ),
        )
        .where(
            posting.c.facility_id == facility.facility_id,
            AccountRow.code.startswith(CASH_PREFIX),
            AccountRow.currency == facility.currency,
            posting.c.effective_on <= as_of,
            seen.knew(journal_entry.c.booked_at),
        )
        .group_by(AccountRow.code, AccountRow.name, journal_entry.c.event)
        .order_by(AccountRow.code, journal_entry.c.event)
    )
    return tuple(CashEvent(code, name, event, int(moved)) for code, name, event, moved in rows)


def _commitments(
    session: Session, facility: Facility, as_of: date, seen: Seen
) -> tuple[Commitment, ...]:
    """What is left of each reserve on the day, oldest first."""
    used = (
        select(hold_use.c.hold_id, func.sum(hold_use.c.amount_minor).label("used_minor"))
        .where(
            hold_use.c.facility_id == facility.facility_id,
            hold_use.c.effective_on <= as_of,
            seen.knew(hold_use.c.booked_at),
        )
        .group_by(hold_use.c.hold_id)
        .subquery()
    )
    left = hold.c.amount_minor - func.coalesce(used.c.used_minor, 0)
    rows = session.execute(
        select(Application.id, Application.reference, Enterprise.name, left, hold.c.effective_on)
        .join(Approval, Approval.hold_id == hold.c.id)
        .join(Application, Application.id == Approval.application_id)
        .join(Enterprise, Enterprise.id == Application.enterprise_id)
        .outerjoin(used, used.c.hold_id == hold.c.id)
        .where(
            hold.c.facility_id == facility.facility_id,
            hold.c.effective_on <= as_of,
            seen.knew(hold.c.booked_at),
            left > 0,
        )
        .order_by(hold.c.effective_on, Application.reference)
    )
    return tuple(
        Commitment(case_id, reference, name, int(amount), approved_on, (as_of - approved_on).days)
        for case_id, reference, name, amount, approved_on in rows
    )


def _repaid(session: Session, facility: Facility, as_of: date, seen: Seen) -> Mapping[str, int]:
    """Principal that came back since 1 January, by loan, due or before it was due."""
    first = date(as_of.year, 1, 1)
    records = records_of_all(session, facility.facility_id, seen)
    found = {
        loan_id: sum(
            part.amount_minor
            for one in record.at(as_of).allocations
            for part in one.parts
            if one.on >= first and part.component is Component.PRINCIPAL and part.target in _PAID
        )
        for loan_id, record in records.items()
    }
    return {loan_id: minor for loan_id, minor in found.items() if minor}


def _written_off(loans: Sequence[LoanAt], as_of: date) -> Mapping[str, int]:
    first = month_after(as_of, -MONTHS_A_YEAR)
    return {
        loan.loan_id: loan.written_off_minor
        for loan in loans
        if loan.written_off_on is not None and loan.written_off_on > first
    }


def _outstanding(
    session: Session, facility: Facility, as_of: date, known_on: date | None
) -> tuple[int, ...]:
    changes = changes_by_account(session, facility, as_of, known_on).get(LOANS, ())
    return tuple(
        balance_on(changes, month_after(as_of, -months)) for months in range(MONTHS_A_YEAR + 1)
    )
