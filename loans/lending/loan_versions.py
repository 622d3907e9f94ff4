"""Every version of a loan's contract and of its schedule: who made it, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans.lending.loan_facts import LoanRecords
from loans.lending.loan_record import reschedule_of
from loans.lending.seen import Seen
from loans.servicing_kinds import ActKind
from loans.servicing_tables import ContractVersion, ServicingAct
from loans.subledger.contract import Contract
from loans.tables import InstalmentRow, Loan, ScheduleVersion

_NEW_TERMS = (ActKind.RESCHEDULE, ActKind.HOLIDAY)


@dataclass(frozen=True)
class ContractLine:
    """The contract from a day on: as signed, or as agreed anew.

    ``kind`` is "signed" or the kind of the act. Names and reason are for the fund's people only.
    """

    version: int
    kind: str
    in_force_from: date
    method: str
    instalment_count: int
    first_due_on: date
    last_due_on: date
    reason: str
    made_by: str | None
    agreed_by: str | None
    made_at: datetime


@dataclass(frozen=True)
class ScheduleVersionLine:
    """One stored version of the schedule; exactly one is active."""

    version: int
    is_active: bool
    reason: str
    in_force_from: date
    instalment_count: int
    last_due_on: date | None
    total_minor: int
    made_by: str | None
    made_at: datetime


def contract_lines(
    session: Session, loan: Loan, records: LoanRecords, seen: Seen, names: Mapping[str, str]
) -> tuple[ContractLine, ...]:
    """The contract as signed, then each agreement on new terms that stands, oldest first."""
    signed = session.scalars(
        select(ContractVersion)
        .where(ContractVersion.loan_id == loan.id, seen.knew(ContractVersion.made_at))
        .order_by(ContractVersion.version)
    )
    contract = records.record.contract
    lines = [_signed_line(row, contract, names) for row in signed]
    agreed = [
        row
        for row in records.acts
        if ActKind(row.kind) in _NEW_TERMS and not seen.has_reversed(row.reversed_at)
    ]
    lines += [
        _agreed_line(number, row, names) for number, row in enumerate(agreed, start=len(lines) + 1)
    ]
    return tuple(lines)


def _signed_line(
    row: ContractVersion, contract: Contract, names: Mapping[str, str]
) -> ContractLine:
    return ContractLine(
        version=row.version,
        kind="signed",
        in_force_from=row.made_on,
        method=contract.method.value,
        instalment_count=len(contract.due_on),
        first_due_on=contract.due_on[0],
        last_due_on=contract.due_on[-1],
        reason=row.reason,
        made_by=names.get(row.made_by),
        agreed_by=None,
        made_at=row.made_at,
    )


def _agreed_line(version: int, row: ServicingAct, names: Mapping[str, str]) -> ContractLine:
    agreed = reschedule_of(row)
    return ContractLine(
        version=version,
        kind=row.kind,
        in_force_from=row.effective_on,
        method=agreed.method.value,
        instalment_count=len(agreed.due_on),
        first_due_on=agreed.due_on[0],
        last_due_on=agreed.due_on[-1],
        reason=row.reason if names else "",
        made_by=names.get(row.requested_by),
        agreed_by=names.get(row.decided_by or ""),
        made_at=row.requested_at,
    )


def schedule_lines(
    session: Session, loan: Loan, seen: Seen, names: Mapping[str, str]
) -> tuple[ScheduleVersionLine, ...]:
    """The versions of the schedule as they were kept, oldest first; the last one is active."""
    found = session.execute(
        select(
            ScheduleVersion,
            func.count(InstalmentRow.number),
            func.max(InstalmentRow.due_on),
            func.coalesce(func.sum(InstalmentRow.principal_minor), 0),
            func.coalesce(func.sum(InstalmentRow.interest_minor), 0),
        )
        .outerjoin(InstalmentRow, InstalmentRow.schedule_id == ScheduleVersion.id)
        .where(
            ScheduleVersion.loan_id == loan.id,
            seen.happened(ScheduleVersion.made_on),
            seen.knew(ScheduleVersion.made_at),
        )
        .group_by(ScheduleVersion.id)
        .order_by(ScheduleVersion.version)
    ).all()
    return tuple(
        ScheduleVersionLine(
            version=row.version,
            is_active=place == len(found),
            reason=row.reason,
            in_force_from=row.made_on,
            instalment_count=count,
            last_due_on=last_due_on,
            total_minor=int(principal) + int(interest),
            made_by=names.get(row.made_by),
            made_at=row.made_at,
        )
        for place, (row, count, last_due_on, principal, interest) in enumerate(found, start=1)
    )
