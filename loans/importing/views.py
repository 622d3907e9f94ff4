"""Imports as people see them: what the file told, what is wrong, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books.closed_months import last_closed_day
from loans.fund import the_facility
from loans.importing.foreseen import CashMoved, Foreseen, cash_moved, foreseen_loans
from loans.importing.loan_imports import content_of, movement_days, report_of
from loans.importing.old_loans import OldLoans, RowProblem, shortfall
from loans.importing.tables import ImportedLoan, LoanImport
from loans.lending.loan_record import record_of
from loans.people import Actor
from loans.refusal import Missing
from loans.tables import Loan, User


@dataclass(frozen=True)
class Difference:
    """A loan for which the file states another principal than the books; minor units."""

    loan_id: str
    reference: str
    row: int
    on: date
    stated_minor: int
    ours_minor: int


@dataclass(frozen=True)
class ImportLine:
    """One file in the list."""

    import_id: str
    checked_by: str
    checked_at: datetime
    is_recorded: bool
    loan_count: int
    problem_count: int


@dataclass(frozen=True)
class ImportView:
    """One file: its sums in minor units, its problems, and, once recorded, the differences.

    ``missing_minor`` is the cash that the fund would lack; 0 where it has enough. ``foreseen`` and
    ``cash`` say what recording would come to; they are there while it can still be recorded.
    """

    import_id: str
    currency: str
    checked_by: str
    checked_at: datetime
    is_own: bool
    """Whether the reader sent it, so that another person records it."""
    recorded_by: str | None
    recorded_at: datetime | None
    loan_count: int
    pay_out_count: int
    receipt_count: int
    principal_minor: int
    paid_out_minor: int
    received_minor: int
    problems: tuple[RowProblem, ...]
    missing_minor: int
    foreseen: tuple[Foreseen, ...]
    cash: CashMoved | None
    closed_to: date | None
    """The last closed day, where the file has a movement by then."""
    loans: tuple[tuple[str, str], ...]
    """Id and reference of each loan that came of it."""
    compared_count: int
    differences: tuple[Difference, ...]

    @property
    def foreseen_differences(self) -> int:
        """For how many loans the rows give another principal than the file states."""
        return sum(one.difference_minor != 0 for one in self.foreseen)

    @property
    def twins(self) -> tuple[Foreseen, ...]:
        """The loans that look like others."""
        return tuple(one for one in self.foreseen if one.twin)


def imports(session: Session) -> tuple[ImportLine, ...]:
    """Every file, the newest first."""
    rows = session.execute(
        select(LoanImport, User.name)
        .join(User, User.id == LoanImport.checked_by)
        .order_by(LoanImport.checked_at.desc(), LoanImport.id)
    )
    return tuple(
        ImportLine(
            row.id,
            name,
            row.checked_at,
            row.recorded_at is not None,
            len(content_of(row).loans),
            len(row.report),
        )
        for row, name in rows
    )


def import_view(
    session: Session, actor: Actor, import_id: str, *, today: date, available_minor: int
) -> ImportView:
    """One file; ``available_minor`` is what the fund can lend now.

    Raises:
        Missing: there is none with this id.
    """
    row = session.get(LoanImport, import_id)
    if row is None:
        raise Missing
    old = content_of(row)
    names = {row.checked_by, row.recorded_by} - {None}
    people = dict(session.execute(select(User.id, User.name).where(User.id.in_(names))).all())
    lacking = None if row.recorded_at else shortfall(old, available_minor=available_minor)
    taken = _taken(session, row.id)
    waits = row.recorded_at is None and not row.report
    compared = [one for one in taken if one[1].stated_minor is not None]
    return ImportView(
        import_id=row.id,
        currency=the_facility(session).currency,
        checked_by=people[row.checked_by],
        checked_at=row.checked_at,
        is_own=row.checked_by == actor.user_id,
        recorded_by=people.get(row.recorded_by or ""),
        recorded_at=row.recorded_at,
        loan_count=len(old.loans),
        pay_out_count=len(old.pay_outs),
        receipt_count=len(old.receipts),
        principal_minor=sum(one.principal_minor for one in old.loans),
        paid_out_minor=sum(one.amount_minor for one in old.pay_outs),
        received_minor=sum(one.amount_minor for one in old.receipts),
        problems=report_of(row),
        closed_to=_closed_to(session, row.facility_id, old),
        missing_minor=lacking.amount_minor if lacking else 0,
        foreseen=foreseen_loans(session, old, today) if waits else (),
        cash=cash_moved(session, row.facility_id, old) if waits else None,
        loans=tuple((loan.id, loan.reference) for loan, _ in taken),
        compared_count=len(compared),
        differences=_differences(session, compared),
    )


def _closed_to(session: Session, facility_id: str, old: OldLoans) -> date | None:
    closed = last_closed_day(session, facility_id)
    first = min(movement_days(old), default=None)
    return closed if closed is not None and first is not None and first <= closed else None


def _taken(session: Session, import_id: str) -> list[tuple[Loan, ImportedLoan]]:
    rows = session.execute(
        select(Loan, ImportedLoan)
        .join(ImportedLoan, ImportedLoan.loan_id == Loan.id)
        .where(ImportedLoan.import_id == import_id)
        .order_by(ImportedLoan.row)
    )
    return [(loan, taken) for loan, taken in rows]


def _differences(
    session: Session, compared: list[tuple[Loan, ImportedLoan]]
) -> tuple[Difference, ...]:
    found = []
    for loan, taken in compared:
        if taken.stated_on is None or taken.stated_minor is None:
            continue
        ours = record_of(session, loan).at(taken.stated_on).principal_minor
        if ours != taken.stated_minor:
            found.append(
                Difference(
                    loan.id, loan.reference, taken.row, taken.stated_on, taken.stated_minor, ours
                )
            )
    return tuple(found)
