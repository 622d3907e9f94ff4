"""Holding the postings, schedules and statuses of every loan against its replay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books.ledger_check import CheckResult
from loans.books.tables import FacilityRow
from loans.lending.loan_book import status_of
from loans.lending.loan_plans import Cells, cells_of
from loans.lending.loan_postings import NOTHING_POSTED, posted_of
from loans.lending.loan_record import LoanRecord, records_of_all
from loans.subledger.balances import missing_balances
from loans.subledger.state import AccountState
from loans.tables import InstalmentRow, Loan, ScheduleVersion

_BOOKS = "Each loan's postings on every account are what its contract and events come to"
_PLAN = "Each loan's active schedule is the one that its events lead to"
_STATUS = "Each loan's status is the one that its facts give"


def check_replays(session: Session) -> tuple[CheckResult, ...]:
    """Replay every loan to the day that its books were brought to, and compare."""
    broken: dict[str, list[str]] = {_BOOKS: [], _PLAN: [], _STATUS: []}
    for facility_id in session.scalars(select(FacilityRow.id)).all():
        _check_facility(session, facility_id, broken)
    return tuple(
        CheckResult(name, len(found), min(found) if found else None)
        for name, found in broken.items()
    )


def _check_facility(session: Session, facility_id: str, broken: Mapping[str, list[str]]) -> None:
    records = records_of_all(session, facility_id)
    posted = posted_of(session, facility_id)
    plans = _active_plans(session, facility_id)
    for loan in session.scalars(select(Loan).where(Loan.facility_id == facility_id)):
        record = records.get(loan.id)
        if record is None:
            broken[_BOOKS].append(loan.reference)
            continue
        found = posted.get(loan.id, NOTHING_POSTED)
        state = record.at(found.brought_to or loan.signed_on)
        if any(missing_balances(state, found.balances).values()):
            broken[_BOOKS].append(loan.reference)
        last = _last_state(record, state)
        if plans.get(loan.id) != cells_of(
            last.plans[-1].instalments if last.plans else state.schedule
        ):
            broken[_PLAN].append(loan.reference)
        if loan.status != status_of(loan, last):
            broken[_STATUS].append(loan.reference)


def _last_state(record: LoanRecord, state: AccountState) -> AccountState:
    """The loan after its newest event, which the books may have been brought to already."""
    newest = max((event.on for event in record.events), default=state.on)
    return record.at(max(newest, state.on))


def _active_plans(session: Session, facility_id: str) -> Mapping[str, Cells]:
    rows = session.execute(
        select(
            ScheduleVersion.loan_id,
            InstalmentRow.number,
            InstalmentRow.due_on,
            InstalmentRow.principal_minor,
            InstalmentRow.interest_minor,
            InstalmentRow.capitalised_minor,
        )
        .join(InstalmentRow, InstalmentRow.schedule_id == ScheduleVersion.id)
        .join(Loan, Loan.id == ScheduleVersion.loan_id)
        .where(Loan.facility_id == facility_id, ScheduleVersion.is_active)
        .order_by(ScheduleVersion.loan_id, InstalmentRow.number)
    )
    found: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for loan_id, *cells in rows:
        found[loan_id].append(tuple(cells))
    return {loan_id: tuple(cells) for loan_id, cells in found.items()}
